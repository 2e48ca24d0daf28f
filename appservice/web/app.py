# SPDX-License-Identifier: AGPL-3.0-or-later
"""Serves the built web app from memory: its files, and its one page at every address it knows.

Knows nothing of what the app does. Without a build there is no app, and the drawn pages stay.
"""

import json
import mimetypes
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from appservice.rest.openapi import COOKIE

BUILT = Path(__file__).parent / "dist"
"""Where `web/` is built to; a part of the package."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_PAGE = "index.html"
# The same list as web/src/app/router.tsx; anything else shows the app's own "not found".
_ADDRESSES = re.compile(
    r"/(sign-in|sign-up|forgot-password|styleguide-neon|search|people(/[^/]+)?|profile/[^/]+"
    r"|lounge(/[^/]+)?|thrive-circle|messages(/[^/]+)?|connections(/(incoming|outgoing|blocked))?"
    r"|listings(/[^/]+(/edit)?)?|erasures/[^/]+"
    r"|settings(/(profile|privacy|data|quick-replies|appearance|following))?)?/?"
)
# What a room is made of besides the app itself, as the build names it.
_ROOM = re.compile(r"/(lounge|messages)/[^/]+/?")
_ROOM_PART = "src/app/places/pages.ts"
_MANIFEST = ".manifest.json"
_NOT_OURS = ("/api/", "/ws/", "/_matrix/", "/_synapse/", "/.well-known/", "/assets/")
_FOR_EVER = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".woff2": "font/woff2",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_WORKER = "/sw.js"
_WORKER_POLICY = "default-src 'none'; connect-src 'self'"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class _File:
    kind: str
    plain: bytes
    encoded: dict[str, bytes]

    def answer(self, request: web.Request, cache: str, status: int = 200) -> web.Response:
        accepted = request.headers.get("Accept-Encoding", "")
        offered = {part.partition(";")[0].strip() for part in accepted.split(",")}
        chosen = next((name for name in self.encoded if name in offered), None)
        response = web.Response(
            status=status,
            body=self.encoded[chosen] if chosen else self.plain,
            content_type=self.kind,
            charset="utf-8" if self.kind.startswith("text/") else None,
            headers={"Cache-Control": cache, "Vary": "Accept-Encoding"},
        )
        if chosen:
            response.headers["Content-Encoding"] = chosen
        return response


class WebApp:
    """One build of the app."""

    def __init__(self, folder: Path) -> None:
        """Read the whole build; it is small, and a new one must not mix with it."""
        self._files = {
            "/" + path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in (".br", ".gz") and path.name[0] != "."
        }
        plain = self._files.pop("/" + _PAGE)
        known = _for_the_known(plain)
        self._pages = {"nobody": plain, "known": known, "room": _with(known, _room_links(folder))}

    def middleware(self) -> Middleware:
        """Answers what no route of the server answers, when it is the app's to answer."""

        @web.middleware
        async def answer(request: web.Request, handler: _Handler) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPNotFound:
                found = self._find(request)
                if found is None:
                    raise
                return found

        return answer

    def page(self, request: web.Request, status: int = 200) -> web.Response:
        """The app's page. It says whether a session cookie came, which a script cannot see."""
        which = "nobody"
        if COOKIE in request.cookies:
            which = "room" if _ROOM.fullmatch(request.path) else "known"
        response = self._pages[which].answer(request, "no-cache", status)
        response.headers["Vary"] = "Accept-Encoding, Cookie"
        response.headers["Content-Security-Policy"] = POLICY
        return response

    def _find(self, request: web.Request) -> web.Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        file = self._files.get(request.path)
        if file is not None:
            if request.path == _WORKER:
                # Browsers ask whether there is a newer one, and must hear the truth.
                response = file.answer(request, "no-cache")
                response.headers["Content-Security-Policy"] = _WORKER_POLICY
                return response
            hashed = request.path.startswith("/assets/")
            return file.answer(request, _FOR_EVER if hashed else "public, max-age=3600")
        if _ADDRESSES.fullmatch(request.path):
            return self.page(request)
        wants_page = "text/html" in request.headers.get("Accept", "")
        if wants_page and not (request.path + "/").startswith(_NOT_OURS):
            return self.page(request, status=404)
        return None


def load(folder: Path | None) -> WebApp | None:
    """The app built into this folder; None when there is none."""
    return WebApp(folder) if folder and (folder / _PAGE).is_file() else None


def _read(path: Path) -> _File:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    encoded = {
        name: beside.read_bytes()
        for name, suffix in _ENCODINGS
        if (beside := path.with_name(path.name + suffix)).is_file()
    }
    return _File(kind or "application/octet-stream", path.read_bytes(), encoded)


def _for_the_known(page: _File) -> _File:
    # Half a kilobyte more than compressed, once a visit: not worth compressing again here.
    return _File(page.kind, page.plain.replace(b"<html ", b"<html data-session ", 1), {})


def _with(page: _File, links: bytes) -> _File:
    return _File(page.kind, page.plain.replace(b"</head>", links + b"</head>", 1), page.encoded)


def _room_links(folder: Path) -> bytes:
    """Links to the files of a room, so that they come along with those of the app.

    Without them they are known only once the app runs. A build without a manifest has none.
    """
    try:
        parts: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return b""
    there = _files(parts, _PAGE)
    links = [
        f'<link rel="stylesheet" crossorigin href="/{file}">'
        if file.endswith(".css")
        else f'<link rel="modulepreload" crossorigin href="/{file}">'
        for file in _files(parts, _ROOM_PART)
        if file not in there
    ]
    return "".join(f"  {link}\n  " for link in links).encode()


def _files(parts: dict[str, Any], name: str) -> list[str]:
    """Scripts and styles that a part of the build is loaded with, its own first."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        part = parts[waiting.pop(0)]
        if part["file"] not in found:
            found |= dict.fromkeys([part["file"], *part.get("css", ())])
            waiting.extend(part.get("imports", ()))
    return list(found)
