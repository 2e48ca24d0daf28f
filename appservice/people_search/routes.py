# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of people search (P6)."""

from appservice.people_search import wire
from appservice.people_search.service import PeopleSearch
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route

_PATH = "/api/people/search"
_TAG = "People"
# As fast as somebody types, and no faster: the whole list is nobody's to copy.
_LIMIT = Limit(120)


class PeopleSearchRoutes:
    """Handlers over the service."""

    def __init__(self, service: PeopleSearch) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path=_PATH,
                access=Access.LOCAL,
                tag=_TAG,
                summary="Find people",
                description="By what each lets you see; hidden and blocked people are left out. "
                "Pronouns find nobody while fewer than five people fit.",
                query=wire.SearchQuery,
                answers={200: wire.SearchPage},
                limit=_LIMIT,
                handler=self.find,
            ),
            Route(
                method="GET",
                path=_PATH + "/facets",
                access=Access.LOCAL,
                tag=_TAG,
                summary="What can narrow a search for people down",
                query=wire.Asked,
                answers={200: wire.FacetsModel},
                limit=_LIMIT,
                handler=self.facets,
            ),
        ]

    async def find(self, call: Call[None, wire.SearchQuery]) -> Reply:
        """A page of people."""
        query = call.query
        after = cursor.decode_rank(query.cursor)
        found = await self._service.find(call.me, query.wanted(), after, query.limit)
        return Reply(wire.page(found, query.limit))

    async def facets(self, call: Call[None, wire.Asked]) -> Reply:
        """Facets."""
        return Reply(wire.facets_model(await self._service.facets(call.me, call.query.wanted())))
