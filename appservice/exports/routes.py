# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of exports (G1): for oneself, and nobody else."""

from aiohttp import web

from appservice.exports import wire
from appservice.exports.service import Exports
from appservice.media.names import disposition
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy.ids import localpart

_TAG = "Privacy"
_PATH = "/api/me/exports"
_ONE = _PATH + "/{export_id}"


class ExportRoutes:
    """Handlers over the service."""

    def __init__(self, service: Exports) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._all(), *self._of_one()]

    def _all(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Ask for an archive of everything about you",
                description="It is made in the background, one at a time, and kept for a week.",
                answers={201: wire.ExportModel},
                reasons=(Code.EXPORT_RUNNING,),
                limit=Limit(20, 3600),
                handler=self.ask,
            ),
            Route(
                method="GET",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Your archives, the newest first",
                answers={200: wire.ExportsModel},
                handler=self.own,
            ),
        ]

    def _of_one(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path=_ONE,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="How far one of your archives is",
                answers={200: wire.ExportModel},
                handler=self.one,
            ),
            Route(
                method="DELETE",
                path=_ONE,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Remove an archive of yours, or give it up while it is made",
                answers={204: None},
                handler=self.drop,
            ),
            Route(
                method="GET",
                path=_ONE + "/archive",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Download an archive of yours",
                description="A zip file. Takes `Range`.",
                answers={200: None, 206: None},
                reasons=(Code.EXPORT_NOT_READY, Code.RANGE_NOT_SATISFIABLE),
                handler=self.archive,
            ),
        ]

    async def ask(self, call: Call[None, None]) -> Reply:
        """Have one made."""
        return Reply(wire.model(await self._service.ask(call.me)), status=201)

    async def own(self, call: Call[None, None]) -> Reply:
        """All of mine."""
        found = await self._service.own(call.me)
        return Reply(wire.ExportsModel(exports=[wire.model(one) for one in found]))

    async def one(self, call: Call[None, None]) -> Reply:
        """One of mine."""
        return Reply(wire.model(await self._service.one(call.me, call.uuid("export_id"))))

    async def drop(self, call: Call[None, None]) -> Reply:
        """Remove it."""
        await self._service.drop(call.me, call.uuid("export_id"))
        return Reply(status=204)

    async def archive(self, call: Call[None, None]) -> web.StreamResponse:
        """Send it."""
        found, path = await self._service.archive(call.me, call.uuid("export_id"))
        name = f"kith-export-{localpart(call.me)}-{found.asked_at:%Y-%m-%d}.zip"
        return web.FileResponse(
            path,
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": disposition(name, inline=False),
                "Cache-Control": "no-store",
                "Cross-Origin-Resource-Policy": "same-origin",
            },
        )
