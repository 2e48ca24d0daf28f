# SPDX-License-Identifier: AGPL-3.0-or-later

import importlib.util
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from stack.templates import ROOT


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The launcher as a module, with a home of its own and nothing installed for real."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text(f"{name}\n")
    # Else a folder of compiled code appears beside the launcher.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("kith_launcher", str(ROOT / "kith"))
    spec = importlib.util.spec_from_loader("kith_launcher", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    venv = tmp_path / ".venv"
    settings = {
        "ROOT": str(tmp_path),
        "VENV": str(venv),
        "PYTHON": str(venv / "bin" / "python"),
        "STAMP": str(venv / "kith.stamp"),
    }
    for name, value in settings.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.fixture
def calls(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    made: list[list[str]] = []

    def call(command: list[str], **_: object) -> int:
        made.append([str(word) for word in command])
        if "venv" in command:
            Path(launcher.VENV, "bin").mkdir(parents=True, exist_ok=True)
        return 0

    monkeypatch.setattr(launcher.subprocess, "call", call)
    return made


def kinds(calls: list[list[str]]) -> list[str]:
    return [call[2] for call in calls]


def test_the_first_start_makes_and_fills_the_environment(
    launcher: ModuleType, calls: list[list[str]]
) -> None:
    launcher.ensure(launcher.RUNTIME)
    assert kinds(calls) == ["venv", "pip"]
    assert "--require-hashes" in calls[1]
    assert calls[1][calls[1].index("-r") + 1].endswith("/requirements.lock")
    launcher.ensure(launcher.RUNTIME)
    assert len(calls) == 2


def test_a_changed_lock_is_installed(launcher: ModuleType, calls: list[list[str]]) -> None:
    launcher.ensure(launcher.RUNTIME)
    Path(launcher.ROOT, "requirements.lock").write_text("newer\n")
    launcher.ensure(launcher.RUNTIME)
    assert kinds(calls).count("pip") == 2


def test_the_development_lock_serves_the_runtime_too(
    launcher: ModuleType, calls: list[list[str]]
) -> None:
    launcher.ensure(launcher.DEVELOPMENT)
    launcher.ensure(launcher.RUNTIME)
    assert kinds(calls).count("pip") == 1


def test_a_half_made_environment_is_mended(
    launcher: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(command: list[str], **_: object) -> int:
        Path(launcher.VENV, "bin").mkdir(parents=True, exist_ok=True)
        return 1 if "pip" in command else 0

    with monkeypatch.context() as patched:
        patched.setattr(launcher.subprocess, "call", broken)
        with pytest.raises(SystemExit) as caught:
            launcher.ensure(launcher.RUNTIME)
    assert caught.value.code == 2
    assert not Path(launcher.STAMP).exists()
    launcher.ensure(launcher.RUNTIME)
    assert kinds(calls) == ["venv", "pip"]


def test_another_python_makes_it_anew(launcher: ModuleType, calls: list[list[str]]) -> None:
    launcher.ensure(launcher.RUNTIME)
    stamp = Path(launcher.STAMP)
    stamp.write_text(stamp.read_text().rsplit(" ", 1)[0] + " 3.9\n")
    launcher.ensure(launcher.RUNTIME)
    assert kinds(calls) == ["venv", "pip", "venv", "pip"]


def test_an_old_python_is_one_clear_line(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(launcher.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit) as caught:
        launcher.need_python()
    assert caught.value.code == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "Python 3.11, 3.12 or 3.13 is needed, this is 3.9" in said[0]


def test_a_failing_linter_stops_the_test_run(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def call(command: tuple[str, ...], **_: object) -> int:
        ran.append(Path(command[0]).name)
        return 1 if command[0].endswith("mypy") else 0

    monkeypatch.setattr(launcher, "ensure", lambda _: None)
    monkeypatch.setattr(launcher.subprocess, "call", call)
    assert launcher.test([]) == 1
    assert ran == ["ruff", "ruff", "mypy"]


def test_the_launcher_and_ci_can_be_run() -> None:
    for name in ("kith", ".ci/run"):
        assert os.access(ROOT / name, os.X_OK), name
    subprocess.run(["sh", "-n", str(ROOT / ".ci" / "run")], check=True, timeout=10)  # noqa: S607
