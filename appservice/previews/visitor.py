# SPDX-License-Identifier: AGPL-3.0-or-later
"""Visits a page once and brings back what it says about itself, and its picture, made small.

No cookies, no credentials, nothing of the person who asked; the page learns that an instance of
Kith at this address was interested.
"""

from base64 import b64decode, b64encode
from typing import Any

from yarl import URL

from appservice.outward import Outward, OutwardError, Page
from appservice.previews.store import Picture, Told
from appservice.untrusted.parent import NoAnswerError, Untrusted

MODULE = "appservice.previews.read"
SECONDS = 8.0
"""For a page; its picture has as long again."""

_PAGE, _PICTURE = 512 * 1024, 2 * 1024 * 1024
_SIDE = 640
_MOST_PIXELS = 16_000_000
_MOST_KEPT = 200 * 1024
"""Bytes of a small picture."""

_PAGES = frozenset({"text/html", "application/xhtml+xml"})


class Visitor:
    """Goes out."""

    def __init__(self, outward: Outward, processes: Untrusted, user_agent: str) -> None:
        """Args: the guarded way out; processes that run `MODULE`; how one introduces oneself."""
        self._outward = outward
        self._processes = processes
        self._headers = {"User-Agent": user_agent, "Accept-Language": "en;q=0.5, *;q=0.1"}

    async def visit(self, url: URL) -> Told:
        """What the page says; nothing, when it cannot, or must not, be asked."""
        try:
            page = await self._fetch(url, "text/html", _PAGE, cut=True)
            kind, charset = _content_type(page)
            if kind not in _PAGES:
                return Told()
            said = await self._processes.ask({**_packed(page, _PAGE), "charset": charset})
        except (OutwardError, NoAnswerError):
            return Told()
        if not said:
            return Told()
        return Told(
            title=said["title"],
            description=said["description"],
            site_name=said["site_name"] or page.url.raw_host,
            picture=await self._picture(page.url, said["image"]),
        )

    async def _picture(self, page: URL, address: str | None) -> Picture | None:
        if not address:
            return None
        try:
            found = await self._fetch(page.join(URL(address)), "image/*", _PICTURE)
            question = {**_packed(found, _PICTURE), "side": _SIDE, "most_pixels": _MOST_PIXELS}
            made = await self._processes.ask(question)
        except (OutwardError, NoAnswerError, ValueError):
            return None
        if not made:
            return None
        data = b64decode(made["image"])
        if len(data) > _MOST_KEPT:
            return None
        return Picture(data, made["kind"], made["width"], made["height"])

    async def _fetch(self, url: URL, accept: str, most: int, *, cut: bool = False) -> Page:
        headers = {**self._headers, "Accept": accept}
        return await self._outward.fetch(url, headers, most=most, cut=cut, seconds=SECONDS)


def _packed(page: Page, most: int) -> dict[str, Any]:
    encoding = page.headers.get("Content-Encoding", "").strip().lower()
    return {"body": b64encode(page.body).decode(), "encoding": encoding, "most": most}


def _content_type(page: Page) -> tuple[str, str | None]:
    kind, *rest = page.headers.get("Content-Type", "").split(";")
    found = {
        name.strip().lower(): value.strip().strip("\"'")
        for name, mark, value in (part.partition("=") for part in rest)
        if mark
    }
    return kind.strip().lower(), found.get("charset")
