# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws the pictures that the demo's people show: always the same."""

import io
import math

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]
_SHEET = (720, 960)


def draw(name: str) -> tuple[bytes, int, int]:
    """A JPEG by name, with its width and height in pixels.

    Raises:
        KeyError: there is no such picture.
    """
    picture = {"lanterns": _lanterns, "poster": _poster}[name]()
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=86, optimize=True)
    return stream.getvalue(), picture.width, picture.height


def ground(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """A canvas that goes from one colour to another, downwards."""
    width, height = size
    column = Image.new("RGB", (1, height))
    for y in range(height):
        part = y / height
        mixed = [round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)]
        column.putpixel((0, y), (mixed[0], mixed[1], mixed[2]))
    return column.resize((width, height))


def _lanterns() -> Image.Image:
    """A river at night, houses, and lanterns with their light on the water."""
    width, height, shore = 960, 600, 400
    picture = ground((width, height), (16, 22, 58), (74, 44, 92))
    draw = ImageDraw.Draw(picture)
    for house in range(14):
        left = house * 72 - 20
        roof = shore - 60 - (house * 47) % 90
        draw.rectangle((left, roof, left + 66, shore), fill=(15, 17, 40))
        gable = ((left - 4, roof), (left + 33, roof - 30), (left + 70, roof))
        draw.polygon(gable, fill=(12, 14, 34))
        for window in range(3):
            if (house + window) % 3:
                x, y = left + 10 + window * 18, roof + 16 + (house % 2) * 22
                draw.rectangle((x, y, x + 9, y + 13), fill=(255, 205, 120))
    draw.rectangle((0, shore, width, height), fill=(20, 22, 56))
    glow = Image.new("RGB", (width, height))
    light = ImageDraw.Draw(glow)
    for number in range(26):
        x = (number * 211 + 60) % width
        y = 60 + (number * 97) % 270 + round(20 * math.sin(number))
        size = 9 + number % 4 * 4
        colour = ((255, 168, 76), (255, 120, 96), (255, 206, 120))[number % 3]
        light.ellipse((x - size * 2, y - size * 2, x + size * 2, y + size * 2), fill=colour)
        mirrored = shore + (shore - y) // 3 + 14
        light.ellipse((x - size, mirrored - 3, x + size, mirrored + 5), fill=colour)
        draw.ellipse((x - size, y - size, x + size, y + size * 1.25), fill=colour)
    soft = glow.filter(ImageFilter.GaussianBlur(18))
    return Image.blend(picture, Image.composite(soft, picture, soft.convert("L")), 0.55)


def _poster() -> Image.Image:
    """A printed sheet: a radish and when to come."""
    width, height = _SHEET
    picture = ground((width, height), (247, 238, 214), (240, 226, 196))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((28, 28, width - 28, height - 28), outline=(38, 70, 62), width=6)
    middle = width / 2
    for leaf, turn in ((-1, -26), (0, 0), (1, 26)):
        shape = Image.new("RGBA", (160, 300))
        ImageDraw.Draw(shape).ellipse((40, 10, 120, 290), fill=(58, 120, 84))
        turned = shape.rotate(-turn, resample=Image.Resampling.BICUBIC, expand=True)
        where = (round(middle + leaf * 84 - turned.width / 2), 200 + abs(leaf) * 26)
        picture.paste(turned, where, turned)
    draw.ellipse((middle - 150, 420, middle + 150, 690), fill=(206, 46, 92))
    draw.polygon(((middle - 70, 660), (middle + 70, 660), (middle + 8, 790)), fill=(206, 46, 92))
    draw.ellipse((middle - 96, 462, middle - 40, 540), fill=(233, 118, 152))
    _word(draw, "SEED SWAP", 116, 92, (38, 70, 62))
    _word(draw, "Sunday, from eight", 838, 44, (38, 70, 62))
    _word(draw, "in the courtyard", 892, 34, (96, 82, 60))
    return picture


def _word(draw: ImageDraw.ImageDraw, text: str, y: float, size: int, colour: Colour) -> None:
    font = ImageFont.load_default(size=size)
    draw.text((_SHEET[0] / 2, y), text, font=font, fill=colour, anchor="mm")
