# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws an avatar from a name: always the same picture for the same name."""

import colorsys
import hashlib
import io

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = 512
_SHAPES = 5


def portrait(name: str, letter: str) -> bytes:
    """A PNG of 512 by 512 pixels: soft shapes in two hues and the first letter."""
    seed = hashlib.sha256(name.encode()).digest()
    hue = seed[0] / 255
    ground = _colour(hue, 0.3)
    picture = Image.new("RGB", (SIZE, SIZE), ground)
    # Clear, but of the ground's colour: blurring a clear black would leave dark rims.
    veil = Image.new("RGBA", (SIZE, SIZE), (*ground, 0))
    draw = ImageDraw.Draw(veil)
    for number in range(_SHAPES):
        x, y, reach, turn = seed[1 + number * 4 : 5 + number * 4]
        radius = SIZE * (0.18 + reach / 255 * 0.3)
        left, top = x / 255 * SIZE, y / 255 * SIZE
        colour = (*_colour(hue + 0.04 + turn / 255 * 0.16, 0.36 + number * 0.05), 170)
        draw.ellipse((left - radius, top - radius, left + radius, top + radius), fill=colour)
    veil = veil.filter(ImageFilter.GaussianBlur(14))
    picture.paste(veil, mask=veil)
    ImageDraw.Draw(picture).text(
        (SIZE / 2, SIZE / 2),
        letter,
        font=ImageFont.load_default(size=SIZE * 0.5),
        fill=(255, 255, 255),
        anchor="mm",
    )
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _colour(hue: float, light: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 1.0, light, 0.62)
    return round(red * 255), round(green * 255), round(blue * 255)
