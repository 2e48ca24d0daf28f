# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoint of The Lounge (L1)."""

from appservice.lounge import wire
from appservice.lounge.service import LoungeService
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.cursor import Position
from appservice.rest.route import AnyRoute, Call, Reply, Route


class LoungeRoutes:
    """Handlers over the lounge service."""

    def __init__(self, service: LoungeService) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path="/api/v1/lounge",
                aliases=("/api/v1/community/forums",),
                access=Access.SIGNED_IN,
                tag="Rooms",
                summary="The forums of The Lounge",
                description="`sort` is `active`, `new`, or `unread` (mentions first).",
                query=wire.LoungeQuery,
                answers={200: wire.ForumsPage},
                handler=self.forums,
            )
        ]

    async def forums(self, call: Call[None, wire.LoungeQuery]) -> Reply:
        """A page of forums."""
        query = call.query
        after = cursor.decode(query.cursor)
        found = await self._service.forums(call.me, query.sort, after, query.limit)
        page = found[: query.limit]
        last = page[-1] if len(found) > query.limit else None
        return Reply(
            wire.ForumsPage(
                forums=[wire.forum_model(one) for one in page],
                next_cursor=cursor.encode(Position(last.at, last.view.seen.room_id))
                if last
                else None,
            )
        )
