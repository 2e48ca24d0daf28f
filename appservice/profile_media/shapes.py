# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pictures of a purpose look like: variants, crops and their limits. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SMALLEST = 512
"""Pixels of either side of an original (P4)."""

MOST_BYTES = 2 * 1024 * 1024
"""Of an original (P4)."""

FORMATS: Mapping[str, tuple[str, str]] = {
    "webp": ("WEBP", "image/webp"),
    "jpg": ("JPEG", "image/jpeg"),
}
"""Ending of a variant → Pillow's name of the format, MIME type."""

WHOLE = "whole.jpg"
"""A copy of all of a picture set in a Matrix client: for the scanner and staff alone."""

_FRAME = "frame-{:02}.jpg"

PLACE = "place"
"""A mark: the file set in a Matrix client says where it was taken."""

SCANNED = (WHOLE, "frame-*.jpg", PLACE)
"""What is thrown away once a picture is shown: patterns of file names."""

_SLACK = 0.02
"""How far a crop may be from its shape: browsers round to whole pixels."""


class Purpose(StrEnum):
    """What a picture is for."""

    AVATAR = "avatar"
    BANNER = "banner"
    LISTING = "listing"


@dataclass(frozen=True, slots=True)
class Shape:
    """How pictures of a purpose are cut and shown.

    Attributes:
        ratio: width through height of a crop; None takes any.
        narrowest: pixels a crop is wide at least.
        variants: name → most pixels across and down.
    """

    ratio: float | None
    narrowest: int
    variants: Mapping[str, tuple[int, int]]

    @property
    def largest(self) -> str:
        """Name of the variant the others follow from."""
        return next(iter(self.variants))


SHAPES: Mapping[Purpose, Shape] = {
    Purpose.AVATAR: Shape(1.0, 256, {str(side): (side, side) for side in (512, 256, 128, 64)}),
    Purpose.BANNER: Shape(3.0, 384, {"1500x500": (1500, 500)}),
    Purpose.LISTING: Shape(None, 256, {"1024": (1024, 1024), "320": (320, 320)}),
}


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that is shown, in pixels of the original the right way up."""

    x: int
    y: int
    width: int
    height: int


def seen_frame(number: int) -> str:
    """File of one frame of an animation, for the scanner alone; counted from 0."""
    return _FRAME.format(number)


def centre(purpose: Purpose, width: int, height: int) -> Crop:
    """The largest part of its shape, in the middle of a picture of that size."""
    ratio = SHAPES[purpose].ratio or width / height
    across = max(1, min(width, round(height * ratio)))
    down = max(1, min(height, round(across / ratio)))
    return Crop((width - across) // 2, (height - down) // 2, across, down)


def wrong(crop: Crop, purpose: Purpose, width: int, height: int) -> str | None:
    """What is wrong with a crop of a picture of that size, in words; None when it is good."""
    shape = SHAPES[purpose]
    if min(crop.x, crop.y) < 0 or crop.x + crop.width > width or crop.y + crop.height > height:
        return "reaches beyond the picture"
    if crop.width < shape.narrowest or crop.height < 1:
        return f"must be at least {shape.narrowest} pixels wide"
    if shape.ratio is not None:
        off = abs(crop.width - crop.height * shape.ratio)
        if off > max(shape.ratio, crop.width * _SLACK):
            return f"must be {shape.ratio:g} times as wide as it is high"
    return None


def named(file: str) -> tuple[str, str] | None:
    """Variant and MIME type of a file name that some purpose has; None for any other."""
    name, _, ending = file.partition(".")
    known = any(name in shape.variants for shape in SHAPES.values())
    return (name, FORMATS[ending][1]) if known and ending in FORMATS else None
