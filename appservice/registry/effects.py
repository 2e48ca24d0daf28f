# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the registry has the homeserver do, as jobs: each may run twice and ends the same."""

import contextlib
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import insert

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Homeserver
from appservice.homeserver.stream import SynapseStream
from policy.ids import is_local
from policy.invites import InviteFacts, may_invite
from policy.limits import Rules
from policy.rooms import STAMP, RoomKind
from policy.verdict import Deny
from schema import facts
from schema.tables.access import audit_log

_LOG = structlog.get_logger("kith.registry")
_A_PAIR = 2
_INVITED = """
SELECT EXISTS (SELECT FROM memberships WHERE room_id = %(room_id)s AND user_id = %(user_id)s
               AND event_id = %(event_id)s AND membership = 'invite')
"""
_OTHERS = """
SELECT EXISTS (SELECT FROM memberships WHERE room_id = %(room_id)s AND user_id <> %(creator)s
               AND membership IN ('join', 'invite')),
       EXISTS (SELECT FROM memberships WHERE room_id = %(room_id)s AND user_id = %(creator)s
               AND membership = 'join')
"""
_MEMBER = """
SELECT m.user_id FROM memberships m JOIN people p USING (user_id)
WHERE m.room_id = %(room_id)s AND m.membership = 'join' AND p.local LIMIT 1
"""
_SURVEYED = """
UPDATE rooms SET kind = %(kind)s, creator = coalesce(%(creator)s, creator), local = %(local)s,
  people = %(people)s
WHERE room_id = %(room_id)s AND kind = 'foreign'
"""


class Effects:
    """The jobs of the registry."""

    def __init__(
        self,
        database: Database,
        homeserver: Homeserver,
        clock: Clock,
        rules: Rules,
        *,
        stream: SynapseStream | None,
        server_name: str,
    ) -> None:
        """Take what the jobs read and act through."""
        self._database = database
        self._homeserver = homeserver
        self._clock = clock
        self._rules = rules
        self._stream = stream
        self._server_name = server_name

    async def check_invite(self, event_id: str, room_id: str, inviter: str, invitee: str) -> None:
        """Decline, as the invitee, an invite that the rule forbids; note it (D3, D28)."""
        if not await self._is_invited(event_id, room_id, invitee):
            return
        read = self._database.read
        known = InviteFacts(
            inviter=await facts.person(read, inviter),
            invitee=await facts.person(read, invitee),
            relationship=await facts.relationship(read, inviter, invitee),
            shared_place=await facts.shared_place(read, inviter, invitee),
        )
        verdict = may_invite(known, self._rules)
        if not isinstance(verdict, Deny):
            return
        try:
            await self._homeserver.leave(room_id, as_user=invitee)
        except HomeserverRefused as error:
            # Answered by the person meanwhile.
            _LOG.info("invite_gone", errcode=error.errcode)
            return
        async with self._database.transaction() as tx:
            await tx.execute(
                insert(audit_log).values(
                    at=self._clock.now(),
                    actor=inviter,
                    act="invite_rejected",
                    target=invitee,
                    reason=verdict.reason.code,
                    source="system",
                    detail={"event_id": event_id, "room_id": room_id},
                )
            )

    async def _is_invited(self, event_id: str, room_id: str, invitee: str) -> bool:
        rows = await self._database.read(
            _INVITED, {"event_id": event_id, "room_id": room_id, "user_id": invitee}
        )
        return bool(rows[0][0])

    async def clear_half_made(self, room_id: str, creator: str) -> None:
        """Take away a room whose only invitee's server refused (its creator is alone in it)."""
        rows = await self._database.read(_OTHERS, {"room_id": room_id, "creator": creator})
        others, joined = rows[0]
        if others:
            return
        # Refused: left, or left and forgotten, meanwhile or by an earlier run of this job.
        with contextlib.suppress(HomeserverRefused):
            if joined:
                await self._homeserver.leave(room_id, as_user=creator)
            await self._homeserver.forget(room_id, as_user=creator)

    async def survey(self, room_id: str) -> None:
        """Find out what a room is that Kith did not see being made.

        Of our own server: what its stamp says. Of another: a direct conversation when nobody but
        the invited can join and two are in it, else foreign (D29).
        """
        rows = await self._database.read(_MEMBER, {"room_id": room_id})
        if not rows:
            return
        member = rows[0][0]
        try:
            creator, content = await self._creation(room_id, member)
            local = creator is not None and is_local(creator, self._server_name)
            joined = await self._homeserver.joined_members(room_id, as_user=member)
            kind = _own_kind(content) if local else await self._their_kind(room_id, member, joined)
        except HomeserverRefused as error:
            _LOG.info("survey_hidden", errcode=error.errcode)
            return
        people = sorted(await self._persons(joined)) if kind is RoomKind.DM else []
        async with self._database.transaction() as tx:
            await tx.read(
                _SURVEYED,
                {
                    "room_id": room_id,
                    "kind": kind.value,
                    "creator": creator,
                    "local": local,
                    "people": people,
                },
            )

    async def _creation(self, room_id: str, member: str) -> tuple[str | None, Mapping[str, Any]]:
        if self._stream is not None:
            found = await self._stream.creation(room_id)
            if found is not None:
                return found
        content = await self._homeserver.get_state(room_id, "m.room.create", "", as_user=member)
        creator = (content or {}).get("creator")
        return creator if isinstance(creator, str) else None, content or {}

    async def _their_kind(self, room_id: str, member: str, joined: tuple[str, ...]) -> RoomKind:
        rule = await self._homeserver.get_state(room_id, "m.room.join_rules", "", as_user=member)
        closed = (rule or {}).get("join_rule", "invite") == "invite"
        return RoomKind.DM if closed and len(joined) <= _A_PAIR else RoomKind.FOREIGN

    async def _persons(self, user_ids: tuple[str, ...]) -> list[str]:
        rows = await self._database.read(
            "SELECT u FROM unnest(%(ids)s::text[]) AS u WHERE NOT EXISTS"
            " (SELECT FROM people p WHERE p.user_id = u AND p.kind <> 'person')",
            {"ids": list(user_ids)},
        )
        return [row[0] for row in rows]


def _own_kind(content: Mapping[str, Any]) -> RoomKind:
    stamp = content.get(STAMP)
    known = isinstance(stamp, str) and stamp in set(RoomKind) - {RoomKind.FOREIGN}
    return RoomKind(stamp) if known and isinstance(stamp, str) else RoomKind.DM
