# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of saved searches (S4)."""

from appservice.listings.routes import page
from appservice.listings.wire import ListingsPage
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from appservice.saved_searches import wire
from appservice.saved_searches.service import SavedSearches

_TAG = "Listings"
_PATH = "/api/saved-searches"
_ONE = _PATH + "/{search_id}"
_LIMIT = Limit(60, 60)


class SavedSearchRoutes:
    """Handlers over the service."""

    def __init__(self, service: SavedSearches) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Your saved searches",
                answers={200: wire.SearchList},
                handler=self.mine,
            ),
            Route(
                method="POST",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Keep a search",
                description="At most 50, each with a name of its own.",
                body=wire.NewSearch,
                answers={201: wire.SearchModel},
                reasons=(Code.TITLE_TAKEN, Code.SEARCHES_FULL),
                limit=_LIMIT,
                handler=self.add,
            ),
            Route(
                method="PATCH",
                path=_ONE,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Change a saved search",
                body=wire.ChangeSearch,
                answers={200: wire.SearchModel},
                reasons=(Code.TITLE_TAKEN,),
                limit=_LIMIT,
                handler=self.change,
            ),
            Route(
                method="DELETE",
                path=_ONE,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Forget a saved search",
                answers={204: None},
                limit=_LIMIT,
                handler=self.remove,
            ),
            Route(
                method="GET",
                path=_ONE + "/results",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="What a saved search finds now",
                query=wire.ResultsQuery,
                answers={200: ListingsPage},
                handler=self.results,
            ),
        ]

    async def mine(self, call: Call[None, None]) -> Reply:
        """All of the caller's."""
        found = await self._service.mine(call.me)
        return Reply(wire.SearchList(searches=[wire.search_model(one) for one in found]))

    async def add(self, call: Call[wire.NewSearch, None]) -> Reply:
        """Keep one more."""
        body = call.body
        made = await self._service.add(call.me, body.name, body.query, alerts=body.alerts)
        return Reply(wire.search_model(made), status=201)

    async def change(self, call: Call[wire.ChangeSearch, None]) -> Reply:
        """Change one."""
        body = call.body
        made = await self._service.change(
            call.me,
            call.uuid("search_id"),
            name=body.name,
            query=body.query,
            alerts=body.alerts,
        )
        return Reply(wire.search_model(made))

    async def remove(self, call: Call[None, None]) -> Reply:
        """Forget one."""
        await self._service.remove(call.me, call.uuid("search_id"))
        return Reply(status=204)

    async def results(self, call: Call[None, wire.ResultsQuery]) -> Reply:
        """A page of what one finds."""
        query = call.query
        rows, after = await self._service.results(
            call.me, call.uuid("search_id"), query.cursor, query.limit
        )
        return Reply(await page(self._service.listings, call.me, rows, after))
