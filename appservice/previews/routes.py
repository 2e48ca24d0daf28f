# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of link previews (M3)."""

from aiohttp import web

from appservice.previews import wire
from appservice.previews.service import Previews
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route

_TAG = "Media"
_CACHE = "private, max-age=86400"
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


class PreviewRoutes:
    """Handlers over previews; without any, the operator has switched them off."""

    def __init__(self, previews: Previews | None) -> None:
        self._previews = previews

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path="/api/v1/previews",
                access=Access.LOCAL,
                tag=_TAG,
                summary="What a link leads to",
                description=(
                    "The server visits the page once for everybody and remembers what it said for"
                    " a day. 204 when there is nothing to show. Not for links in encrypted rooms:"
                    " their server must not learn them."
                ),
                query=wire.PreviewQuery,
                answers={200: wire.PreviewModel, 204: None},
                reasons=(Code.PREVIEWS_OFF,),
                limit=Limit(40, 60),
                timeout=25.0,
                handler=self.show,
            ),
            Route(
                method="GET",
                path="/api/v1/previews/{preview_id}/image",
                access=Access.LOCAL,
                tag=_TAG,
                summary="The small picture of a preview",
                answers={200: None},
                handler=self.image,
            ),
        ]

    async def show(self, call: Call[None, wire.PreviewQuery]) -> Reply:
        """Show one."""
        if self._previews is None:
            raise Code.PREVIEWS_OFF.error()
        found = await self._previews.of(call.query.url)
        headers = {"Cache-Control": "private, max-age=300"}
        if found is None:
            return Reply(status=204, headers=headers)
        return Reply(wire.preview_model(found), headers=headers)

    async def image(self, call: Call[None, None]) -> web.Response:
        """Show one's picture, which was made here and holds nothing else."""
        if self._previews is None:
            raise Code.PREVIEWS_OFF.error()
        body, kind = await self._previews.image(call.uuid("preview_id"))
        headers = {
            "Cache-Control": _CACHE,
            "Content-Security-Policy": _POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        return web.Response(body=body, content_type=kind, headers=headers)
