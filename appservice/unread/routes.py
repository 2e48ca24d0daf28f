# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of unread counts and receipts (M2)."""

from appservice.clock import epoch_ms
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Reply, Route
from appservice.unread import wire
from appservice.unread.service import UnreadService
from policy.reason import Reason

_TAG = "Rooms"


class UnreadRoutes:
    """Handlers over the unread service."""

    def __init__(self, service: UnreadService) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path="/api/v1/unread",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="What is unread in all your rooms",
                description="Absolute values. On a socket, `unread` gives them and every change.",
                answers={200: wire.UnreadModel},
                handler=self.unread,
            ),
            Route(
                method="POST",
                path="/api/v1/rooms/{room}/read",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Say up to where you have read",
                description=(
                    "A mark only moves forward. Whoever has read the last message of a room has"
                    " read its threads; with `thread_root` only that thread is read."
                ),
                body=wire.ReadBody,
                answers={200: wire.CountsModel},
                reasons=(Reason.NOT_FOUND, Code.HOMESERVER_REFUSED),
                handler=self.read,
            ),
            Route(
                method="GET",
                path="/api/v1/rooms/{room}/receipts",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="How far others have read a room of yours",
                answers={200: wire.ReceiptsModel},
                reasons=(Reason.NOT_FOUND,),
                handler=self.receipts,
            ),
        ]

    async def unread(self, call: Call[None, None]) -> Reply:
        """All rooms."""
        found = await self._service.of(call.me)
        rooms = [wire.room_counts(one) for one in found]
        return Reply(wire.UnreadModel(rooms=rooms, total=wire.total(found)))

    async def read(self, call: Call[wire.ReadBody, None]) -> Reply:
        """Read."""
        body = call.body
        now = await self._service.read(
            call.me,
            str(call.path["room"]),
            body.event_id,
            private=body.private,
            thread_root=body.thread_root,
        )
        return Reply(
            wire.CountsModel(
                unread=now.unread, mentions=now.mentions, read_event_id=now.read_event_id
            )
        )

    async def receipts(self, call: Call[None, None]) -> Reply:
        """Who has read."""
        found = await self._service.receipts(call.me, str(call.path["room"]))
        items = [
            wire.ReceiptModel(
                user_id=one.user_id,
                display_name=one.display_name,
                avatar_url=one.avatar_url,
                event_id=one.event_id,
                ts=epoch_ms(one.at) if one.at else None,
            )
            for one in found
        ]
        return Reply(wire.ReceiptsModel(items=items))
