# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file is, by its own first bytes, and what of it a browser may show. Pure.

What a sender claims decides nothing: a page named ``cat.png`` is text here, and is downloaded.
"""

from collections.abc import Callable

HEAD = 4096
"""Bytes that are enough to tell."""

OPAQUE = "application/octet-stream"
TEXT = "text/plain"
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that are decoded; SVG is a program and never one of them."""

# Types that no browser runs anything from. They are shown; all else is downloaded.
INLINE = IMAGES | {
    "image/apng",
    "image/avif",
    "video/mp4",
    "video/webm",
    "video/ogg",
    "video/quicktime",
    "audio/mp4",
    "audio/webm",
    "audio/aac",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/x-wav",
    "audio/flac",
}
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4"}
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")


def kind_of(head: bytes) -> str:
    """The type of a file.

    Args:
        head: its first `HEAD` bytes, or all when it is shorter.
    """
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    for check in _CHECKS:
        found = check(head)
        if found:
            return found
    return TEXT if _is_text(head) else OPAQUE


def shown(claimed: str) -> str:
    """The type under which stored media goes to a browser: a safe one, or opaque bytes."""
    kind = claimed.partition(";")[0].strip().lower()
    return kind if kind in INLINE else OPAQUE


def message_type(kind: str) -> str:
    """The ``msgtype`` of a message that carries such a file (spec 11.2)."""
    if kind in IMAGES:
        return "m.image"
    return {"video": "m.video", "audio": "m.audio"}.get(kind.partition("/")[0], "m.file")


def _riff(head: bytes) -> str | None:
    return _RIFF.get(head[8:12]) if head[:4] == b"RIFF" else None


def _iso_media(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    return OPAQUE if brand in _PICTURE_BRANDS else _BRANDS.get(brand, "video/mp4")


_CHECKS: tuple[Callable[[bytes], str | None], ...] = (_riff, _iso_media)


def _is_text(head: bytes) -> bool:
    # A character may be cut in two at the end of the head.
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3 or len(head) < HEAD:
            return False
        text = head[: error.start].decode("utf-8")
    return all(char >= " " or char in "\t\r\n\f" for char in text)
