# SPDX-License-Identifier: AGPL-3.0-or-later
"""Containers: what is taken out, what stays, and that nothing hostile escapes as a surprise."""

import io
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from appservice.media.kinds import kind_of, message_type, shown
from appservice.media.picture import TooManyPixelsError, look, shrunk
from appservice.media.strip import BrokenPictureError, stripped

SECRET = b"taken at 12 Hidden Lane"
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


def pattern(width: int, height: int, step: int = 37) -> Image.Image:
    """The same each time."""
    dots = bytes((x * step + y * y * 91) % 251 for y in range(height) for x in range(width))
    return Image.frombytes("L", (width, height), dots)


def made(form: str, mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    pattern(40, 30).convert(mode).save(out, form, **more)
    return out.getvalue()


def moving(form: str) -> bytes:
    frames = [pattern(16, 16, step).convert("P") for step in range(30, 35)]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=50, loop=0)
    return out.getvalue()


def with_secrets() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_text("Packed", SECRET.decode() * 20, zip=True)
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return {
        "JPEG": made("JPEG", comment=SECRET, xmp=SECRET),
        "PNG": made("PNG", pnginfo=text),
        "WEBP": made("WEBP", xmp=SECRET),
        "GIF": made("GIF", "P", comment=SECRET),
    }


@pytest.mark.parametrize("form", KINDS)
def test_only_the_picture_stays(form: str) -> None:
    data = with_secrets()[form]
    assert SECRET in data or form == "PNG"
    clean = stripped(data + SECRET, KINDS[form])
    assert SECRET not in clean
    assert zlib.compress(SECRET * 20) not in clean
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(clean)) as after:
        assert after.tobytes() == before.tobytes()
    assert stripped(clean, KINDS[form]) == clean


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_what_moves_goes_on_moving(form: str) -> None:
    clean = stripped(moving(form), KINDS[form])
    with Image.open(io.BytesIO(clean)) as image:
        assert (image.n_frames, image.info.get("loop")) == (5, 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_way_up_stays(form: str, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    found = look(made(form, exif=exif), KINDS[form], 10_000)
    assert (found.width, found.height) == ((30, 40) if turn >= 5 else (40, 30))
    with Image.open(io.BytesIO(found.data)) as image:
        # WebP without an extended header has no place for it; Pillow writes one with EXIF.
        assert image.getexif().get(0x0112, 1) == turn
        assert set(image.getexif()) <= {0x0112}


@pytest.mark.parametrize("form", KINDS)
@given(data=st.data())
def test_a_twisted_file_is_broken_or_a_picture(form: str, data: st.DataObject) -> None:
    whole = bytearray(made(form, "P" if form == "GIF" else "RGB"))
    places = st.integers(0, len(whole) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        whole[place] = value
    end = data.draw(st.one_of(st.just(len(whole)), places))
    try:
        found = look(bytes(whole[:end]), KINDS[form], 1_000_000)
    except BrokenPictureError:
        return
    assert found.width * found.height <= 2_000_000


@given(st.binary(max_size=300))
@example(b"")
@example("grüße".encode()[:-1])
def test_any_bytes_are_of_some_kind(data: bytes) -> None:
    kind = kind_of(data)
    assert message_type(kind).startswith("m.")
    assert shown(kind) in (kind, "application/octet-stream")
    for kind in KINDS.values():
        with pytest.raises(BrokenPictureError):
            look(data, kind, 1000)


def test_pixels_and_frames_are_bounded() -> None:
    with pytest.raises(TooManyPixelsError):
        look(made("PNG"), "image/png", 1199)
    assert look(made("JPEG"), "image/jpeg", 600)
    long = stripped(moving("GIF"), "image/gif")
    start = long.index(b"!\xf9")
    with pytest.raises(BrokenPictureError):
        stripped(long[:start] + long[start:-1] * 300 + b";", "image/gif")


def test_a_small_copy_is_made_anew() -> None:
    small = shrunk(with_secrets()["JPEG"], "image/jpeg", 10_000, 20)
    assert (small.mime_type, small.width, small.height) == ("image/webp", 20, 15)
    assert SECRET not in small.data
