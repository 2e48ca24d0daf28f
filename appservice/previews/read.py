# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that reads foreign pages and shrinks their pictures."""

from base64 import b64decode, b64encode
from dataclasses import asdict
from typing import Any

from appservice.media.kinds import HEAD, IMAGES, kind_of
from appservice.media.picture import shrunk
from appservice.media.strip import BrokenPictureError
from appservice.previews.page import head_of, text_of, unpacked
from appservice.untrusted.child import answer_all


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Read a page or shrink a picture.

    Args:
        question: ``body`` (base64), ``encoding``, ``most`` (bytes unpacked), and either
            ``charset`` (null when the header has none) of a page, or ``side`` and ``most_pixels``
            of a picture.

    Returns:
        The fields of `page.Head`; or ``image`` (base64), ``kind``, ``width``, ``height``; or
        nothing, when it is of no use.
    """
    try:
        body = unpacked(b64decode(question["body"]), question["encoding"], question["most"])
        if "side" not in question:
            return asdict(head_of(text_of(body, question["charset"])))
        kind = kind_of(body[:HEAD])
        if kind not in IMAGES:
            return {}
        small = shrunk(body, kind, question["most_pixels"], question["side"])
    except (BrokenPictureError, ValueError):
        return {}
    return {
        "image": b64encode(small.data).decode(),
        "kind": small.mime_type,
        "width": small.width,
        "height": small.height,
    }


if __name__ == "__main__":
    answer_all(answer)
