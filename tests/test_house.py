# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of the house: file sizes, headers, directions of knowledge, nothing private inside."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SPDX = "# SPDX-License-Identifier: AGPL-3.0-or-later"
MAX_LINES, MAX_TEST_LINES = 300, 500
LAYERS = {
    "policy": set(),
    "schema": {"policy"},
    "synapse_modules": {"policy", "schema"},
    "appservice": {"policy", "schema"},
    "bridges": {"policy", "schema"},
    "stack": {"policy", "schema"},
}
FEATURE_FILES = {"routes.py", "service.py", "store.py", "wire.py"}


def _tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found = [ROOT / line for line in listed if line.endswith(suffixes)]
    assert found
    return [path for path in found if path.exists()]


PYTHON = sorted(_tracked(".py"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_a_file_is_one_small_room(path: Path) -> None:
    limit = MAX_TEST_LINES if "tests" in path.relative_to(ROOT).parts else MAX_LINES
    assert len(path.read_text("utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_a_file_says_its_licence_and_its_purpose(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith(SPDX)
    if "tests" not in path.relative_to(ROOT).parts:
        assert ast.get_docstring(ast.parse(text)), "a file starts with what it is for"


@pytest.mark.parametrize("path", PYTHON, ids=_name)
def test_knowledge_flows_down(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    if package not in LAYERS:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            top = name.partition(".")[0]
            if top in LAYERS and top != package:
                assert top in LAYERS[package], f"{package} must not know {name}"


def test_features_use_the_same_four_names() -> None:
    shells = {"rest", "realtime", "homeserver", "work", "bot", "registry", "web"}
    for folder in sorted((ROOT / "appservice").iterdir()):
        if folder.is_dir() and (folder / "routes.py").exists() and folder.name not in shells:
            present = {entry.name for entry in folder.glob("*.py")}
            assert present >= FEATURE_FILES, folder.name


def test_nothing_of_the_makers_is_in_the_tree() -> None:
    private = re.compile(
        r"/work/(main|shared)|/root/|\bpypi\.org|registry\.npmjs|files\.pythonhosted"
    )
    suffixes = (".py", ".md", ".toml", ".yaml", ".lock", ".sql", ".txt", ".j2", ".html")
    for path in _tracked(*suffixes):
        if path == Path(__file__).resolve():
            continue
        assert not private.search(path.read_text("utf-8")), _name(path)


def test_every_lock_is_hashed_and_names_no_index() -> None:
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text("utf-8")
        assert "--index-url" not in text
        assert "--find-links" not in text
        for block in re.split(r"\n(?=[a-z0-9])", text):
            assert "--hash=sha256:" in block, block.splitlines()[0]
