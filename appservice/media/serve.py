# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a stored file to a browser so that nothing in it can do anything but be looked at."""

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import ClientError, web

from appservice.homeserver.media import Download, Stored
from appservice.media.kinds import OPAQUE, shown
from appservice.media.names import disposition
from appservice.rest.codes import Code
from appservice.rest.shield import HEADERS

# A page that was opened from it has no scripts, no forms, no frames, no origin.
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
_CACHE = "private, max-age=300"
"""Short: who is put out of a room may see for so long what they have seen."""

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_PARTIAL, _NOT_MODIFIED = 206, 304


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from `start` up to, not with, `end`."""

    start: int
    end: int


def etag(stored: Stored, form: str = "") -> str:
    """The tag of a file; files never change, so where it is says what it is."""
    named = f"{stored.server}/{stored.media_id}{form}"
    return f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'


def unchanged(request: web.Request, tag: str) -> web.Response | None:
    """304 when the browser has it already. Asked only after it is known that they may."""
    if tag not in {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}:
        return None
    return web.Response(status=_NOT_MODIFIED, headers={"ETag": tag, "Cache-Control": _CACHE})


def part_of(request: web.Request, length: int | None, tag: str) -> Part | None:
    """The one part that is asked for; None is the whole.

    Raises:
        KithError: `range_not_satisfiable`.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or length is None or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = match[1], match[2]
    if not first and not last:
        return None
    if not first:
        part = Part(max(0, length - int(last)), length)
    else:
        part = Part(int(first), min(int(last) + 1, length) if last else length)
    if part.start >= part.end:
        raise Code.RANGE_NOT_SATISFIABLE.error(length=length)
    return part


async def serve(
    request: web.Request, download: Download, *, name: str, tag: str
) -> web.StreamResponse:
    """Stream a file, or a part of it."""
    kind = shown(download.kind)
    part = part_of(request, download.length, tag)
    response = web.StreamResponse(
        status=_PARTIAL if part else 200,
        headers={
            **HEADERS,
            "Content-Security-Policy": _POLICY,
            "Content-Type": kind,
            "Content-Disposition": disposition(name, inline=kind != OPAQUE),
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": _CACHE,
            "ETag": tag,
            "Accept-Ranges": "bytes" if download.length is not None else "none",
            "X-Robots-Tag": "noindex",
        },
    )
    chunks = download.chunks
    if part:
        response.content_length = part.end - part.start
        response.headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{download.length}"
        chunks = cut(chunks, part)
    elif download.length is not None:
        response.content_length = download.length
    await response.prepare(request)
    try:
        async for chunk in chunks:
            await response.write(chunk)
    except (ClientError, TimeoutError):
        # Half a file must not look whole.
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response


async def cut(chunks: AsyncIterator[bytes], part: Part) -> AsyncIterator[bytes]:
    """Only the part. Synapse knows no ranges, so what lies before it is read and dropped."""
    at = 0
    async for chunk in chunks:
        wanted = chunk[max(0, part.start - at) : part.end - at]
        at += len(chunk)
        if wanted:
            yield wanted
        if at >= part.end:
            return
