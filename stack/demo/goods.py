# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the demo's people offer, and the drawings of it: always the same."""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import ImageDraw

from stack.demo.pictures import Colour, ground

SIZE = (800, 600)


@dataclass(frozen=True, slots=True)
class Good:
    """One listing.

    Attributes:
        seller: name of an account.
        said: what `POST /api/listings` takes.
        picture: what of it is drawn.
        reserved: it is promised to somebody.
    """

    seller: str
    said: Mapping[str, Any]
    picture: str | None = None
    reserved: bool = False


def _said(  # noqa: PLR0917 - a row of a table
    title: str,
    description: str,
    price: int,
    currency: str,
    place: tuple[str, str],
    tags: Sequence[str],
) -> Mapping[str, Any]:
    return {
        "title": title,
        "description": description,
        "price_minor": price,
        "currency": currency,
        "city": place[0],
        "country_code": place[1],
        "tags": list(tags),
    }


GOODS: Sequence[Good] = (
    Good(
        "farid",
        _said(
            "Kitchen table for six",
            "Beech, 180 by 80. Two burn marks from forgotten pans.\nTo be fetched.",
            8_000,
            "EUR",
            ("Marseille", "FR"),
            ("furniture", "kitchen"),
        ),
        "table",
    ),
    Good(
        "erin",
        _said(
            "Trail shoes, size 40",
            "One winter old. Clean, mostly.",
            3_000,
            "EUR",
            ("Galway", "IE"),
            ("running", "shoes"),
        ),
    ),
    Good(
        "ines",
        _said(
            "Box of crime novels",
            "About thirty, in Portuguese and English. The murderer is underlined in none.",
            0,
            "EUR",
            ("Porto", "PT"),
            ("books",),
        ),
        "books",
    ),
    Good(
        "bob",
        _said(
            "Valve radio from 1952, plays",
            "New capacitors, old voice. Long and medium wave; it needs a minute to warm up.",
            90_000,
            "SEK",
            ("Uppsala", "SE"),
            ("radio", "electronics"),
        ),
        "radio",
        reserved=True,
    ),
    Good(
        "hiro",
        _said(
            "City bicycle, three gears",
            "Overhauled last week: new chain, tyres, cables.\n\nFrame 54 cm, with lights.",
            18_000,
            "JPY",
            ("Kyoto", "JP"),
            ("bicycle", "repaired"),
        ),
        "bicycle",
    ),
)


def draw(name: str) -> bytes:
    """A JPEG of `SIZE`.

    Raises:
        KeyError: there is no such drawing.
    """
    top, bottom, shape = _DRAWN[name]
    picture = ground(SIZE, top, bottom)
    shape(ImageDraw.Draw(picture))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=86, optimize=True)
    return stream.getvalue()


def _bicycle(draw: ImageDraw.ImageDraw) -> None:
    dark, red = (32, 36, 48), (196, 44, 74)
    draw.rectangle((0, 470, 800, 600), fill=(206, 190, 168))
    wheels = ((230, 380), (570, 380))
    for x, y in wheels:
        draw.ellipse((x - 118, y - 118, x + 118, y + 118), outline=dark, width=14)
        for spoke in range(12):
            turn = spoke * math.pi / 6
            end = (x + 108 * math.cos(turn), y + 108 * math.sin(turn))
            draw.line(((x, y), end), fill=(120, 124, 136), width=2)
    crank, saddle, head = (380, 390), (325, 225), (520, 215)
    for line in (
        (wheels[0], crank, saddle, wheels[0]),
        (crank, head, saddle),
        (head, wheels[1]),
    ):
        draw.line(line, fill=red, width=15, joint="curve")
    draw.line(((288, 205), (365, 205)), fill=dark, width=20)
    draw.line(((saddle[0], 210), saddle), fill=dark, width=10)
    draw.line((head, (508, 160), (570, 140)), fill=dark, width=12, joint="curve")
    draw.ellipse((350, 360, 410, 420), outline=dark, width=10)


def _radio(draw: ImageDraw.ImageDraw) -> None:
    wood, cloth, brass = (116, 66, 38), (214, 186, 140), (226, 178, 84)
    draw.rectangle((0, 480, 800, 600), fill=(86, 108, 104))
    draw.rounded_rectangle((110, 130, 690, 500), 60, fill=wood)
    draw.rounded_rectangle((150, 170, 650, 370), 30, fill=cloth)
    for line in range(165, 645, 12):
        draw.line(((line, 178), (line, 362)), fill=(190, 160, 114), width=3)
    draw.rounded_rectangle((250, 390, 550, 450), 12, fill=(250, 240, 206))
    for mark in range(265, 545, 20):
        draw.line(((mark, 402), (mark, 420 + mark % 3 * 6)), fill=wood, width=3)
    draw.line(((372, 394), (372, 446)), fill=(200, 40, 50), width=5)
    for x in (190, 610):
        draw.ellipse((x - 36, 384, x + 36, 456), fill=brass, outline=(90, 50, 28), width=5)


def _books(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 500, 800, 600), fill=(150, 112, 84))
    colours = ((188, 54, 70), (38, 84, 124), (232, 176, 74), (70, 120, 92), (118, 76, 140))
    left = 90
    for number in range(11):
        width, height = 44 + number * 17 % 30, 250 + number * 53 % 110
        colour = colours[number % len(colours)]
        draw.rounded_rectangle((left, 500 - height, left + width, 500), 6, fill=colour)
        for band in (0.12, 0.2, 0.82):
            y = 500 - height * (1 - band)
            draw.line(((left + 6, y), (left + width - 6, y)), fill=(248, 236, 210), width=4)
        left += width + 3


def _table(draw: ImageDraw.ImageDraw) -> None:
    wood, shade = (206, 156, 98), (160, 112, 64)
    draw.rectangle((0, 430, 800, 600), fill=(172, 186, 182))
    for x in (150, 622):
        draw.polygon(((x, 300), (x + 34, 300), (x + 26, 540), (x + 8, 540)), fill=shade)
    draw.polygon(((190, 220), (610, 220), (720, 300), (80, 300)), fill=wood)
    draw.rectangle((80, 300, 720, 330), fill=shade)
    draw.ellipse((300, 236, 380, 262), fill=(150, 104, 60))
    draw.ellipse((452, 190, 540, 262), fill=(46, 110, 126))
    draw.ellipse((452, 182, 540, 214), fill=(86, 158, 172))
    for x in (474, 500, 522):
        draw.ellipse((x - 16, 168, x + 16, 200), fill=(222, 120, 52))


Shape = Callable[[ImageDraw.ImageDraw], None]
_DRAWN: Mapping[str, tuple[Colour, Colour, Shape]] = {
    "bicycle": ((214, 232, 236), (240, 230, 214), _bicycle),
    "radio": ((148, 178, 170), (112, 140, 134), _radio),
    "books": ((238, 222, 200), (222, 198, 168), _books),
    "table": ((226, 236, 232), (204, 216, 212), _table),
}
