# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes out of a picture what is not the picture: place, camera, thumbnails, what hangs behind.

Lossless: only containers are rewritten. Colour profiles and the way up stay. Pure.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator

MOST_FRAMES = 1000
"""Of an animation."""

_MOST_SCANS = 64
"""Of a progressive JPEG; encoders make about ten, a bomb thousands."""

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APPS = range(0xE0, 0xF0)
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD hIST"
    b" acTL fcTL fdAT cICP mDCV cLLI".split()
)
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
_GIF_KEPT = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
_GIF_GRAPHIC, _GIF_APPLICATION = 0xF9, 0xFF
_PNG_HEAD = 8


class BrokenPictureError(ValueError):
    """It is cut off, twisted, or more than a picture needs."""


def stripped(data: bytes, kind: str, orientation: int = 1) -> bytes:
    """The picture alone.

    Args:
        data: the whole file.
        kind: its type, one of `kinds.IMAGES`.
        orientation: EXIF's number of the way up; 1 needs no note.

    Raises:
        BrokenPictureError: the container does not hold together.
    """
    try:
        return _BY_KIND[kind](data, _exif(orientation) if orientation != 1 else b"")
    except (IndexError, struct.error) as error:
        raise BrokenPictureError("cut off") from error


def _exif(orientation: int) -> bytes:
    """The smallest EXIF block there is: one entry, the way up."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", 1) + entry + b"\0\0\0\0"


def _jpeg(data: bytes, exif: bytes) -> bytes:
    out = [data[:2]]
    note = b"Exif\0\0" + exif
    waiting = b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note if exif else b""
    scans = 0
    for marker, segment in _segments(data):
        if marker == _SOS:
            scans += 1
            if scans > _MOST_SCANS:
                raise BrokenPictureError("too many scans")
        if not _jpeg_keeps(marker, segment):
            continue
        if marker != _APPS[0] and waiting:
            out.append(waiting)
            waiting = b""
        out.append(segment)
    return b"".join(out)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while True:
        if data[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise BrokenPictureError("no marker")
        while data[at + 1] == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        marker = data[at + 1]
        if marker == _EOI:
            yield marker, data[at : at + 2]
            return
        if marker in _ALONE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):  # noqa: PLR2004 - a length counts itself
            raise BrokenPictureError("cut off")
        if marker == _SOS:
            following = _NEXT_MARKER.search(data, end)
            if following is None:
                raise BrokenPictureError("cut off")
            end = following.start()
        yield marker, data[at:end]
        at = end


def _jpeg_keeps(marker: int, segment: bytes) -> bool:
    if marker == _COM:
        return False
    if marker not in _APPS:
        return True
    # JFIF, a colour profile, Adobe's note on the colour model. The rest is about the picture.
    return segment[4:9] in (b"JFIF\0", b"Adobe") or segment[4:16] == b"ICC_PROFILE\0"


def _png(data: bytes, exif: bytes) -> bytes:
    out, at, frames = [data[:_PNG_HEAD]], _PNG_HEAD, 0
    while True:
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise BrokenPictureError("cut off")
        frames += kind == b"fcTL"
        _count(frames)
        if exif and kind == b"IDAT":
            out.append(_chunk(b"eXIf", exif))
            exif = b""
        if kind in _PNG_KEPT:
            out.append(data[at:end])
        if kind == b"IEND":
            return b"".join(out)
        at = end


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _webp(data: bytes, exif: bytes) -> bytes:
    (whole,) = struct.unpack_from("<I", data, 4)
    if whole + 8 > len(data):
        raise BrokenPictureError("cut off")
    out, at, frames = [], 12, 0
    while at + 8 <= whole + 8:
        kind = data[at : at + 4]
        (length,) = struct.unpack_from("<I", data, at + 4)
        end = at + 8 + length
        if end > whole + 8:
            raise BrokenPictureError("cut off")
        frames += kind == b"ANMF"
        _count(frames)
        if kind == b"VP8X":
            flags = data[at + 8] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if exif else 0)
            out.append(data[at : at + 8] + bytes([flags]) + data[at + 9 : end])
        elif kind in _WEBP_KEPT:
            out.append(data[at:end] + b"\0" * (length % 2))
        at = end + length % 2
    if exif and out and out[0].startswith(b"VP8X"):
        out.append(b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2))
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(data: bytes, _exif: bytes) -> bytes:
    at = 13 + _colours(data[10])
    out, frames = [data[:at]], 0
    while True:
        start, block = at, data[at]
        if block == 0x3B:  # noqa: PLR2004 - the trailer
            out.append(b"\x3b")
            return b"".join(out)
        if block == 0x21:  # noqa: PLR2004 - an extension
            label, at = data[at + 1], _blocks(data, at + 2)
            graphic = label == _GIF_GRAPHIC
            known = label == _GIF_APPLICATION and data[start + 2 : start + 14] in _GIF_KEPT
            if graphic or known:
                out.append(data[start:at])
        elif block == 0x2C:  # noqa: PLR2004 - a frame
            frames += 1
            _count(frames)
            at = _blocks(data, at + 11 + _colours(data[at + 9]))
            out.append(data[start:at])
        else:
            raise BrokenPictureError("no block")


def _colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _count(frames: int) -> None:
    if frames > MOST_FRAMES:
        raise BrokenPictureError("too many frames")


_BY_KIND: dict[str, Callable[[bytes, bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}
