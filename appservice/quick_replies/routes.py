# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of quick replies (M3)."""

from appservice.quick_replies import wire
from appservice.quick_replies.service import QuickReplies
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy.reason import Reason

_TAG = "Quick replies"
_PATH = "/api/me/quick-replies"
_LIMIT = Limit(60, 60)


class QuickReplyRoutes:
    """Handlers over the service."""

    def __init__(self, service: QuickReplies) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Your quick replies, in your order",
                answers={200: wire.QuickReplyList},
                handler=self.mine,
            ),
            Route(
                method="POST",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Keep a quick reply",
                description="At most 50, each with a title of its own.",
                body=wire.NewQuickReply,
                answers={201: wire.QuickReplyModel},
                reasons=(Code.TITLE_TAKEN, Code.QUICK_REPLIES_FULL),
                limit=_LIMIT,
                handler=self.add,
            ),
            Route(
                method="PATCH",
                path=_PATH + "/{reply_id}",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Change or move a quick reply",
                body=wire.ChangeQuickReply,
                answers={200: wire.QuickReplyModel},
                reasons=(Reason.NOT_FOUND, Code.TITLE_TAKEN),
                limit=_LIMIT,
                handler=self.change,
            ),
            Route(
                method="DELETE",
                path=_PATH + "/{reply_id}",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Forget a quick reply",
                answers={204: None},
                reasons=(Reason.NOT_FOUND,),
                limit=_LIMIT,
                handler=self.remove,
            ),
        ]

    async def mine(self, call: Call[None, None]) -> Reply:
        """All of the caller's."""
        found = await self._service.mine(call.me)
        return Reply(wire.QuickReplyList(quick_replies=[wire.reply_model(one) for one in found]))

    async def add(self, call: Call[wire.NewQuickReply, None]) -> Reply:
        """Keep one more."""
        body = call.body
        made = await self._service.add(call.me, body.title, body.text, body.position)
        return Reply(wire.reply_model(made), status=201)

    async def change(self, call: Call[wire.ChangeQuickReply, None]) -> Reply:
        """Change one."""
        body = call.body
        made = await self._service.change(
            call.me,
            call.uuid("reply_id"),
            title=body.title,
            text=body.text,
            position=body.position,
        )
        return Reply(wire.reply_model(made))

    async def remove(self, call: Call[None, None]) -> Reply:
        """Forget one."""
        await self._service.remove(call.me, call.uuid("reply_id"))
        return Reply(status=204)
