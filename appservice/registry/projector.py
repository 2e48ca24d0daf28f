# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applies a run of events to every table, in the caller's transaction, each event once.

It knows the statements and their order; what follows from them on the homeserver are jobs. Nearly
all are only sent (`Plain.ask`): for a message the database is waited for once, and at the commit.
"""

import json
from collections.abc import Sequence
from typing import Any

from appservice.clock import Clock
from appservice.database import Plain, Rows
from appservice.homeserver.event import Event
from appservice.registry import callings, counting
from appservice.registry import statements as sql
from appservice.registry.batch import Batch
from appservice.registry.consequences import Consequences
from appservice.registry.talk import relation, thread_root, txn_id
from schema.channels import UNREAD


class Projector:
    """Writes the registry; stateless."""

    def __init__(self, server_name: str, service_user: str, clock: Clock) -> None:
        """Say whose server it is and who Kith itself is there."""
        self._server_name = server_name
        self._service_user = service_user
        self._clock = clock
        self._consequences = Consequences(clock)

    async def apply(
        self,
        tx: Plain,
        events: Sequence[Event],
        *,
        positions: bool = True,
        history: int = 0,
    ) -> list[Event]:
        """Apply what was not applied before.

        Args:
            tx: an open transaction; the caller commits.
            events: in the order the homeserver accepted them.
            positions: whether `Event.ordering` is Synapse's own.
            history: events up to this position are noted, and nothing follows from them.

        Returns:
            The events that were new.
        """
        now = self._clock.now()
        relations = [relation(event) for event in events]
        owners = await self._consequences.before(tx, events)
        done = await tx.read(
            sql.EVENTS,
            {
                "now": now,
                "ids": [event.event_id for event in events],
                "rooms": [event.room_id for event in events],
                "senders": [event.sender for event in events],
                "types": [event.type for event in events],
                "threads": [thread_root(event) for event in events],
                "orderings": [
                    event.ordering if positions and event.placed else None for event in events
                ],
                "times": [event.ts for event in events],
                "counts": [
                    counting.place(event, positions=positions, history=history) for event in events
                ],
                "relations": [found.kind for found in relations],
                "targets": [found.target for found in relations],
                "keys": [found.key for found in relations],
                "txns": [txn_id(event) for event in events],
            },
        )
        fresh_ids = {row[0] for row in done}
        fresh: list[Event] = []
        for event in events:
            if event.event_id in fresh_ids:
                fresh_ids.remove(event.event_id)
                fresh.append(event)
        if fresh:
            batch = Batch(self._server_name, self._service_user, now).fold(fresh)
            batch.leave_alone(history)
            await self._meet(tx, batch, welcome=True)
            await self._rooms(tx, batch)
            await self._consequences.before_members(tx, batch)
            await self._members(tx, batch, positions=positions)
            admins = await self._admins(tx, batch)
            await self._talk(tx, batch)
            await counting.note(tx, fresh, positions=positions, history=history, now=now)
            await self._consequences.after(tx, batch, owners)
            await self._consequences.admins(tx, admins)
        return fresh

    async def note(self, tx: Plain, batch: Batch) -> None:
        """Write what is known of rooms made before Kith came; nothing follows from it (D41)."""
        await self._meet(tx, batch, welcome=False)
        await self._rooms(tx, batch)
        await self._members(tx, batch, positions=True)
        await self._admins(tx, batch)
        await _each(tx, sql.LAST, **_last(batch))

    async def _meet(self, tx: Plain, batch: Batch, *, welcome: bool) -> None:
        """Write down people and rooms nobody has heard of, and have people of ours welcomed."""
        rooms = sorted(batch.room_ids - set(batch.created))
        await tx.ask(
            sql.MET,
            {
                "people": sorted(batch.people),
                "rooms": rooms,
                "ids": [self._clock.new_id() for _ in rooms],
                "service": self._service_user,
                "server": self._server_name,
                "now": batch.now,
                "welcome": welcome,
            },
        )
        await callings.apply(tx, batch.profiles)

    async def _rooms(self, tx: Plain, batch: Batch) -> None:
        created = batch.created
        await _each(
            tx,
            sql.CREATED,
            rooms=list(created),
            ids=[self._clock.new_id() for _ in created],
            kinds=[room.kind.value for room in created.values()],
            creators=[room.creator for room in created.values()],
            local=[room.local for room in created.values()],
            versions=[room.version for room in created.values()],
            predecessors=[room.predecessor for room in created.values()],
            managers=[" ".join(room.managers) for room in created.values()],
            makers=[" ".join(room.creators) for room in created.values()],
            at=[batch.moment(room.ts) for room in created.values()],
        )
        await _each(tx, sql.NAMES, rooms=list(batch.names), names=list(batch.names.values()))
        await self._looks(tx, batch)
        await _each(tx, sql.ENCRYPTED, rooms=sorted(batch.encrypted))
        await _each(
            tx,
            sql.MANAGERS,
            rooms=list(batch.managers),
            managers=[" ".join(users) for users in batch.managers.values()],
        )
        await _each(
            tx, sql.SLOW, rooms=list(batch.slow_modes), seconds=list(batch.slow_modes.values())
        )
        if batch.successors:
            await self._upgraded(tx, batch)

    async def _upgraded(self, tx: Plain, batch: Batch) -> None:
        rooms = {
            "rooms": list(batch.successors),
            "successors": list(batch.successors.values()),
        }
        old = [row[0] for row in await tx.read(sql.TOMBSTONES, rooms)]
        await _each(tx, sql.INHERIT, rooms=old)
        await _each(tx, sql.CONTINUED, rooms=old, channel=UNREAD)

    async def _looks(self, tx: Plain, batch: Batch) -> None:
        """What members read of the room itself, so that a list of rooms is one query."""
        topics, avatars = batch.topics, batch.avatars
        await _each(tx, sql.TOPICS, rooms=list(topics), topics=list(topics.values()))
        await _each(tx, sql.AVATARS, rooms=list(avatars), urls=list(avatars.values()))
        await _each(tx, sql.SIGHTS, rooms=list(batch.sights), rules=list(batch.sights.values()))
        levels = [json.dumps(found) for found in batch.powers.values()]
        await _each(tx, sql.POWERS, rooms=list(batch.powers), levels=levels)

    async def _members(self, tx: Plain, batch: Batch, *, positions: bool) -> None:
        members = batch.members
        told = members.values()
        await _each(
            tx,
            sql.MEMBERS,
            rooms=[room for room, _ in members],
            people=[user for _, user in members],
            memberships=[member.membership for member in told],
            senders=[member.sender for member in told],
            ids=[member.event_id for member in told],
            positions=[one.ordering if positions and one.placed else None for one in told],
            # Where the counting begins: among times on a foreign Synapse, among positions else.
            joined=[one.ordering if one.placed or not positions else None for one in told],
            times=[member.ts for member in told],
            # What Synapse's stream does not show comes from the inbox after half a minute.
            late=[one.late or (positions and not one.placed) for one in told],
            since=[batch.moment(member.ts) for member in told],
        )
        joins = [(room, user) for room, users in batch.joined.items() for user in sorted(users)]
        await _each(
            tx, sql.JOINED, rooms=[room for room, _ in joins], people=[user for _, user in joins]
        )
        await _each(
            tx,
            sql.JOINS_TOLD,
            rooms=[room for room, _ in joins],
            people=[user for _, user in joins],
            since=[batch.moment(members[place].ts) for place in joins],
        )

    async def _admins(self, tx: Plain, batch: Batch) -> Rows:
        rooms = sorted({room for room, _ in batch.members})
        return await tx.read(sql.ADMINS, {"rooms": rooms}) if rooms else ()

    async def _talk(self, tx: Plain, batch: Batch) -> None:
        said, days = batch.messages, list(batch.days)
        spoke = {(e.room_id, e.sender) for e, _ in (*batch.texts, *batch.commands)}
        spoke |= {(e.room_id, e.sender) for e in batch.invites}
        if not batch.last and not spoke:
            return
        await tx.ask(
            sql.TALK,
            {
                **_last(batch),
                "said_in": [room for room, _ in said],
                "said_by": [sender for _, sender in said],
                "counts": list(said.values()),
                "people": [user for user, _ in days],
                "days": [day for _, day in days],
                "places": [room for room, _ in spoke],
                "speakers": [sender for _, sender in spoke],
            },
        )


def _last(batch: Batch) -> dict[str, Any]:
    """When something was last heard in each room."""
    rooms = sorted(batch.last)
    return {"rooms": rooms, "at": [batch.moment(batch.last[room]) for room in rooms]}


async def _each(tx: Plain, statement: str, **columns: Any) -> None:
    """Send a statement over columns of equal length; not at all when they are empty."""
    if next(iter(columns.values())):
        await tx.ask(statement, columns)
