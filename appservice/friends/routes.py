# SPDX-License-Identifier: AGPL-3.0-or-later
"""The friend endpoints (F1, F3, F4): which call reaches which use case."""

from appservice.clock import Clock
from appservice.friends import wire
from appservice.friends.lists import FriendLists
from appservice.friends.service import FriendService
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy.reason import Reason

_TAG = "Friends"
_CLOSED = (Reason.REQUEST_CLOSED,)


class FriendRoutes:
    """Handlers over the friend service."""

    def __init__(self, service: FriendService, lists: FriendLists, clock: Clock) -> None:
        self._service = service
        self._lists = lists
        self._clock = clock

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._asking(), *self._reading()]

    def _asking(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path="/api/profile/{user}/friend-request",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Ask somebody to be friends",
                description="If they have asked already, their request is accepted: status 200.",
                body=wire.SendRequest,
                body_optional=True,
                answers={201: wire.RequestModel, 200: wire.RequestModel},
                reasons=(
                    Reason.SELF,
                    Reason.BLOCKED,
                    Reason.REQUESTS_CLOSED,
                    Reason.SHARED_SPACE_REQUIRED,
                    Reason.REQUEST_COOLDOWN,
                    Reason.REQUEST_EXISTS,
                    Reason.ALREADY_FRIENDS,
                    Reason.REQUEST_LIMIT,
                    Reason.REQUESTS_OPEN_LIMIT,
                    Reason.REQUESTS_SUSPENDED,
                ),
                limit=Limit(20),
                handler=self.send,
            ),
            Route(
                method="POST",
                path="/api/friends/{request_id}/respond",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Accept or decline a request",
                description="Declining is silent: the other one is not told.",
                body=wire.Respond,
                answers={200: wire.RequestModel},
                reasons=_CLOSED,
                handler=self.respond,
            ),
            Route(
                method="POST",
                path="/api/friends/{request_id}/cancel",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Take back a request of yours",
                answers={200: wire.RequestModel},
                reasons=_CLOSED,
                handler=self.cancel,
            ),
            Route(
                method="PATCH",
                path="/api/friends/{id}",
                means={"id": "request_id"},
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Change the note of a request of yours",
                body=wire.EditNote,
                answers={200: wire.RequestModel},
                reasons=_CLOSED,
                handler=self.edit,
            ),
            Route(
                method="POST",
                path="/api/friends/{request_id}/remind",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Bring a request of yours to mind, once",
                answers={200: wire.RequestModel},
                reasons=(*_CLOSED, Code.REMINDED, Code.TOO_EARLY),
                handler=self.remind,
            ),
            Route(
                method="DELETE",
                path="/api/friends/{id}",
                means={"id": "user"},
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="End a friendship",
                description="Your one-to-one conversation becomes read-only for both.",
                answers={204: None},
                handler=self.unfriend,
            ),
        ]

    def _reading(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path="/api/profile/{user}/friends",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Somebody's friends, if they show them to you",
                query=wire.FriendQuery,
                answers={200: wire.FriendPage},
                reasons=(Code.LIST_HIDDEN, Reason.BLOCKED),
                handler=self.friends_of,
            ),
            Route(
                method="GET",
                path="/api/me/friends",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Your friends",
                query=wire.FriendQuery,
                answers={200: wire.FriendPage},
                handler=self.my_friends,
            ),
            Route(
                method="GET",
                path="/api/me/friend-requests",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Requests waiting for you, or for an answer to you",
                query=wire.RequestQuery,
                answers={200: wire.RequestPage},
                handler=self.requests,
            ),
            Route(
                method="GET",
                path="/api/profile/{user}/relationship",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="How you stand to somebody",
                answers={200: wire.RelationshipModel},
                handler=self.relationship,
            ),
        ]

    async def send(self, call: Call[wire.SendRequest, None]) -> Reply:
        """Ask."""
        request, new = await self._service.send_request(call.me, call.user, call.body.message)
        model = wire.request_model(request, call.me, self._clock.now())
        return Reply(model, status=201 if new else 200)

    async def respond(self, call: Call[wire.Respond, None]) -> Reply:
        """Answer."""
        accept = call.body.action == "accept"
        request = await self._service.respond(call.me, call.uuid("request_id"), accept=accept)
        return Reply(wire.request_model(request, call.me, self._clock.now()))

    async def cancel(self, call: Call[None, None]) -> Reply:
        """Take back."""
        request = await self._service.cancel(call.me, call.uuid("request_id"))
        return Reply(wire.request_model(request, call.me, self._clock.now()))

    async def edit(self, call: Call[wire.EditNote, None]) -> Reply:
        """Change the note."""
        request = await self._service.edit_note(
            call.me, call.uuid("request_id"), call.body.message
        )
        return Reply(wire.request_model(request, call.me, self._clock.now()))

    async def remind(self, call: Call[None, None]) -> Reply:
        """Remind."""
        request = await self._service.remind(call.me, call.uuid("request_id"))
        return Reply(wire.request_model(request, call.me, self._clock.now()))

    async def unfriend(self, call: Call[None, None]) -> Reply:
        """Part."""
        await self._service.unfriend(call.me, call.user)
        return Reply(status=204)

    async def friends_of(self, call: Call[None, wire.FriendQuery]) -> Reply:
        """Somebody's list."""
        return await self._friends(call.me, call.user, call.query)

    async def my_friends(self, call: Call[None, wire.FriendQuery]) -> Reply:
        """The caller's own list."""
        return await self._friends(call.me, call.me, call.query)

    async def _friends(self, viewer: str, owner: str, query: wire.FriendQuery) -> Reply:
        rows, total = await self._lists.friends(
            viewer,
            owner,
            cursor.decode(query.cursor),
            query.limit,
            self._clock.now(),
            q=query.q,
        )
        return Reply(wire.friend_page(rows, total, query.limit))

    async def requests(self, call: Call[None, wire.RequestQuery]) -> Reply:
        """Waiting requests."""
        query, now = call.query, self._clock.now()
        rows = await self._lists.requests(
            call.me,
            incoming=query.direction == "incoming",
            after=cursor.decode_id(query.cursor),
            limit=query.limit,
            now=now,
        )
        return Reply(wire.request_page(rows, call.me, query.limit, now))

    async def relationship(self, call: Call[None, None]) -> Reply:
        """One relationship."""
        now = self._clock.now()
        found = await self._lists.between(call.me, call.user, now)
        return Reply(wire.relationship_model(found, call.me, call.user, now))
