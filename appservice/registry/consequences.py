# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows from a run of events: cases, and jobs that act on the homeserver later.

Everything here is a row or a job in the run's own transaction; nothing talks to the homeserver.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from appservice.clock import Clock
from appservice.database import Plain, Rows
from appservice.homeserver.event import Event
from appservice.registry import statements as sql
from appservice.registry.batch import Batch
from appservice.registry.talk import plain_text
from appservice.transaction import Answer

_HALF_MADE_AFTER = timedelta(seconds=30)


class Consequences:
    """Decides what a run of events entails."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock, for ids and schedules."""
        self._clock = clock

    async def before(self, tx: Plain, events: Sequence[Event]) -> Answer | None:
        """Ask in whose rooms the bot listens, on the way of what is new of the events."""
        rooms = sorted({event.room_id for event in events if plain_text(event) is not None})
        return await tx.ask(sql.BOT_ROOMS, {"rooms": rooms}) if rooms else None

    async def before_members(self, tx: Plain, batch: Batch) -> None:
        """Judge bans of people who were never in the room, while that is still known (D28)."""
        if not batch.bans:
            return
        rows = await tx.read(
            sql.NEVER_MEMBERS,
            {
                "ids": [event.event_id for event in batch.bans],
                "rooms": [event.room_id for event in batch.bans],
                "senders": [event.sender for event in batch.bans],
                "targets": [event.state_key for event in batch.bans],
            },
        )
        asked_in = {(event.room_id, event.state_key) for event in batch.invites}
        for event_id, room_id, sender, target, staff in rows:
            # Invited and banned within one run: the rule for invites has judged it.
            if (room_id, target) not in asked_in:
                await self._ban(tx, event_id, room_id, sender, target, staff=staff)

    async def _ban(
        self,
        tx: Plain,
        event_id: str,
        room_id: str,
        sender: str,
        target: str,
        *,
        staff: bool,
    ) -> None:
        now = self._clock.now()
        place = {"event_id": event_id, "room_id": room_id}
        await tx.ask(
            sql.CASE,
            {"id": self._clock.new_id(), "subject": sender, "target": target, "now": now, **place},
        )
        if not staff:
            await tx.ask(sql.SUSPEND, {"user_id": sender})
        act = "case_opened" if staff else "room_creation_suspended"
        await tx.ask(
            sql.NOTED,
            {"act": act, "target": sender, "now": now, "detail": json.dumps(place)},
        )

    async def after(self, tx: Plain, batch: Batch, owners: Answer | None) -> None:
        """Queue what has to happen once this run is committed; given what `before` asked."""
        await self._invites(tx, batch.invites)
        await self._surveys(tx, batch)
        for event in batch.half_made:
            await tx.defer(
                "rooms.clear_half_made",
                at=self._clock.now() + _HALF_MADE_AFTER,
                room_id=event.room_id,
                creator=event.sender,
            )
        listens: dict[str, str] = dict(await owners.rows()) if owners else {}
        await self._bot(tx, batch, listens)

    async def admins(self, tx: Plain, changes: Rows) -> None:
        """Let power follow the role, where it does not do so by itself (D16)."""
        for room_id, before, admin, creator in changes:
            if admin is not None and (before is not None or admin != creator):
                await tx.defer(
                    "dms.empower", lock=f"group:{room_id}", room_id=room_id, before=before
                )

    async def _invites(self, tx: Plain, invites: list[Event]) -> None:
        if not invites:
            return
        rows = await tx.read(
            sql.DOUBTFUL_INVITES,
            {
                "ids": [event.event_id for event in invites],
                "rooms": [event.room_id for event in invites],
                "senders": [event.sender for event in invites],
                "invitees": [event.state_key for event in invites],
            },
        )
        for event_id, room_id, sender, invitee in rows:
            await tx.defer(
                "rooms.check_invite",
                event_id=event_id,
                room_id=room_id,
                inviter=sender,
                invitee=invitee,
            )

    async def _surveys(self, tx: Plain, batch: Batch) -> None:
        joins = [
            (room, user)
            for room, users in batch.joined.items()
            for user in users
            if batch.members[room, user].ordering > batch.history
        ]
        if not joins:
            return
        rows = await tx.read(
            sql.LOCAL_JOINS_OF_FOREIGN,
            {"rooms": [room for room, _ in joins], "people": [user for _, user in joins]},
        )
        for (room_id,) in rows:
            await tx.defer("rooms.survey", once=f"survey:{room_id}", room_id=room_id)

    async def _bot(self, tx: Plain, batch: Batch, listens: Mapping[str, str]) -> None:
        handled: set[str] = set()
        for event, words in batch.commands:
            await _command(tx, event, words)
        if batch.answers:
            ids = [target for _, target, _ in batch.answers]
            prompts = {row[0]: row[1] for row in await tx.read(sql.PROMPTS, {"ids": ids})}
            for event, target, answer in batch.answers:
                if prompts.get(target) == event.sender:
                    handled.add(event.event_id)
                    await tx.defer(
                        "bot.answer",
                        lock=f"bot:{event.sender}",
                        prompt=target,
                        recipient=event.sender,
                        event_id=event.event_id,
                        answer=answer,
                    )
        for event, words in batch.texts:
            if event.event_id not in handled and listens.get(event.room_id) == event.sender:
                await _command(tx, event, words)


async def _command(tx: Plain, event: Event, words: str) -> None:
    await tx.defer(
        "bot.command",
        lock=f"bot:{event.sender}",
        event_id=event.event_id,
        room_id=event.room_id,
        sender=event.sender,
        words=words,
    )
