# SPDX-License-Identifier: AGPL-3.0-or-later

import os
import signal
from pathlib import Path

import pytest

from stack import identity
from stack.errors import StackError
from stack.identity import Identity, popen_identity, servant, wrapped

STRANGER = Identity(65534, 65534)


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A file behind a folder that only its owner may pass through."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    (folder / "program").touch()
    return folder / "program"


@pytest.fixture
def setpriv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity.shutil, "which", lambda _: "/usr/bin/setpriv")


def lend(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(identity, "_may_lend", lambda name: name in names)


def test_only_root_needs_a_servant() -> None:
    assert (servant() is None) == (os.getuid() != 0)


@pytest.mark.usefixtures("setpriv")
def test_the_signal_of_our_death_is_the_programs_own() -> None:
    words = wrapped(("postgres",), None, end=signal.SIGINT)
    assert words == ("/usr/bin/setpriv", "--pdeathsig", "INT", "--", "postgres")


@pytest.mark.usefixtures("setpriv")
def test_an_open_path_lends_nothing() -> None:
    words = wrapped(("/bin/sh", "-D", "/"), STRANGER)
    assert "--reuid=65534" in words
    assert not [word for word in words if "caps" in word]


@pytest.mark.usefixtures("setpriv")
@pytest.mark.parametrize(
    ("held", "lent"),
    [
        (("dac_read_search", "dac_override"), "dac_read_search"),
        (("dac_override",), "dac_override"),
    ],
)
def test_a_private_parent_lends_the_least_that_helps(
    private: Path, monkeypatch: pytest.MonkeyPatch, held: tuple[str, ...], lent: str
) -> None:
    lend(monkeypatch, *held)
    assert f"--ambient-caps=+{lent}" in wrapped((str(private),), STRANGER)


@pytest.mark.usefixtures("setpriv")
def test_a_private_parent_and_nothing_to_lend_is_said(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lend(monkeypatch)
    with pytest.raises(StackError, match="cannot reach"):
        wrapped((str(private),), STRANGER)


def test_without_setpriv_python_changes_the_account(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity.shutil, "which", lambda _: None)
    assert wrapped(("/bin/sh",), STRANGER) == ("/bin/sh",)
    assert popen_identity(STRANGER)["user"] == 65534
    with pytest.raises(StackError, match="cannot reach"):
        wrapped((str(private),), STRANGER)
