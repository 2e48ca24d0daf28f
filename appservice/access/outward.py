# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests to hosts that a stranger named: never to addresses inside, never long, never large.

The check is made on the very address that is connected to, so that a name which changes its mind
between check and connection (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SECONDS = 10.0
_MAX_BYTES = 64 * 1024
_MAX_REDIRECTS = 3
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200


class OutwardError(Exception):
    """The host cannot, or must not, be asked, or what it says is of no use."""


def is_public(address: Address) -> bool:
    """Whether an address is out on the internet, whatever IPv4 address it may wrap."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is None and address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


class _Guarded(AbstractResolver):
    """Resolves names and keeps only addresses that may be connected to."""

    def __init__(self, permits: Callable[[Address], bool]) -> None:
        self._permits = permits

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        results: list[ResolveResult] = []
        for kind, _, proto, _, place in found:
            address = str(place[0])
            if self._permits(ipaddress.ip_address(address.partition("%")[0])):
                results.append(
                    ResolveResult(
                        hostname=host,
                        host=address,
                        port=port,
                        family=kind,
                        proto=proto,
                        flags=socket.AI_NUMERICHOST,
                    )
                )
        if not results:
            raise OSError("no address of this name may be asked")
        return results

    async def close(self) -> None:
        """Nothing is held."""


class Outward:
    """Asks foreign hosts for small JSON over HTTPS."""

    def __init__(
        self,
        permits: Callable[[Address], bool] = is_public,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare.

        Args:
            permits: which addresses may be connected to.
            trust: certificates to believe; None believes the system's.
        """
        self._permits = permits
        self._trust = trust

    async def get(
        self, url: URL, headers: Mapping[str, str] | None = None, redirects: int = _MAX_REDIRECTS
    ) -> dict[str, Any]:
        """A JSON object.

        Raises:
            OutwardError: for everything that can go wrong.
        """
        try:
            async with asyncio.timeout(_SECONDS), self._session() as session:
                return await self._follow(session, url, dict(headers or {}), redirects)
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError, RecursionError) as error:
            raise OutwardError(type(error).__name__) from error

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            resolver=_Guarded(self._permits), ssl=self._trust or True, use_dns_cache=False
        )
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        ) as session:
            yield session

    async def _follow(
        self, session: aiohttp.ClientSession, url: URL, headers: dict[str, str], redirects: int
    ) -> dict[str, Any]:
        for _ in range(redirects + 1):
            self._check(url)
            sent = {"Accept-Encoding": "identity", **headers}
            async with session.get(url, headers=sent, allow_redirects=False) as answer:
                if answer.status in _REDIRECTS:
                    url = url.join(URL(answer.headers.get("Location", "")))
                    continue
                if answer.status != _OK:
                    raise OutwardError(f"status {answer.status}")
                return _object(await _small(answer))
        raise OutwardError("too many redirects")

    def _check(self, url: URL) -> None:
        if url.scheme != "https" or not url.host or url.user is not None:
            raise OutwardError("not an https address")
        try:
            literal = ipaddress.ip_address(url.host)
        except ValueError:
            return
        # An address written out is connected to without asking the resolver.
        if not self._permits(literal):
            raise OutwardError("an address that is not asked")


async def _small(answer: aiohttp.ClientResponse) -> bytes:
    raw = b""
    async for chunk in answer.content.iter_any():
        raw += chunk
        if len(raw) > _MAX_BYTES:
            raise OutwardError("too much")
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    found = json.loads(raw)
    if not isinstance(found, dict):
        raise OutwardError("not an object")
    return found
