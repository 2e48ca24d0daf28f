# SPDX-License-Identifier: AGPL-3.0-or-later

import os
from pathlib import Path

import pytest

from stack import settings
from stack.credentials import Credentials
from stack.errors import StackError
from stack.files import socket_folder, write_private
from stack.ports import free_port, port_taken


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_private_file_is_private_even_where_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert mode(path) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]


def test_a_short_socket_folder_stays_where_it_was_wanted() -> None:
    short = Path("/tmp") / f"kith-short-{os.getpid()}"  # noqa: S108 - a short path is the point
    try:
        assert socket_folder(short) == short
        assert mode(short) == 0o700
    finally:
        short.rmdir()


def test_a_long_socket_path_gets_a_short_private_folder(tmp_path: Path) -> None:
    wanted = tmp_path / ("x" * 100) / "socket"
    found = socket_folder(wanted)
    assert len(os.fsencode(found / ".s.PGSQL.65535")) < 104
    assert mode(found) == 0o700
    assert socket_folder(wanted) == found
    found.rmdir()


def test_credentials_stay_the_same_and_stay_private(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = Credentials(path).get("as_token")
    assert Credentials(path).get("as_token") == first
    assert Credentials(path).get("hs_token") != first
    assert len(first) >= 43
    assert mode(path) == 0o600
    assert first not in repr(Credentials(path))


def test_spoilt_credentials_are_said_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{half")
    with pytest.raises(StackError, match="cannot be read"):
        Credentials(path)
    assert path.read_text() == "{half"


@pytest.mark.parametrize("text", ["- a list", "just words", "a: [unclosed"])
def test_spoilt_settings_are_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kith.yaml"
    path.write_text(text)
    with pytest.raises(StackError) as caught:
        settings.read(path)
    assert "\n" not in str(caught.value)


def test_settings_are_merged_mapping_by_mapping() -> None:
    base = {"a": 1, "b": {"c": 2, "d": 3}}
    assert settings.merged(base, {"b": {"c": 9}, "e": 4}) == {
        "a": 1,
        "b": {"c": 9, "d": 3},
        "e": 4,
    }
    assert base["b"] == {"c": 2, "d": 3}


def test_a_free_port_is_free() -> None:
    ports = {free_port() for _ in range(20)}
    assert len(ports) == 20
    assert not any(port_taken(port) for port in ports)
