# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of a process that was killed do not stay on the disk."""

import asyncio
import sys
from pathlib import Path

import pytest
from aiohttp import web

from appservice.media.workroom import Workroom

_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from appservice.media.workroom import Workroom

async def main():
    workroom = Workroom(Path(sys.argv[1]))
    async for _ in workroom.lifespan(None):
        with workroom.folder() as folder:
            (folder / "file").write_bytes(b"x" * 1000)
            os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def holding(place: Path) -> set[Path]:
    """Folders of processes with a file in them."""
    return {
        path.parent.parent
        for path in place.glob("*/*/file")
        if not path.parent.parent.is_symlink()
    }


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


async def test_what_a_killed_process_left_is_cleared_and_the_livings_stays(
    tmp_path: Path,
) -> None:
    other = Workroom(tmp_path)
    living = other.lifespan(web.Application())
    await anext(living)
    with other.folder() as folder:
        (folder / "file").write_bytes(b"still coming in")
        root = Path(__file__).parents[3]
        killed = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _KILLED, str(tmp_path), env={"PYTHONPATH": str(root)}
        )
        assert await killed.wait() == -9
        assert len(holding(tmp_path)) == 2
        # What only looks like one of ours is nobody's to clear.
        (tmp_path / "kith-uploads-empty").mkdir()
        (tmp_path / "kith-uploads-link").symlink_to(folder.parent)
        mine = Workroom(tmp_path)
        lifespan = mine.lifespan(web.Application())
        await anext(lifespan)
        assert (folder / "file").read_bytes() == b"still coming in"
        assert holding(tmp_path) == {folder.parent}
        with pytest.raises(StopAsyncIteration):
            await anext(lifespan)
    with pytest.raises(StopAsyncIteration):
        await anext(living)
    assert names(tmp_path) == ["kith-uploads-empty", "kith-uploads-link"]


def test_outside_its_lifespan_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Workroom(tmp_path).folder():
        pass
