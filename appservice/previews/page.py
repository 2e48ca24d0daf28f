# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says about itself in its head: Open Graph, Twitter's names, its title. Pure.

Runs only in a process that may be ended (`read`): pages can be written to take a parser long.
"""

import re
import zlib
from dataclasses import dataclass
from html.parser import HTMLParser

from appservice.text import one_line

_TITLE, _DESCRIPTION, _NAME, _ADDRESS = 200, 500, 100, 2048
_MOST_META = 400
_META_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{1,40})""", re.IGNORECASE)
_SNIFFED = 2048
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Only what the web uses: some of Python's codecs unpack or execute escapes.
_CHARSETS = re.compile(
    r"utf-?8|utf-16(le|be)?|us-ascii|ascii|latin-?1|iso-?8859-\d{1,2}|windows-?125[0-8]|cp125[0-8]"
    r"|koi8-[ru]|shift_jis|sjis|euc-(jp|kr)|iso-2022-jp|gbk|gb2312|gb18030|big5|windows-874"
)
_ENDS = frozenset({"body"})


@dataclass(frozen=True, slots=True)
class Head:
    """One line each, not too long; None where the page says nothing."""

    title: str | None
    description: str | None
    site_name: str | None
    image: str | None


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """The body without its compression, as far as `most` bytes.

    Raises:
        ValueError: packed in a way that was not asked for and is not known.
    """
    if encoding in ("", "identity"):
        return body[:most]
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(encoding)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, most)
    except zlib.error as error:
        raise ValueError("not what it says") from error


def text_of(body: bytes, declared: str | None) -> str:
    """The page's text: by its first bytes, its header, its head, else UTF-8."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    inside = _META_CHARSET.search(body[:_SNIFFED])
    for name in (declared, inside[1].decode("ascii") if inside else None):
        if name and _CHARSETS.fullmatch(name.strip().lower()):
            try:
                return body.decode(name.strip(), "replace")
            except LookupError:
                continue
    return body.decode("utf-8", "replace")


def head_of(text: str) -> Head:
    """What the head says."""
    reader = _Reader()
    reader.feed(text)
    said = reader.said
    return Head(
        title=_line(_TITLE, said.get("og:title"), said.get("twitter:title"), reader.title),
        description=_line(
            _DESCRIPTION,
            said.get("og:description"),
            said.get("twitter:description"),
            said.get("description"),
        ),
        site_name=_line(_NAME, said.get("og:site_name")),
        image=_line(
            _ADDRESS,
            said.get("og:image:secure_url"),
            said.get("og:image"),
            said.get("og:image:url"),
            said.get("twitter:image"),
            said.get("twitter:image:src"),
        ),
    )


class _Reader(HTMLParser):
    """Collects `meta` and the first `title` until the body begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self._title: list[str] | None = None
        self._in_title = False
        self._seen = 0
        self._over = False

    @property
    def title(self) -> str | None:
        """The page's own title."""
        return "".join(self._title) if self._title else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        if tag in _ENDS or self._seen > _MOST_META:
            self._over = True
        if self._over:
            return
        if tag == "title" and self._title is None:
            self._title, self._in_title = [], True
        elif tag == "meta":
            self._seen += 1
            values = dict(attrs)
            name = values.get("property") or values.get("name")
            content = values.get("content")
            if name and content:
                self.said.setdefault(name.strip().lower(), content)

    def handle_endtag(self, tag: str) -> None:
        """A tag ends."""
        if tag == "title":
            self._in_title = False
        self._over = self._over or tag == "head"

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if self._in_title and self._title is not None and not self._over:
            self._title.append(data)


def _line(longest: int, *texts: str | None) -> str | None:
    for text in texts:
        line = one_line(text, longest) if text else ""
        if line:
            return line
    return None
