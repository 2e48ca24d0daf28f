# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium with fonts of its own over recorded answers. Skipped without a browser or a build.

`KITH_REQUIRE_BROWSER=1` makes that a failure, for machines that must not skip them. Screens are
pictured anew when `KITH_WRITE=1` asks for it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

REQUIRED = os.environ.get("KITH_REQUIRE_BROWSER") == "1"
if not REQUIRED:
    pytest.importorskip("playwright.sync_api")

from aiohttp import web  # noqa: E402 - as those below
from playwright.sync_api import expect  # noqa: E402 - may be skipped above

from appservice.web.app import BUILT, load  # noqa: E402 - as above
from tests.browser.chromium import Chromium  # noqa: E402 - needs Playwright
from tests.pixels import tape  # noqa: E402 - as above
from tests.pixels.replay import Replay  # noqa: E402 - as above
from tests.pixels.studio import Studio  # noqa: E402 - needs Playwright
from tests.support.background import Background  # noqa: E402 - as above

FONTS = Path(__file__).parent / "fonts"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
_PATIENCE = 15_000
# The same on every machine: no hinting, no colour at the edges of letters, no profile of a
# screen, no shortcuts that only some processors know.
_ALIKE = (
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--disable-skia-runtime-opts",
    "--hide-scrollbars",
)
_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  {aliases}
  <match target="pattern">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
</fontconfig>
"""
_ALIASES = {
    "sans-serif": "DejaVu Sans",
    "serif": "DejaVu Sans",
    "system-ui": "DejaVu Sans",
    "monospace": "DejaVu Sans Mono",
    "ui-monospace": "DejaVu Sans Mono",
    "emoji": "Noto Color Emoji",
}


def _missing(what: str) -> None:
    if REQUIRED:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def fonts_conf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has Chromium know the fonts of this folder and no others."""
    folder = tmp_path_factory.mktemp("fonts")
    aliases = "".join(
        f"<alias binding='same'><family>{name}</family><prefer><family>{font}</family></prefer>"
        "</alias>"
        for name, font in _ALIASES.items()
    )
    path = folder / "fonts.conf"
    text = _FONTS_CONF.format(fonts=FONTS, cache=folder / "cache", aliases=aliases)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="session")
def studio(
    background: Background, fonts_conf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    app = load(BUILT)
    if CHROMIUM is None:
        _missing("needs chromium (apt install chromium)")
    if app is None:
        _missing("needs the built web app (./kith web)")
    assert CHROMIUM
    assert app
    expect.set_options(timeout=_PATIENCE)
    tapes = {name: tape.load(name) for name in tape.people()}
    replay = Replay(app, tapes)
    runner = web.AppRunner(replay.server(), access_log=None, shutdown_timeout=0.1)
    background.run(runner.setup())
    background.run(web.TCPSite(runner, "127.0.0.1", 0).start())
    host, port = runner.addresses[0][:2]
    chromium = Chromium(CHROMIUM, _ALIKE, {"FONTCONFIG_FILE": str(fonts_conf)})
    output = tmp_path_factory.mktemp("pixels")
    made = Studio(chromium, replay, f"http://{host}:{port}", tapes, output)
    if made.writing:
        made.write_down(
            {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
                for path in sorted([*FONTS.glob("*.ttf"), *(BUILT / "assets").glob("*.woff2")])
            }
        )
    yield made
    chromium.stop()
    background.run(runner.cleanup())
