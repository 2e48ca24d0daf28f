# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of suggestions."""

from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from appservice.rest.wire import PageQuery
from appservice.suggestions import wire
from appservice.suggestions.service import Suggestions

_PATH = "/api/people/suggestions"
_TAG = "Friends"


class SuggestionRoutes:
    """Handlers over the service."""

    def __init__(self, service: Suggestions) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path=_PATH,
                access=Access.LOCAL,
                tag=_TAG,
                summary="People you may know",
                description="By friends and places in common; `reason` and the counts say why.",
                query=PageQuery,
                answers={200: wire.SuggestionPage},
                limit=Limit(60),
                handler=self.page,
            ),
            Route(
                method="DELETE",
                path=_PATH + "/{user}",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Do not suggest this person again",
                answers={204: None},
                handler=self.dismiss,
            ),
        ]

    async def page(self, call: Call[None, PageQuery]) -> Reply:
        """A page."""
        query = call.query
        found = await self._service.page(call.me, cursor.decode_rank(query.cursor), query.limit)
        return Reply(wire.page(found, query.limit))

    async def dismiss(self, call: Call[None, None]) -> Reply:
        """Take one away."""
        await self._service.dismiss(call.me, call.user)
        return Reply(status=204)
