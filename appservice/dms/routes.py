# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of direct conversations (M1)."""

from uuid import UUID

from appservice.dms import wire
from appservice.dms.inbox import Inbox
from appservice.dms.listing import Wanted
from appservice.dms.service import DmService
from appservice.errors import NotFound
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.dispatch import named_person
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy.ids import UserId
from policy.reason import Reason

_TAG = "Conversations"


class DmRoutes:
    """Handlers over the conversation service."""

    def __init__(self, service: DmService, inbox: Inbox, server_name: str) -> None:
        self._service = service
        self._inbox = inbox
        self._server_name = server_name

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="POST",
                path="/api/dm/conversations",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Open a conversation",
                description=(
                    "With one other person: the most recently active 1:1 (200), or a new one"
                    " (201). With several: a new group. 409 says that friendship comes first;"
                    " `details` hold `user_id`, `relationship` and the `request_id`, if any."
                ),
                body=wire.OpenConversation,
                answers={200: wire.ConversationModel, 201: wire.ConversationModel},
                reasons=(
                    Reason.SELF,
                    Reason.NOT_FOUND,
                    Reason.BLOCKED,
                    Reason.DM_POLICY,
                    Reason.GROUP_FULL,
                    Reason.CREATION_SUSPENDED,
                    Reason.BOT_NOT_ASKED,
                    Reason.READ_ONLY,
                    Reason.INVITE_REQUIRED,
                    Code.FRIENDSHIP_REQUIRED,
                    Code.REQUEST_PENDING,
                    Code.REQUEST_RECEIVED,
                    Code.HOMESERVER_REFUSED,
                    Reason.RULES_UNAVAILABLE,
                ),
                limit=Limit(20, 60),
                timeout=60.0,
                handler=self.open,
            ),
            Route(
                method="GET",
                path="/api/dm/conversations",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Your conversations, the most recently active first",
                query=wire.InboxQuery,
                answers={200: wire.InboxPage},
                handler=self.inbox,
            ),
            Route(
                method="GET",
                path="/api/dm/conversations/{conversation}",
                access=Access.LOCAL,
                tag=_TAG,
                summary="One of your conversations, by its id or its room id",
                answers={200: wire.ConversationModel},
                handler=self.show,
            ),
        ]

    async def open(self, call: Call[wire.OpenConversation, None]) -> Reply:
        """Open."""
        others = self._people(call.body.participants)
        if len(others) == 1:
            found, new = await self._service.open_one_to_one(call.me, others[0])
        else:
            name = call.body.name or None
            found, new = await self._service.open_group(call.me, list(others), name), True
        shown = await self._service.show(call.me, conversation_id=found)
        return Reply(wire.conversation_model(shown), status=201 if new else 200)

    async def inbox(self, call: Call[None, wire.InboxQuery]) -> Reply:
        """A page of the inbox."""
        asked = call.query
        wanted = Wanted(asked.filter, asked.q, cursor.decode(asked.cursor), asked.limit)
        rows = await self._inbox.page(call.me, wanted)
        return Reply(wire.inbox_page(rows, asked.limit))

    async def show(self, call: Call[None, None]) -> Reply:
        """Show."""
        reference = str(call.path["conversation"])
        if "\x00" in reference:
            raise NotFound
        try:
            found: UUID | None = UUID(reference)
        except ValueError:
            found = None
        shown = await self._service.show(
            call.me, conversation_id=found, room_id=None if found else reference
        )
        return Reply(wire.conversation_model(shown))

    def _people(self, given: list[str]) -> list[UserId]:
        found = [
            named_person(text, self._server_name, field=f"participants.{index}")
            for index, text in enumerate(given)
        ]
        return list(dict.fromkeys(found))
