# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of rooms and their members."""

from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.cursor import Position
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from appservice.rooms import wire
from appservice.rooms.service import Listed, RoomsService
from policy.reason import Reason

_TAG = "Rooms"
_NAMED = "`room` is Kith's id, the room id, or the slug of a forum."


class RoomRoutes:
    """Handlers over the rooms service."""

    def __init__(self, service: RoomsService) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._reading(), *self._changing()]

    def _reading(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path="/api/v1/rooms",
                aliases=("/api/v1/community/rooms",),
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="The rooms you are in, the last heard first",
                answers={200: wire.RoomsModel},
                handler=self.mine,
            ),
            Route(
                method="GET",
                path="/api/v1/rooms/{room}",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="One room: what it is, and what you may do in it",
                description=_NAMED,
                answers={200: wire.RoomModel},
                reasons=(Reason.NOT_FOUND,),
                handler=self.show,
            ),
            Route(
                method="GET",
                path="/api/v1/rooms/{room}/members",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Who is in a room of yours, by name",
                description=_NAMED,
                query=wire.MembersQuery,
                answers={200: wire.MembersPage},
                reasons=(Reason.NOT_FOUND,),
                handler=self.members,
            ),
            Route(
                method="GET",
                path="/api/v1/rooms/{room}/removal",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Who took you out of a room",
                description=f"{_NAMED} Whoever left by themselves finds nothing here.",
                answers={200: wire.RemovalModel},
                reasons=(Reason.NOT_FOUND,),
                handler=self.removal,
            ),
        ]

    def _changing(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path="/api/v1/rooms/{room}/join",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Join a room",
                description=_NAMED,
                answers={200: wire.MembershipModel},
                reasons=(
                    Reason.NOT_FOUND,
                    Reason.INVITE_REQUIRED,
                    Reason.READ_ONLY,
                    Reason.TRUST_REQUIRED,
                    Reason.FOREIGN_ROOMS_CLOSED,
                    Code.HOMESERVER_REFUSED,
                ),
                limit=Limit(30, 60),
                timeout=40.0,
                handler=self.join,
            ),
            Route(
                method="POST",
                path="/api/v1/rooms/{room}/leave",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Leave a room, or decline an invite",
                answers={200: wire.MembershipModel},
                reasons=(Reason.NOT_FOUND, Code.HOMESERVER_REFUSED),
                limit=Limit(30, 60),
                timeout=40.0,
                handler=self.leave,
            ),
            Route(
                method="PUT",
                path="/api/v1/rooms/{room}/mute",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Hear only mentions of a room, or everything again",
                body=wire.MuteBody,
                answers={200: wire.MuteModel},
                reasons=(Reason.NOT_FOUND, Code.HOMESERVER_REFUSED),
                timeout=40.0,
                handler=self.mute,
            ),
        ]

    async def mine(self, call: Call[None, None]) -> Reply:
        """My rooms."""
        found = await self._service.mine(call.me)
        return Reply(wire.RoomsModel(rooms=[wire.room_model(one) for one in found]))

    async def show(self, call: Call[None, None]) -> Reply:
        """One room."""
        return Reply(wire.room_model(await self._service.show(call.me, str(call.path["room"]))))

    async def members(self, call: Call[None, wire.MembersQuery]) -> Reply:
        """A page of members."""
        query = call.query
        after = cursor.decode(query.cursor)
        found = await self._service.members(
            call.me,
            str(call.path["room"]),
            query=query.query or "",
            after=after.key if after else None,
            limit=query.limit,
        )
        more = len(found) > query.limit
        page = found[: query.limit]
        # The person alone is the key: names change, and the place is looked up anew.
        last = Position(cursor.EPOCH, page[-1].member.user_id) if more else None
        return Reply(
            wire.MembersPage(
                members=[_member(one) for one in page],
                next_cursor=cursor.encode(last) if last else None,
            )
        )

    async def removal(self, call: Call[None, None]) -> Reply:
        """Who removed me."""
        found = await self._service.removal(call.me, str(call.path["room"]))
        return Reply(wire.removal_model(found))

    async def join(self, call: Call[None, None]) -> Reply:
        """Come in."""
        found, room_id, now = await self._service.join(call.me, str(call.path["room"]))
        return Reply(_membership(found, room_id, now))

    async def leave(self, call: Call[None, None]) -> Reply:
        """Go."""
        found, room_id, now = await self._service.leave(call.me, str(call.path["room"]))
        return Reply(_membership(found, room_id, now))

    async def mute(self, call: Call[wire.MuteBody, None]) -> Reply:
        """Mute or unmute."""
        muted = call.body.muted
        await self._service.mute(call.me, str(call.path["room"]), muted=muted)
        return Reply(wire.MuteModel(muted=muted))


def _membership(found: object, room_id: str, membership: str | None) -> wire.MembershipModel:
    return wire.MembershipModel.model_validate(
        {"id": found, "room_id": room_id, "membership": membership}
    )


def _member(one: Listed) -> wire.MemberModel:
    return wire.MemberModel(
        user_id=one.member.user_id,
        display_name=one.member.display_name,
        avatar_url=one.member.avatar_url,
        role=one.role.value,
        online=one.online,
        last_active_at=one.last_active_at,
    )
