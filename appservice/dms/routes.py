# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of direct conversations (M1)."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from appservice.dms import wire
from appservice.dms.coming import Coming
from appservice.dms.groups import Groups
from appservice.dms.inbox import Inbox
from appservice.dms.listing import Wanted
from appservice.dms.service import DmService
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.dispatch import named_person
from appservice.rest.route import AnyRoute, Call, Handler, Limit, Reply, Route
from policy.ids import UserId
from policy.reason import Reason

_TAG = "Conversations"
_ALL = "/api/dm/conversations"
_ONE = _ALL + "/{conversation}"
_CONFLICTS = (Code.FRIENDSHIP_REQUIRED, Code.REQUEST_PENDING, Code.REQUEST_RECEIVED)


class DmRoutes:
    """Handlers over the conversation service."""

    def __init__(
        self,
        service: DmService,
        inbox: Inbox,
        groups: Groups,
        coming: Coming,
        server_name: str,
    ) -> None:
        self._service = service
        self._inbox = inbox
        self._groups = groups
        self._coming = coming
        self._server_name = server_name

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._conversations(), *self._membership(), *self._group()]

    def _membership(self) -> list[AnyRoute]:
        return [
            self._act(
                "POST",
                "/accept",
                "Accept the invite to a conversation",
                self.accept,
                (*_CONFLICTS, Reason.DM_POLICY, Reason.BLOCKED, Reason.READ_ONLY),
            ),
            self._act(
                "POST",
                "/decline",
                "Decline the invite to a conversation; nobody is told",
                self.decline,
                (Code.ANSWERED,),
                answers={204: None},
            ),
            self._act("POST", "/leave", "Leave a conversation", self.leave, answers={204: None}),
        ]

    def _group(self) -> list[AnyRoute]:
        admin = (Code.NOT_A_GROUP, Reason.GROUP_ADMIN)
        return [
            self._act(
                "PATCH",
                "",
                "Rename a group",
                self.rename,
                admin,
                body=wire.RenameConversation,
            ),
            self._act(
                "POST",
                "/participants",
                "Bring somebody into a group",
                self.add,
                (
                    *admin,
                    *_CONFLICTS,
                    Reason.DM_POLICY,
                    Reason.BLOCKED,
                    Reason.GROUP_FULL,
                    Reason.BOT_NOT_ASKED,
                ),
                body=wire.Somebody,
            ),
            self._act(
                "DELETE",
                "/participants/{user}",
                "Send somebody away from a group",
                self.remove,
                (*admin, Reason.SELF),
                answers={204: None},
            ),
            self._act(
                "POST",
                "/hand-over",
                "Make somebody else the admin of a group",
                self.hand_over,
                (*admin, Code.NOT_JOINED),
                body=wire.Somebody,
            ),
        ]

    def _act(
        self,
        method: str,
        path: str,
        summary: str,
        handler: Handler[Any, Any],
        reasons: tuple[Reason | Code, ...] = (),
        *,
        body: type[BaseModel] | None = None,
        answers: Mapping[int, type[BaseModel] | None] | None = None,
    ) -> AnyRoute:
        return Route(
            method=method,
            path=_ONE + path,
            access=Access.LOCAL,
            tag=_TAG,
            summary=summary,
            body=body,
            answers=answers or {200: wire.ConversationModel},
            reasons=(
                Reason.NOT_FOUND,
                *reasons,
                Code.HOMESERVER_REFUSED,
                Reason.RULES_UNAVAILABLE,
            ),
            limit=Limit(30, 60),
            timeout=60.0,
            handler=handler,
        )

    def _conversations(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path=_ALL,
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
                    *_CONFLICTS,
                    Code.HOMESERVER_REFUSED,
                    Reason.RULES_UNAVAILABLE,
                ),
                limit=Limit(20, 60),
                timeout=60.0,
                handler=self.open,
            ),
            Route(
                method="GET",
                path=_ALL,
                access=Access.LOCAL,
                tag=_TAG,
                summary="Your conversations, the most recently active first",
                query=wire.InboxQuery,
                answers={200: wire.InboxPage},
                handler=self.inbox,
            ),
            Route(
                method="GET",
                path=_ONE,
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
        shown = await self._service.show(call.me, found)
        return Reply(wire.conversation_model(shown), status=201 if new else 200)

    async def inbox(self, call: Call[None, wire.InboxQuery]) -> Reply:
        """A page of the inbox."""
        asked = call.query
        wanted = Wanted(asked.filter, asked.q, cursor.decode(asked.cursor), asked.limit)
        rows = await self._inbox.page(call.me, wanted)
        return Reply(wire.inbox_page(rows, asked.limit))

    async def show(self, call: Call[None, None]) -> Reply:
        """Show."""
        return await self._shown(call)

    async def rename(self, call: Call[wire.RenameConversation, None]) -> Reply:
        """Rename a group."""
        await self._groups.rename(call.me, _reference(call), call.body.name)
        return await self._shown(call)

    async def add(self, call: Call[wire.Somebody, None]) -> Reply:
        """Bring somebody in."""
        await self._groups.add(call.me, _reference(call), self._named(call))
        return await self._shown(call)

    async def remove(self, call: Call[None, None]) -> Reply:
        """Send somebody away."""
        await self._groups.remove(call.me, _reference(call), call.user)
        return Reply(status=204)

    async def hand_over(self, call: Call[wire.Somebody, None]) -> Reply:
        """Make somebody else the admin."""
        await self._groups.hand_over(call.me, _reference(call), self._named(call))
        return await self._shown(call)

    async def accept(self, call: Call[None, None]) -> Reply:
        """Enter."""
        await self._coming.accept(call.me, _reference(call))
        return await self._shown(call)

    async def decline(self, call: Call[None, None]) -> Reply:
        """Turn an invite down."""
        await self._coming.decline(call.me, _reference(call))
        return Reply(status=204)

    async def leave(self, call: Call[None, None]) -> Reply:
        """Leave."""
        await self._coming.leave(call.me, _reference(call))
        return Reply(status=204)

    async def _shown(self, call: Call[Any, Any]) -> Reply:
        shown = await self._service.show(call.me, _reference(call))
        return Reply(wire.conversation_model(shown))

    def _named(self, call: Call[wire.Somebody, None]) -> UserId:
        return named_person(call.body.user_id, self._server_name, field="user_id")

    def _people(self, given: list[str]) -> list[UserId]:
        found = [
            named_person(text, self._server_name, field=f"participants.{index}")
            for index, text in enumerate(given)
        ]
        return list(dict.fromkeys(found))


def _reference(call: Call[Any, Any]) -> str:
    return str(call.path["conversation"])
