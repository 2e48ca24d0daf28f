# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file turns out to be; pictures are looked at by processes of their own (`look`)."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appservice.media.kinds import HEAD, IMAGES, kind_of
from appservice.untrusted.parent import NoAnswerError, Untrusted

MODULE = "appservice.media.look"


@dataclass(frozen=True, slots=True)
class Copy:
    """A small copy of a picture, in a file."""

    path: Path
    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file turned out to be.

    Attributes:
        kind: type by content.
        problem: ``broken`` or ``pixels``, when it is a picture nobody should get.
        clean: the picture without what is not the picture.
    """

    kind: str
    problem: str | None = None
    clean: Path | None = None
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    small: Copy | None = None


class Looker:
    """Looks at files."""

    def __init__(self, processes: Untrusted, most_pixels: int) -> None:
        """Args: processes that run `MODULE`; pixels a picture may have."""
        self._processes = processes
        self._most_pixels = most_pixels

    async def look(self, path: Path) -> Seen:
        """Look at a file. What is made of a picture lies beside it."""
        kind = kind_of(await asyncio.to_thread(_head, path))
        if kind not in IMAGES:
            return Seen(kind)
        question = {"path": str(path), "kind": kind, "most_pixels": self._most_pixels}
        try:
            return _seen(await self._processes.ask(question))
        except NoAnswerError:
            return Seen(kind, problem="broken")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _seen(told: dict[str, Any]) -> Seen:
    small = told.get("small")
    clean = told.get("clean")
    return Seen(
        kind=told["kind"],
        problem=told.get("problem"),
        clean=Path(clean) if clean else None,
        width=told.get("width"),
        height=told.get("height"),
        blurhash=told.get("blurhash"),
        small=Copy(Path(small["path"]), small["kind"], small["width"], small["height"])
        if small
        else None,
    )
