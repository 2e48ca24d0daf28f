# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that looks at pictures of profiles and makes their variants.

Variants are drawn anew from the pixels: nothing of the original's file is in them.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image

from appservice.media.kinds import HEAD, IMAGES, kind_of
from appservice.media.picture import TooManyPixelsError, blurred, says_place, whole
from appservice.media.strip import BrokenPictureError
from appservice.profile_media.motion import frames, sheet
from appservice.profile_media.shapes import (
    FORMATS,
    PLACE,
    SHAPES,
    SMALLEST,
    WHOLE,
    Crop,
    Purpose,
    centre,
    seen_frame,
    wrong,
)
from appservice.untrusted.child import answer_all

_QUALITY = {"WEBP": {"quality": 82, "method": 4}, "JPEG": {"quality": 85, "optimize": True}}
_SEEN = (1024, 1024)
"""Pixels of the copy of a whole picture, at most."""

_GROUND = (255, 255, 255)
"""Behind what is transparent, where a format knows nothing transparent."""


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Look at a picture, and cut it when a crop is given.

    Args:
        question: ``path``, ``purpose``, ``most_pixels``; to cut also ``crop`` and ``out``, a
            folder that is there. A crop of None is the middle of a picture of any size, and a
            copy of the whole is made besides, of an animation one of each frame that is seen.

    Returns:
        ``kind``, ``width``, ``height``, once cut ``blurhash`` and ``crop``; or ``problem``:
        ``type``, ``broken``, ``pixels``, ``small`` or ``crop``.
    """
    data = Path(question["path"]).read_bytes()
    kind = kind_of(data[:HEAD])
    image = _decoded(data, kind, question["most_pixels"])
    if isinstance(image, str):
        return {"kind": kind, "problem": image}
    told: dict[str, Any] = {"kind": kind, "width": image.width, "height": image.height}
    chosen = "crop" not in question or question["crop"] is not None
    if chosen and min(image.size) < SMALLEST:
        return {**told, "problem": "small"}
    if "crop" not in question:
        return told
    purpose, out = Purpose(question["purpose"]), Path(question["out"])
    crop = Crop(**question["crop"]) if chosen else centre(purpose, image.width, image.height)
    if chosen and wrong(crop, purpose, image.width, image.height):
        return {**told, "problem": "crop"}
    part = image.crop((crop.x, crop.y, crop.x + crop.width, crop.y + crop.height))
    _write(part, purpose, out, enlarge=chosen)
    if not chosen:
        problem = _show_whole(image, frames(data, kind, question["most_pixels"]), out)
        if problem:
            return {**told, "problem": problem}
        if says_place(data, kind):
            (out / PLACE).touch()
    return {**told, "blurhash": blurred(part), "crop": asdict(crop)}


def _show_whole(image: Image.Image, moving: Sequence[Image.Image] | str, out: Path) -> str | None:
    """Write what the scanner and staff look at; the problem when there is too much of it."""
    if isinstance(moving, str):
        return moving
    whole = sheet(moving) if moving else image
    _save(whole.resize(_within(whole.size, _SEEN), Image.Resampling.LANCZOS), out / WHOLE, "JPEG")
    for number, frame in enumerate(moving):
        _save(frame, out / seen_frame(number), "JPEG")
    return None


def _decoded(data: bytes, kind: str, most_pixels: int) -> Image.Image | str:
    """The picture, or the problem with it."""
    if kind not in IMAGES:
        return "type"
    try:
        return whole(data, kind, most_pixels)
    except TooManyPixelsError:
        return "pixels"
    except BrokenPictureError:
        return "broken"


def _write(part: Image.Image, purpose: Purpose, out: Path, *, enlarge: bool) -> None:
    shape = SHAPES[purpose]
    for name, most in shape.variants.items():
        size = most if shape.ratio and enlarge else _within(part.size, most)
        small = part.resize(size, Image.Resampling.LANCZOS)
        for ending, (form, _) in FORMATS.items():
            _save(small, out / f"{name}.{ending}", form)


def _save(image: Image.Image, path: Path, form: str) -> None:
    drawn = image if form == "WEBP" else _opaque(image)
    # Pillow writes what stands in `info` along; a fresh picture has none.
    drawn.info.clear()
    drawn.save(path, form, **_QUALITY[form])


def _within(size: tuple[int, int], most: tuple[int, int]) -> tuple[int, int]:
    factor = min(1.0, most[0] / size[0], most[1] / size[1])
    return (max(1, round(size[0] * factor)), max(1, round(size[1] * factor)))


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, _GROUND)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


if __name__ == "__main__":
    answer_all(answer)
