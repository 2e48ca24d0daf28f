# SPDX-License-Identifier: AGPL-3.0-or-later
"""The address a request really came from, behind a proxy of the operator or not."""

import ipaddress

from aiohttp import web

HEADER = "X-Forwarded-For"


def is_loopback(text: str | None) -> bool:
    """Whether an address is this machine."""
    try:
        return text is not None and ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def client_address(request: web.Request) -> str:
    """The address to count and to hand on.

    Only a proxy on this machine is believed, and of what it says only the last entry, which it
    wrote itself: everything before that can be invented by the client.
    """
    peer = request.remote or "unknown"
    forwarded = request.headers.get(HEADER)
    if forwarded and is_loopback(peer):
        last = forwarded.rpartition(",")[2].strip()
        try:
            return str(ipaddress.ip_address(last))
        except ValueError:
            return peer
    return peer


def network(address: str) -> str:
    """What an address is counted under: itself, or of IPv6 the /64 that one customer holds."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004 - the IP version
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
