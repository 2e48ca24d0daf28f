# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of an animation is looked at: frames spread over all of it, so that none hides something.

Every frame of a short one. Of a long one those that are on the screen at times spread evenly:
what is seen for long is among them.
"""

import io
import warnings
from collections.abc import Sequence

from PIL import Image

from appservice.media.picture import FORMATS

MOST_SEEN = 16
"""Frames that are looked at."""

_SIDE = 640
"""Pixels of the longer side of one."""

_DRAWN = 8
"""As many times the pixels of the largest picture may be drawn for all frames together."""

_LEAST_SHOWN = 20
"""Milliseconds a frame stands at least, whatever it says: browsers do the same."""

_ACROSS = 4
_MOVING = frozenset({"image/gif", "image/png", "image/webp"})


def frames(data: bytes, kind: str, most_pixels: int) -> list[Image.Image] | str:
    """Small copies of the frames that are looked at; none, when nothing moves.

    Args:
        data: the whole file, whose first frame is known to be good.
        kind: its type by content.
        most_pixels: of the largest picture that may be decoded.

    Returns:
        The frames in RGB, or the problem: ``broken`` or ``pixels``.
    """
    if kind not in _MOVING:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as image:
                count = int(getattr(image, "n_frames", 1))
                if count == 1:
                    return []
                if count * image.width * image.height > _DRAWN * most_pixels:
                    return "pixels"
                return _seen(image, count)
    except Exception:  # noqa: BLE001 - decoders of hostile data raise whatever they meet
        return "broken"


def chosen(shown: Sequence[int]) -> list[int]:
    """Which frames are looked at, by how long each stands (milliseconds); at most `MOST_SEEN`."""
    if len(shown) <= MOST_SEEN:
        return list(range(len(shown)))
    whole, moments = sum(shown), MOST_SEEN - 2
    ends, so_far = [], 0
    for one in shown:
        so_far += one
        ends.append(so_far)
    found, at = [], 0
    for moment in range(moments):
        # The middle of each of as many equal parts of the time; the first and last besides.
        while ends[at] * 2 * moments <= whole * (2 * moment + 1):
            at += 1
        found.append(at)
    return sorted({*found, 0, len(shown) - 1})


def sheet(seen: Sequence[Image.Image]) -> Image.Image:
    """All of them on one picture, in rows of four, for people who judge."""
    width, height = seen[0].size
    rows = -(-len(seen) // _ACROSS)
    whole = Image.new("RGB", (width * min(len(seen), _ACROSS), height * rows), (255, 255, 255))
    for number, one in enumerate(seen):
        whole.paste(one, (number % _ACROSS * width, number // _ACROSS * height))
    return whole


def _seen(image: Image.Image, count: int) -> list[Image.Image]:
    """Draws every frame in order, for each may stand on the one before; keeps a few.

    Twice, when it is long: how long frames stand is known only when they were drawn, and all of
    them together would take too much memory.
    """
    wanted = set(range(count)) if count <= MOST_SEEN else set(chosen(_shown(image, count)))
    small = []
    for number in range(max(wanted) + 1):
        image.seek(number)
        image.load()
        if number in wanted:
            small.append(_small(image))
    return small


def _shown(image: Image.Image, count: int) -> list[int]:
    shown = []
    for number in range(count):
        image.seek(number)
        image.load()
        shown.append(max(_LEAST_SHOWN, int(image.info.get("duration", 0) or 0)))
    return shown


def _small(image: Image.Image) -> Image.Image:
    copy = image.convert("RGBA")
    copy.thumbnail((_SIDE, _SIDE))
    ground = Image.new("RGB", copy.size, (255, 255, 255))
    ground.paste(copy, mask=copy.getchannel("A"))
    return ground
