# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the app is installed by: the manifest, icons that are what it says, a small worker."""

import json
import re
from typing import Any

import pytest
from PIL import Image

from stack import webapp

PUBLIC = webapp.SOURCES / "public"
WORKER = 3_100
AHEAD = 2_000
ICONS = ("any", "maskable")


@pytest.fixture
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PUBLIC / "manifest.webmanifest").read_text("utf-8"))
    return found


def test_the_icons_are_what_the_manifest_says(manifest: dict[str, Any]) -> None:
    drawn = [one for one in manifest["icons"] if one["type"] == "image/png"]
    assert {(one["sizes"], one["purpose"]) for one in drawn} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ICONS
    }
    for one in drawn:
        picture = Image.open(PUBLIC / one["src"].lstrip("/"))
        assert "x".join(map(str, picture.size)) == one["sizes"]
        shown = picture.convert("RGBA").getpixel((0, 0))
        assert isinstance(shown, tuple)
        # A system that cuts the icon to its own shape must find no hole at the edge.
        assert (shown[3] == 255) is (one["purpose"] == "maskable")


def test_the_worker_is_small_and_names_the_builds_files() -> None:
    assert (webapp.SOURCES / "worker" / "sw.js").stat().st_size <= WORKER
    built = webapp.BUILT / "sw.js"
    if not built.is_file():
        pytest.skip("needs the built web app (./kith web)")
    text = built.read_text("utf-8")
    listed = re.search(r"const FILES = (\[.*\]);", text)
    assert listed is not None
    files = json.loads(listed.group(1))
    assert all((webapp.BUILT / file.lstrip("/")).is_file() for file in files)
    assert files[0] in (webapp.BUILT / "index.html").read_text("utf-8"), "the entry comes first"
    assert re.search(r'VERSION = "[0-9a-f]{12}"', text)


def test_what_asks_ahead_is_small_and_kept_with_the_app() -> None:
    assert (webapp.SOURCES / "worker" / "ahead.js").stat().st_size <= AHEAD
    page = webapp.BUILT / "index.html"
    if not page.is_file():
        pytest.skip("needs the built web app (./kith web)")
    asked = re.search(r'<script async fetchpriority="high" src="(.*?)">', page.read_text("utf-8"))
    assert asked is not None
    assert asked.group(1) in (webapp.BUILT / "sw.js").read_text("utf-8")
