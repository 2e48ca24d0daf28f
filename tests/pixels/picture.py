# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of screens: kept small, and compared pixel by pixel."""

import io
from pathlib import Path

from PIL import Image, ImageChops

ALLOWED = 0.001
"""The part of a picture that may have changed."""
_STEP = 8
"""Levels of a channel that are kept as one, so that what glows and shades stays small."""
_KEPT = bytes(level // _STEP * _STEP + _STEP // 2 for level in range(256)) * 3
_FAINT = 6
"""Levels that two pixels may differ by: half a step, and what processors round differently."""
_CLEAR = [255 if level > _FAINT else 0 for level in range(256)]


def shot(png: bytes) -> Image.Image:
    """A screenshot."""
    return Image.open(io.BytesIO(png)).convert("RGB")


def save(picture: Image.Image, path: Path) -> None:
    """Keep a picture, coarse and otherwise without loss."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.point(_KEPT).save(path, "WEBP", lossless=True, quality=60, method=4)


def differing(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where two pictures of the same size differ."""
    channels = ImageChops.difference(one, other).point(_CLEAR * 3).split()
    return ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])


def changed(one: Image.Image, other: Image.Image) -> float:
    """Which part differs, 0 to 1; everything when the sizes do."""
    if one.size != other.size:
        return 1.0
    return differing(one, other).histogram()[255] / (one.width * one.height)


def marked(expected: Image.Image, actual: Image.Image) -> Image.Image:
    """The expected picture, faint, and in red what differs."""
    if expected.size != actual.size:
        return actual
    faint = Image.blend(expected, Image.new("RGB", expected.size, "white"), 0.7)
    red = Image.new("RGB", expected.size, (220, 0, 0))
    return Image.composite(red, faint, differing(expected, actual))
