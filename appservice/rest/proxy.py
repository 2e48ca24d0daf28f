# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pass-through of Matrix's own paths: one origin is all a client needs to know.

Streams both ways and understands nothing. Synapse decides who may do what; the only path kept
back is the appservice API, which is not for clients.
"""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from appservice.rest import address
from appservice.rest.openapi import COOKIE

PREFIXES = ("/_matrix/", "/_synapse/client/")
_KEPT_BACK = "/_matrix/app"

# Hop by hop (RFC 9110 section 7.6.1), and what this hop writes anew.
_DROPPED = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
        "host",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
        "x-real-ip",
    }
)
_PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=600)
"""Long polls and large media are fine; a homeserver that is silent for ten minutes is gone."""


class Proxy:
    """Passes requests on to one homeserver."""

    def __init__(self, target: str, max_body: int, *, secure: bool) -> None:
        """Prepare.

        Args:
            target: base URL of the homeserver.
            max_body: bytes a request body may have.
            secure: whether people come over HTTPS.
        """
        self._target = target.rstrip("/")
        self._max_body = max_body
        self._scheme = "https" if secure else "http"
        self._session: aiohttp.ClientSession | None = None

    async def lifespan(self, _: web.Application) -> AsyncIterator[None]:
        """Holds the connections; for `Application.cleanup_ctx`."""
        # A session of its own: hundreds of waiting long polls must not use up the connections
        # that the appservice itself needs.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_PATIENCE,
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        yield
        await self._session.close()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Pass one request on and stream its answer back."""
        path = request.rel_url.raw_path
        if not _may_pass(path):
            return matrix_error(404, "M_UNRECOGNIZED", "Unrecognized request")
        if (request.content_length or 0) > self._max_body:
            return matrix_error(413, "M_TOO_LARGE", "The request body is too large")
        if self._session is None:
            raise RuntimeError("the proxy is used outside its lifespan")
        body = _Body(request, self._max_body)
        url = URL(self._target + request.rel_url.raw_path_qs, encoded=True)
        try:
            async with self._session.request(
                request.method,
                url,
                headers=self._headers(request),
                data=body if request.can_read_body else None,
                allow_redirects=False,
            ) as answer:
                return await _stream(request, answer)
        except (aiohttp.ClientError, TimeoutError, OSError):
            if body.too_large:
                return matrix_error(413, "M_TOO_LARGE", "The request body is too large")
            return matrix_error(502, "M_UNKNOWN", "The homeserver does not answer")

    def _headers(self, request: web.Request) -> "CIMultiDict[str]":
        headers = _end_to_end(request.headers)
        _hide_session(headers)
        headers["Host"] = request.host
        headers[address.HEADER] = address.client_address(request)
        headers["X-Forwarded-Proto"] = self._scheme
        return headers


class _Body:
    """A request's body on its way through, counted."""

    def __init__(self, request: web.Request, most: int) -> None:
        self._content = request.content
        self._most = most
        self.too_large = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        passed = 0
        async for chunk in self._content.iter_any():
            passed += len(chunk)
            if passed > self._most:
                # The client library reports this as a broken connection, so it is noted here.
                self.too_large = True
                raise ConnectionAbortedError
            yield chunk


def _may_pass(raw_path: str) -> bool:
    segments = unquote(raw_path).split("/")
    # A path that climbs could reach what this door does not offer (Synapse's admin API).
    if "." in segments or ".." in segments:
        return False
    plain = "/".join(segment for segment in segments if segment)
    kept = _KEPT_BACK.strip("/")
    return plain != kept and not plain.startswith(kept + "/")


def _end_to_end(headers: Mapping[str, str]) -> "CIMultiDict[str]":
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    return CIMultiDict(
        (name, value)
        for name, value in headers.items()
        if name.lower() not in _DROPPED and name.lower() not in named
    )


def _hide_session(headers: "CIMultiDict[str]") -> None:
    """Kith's own session is none of the homeserver's business; its cookies (SSO) pass."""
    cookies = [part.strip() for part in headers.pop("Cookie", "").split(";")]
    kept = [part for part in cookies if part and not part.startswith(f"{COOKIE}=")]
    if kept:
        headers["Cookie"] = "; ".join(kept)


async def _stream(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=_end_to_end(answer.headers))
    # Media of strangers comes from our own origin: no browser may guess a type for it.
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    await response.prepare(request)
    try:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
    except (aiohttp.ClientError, TimeoutError):
        # Half an answer must not look whole.
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response


def matrix_error(status: int, errcode: str, sentence: str) -> web.Response:
    """An error as Matrix clients expect it, with the CORS header of the client API."""
    return web.json_response(
        {"errcode": errcode, "error": sentence},
        status=status,
        headers={"Access-Control-Allow-Origin": "*"},
    )
