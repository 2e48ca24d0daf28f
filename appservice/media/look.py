# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that looks at pictures: a line of JSON in, a line of JSON out, files beside.

A decoder that crashes, hangs or swells takes only this process with it. It ends with its stdin.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from appservice.media.picture import TooManyPixelsError, look
from appservice.media.strip import BrokenPictureError

_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; 32 million pixels with transparency and their copies fit."""


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Look at one file.

    Args:
        question: ``path``, ``kind`` by content, ``most_pixels``, and ``small``: whether a small
            copy is wanted.

    Returns:
        ``kind``, sizes, and ``clean`` and ``small``: files written beside it; or ``problem``.
    """
    path = Path(question["path"])
    kind = question["kind"]
    try:
        found = look(path.read_bytes(), kind, question["most_pixels"], small=question["small"])
    except TooManyPixelsError:
        return {"kind": kind, "problem": "pixels"}
    except BrokenPictureError:
        return {"kind": kind, "problem": "broken"}
    clean = path.with_suffix(".clean")
    clean.write_bytes(found.data)
    told: dict[str, Any] = {
        "kind": kind,
        "clean": str(clean),
        "width": found.width,
        "height": found.height,
        "blurhash": found.blurhash,
    }
    if found.small:
        small = path.with_suffix(".small")
        small.write_bytes(found.small.data)
        told["small"] = {
            "path": str(small),
            "kind": found.small.mime_type,
            "width": found.small.width,
            "height": found.small.height,
        }
    return told


def main() -> None:
    """Answer until there are no more questions."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
