# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be written, and how often (D15, D18, D22 to D24).

Sees messages and PUT state of local people before they exist, and every event of other servers
after it does: for those nothing is ever raised, and state always passes.
"""

from collections.abc import Mapping
from typing import Any

from synapse.module_api import EventBase, ModuleApi

from policy.groups import LED, may_lead
from policy.message import may_be_so_long
from policy.posting import act_of, charges
from policy.reason import Reason
from policy.rooms import Room, RoomKind, may_set_state
from policy.verdict import ALLOW, Deny, Verdict
from synapse_modules.config import ModuleConfig, parse
from synapse_modules.counters.memory import MemoryCounters
from synapse_modules.guard import UNAVAILABLE, Door, guarded
from synapse_modules.runtime import runtime_of

_FRESH = 60_000
"""Milliseconds; an event made here bears the time of its making."""


class PostingModule:
    """`modules: - module: synapse_modules.posting.PostingModule`."""

    def __init__(self, config: ModuleConfig, api: ModuleApi) -> None:
        """Register the callback."""
        runtime = runtime_of(api, config)
        self._rules = config.rules
        self._facts = runtime.facts
        self._rooms = runtime.rooms
        self._invites = runtime.invites
        self._counters = runtime.counters
        self._homeserver = runtime.homeserver
        self._without_facts = MemoryCounters()
        api.register_spam_checker_callbacks(
            check_event_for_spam=guarded(
                Door("check_event_for_spam", remote=self._is_remote, unsure=self.without_facts),
                self.check_event_for_spam,
            )
        )

    @staticmethod
    def parse_config(config: Mapping[str, Any]) -> ModuleConfig:
        """Synapse's hook for the `config:` block."""
        return parse(config)

    def _is_remote(self, event: EventBase) -> bool:
        """Whether the event came from elsewhere, so that raising would stall its room.

        Our own people's old events come back over federation too, when this server has lost or
        purged a room: they have neither a device nor a transaction, and are not of this minute.
        """
        if not self._homeserver.is_local(event.sender):
            return True
        return not _has_request(event) and (
            abs(self._homeserver.now_ms() - event.origin_server_ts) > _FRESH
        )

    async def check_event_for_spam(self, event: EventBase) -> Verdict:
        """Judge one event."""
        if self._is_remote(event):
            return await self._from_elsewhere(event)
        if event.sender == self._facts.service_user:
            return ALLOW
        room = await self._rooms.room(event.room_id)
        verdict = await self._closed(room, event)
        if not isinstance(verdict, Deny):
            verdict = self._shape(room, event)
        if isinstance(verdict, Deny):
            return verdict
        person = await self._facts.person(event.sender)
        act = act_of(event.type, event.content, is_state=event.is_state())
        due = charges(act, person, room, self._rules)
        if not due:
            return ALLOW
        return await self._counters.charge(due, _token(event), self._homeserver.now_ms())

    async def without_facts(self, event: EventBase) -> Verdict:
        """D18: a freeze must hold, so direct conversations wait; everything else stays open."""
        if self._is_remote(event) or event.sender == self._facts.service_user:
            return ALLOW
        if not event.is_state():
            verdict = may_be_so_long(event.content, self._rules)
            if isinstance(verdict, Deny):
                return verdict
        kind = await self._rooms.kind_by_stamp(event.room_id)
        if kind is RoomKind.DM:
            return UNAVAILABLE
        if kind is RoomKind.FOREIGN and await self._rooms.looks_direct(event.room_id):
            return UNAVAILABLE
        act = act_of(event.type, event.content, is_state=event.is_state())
        person = self._facts.stranger(event.sender)
        due = charges(act, person, Room(event.room_id, kind), self._rules)
        now = self._homeserver.now_ms()
        return await self._without_facts.charge(due, _token(event), now)

    async def _from_elsewhere(self, event: EventBase) -> Verdict:
        # Denied state would be soft-failed and split the room for this server (probes 7.9); our
        # own people's events were judged when they were made.
        if event.is_state() or self._homeserver.is_local(event.sender):
            return ALLOW
        if event.type == "m.room.redaction":
            return ALLOW
        room = await self._facts.room(event.room_id)
        if room is None or room.one_to_one is None:
            return ALLOW
        return await self._invites.freeze(room, event.sender)

    def _shape(self, room: Room, event: EventBase) -> Verdict:
        """What may stand in it, and whether this person may set it."""
        if not event.is_state():
            return may_be_so_long(event.content, self._rules)
        shape = may_set_state(room, event.type, event.content, self._rules)
        if isinstance(shape, Deny) or event.type not in LED:
            return shape
        return may_lead(room, event.sender)

    async def _closed(self, room: Room, event: EventBase) -> Verdict:
        """Whether the room takes no events from this person now (D24)."""
        closed = await self._invites.freeze(room, event.sender)
        if not isinstance(closed, Deny) and room.read_only:
            manages = await self._invites.manages(room, event.sender)
            closed = ALLOW if manages else Deny(Reason.READ_ONLY)
        if isinstance(closed, Deny) and await self._takes_back(event):
            return ALLOW
        return closed

    async def _takes_back(self, event: EventBase) -> bool:
        """Whether the event does nothing but redact one of the sender's own."""
        if event.type != "m.room.redaction" or event.is_state():
            return False
        if set(event.content) - {"redacts"}:
            # A reason would be a message.
            return False
        inside = event.room_version.updated_redaction_rules
        redacted = event.content.get("redacts") if inside else event.redacts
        if not isinstance(redacted, str):
            return False
        return await self._homeserver.sender_of(event.room_id, redacted) == event.sender


def _has_request(event: EventBase) -> bool:
    metadata = event.internal_metadata
    return any(hasattr(metadata, name) for name in ("txn_id", "device_id", "delay_id"))


def _token(event: EventBase) -> str | None:
    """Names a client's request, the same when the client tries it again."""
    metadata = event.internal_metadata
    transaction = getattr(metadata, "txn_id", None)
    if transaction is None:
        return None
    device = getattr(metadata, "device_id", "")
    return f"{event.sender}|{device}|{event.room_id}|{transaction}"
