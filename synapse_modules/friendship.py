# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invites and joins: nobody is brought to a stranger (D3, D12, D15, D29).

Server admins are exempt where Synapse exempts them; the appservice audits what they do (D28).
"""

from collections.abc import Mapping
from typing import Any

from synapse.module_api import EventBase, ModuleApi

from policy.groups import may_lead
from policy.person import Trust
from policy.reason import Reason
from policy.rooms import Room, RoomKind, may_join
from policy.verdict import ALLOW, Deny, Verdict
from synapse_modules.config import ModuleConfig, parse
from synapse_modules.guard import Door, guarded
from synapse_modules.runtime import runtime_of


class FriendshipModule:
    """`modules: - module: synapse_modules.friendship.FriendshipModule`."""

    def __init__(self, config: ModuleConfig, api: ModuleApi) -> None:
        """Register the callbacks."""
        runtime = runtime_of(api, config)
        self._rules = config.rules
        self._facts = runtime.facts
        self._rooms = runtime.rooms
        self._invites = runtime.invites
        self._homeserver = runtime.homeserver
        api.register_spam_checker_callbacks(
            user_may_invite=guarded(
                Door("user_may_invite", remote=self._inviter_is_remote), self.user_may_invite
            ),
            federated_user_may_invite=guarded(
                Door("federated_user_may_invite", remote=lambda _: True),
                self.federated_user_may_invite,
            ),
            user_may_join_room=guarded(Door("user_may_join_room"), self.user_may_join_room),
        )

    @staticmethod
    def parse_config(config: Mapping[str, Any]) -> ModuleConfig:
        """Synapse's hook for the `config:` block."""
        return parse(config)

    def _inviter_is_remote(self, inviter: str, invitee: str, room_id: str) -> bool:
        del invitee, room_id
        return not self._homeserver.is_local(inviter)

    async def user_may_invite(self, inviter: str, invitee: str, room_id: str) -> Verdict:
        """Whether the person may bring the other into this room."""
        if inviter == self._facts.service_user:
            return ALLOW
        if not self._homeserver.is_local(inviter):
            # The room is another server's: what it is and who is in it cannot be known here.
            return await self._invites.between(inviter, invitee)
        room = await self._rooms.room(room_id)
        closed = await self._invites.into(room, inviter)
        if isinstance(closed, Deny):
            return closed
        led = may_lead(room, inviter)
        if isinstance(led, Deny):
            return led
        verdict = await self._invites.between(inviter, invitee)
        if isinstance(verdict, Deny):
            return verdict
        return await self._has_place(room, invitee)

    async def federated_user_may_invite(self, event: EventBase) -> Verdict:
        """The same for an invite that came from another server.

        A refusal is returned, never raised: Synapse asks here with the event in its hands, and
        the two forms must not differ for the sender. Unknown facts refuse too (D9): the sending
        server may try again.
        """
        room = await self._facts.room(event.room_id)
        led = may_lead(room, event.sender) if room else ALLOW
        if isinstance(led, Deny):
            return led
        return await self._invites.between(event.sender, event.state_key)

    async def user_may_join_room(self, user: str, room_id: str, is_invited: bool) -> Verdict:  # noqa: FBT001 - Synapse's signature
        """Whether a local person may come in; also asked when a member's profile changes."""
        if user == self._facts.service_user:
            return ALLOW
        room = await self._rooms.room(room_id)
        closed = await self._closed_to(room, user)
        if isinstance(closed, Deny):
            return closed
        if await self._homeserver.is_joined(room_id, user):
            return ALLOW
        if room.min_trust > Trust.NEW:
            verdict = may_join(room, await self._facts.person(user))
            if isinstance(verdict, Deny):
                return verdict
        if is_invited:
            return await self._invited(room, user)
        return await self._uninvited(room, user)

    async def _uninvited(self, room: Room, user: str) -> Verdict:
        if room.kind is RoomKind.DM:
            return Deny(Reason.INVITE_REQUIRED)
        if room.kind is RoomKind.FOREIGN and not await self._goes_abroad(user):
            return Deny(Reason.FOREIGN_ROOMS_CLOSED)
        return ALLOW

    async def _closed_to(self, room: Room, user: str) -> Verdict:
        if room.read_only and not await self._invites.manages(room, user):
            return Deny(Reason.READ_ONLY)
        # A join of somebody inside carries text too (`reason`), so a freeze refuses it.
        return await self._invites.freeze(room, user)

    async def _goes_abroad(self, user: str) -> bool:
        """Whether the person may join rooms of other servers uninvited; invites follow D3."""
        foreign = self._rules.federation.foreign_rooms
        return foreign == "allow" or (
            foreign == "staff" and (await self._facts.person(user)).staff
        )

    async def _invited(self, room: Room, user: str) -> Verdict:
        """D3 once more: the two may have fallen out since the invite (D15)."""
        inviter = await self._homeserver.inviter(room.room_id, user)
        if inviter is None:
            return Deny(Reason.INVITE_REQUIRED) if room.kind is RoomKind.DM else ALLOW
        verdict = await self._invites.between(inviter, user)
        if not isinstance(verdict, Deny) or room.kind is RoomKind.DM:
            return verdict
        if await self._homeserver.join_rule(room.room_id) == "public":
            # Anybody may walk in, so the invite is not what opens the door.
            return ALLOW
        return verdict

    async def _has_place(self, room: Room, invitee: str) -> Verdict:
        """Whether a direct conversation has room for one more (D16)."""
        if room.kind is not RoomKind.DM:
            return ALLOW
        members = await self._homeserver.members(room.room_id)
        inside = {who for who, what in members.items() if what in ("join", "invite")}
        inside -= {self._facts.service_user}
        if len(inside | {invitee}) > self._rules.dm.group_limit:
            return Deny(Reason.GROUP_FULL)
        return ALLOW
