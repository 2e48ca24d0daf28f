# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that looks at pictures people upload; what it makes of them are files beside."""

from pathlib import Path
from typing import Any

from appservice.media.picture import TooManyPixelsError, look
from appservice.media.strip import BrokenPictureError
from appservice.untrusted.child import answer_all


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Look at one file.

    Args:
        question: ``path``, ``kind`` by content, ``most_pixels``.

    Returns:
        ``kind``, sizes, and ``clean`` and ``small``: files written beside it; or ``problem``.
    """
    path, kind = Path(question["path"]), question["kind"]
    try:
        found = look(path.read_bytes(), kind, question["most_pixels"])
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


if __name__ == "__main__":
    answer_all(answer)
