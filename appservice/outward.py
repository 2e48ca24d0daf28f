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
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Found = Sequence[tuple[Any, Any, int, str, tuple[Any, ...]]]
"""What `getaddrinfo` gives."""

Lookup = Callable[[str, int, socket.AddressFamily], Awaitable[Found]]

_SECONDS = 10.0
_MAX_BYTES = 64 * 1024
_MAX_REDIRECTS = 3
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Handed out for special ends, which the standard library does not know in every version.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "2001::/23", "3fff::/20"),
    )
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
# A name server that hangs holds a thread; those of everything else must not run out.
_LOOKUPS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="outward")


class OutwardError(Exception):
    """The host cannot, or must not, be asked, or what it says is of no use."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a host answered: where in the end, with what headers, and the first bytes of it."""

    url: URL
    headers: Mapping[str, str]
    body: bytes


def is_public(address: Address) -> bool:
    """Whether an address is out on the internet, whatever IPv4 address it may wrap."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is None and address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if address not in _GLOBAL_UNICAST:
            return False
    special = any(address in network for network in _SPECIAL)
    return address.is_global and not address.is_multicast and not special


async def resolve(host: str, port: int, family: socket.AddressFamily) -> Found:
    """Ask the system for the addresses of a name."""
    loop = asyncio.get_running_loop()

    def ask() -> Found:
        return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)

    return await loop.run_in_executor(_LOOKUPS, ask)


class _Guarded(AbstractResolver):
    """Resolves names and keeps only addresses that may be connected to."""

    def __init__(self, permits: Callable[[Address], bool], lookup: Lookup) -> None:
        self._permits = permits
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        results: list[ResolveResult] = []
        for kind, _, proto, _, place in await self._lookup(host, port, family):
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
    """Asks foreign hosts."""

    def __init__(
        self,
        permits: Callable[[Address], bool] = is_public,
        trust: ssl.SSLContext | None = None,
        *,
        schemes: Collection[str] = ("https",),
        ports: Collection[int] | None = None,
        lookup: Lookup = resolve,
    ) -> None:
        """Prepare.

        Args:
            permits: which addresses may be connected to.
            trust: certificates to believe; None believes the system's.
            schemes: of the addresses that may be asked.
            ports: that may be asked; None is all.
            lookup: who knows the addresses of names.
        """
        self._permits = permits
        self._trust = trust
        self._schemes = schemes
        self._ports = ports
        self._lookup = lookup

    async def get(
        self, url: URL, headers: Mapping[str, str] | None = None, redirects: int = _MAX_REDIRECTS
    ) -> dict[str, Any]:
        """A small JSON object.

        Raises:
            OutwardError: for everything that can go wrong.
        """
        page = await self.fetch(url, headers, redirects=redirects, most=_MAX_BYTES)
        try:
            found = json.loads(page.body)
        except (ValueError, RecursionError) as error:
            raise OutwardError(type(error).__name__) from error
        if not isinstance(found, dict):
            raise OutwardError("not an object")
        return found

    async def fetch(
        self,
        url: URL,
        headers: Mapping[str, str] | None = None,
        *,
        redirects: int = _MAX_REDIRECTS,
        most: int,
        cut: bool = False,
        seconds: float = _SECONDS,
    ) -> Page:
        """What is at an address, as it comes: nothing is unpacked.

        Args:
            url: where; every step of a redirection is checked like the first.
            headers: to send.
            redirects: steps to follow at most.
            most: bytes of the body.
            cut: whether what is longer is cut there instead of refused.
            seconds: for all of it.

        Raises:
            OutwardError: for everything that can go wrong.
        """
        try:
            async with asyncio.timeout(seconds), self._session() as session:
                for _ in range(redirects + 1):
                    self._check(url)
                    sent = {"Accept-Encoding": "identity", **(headers or {})}
                    async with session.get(url, headers=sent, allow_redirects=False) as answer:
                        if answer.status in _REDIRECTS:
                            url = url.join(URL(answer.headers.get("Location", "")))
                            continue
                        if answer.status != _OK:
                            raise OutwardError(f"status {answer.status}")
                        return Page(url, answer.headers, await _small(answer, most, cut=cut))
                raise OutwardError("too many redirects")
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
            raise OutwardError(type(error).__name__) from error

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            resolver=_Guarded(self._permits, self._lookup),
            ssl=self._trust or True,
            use_dns_cache=False,
        )
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        ) as session:
            yield session

    def _check(self, url: URL) -> None:
        if url.scheme not in self._schemes or not url.host or url.user is not None:
            raise OutwardError("not an address that is asked")
        if url.password is not None or (self._ports is not None and url.port not in self._ports):
            raise OutwardError("not a port that is asked")
        try:
            literal = ipaddress.ip_address(url.host.partition("%")[0])
        except ValueError:
            return
        # An address written out is connected to without asking the resolver.
        if not self._permits(literal):
            raise OutwardError("an address that is not asked")


async def _small(answer: aiohttp.ClientResponse, most: int, *, cut: bool) -> bytes:
    raw = bytearray()
    async for chunk in answer.content.iter_any():
        raw += chunk
        if len(raw) > most:
            if cut:
                break
            raise OutwardError("too much")
    return bytes(raw[:most])
