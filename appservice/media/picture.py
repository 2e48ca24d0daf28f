# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks at one picture: whether it is whole, how large, and what a small copy looks like.

Blocks and uses memory by the pixel: `looker` runs it in a process of its own.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import blurhash
from PIL import Image, ImageCms, ImageOps

from appservice.media.strip import BrokenPictureError, stripped

THUMBNAIL = 800
"""Pixels of the longer side of a small copy."""

_SMALL_FILE = 200 * 1024
_BLUR_SIZE = 32
_LONGEST_SIDE = 20_000
_JPEG_FACTOR = 2
"""A JPEG is decoded at a fraction of its size, so it may have so many times the pixels."""

_ORIENTATION = 0x0112
_GPS = 0x8825
_XMP_PLACE = b"GPSLatitude"
_TURNED = frozenset({5, 6, 7, 8})
_KNOWN = range(1, 9)
FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}


@dataclass(frozen=True, slots=True)
class Small:
    """A small copy."""

    data: bytes
    mime_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of a picture; sizes in pixels, the right way up."""

    data: bytes
    width: int
    height: int
    blurhash: str
    small: Small | None


class TooManyPixelsError(BrokenPictureError):
    """It would take more memory to look at than it may."""


def look(data: bytes, kind: str, most_pixels: int) -> Picture:
    """Look at a picture of a kind of `kinds.IMAGES`.

    Args:
        data: the whole file.
        kind: its type by content.
        most_pixels: width times height may be at most; of a JPEG twice that.

    Raises:
        BrokenPictureError: it is not whole, or not what it begins like.
        TooManyPixelsError: it is too large.
    """
    with _decoding():
        clean, copy, (width, height), profile = _decoded(data, kind, most_pixels)
        large = max(width, height) > THUMBNAIL or len(clean) > _SMALL_FILE
        out = "WEBP" if copy.mode == "RGBA" else "JPEG"
        small = _saved(copy, out, 80, profile) if large else None
        return Picture(clean, width, height, blurred(copy), small)


def shrunk(data: bytes, kind: str, most_pixels: int, side: int) -> Small:
    """A copy of at most `side` pixels on each side, with nothing else in it; raises as `look`."""
    with _decoding():
        _, copy, _, _ = _decoded(data, kind, most_pixels)
        copy.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _saved(copy, "WEBP", 75, None)


def whole(data: bytes, kind: str, most_pixels: int) -> Image.Image:
    """All of a picture in RGB or RGBA, the right way up, in plain sRGB; of an animation the first.

    Takes four bytes a pixel and some more; raises as `look`.
    """
    with _decoding():
        clean = stripped(data, kind, _orientation(data, kind, most_pixels))
        with Image.open(io.BytesIO(clean), formats=[FORMATS[kind]]) as image:
            image.load()
            profile = image.info.get("icc_profile")
            plain = _plain(image)
        return _srgb(ImageOps.exif_transpose(plain), profile)


def says_place(data: bytes, kind: str) -> bool:
    """Whether a picture that is known to be whole says where it was taken, in EXIF or XMP."""
    if _XMP_PLACE in data:
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as image:
                return bool(image.getexif().get_ifd(_GPS))
        except Exception:  # noqa: BLE001 - decoders of hostile data raise whatever they meet
            return False


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(
            image, own, ImageCms.createProfile("sRGB"), outputMode=image.mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A profile that cannot be read, or one of another kind of colours: taken as sRGB.
        return image
    return made or image


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # The size is judged here, and one dependency still calls what Pillow will drop.
            warnings.simplefilter("ignore")
            yield
    except BrokenPictureError:
        raise
    except Exception as error:  # decoders of hostile data raise whatever they meet
        raise BrokenPictureError(type(error).__name__) from error


def _decoded(
    data: bytes, kind: str, most_pixels: int
) -> tuple[bytes, Image.Image, tuple[int, int], bytes | None]:
    """The picture alone, a copy of thumbnail size, the size of the whole, its colour profile."""
    allowed = most_pixels * (_JPEG_FACTOR if kind == "image/jpeg" else 1)
    orientation = _orientation(data, kind, allowed)
    clean = stripped(data, kind, orientation)
    with Image.open(io.BytesIO(clean), formats=[FORMATS[kind]]) as image:
        width, height = image.size
        image.draft("RGB", (THUMBNAIL, THUMBNAIL))
        image.load()
        profile = image.info.get("icc_profile")
        copy = _plain(image)
    copy.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    size = (height, width) if orientation in _TURNED else (width, height)
    return clean, ImageOps.exif_transpose(copy), size, profile


def _orientation(data: bytes, kind: str, allowed: int) -> int:
    """EXIF's number of the way up; the size is judged before, for a PNG is decoded to tell."""
    with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as opened:
        width, height = opened.size
        if width * height > allowed or max(opened.size) > _LONGEST_SIDE:
            raise TooManyPixelsError(f"{width} x {height}")
        orientation = opened.getexif().get(_ORIENTATION, 1)
    return orientation if orientation in _KNOWN else 1


def _plain(image: Image.Image) -> Image.Image:
    exif = image.getexif()
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Converting loses which way is up.
    plain.getexif()[_ORIENTATION] = exif.get(_ORIENTATION, 1)
    return plain


def _saved(copy: Image.Image, form: str, quality: int, profile: bytes | None) -> Small:
    out = io.BytesIO()
    copy.save(out, form, quality=quality, icc_profile=profile)
    return Small(out.getvalue(), f"image/{form.lower()}", copy.width, copy.height)


def blurred(copy: Image.Image) -> str:
    """A placeholder of a picture in RGB or RGBA."""
    tiny = copy.copy()
    tiny.thumbnail((_BLUR_SIZE, _BLUR_SIZE))
    if tiny.mode == "RGBA":
        ground = Image.new("RGB", tiny.size, (127, 127, 127))
        ground.paste(tiny, mask=tiny.getchannel("A"))
        tiny = ground
    across = (4, 3) if tiny.width >= tiny.height else (3, 4)
    return str(blurhash.encode(tiny, *across))
