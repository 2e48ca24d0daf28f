# SPDX-License-Identifier: AGPL-3.0-or-later
"""Link previews, put together over one assembly."""

from dataclasses import dataclass

from aiohttp import web

from appservice.assembly import Assembly
from appservice.outward import Outward
from appservice.previews.routes import PreviewRoutes
from appservice.previews.service import Previews
from appservice.previews.store import PreviewStore
from appservice.previews.visitor import MODULE, SECONDS, Visitor
from appservice.rest.limits import Counters
from appservice.untrusted.parent import Untrusted

_SCHEMES, _PORTS = ("http", "https"), (80, 443)


@dataclass(frozen=True)
class LinkPreviews:
    """What the door calls."""

    routes: PreviewRoutes
    processes: Untrusted

    def add_to(self, app: web.Application) -> None:
        """Hold processes as long as the application runs."""
        app.cleanup_ctx.append(self.processes.lifespan)


def build(assembly: Assembly, counters: Counters, outward: Outward | None = None) -> LinkPreviews:
    """All of it.

    Args:
        assembly: what it is made of.
        counters: of requests.
        outward: how pages are visited; None is the guarded way, ports 80 and 443 only.
    """
    settings = assembly.settings
    # One process of its own: a page written to take long must not hold up anybody's upload.
    processes = Untrusted(MODULE, 1, SECONDS / 2)
    visitor = Visitor(
        outward or Outward(schemes=_SCHEMES, ports=_PORTS),
        processes,
        f"Kith (+{settings.public_url}; link preview)",
    )
    previews = Previews(
        PreviewStore(assembly.database),
        visitor,
        counters,
        assembly.clock,
        denied=settings.previews.deny_hosts,
    )
    return LinkPreviews(PreviewRoutes(previews if settings.previews.enabled else None), processes)
