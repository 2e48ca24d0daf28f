# SPDX-License-Identifier: AGPL-3.0-or-later

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from appservice.settings import SettingsError, load

GOOD: dict[str, Any] = {
    "server_name": "hs.test",
    "public_url": "http://localhost:8080/",
    "database_url": "postgresql://kith@/kith",
    "appservice": {"as_token": "a" * 40, "hs_token": "h" * 40},
    "secret_key": "s" * 40,
}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("KITH_"):
            monkeypatch.delenv(name)


def given(monkeypatch: pytest.MonkeyPatch, folder: Path, **changes: Any) -> Path:
    path = folder / "kith.yaml"
    path.write_text(yaml.safe_dump({**GOOD, **changes}))
    monkeypatch.setenv("KITH_CONFIG", str(path))
    return path


def test_file_and_environment_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path, rules={"dm": {"group_limit": 5}})
    monkeypatch.setenv("KITH_SYNAPSE__URL", "http://127.0.0.1:1")
    monkeypatch.setenv("KITH_RULES__DM__REQUIRE_FRIENDSHIP", "false")
    monkeypatch.setenv("KITH_REGISTRATION", "open")
    settings = load()
    assert settings.public_url == "http://localhost:8080"
    assert settings.synapse.url == "http://127.0.0.1:1"
    assert settings.registration == "open"
    assert (settings.rules.dm.group_limit, settings.rules.dm.require_friendship) == (5, False)
    assert settings.service_user == "@kith:hs.test"


def test_no_secret_shows_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path)
    assert not {"a" * 40, "h" * 40, "s" * 40} & set(repr(load()).replace("'", " ").split())


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"server_nam": "x"}, "server_nam"),
        ({"secret_key": "short"}, "secret_key: takes at least 16 characters"),
        ({"registration": "maybe"}, "registration"),
        ({"public_url": "localhost"}, "public_url: takes a URL"),
        ({"rules": {"dm": {"requir": True}}}, "rules.dm.requir is not a rule"),
        ({"rules": {"rates": {"messages_per_minute": "many"}}}, "a number from 0"),
        ({"appservice": {"as_token": "a" * 40}}, "appservice.hs_token"),
    ],
)
def test_a_wrong_key_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changes: dict[str, Any], part: str
) -> None:
    given(monkeypatch, tmp_path, **changes)
    with pytest.raises(SettingsError) as caught:
        load()
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["a: [", None])
def test_the_command_ends_with_one_line_and_code_two(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "kith.yaml"
    if text is not None:
        path.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "appservice", "serve"],
        env={**os.environ, "KITH_CONFIG": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("kith settings: ")
    assert done.stderr.count("\n") == 1
