# SPDX-License-Identifier: AGPL-3.0-or-later
"""Creating, publishing and upgrading rooms (D4, D5, D11, D16).

`on_create_room` alone sees every createRoom with its whole body, of server admins too, before
anything exists: what is refused there leaves nothing behind.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from synapse.module_api import ModuleApi, Requester, StateMap

from policy.limits import MINUTE
from policy.person import Person
from policy.posting import Charge, Window
from policy.reason import Reason
from policy.rooms import (
    STAMP,
    Room,
    RoomKind,
    asks_for_encryption,
    may_create,
    requested_kind,
    smuggled_invites,
)
from policy.verdict import ALLOW, Deny, Verdict
from synapse_modules.answers import permitted
from synapse_modules.config import ModuleConfig, parse
from synapse_modules.create_request import CreateRequest, initial_state
from synapse_modules.guard import Door, guarded
from synapse_modules.room_finder import predecessor_of
from synapse_modules.runtime import runtime_of


class RoomsModule:
    """`modules: - module: synapse_modules.rooms.RoomsModule`."""

    def __init__(self, config: ModuleConfig, api: ModuleApi) -> None:
        """Register the callbacks."""
        runtime = runtime_of(api, config)
        self._rules = config.rules
        self._facts = runtime.facts
        self._rooms = runtime.rooms
        self._invites = runtime.invites
        self._counters = runtime.counters
        self._homeserver = runtime.homeserver
        api.register_third_party_rules_callbacks(
            on_create_room=guarded(Door("on_create_room"), self.on_create_room),
            # Exceptions of the next two would permit: Synapse logs them and goes on.
            check_threepid_can_be_invited=guarded(
                Door("check_threepid_can_be_invited", answer=permitted),
                self.check_threepid_can_be_invited,
            ),
            check_visibility_can_be_modified=guarded(
                Door("check_visibility_can_be_modified", answer=permitted),
                self.check_visibility_can_be_modified,
            ),
        )
        api.register_spam_checker_callbacks(
            user_may_create_room=guarded(Door("user_may_create_room"), self.user_may_create_room),
            user_may_publish_room=guarded(
                Door("user_may_publish_room"), self.user_may_publish_room
            ),
            user_may_send_3pid_invite=guarded(
                Door("user_may_send_3pid_invite"), self.user_may_send_3pid_invite
            ),
        )

    @staticmethod
    def parse_config(config: Mapping[str, Any]) -> ModuleConfig:
        """Synapse's hook for the `config:` block."""
        return parse(config)

    async def on_create_room(
        self,
        requester: Requester,
        request_content: dict[str, Any],
        is_requester_admin: bool,  # noqa: FBT001 - Synapse's signature
    ) -> Verdict:
        """Judge a createRoom, then write its kind into the create event."""
        user_id = requester.user.to_string()
        if user_id == self._facts.service_user:
            return ALLOW
        request = CreateRequest.read(request_content, user_id)
        smuggled = smuggled_invites(request_content)
        if isinstance(smuggled, Deny):
            return smuggled
        person = await self._facts.person_now(user_id)
        if is_requester_admin:
            person = replace(person, staff=True)
        kind = requested_kind(request_content)
        encrypted = asks_for_encryption(request_content)
        verdict = may_create(person, kind, self._rules, encrypted=encrypted)
        if isinstance(verdict, Deny):
            return verdict
        verdict = await self._may_bring(user_id, kind, request)
        if isinstance(verdict, Deny):
            return verdict
        # Last, so that whatever else is refused costs nothing.
        verdict = await self._within_caps(person, kind)
        if isinstance(verdict, Deny):
            return verdict
        remote = any(not self._homeserver.is_local(invitee) for invitee in request.invitees)
        request.normalise(kind, remote_invites=remote)
        if kind is RoomKind.DM and len(request.invitees) != 1:
            above = self._homeserver.creators_stand_above(request_content.get("room_version"))
            request.lead(user_id, self._facts.service_user, creators_rule=above)
        return ALLOW

    async def user_may_create_room(self, user_id: str, room_config: dict[str, Any]) -> Verdict:
        """Judge an upgrade; everything else was judged and stamped by `on_create_room`.

        The new room cannot be stamped here: its create event exists already (room version 12) or
        is made from Synapse's own copy. Its kind is found through its predecessor.
        """
        content = room_config.get("creation_content") or {}
        before = predecessor_of(content)
        if user_id == self._facts.service_user or STAMP in content or before is None:
            return ALLOW
        old = await self._rooms.room(before)
        return await self._invites.into(old, user_id)

    async def user_may_publish_room(self, user_id: str, room_id: str) -> Verdict:
        """A direct conversation is never listed (D11)."""
        del user_id
        room = await self._rooms.room(room_id)
        return Deny(Reason.ROOM_SHAPE) if room.kind is RoomKind.DM else ALLOW

    async def check_visibility_can_be_modified(
        self, room_id: str, state_events: StateMap[Any], new_visibility: str
    ) -> Verdict:
        """The same for those whom Synapse asks nothing else, such as server admins."""
        # While a room is being created it has no state yet; `on_create_room` has judged it.
        if new_visibility != "public" or not state_events:
            return ALLOW
        room = await self._rooms.room(room_id)
        return Deny(Reason.ROOM_SHAPE) if room.kind is RoomKind.DM else ALLOW

    async def check_threepid_can_be_invited(
        self, medium: str, address: str, state_events: StateMap[Any]
    ) -> Verdict:
        """Nobody is brought in by an address nobody can judge."""
        del medium, address, state_events
        return Deny(Reason.EMAIL_INVITES_CLOSED)

    async def user_may_send_3pid_invite(
        self, inviter: str, medium: str, address: str, room_id: str
    ) -> Verdict:
        """As `check_threepid_can_be_invited`, which Synapse asks first."""
        del inviter, medium, address, room_id
        return Deny(Reason.EMAIL_INVITES_CLOSED)

    async def _may_bring(self, user_id: str, kind: RoomKind, request: CreateRequest) -> Verdict:
        if kind is RoomKind.DM and 1 + len(request.invitees) > self._rules.dm.group_limit:
            return Deny(Reason.GROUP_FULL)
        shape = initial_state(Room("", kind), request.body, self._rules)
        if isinstance(shape, Deny):
            return shape
        for invitee in request.invitees:
            verdict = await self._invites.between(user_id, invitee)
            if isinstance(verdict, Deny):
                return verdict
        return ALLOW

    async def _within_caps(self, person: Person, kind: RoomKind) -> Verdict:
        """The caps of a sliding day.

        The registry counts. Counters bridge the time until it has heard of a room, so that two
        requests at once cannot both be the third.
        """
        caps = {
            RoomKind.FORUM: self._rules.rooms.forums_per_day,
            RoomKind.SERVER: self._rules.rooms.servers_per_day,
        }
        if kind not in caps or person.staff or person.automatic:
            return ALLOW
        created = await self._facts.created_lately(person.user_id, kind)
        if created.today >= caps[kind]:
            return Deny(Reason.CREATION_LIMIT, created.wait * 1000)
        room_for = caps[kind] - created.settled
        charge = Charge(
            f"create:{kind}:{person.user_id}",
            (Window(room_for, MINUTE),),
            Reason.CREATION_LIMIT,
        )
        return await self._counters.charge((charge,), None, self._homeserver.now_ms())
