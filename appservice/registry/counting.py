# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a run of events means for unread counts: what counts, who is named, what was read.

Counted are messages, stickers, polls and encrypted messages; not edits, notices, reactions, nor
what came before Kith did. Only `m.mentions` names people (spec 11.38).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from appservice.clock import epoch_ms
from appservice.database import Plain
from appservice.homeserver.event import Event, is_user_id
from appservice.registry import marks
from appservice.registry.marks import Mark
from appservice.registry.talk import accepted, edits, thread_root
from policy.powers import Powers

EVERYBODY = "@room"
"""Stands for all members among those mentioned."""

_MOST_NAMED = 50
"""People one message can mention; more is taken for a mistake or worse."""

_NAMED = """
INSERT INTO mentions (user_id, room_id, position, event_id, sender, thread_root)
SELECT * FROM unnest(%(people)s::text[], %(rooms)s::text[], %(positions)s::bigint[],
  %(ids)s::text[], %(senders)s::text[], %(threads)s::text[])
ON CONFLICT DO NOTHING
"""
# As Synapse lets a redaction work: one's own, that of one's own server's people, or by power.
_REMOVED = """
WITH gone AS (
  UPDATE events SET redacted = true
  FROM unnest(%(targets)s::text[], %(rooms)s::text[], %(senders)s::text[])
    AS given(target, room_id, sender)
  JOIN rooms r ON r.room_id = given.room_id
  WHERE events.event_id = given.target AND events.room_id = given.room_id AND NOT redacted
    AND (substr(events.sender, strpos(events.sender, ':'))
           = substr(given.sender, strpos(given.sender, ':'))
      OR given.sender = ANY (r.creators)
      OR coalesce((r.powers -> 'users' ->> given.sender)::bigint,
                  (r.powers ->> 'users_default')::bigint, 0)
         >= coalesce((r.powers ->> 'redact')::bigint, 50))
  RETURNING events.event_id
)
DELETE FROM mentions USING gone WHERE mentions.event_id = gone.event_id
"""
_POWERS = """
SELECT room_id, powers, CASE WHEN powers IS NULL THEN ARRAY[creator] ELSE creators END
FROM rooms WHERE room_id = ANY (%(rooms)s)
"""


def counts(event: Event) -> bool:
    """Whether the event is something to be read."""
    if event.state_key is not None:
        return False
    if event.type == "m.room.encrypted":
        return bool(event.content) and not edits(event)
    return accepted(event)


def place(event: Event, *, positions: bool, history: int) -> int | None:
    """Where an event stands among what is counted; None when it is not counted."""
    if not counts(event) or event.ordering <= history:
        return None
    # A pushed event that Synapse's stream does not show has no place among those that it does.
    return None if positions and not event.placed else event.ordering


def named(event: Event) -> tuple[frozenset[str], bool]:
    """Whom a message mentions, and whether everybody."""
    mentioned = event.group("m.mentions")
    users = mentioned.get("user_ids")
    found = [user for user in users if is_user_id(user)] if isinstance(users, list) else []
    people = frozenset(found) - {event.sender}
    if len(people) > _MOST_NAMED:
        people = frozenset()
    return people, mentioned.get("room") is True


async def note(
    tx: Plain, events: Sequence[Event], *, positions: bool, history: int, now: datetime
) -> None:
    """Write what new events change; they stand in `events` and their rooms' powers already."""
    placed = [
        (event, at)
        for event in events
        if (at := place(event, positions=positions, history=history)) is not None
    ]
    if placed:
        await _wrote(tx, placed, now)
        await _mentioned(tx, placed)
    removals = [e for e in events if e.type == "m.room.redaction" and e.text("redacts")]
    if removals:
        await tx.ask(
            _REMOVED,
            {
                "targets": [event.text("redacts") for event in removals],
                "rooms": [event.room_id for event in removals],
                "senders": [event.sender for event in removals],
            },
        )


async def _wrote(tx: Plain, placed: Sequence[tuple[Event, int]], now: datetime) -> None:
    """Writing is reading: of the thread when it is written there, else of the room."""
    most = epoch_ms(now)
    await marks.move(
        tx,
        [
            Mark(
                event.sender,
                event.room_id,
                thread_root(event) or "",
                event.event_id,
                at,
                shown=True,
                at=datetime.fromtimestamp(min(max(event.ts, 0), most) / 1000, UTC),
            )
            for event, at in placed
        ],
    )


async def _mentioned(tx: Plain, placed: Sequence[tuple[Event, int]]) -> None:
    said = [(event, at, *named(event)) for event, at in placed]
    loud = sorted({event.room_id for event, _, _, everybody in said if everybody})
    powers = await _powers(tx, loud) if loud else {}
    rows = [(user, event, at) for event, at, people, _ in said for user in sorted(people)]
    rows += [
        (EVERYBODY, event, at)
        for event, at, _, everybody in said
        if everybody and event.room_id in powers
        if powers[event.room_id].may_notify(event.sender)
    ]
    if rows:
        await tx.ask(
            _NAMED,
            {
                "people": [user for user, _, _ in rows],
                "rooms": [event.room_id for _, event, _ in rows],
                "positions": [at for _, _, at in rows],
                "ids": [event.event_id for _, event, _ in rows],
                "senders": [event.sender for _, event, _ in rows],
                "threads": [thread_root(event) for _, event, _ in rows],
            },
        )


async def _powers(tx: Plain, rooms: Sequence[str]) -> Mapping[str, Powers]:
    rows = await tx.read(_POWERS, {"rooms": list(rooms)})
    return {room_id: Powers.of(levels, creators or ()) for room_id, levels, creators in rows}
