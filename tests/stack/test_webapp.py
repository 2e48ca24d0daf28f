# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
from pathlib import Path

import pytest

from stack import webapp
from stack.errors import StackError


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with small sources and a build."""
    sources, built = tmp_path / "web", tmp_path / "dist"
    for folder in (sources / "src", sources / "node_modules", built):
        folder.mkdir(parents=True)
    (sources / "package.json").write_text("{}")
    (sources / "package-lock.json").write_text("{}")
    (sources / "src" / "main.tsx").write_text("one")
    (built / "index.html").write_text("page")
    monkeypatch.setattr(webapp, "ROOT", tmp_path)
    monkeypatch.setattr(webapp, "SOURCES", sources)
    monkeypatch.setattr(webapp, "BUILT", built)
    return tmp_path


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What would have been run."""
    ran: list[tuple[str, ...]] = []

    async def run(*command: str) -> None:
        ran.append(command[1:])

    async def tools(_: object) -> tuple[str, ...]:
        return ("node", "npm")

    monkeypatch.setattr(webapp, "run", run)
    monkeypatch.setattr(webapp, "node_tools", tools)
    return ran


async def test_it_builds_once_and_again_when_a_source_changes(
    clone: Path, steps: list[tuple[str, ...]]
) -> None:
    said: list[str] = []
    assert await webapp.ensure(said.append)
    assert [step[1] for step in steps] == ["install", "run"]
    assert said == ["Web app: fetching its packages (once)", "Web app: building"]
    steps.clear()
    assert await webapp.ensure(said.append)
    assert not steps
    (clone / "web" / "src" / "main.tsx").write_text("two")
    assert await webapp.ensure(said.append)
    assert [step[1] for step in steps] == ["run"]
    steps.clear()
    (clone / "web" / "src" / "main.test.tsx").write_text("a test is no source")
    (clone / "web" / "node_modules" / "new.js").write_text("nor is what was fetched")
    assert await webapp.ensure(said.append)
    assert not steps


@pytest.mark.parametrize("before", [True, False])
async def test_kith_comes_up_when_it_cannot_be_built(
    clone: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    async def fails(_: object) -> tuple[str, ...]:
        await asyncio.sleep(0)
        raise StackError("the registry does not answer")

    monkeypatch.setattr(webapp, "node_tools", fails)
    if not before:
        (clone / "dist" / "index.html").unlink()
    said: list[str] = []
    assert await webapp.ensure(said.append) is before
    [line] = said
    assert "the registry does not answer" in line
    assert ("built before" in line) is before


async def test_an_installed_package_has_nothing_to_build(
    clone: Path, steps: list[tuple[str, ...]]
) -> None:
    (clone / "web" / "package.json").unlink()
    assert await webapp.ensure(pytest.fail)
    assert not steps


async def test_a_failing_step_says_its_last_line(clone: Path) -> None:
    with pytest.raises(StackError, match=r"^no such thing$"):
        await webapp.run(
            "/bin/sh", "-c", f"cd {clone}; echo first; echo no such thing >&2; exit 3"
        )
