# SPDX-License-Identifier: AGPL-3.0-or-later
"""The past of a Synapse, read from its database as it stood at one moment.

Large answers come through server-side cursors, so memory stays bounded whatever the history.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, Self

import psycopg

Rows = Sequence[tuple[Any, ...]]

_END = """
SELECT (SELECT coalesce(max(stream_ordering), 0) FROM events),
       (SELECT coalesce(max(stream_id), 0) FROM account_data),
       (SELECT coalesce(max(creation_ts), 0) FROM users),
       (SELECT count(*) FROM rooms)
"""
_PEOPLE = """
SELECT u.name, u.deactivated = 1, u.user_type, u.appservice_id, u.creation_ts,
       p.displayname, p.avatar_url
FROM users u LEFT JOIN profiles p ON p.full_user_id = u.name
WHERE u.is_guest = 0 ORDER BY u.name
"""
_IGNORED = """
SELECT user_id, content FROM account_data WHERE account_data_type = 'm.ignored_user_list'
"""
_ROOMS = "SELECT room_id, coalesce(is_public, false) FROM rooms ORDER BY room_id"
_FIELDS = """
SELECT e.event_id, e.room_id, e.sender, e.type, e.origin_server_ts, e.stream_ordering, j.json
"""
_TYPES = """
('m.room.create', 'm.room.name', 'm.room.encryption', 'm.room.power_levels', 'm.room.tombstone',
 'm.room.join_rules', 'm.room.canonical_alias', 'm.room.topic', 'm.room.avatar',
 'm.room.history_visibility')
"""
_STATE = f"""
{_FIELDS}
FROM current_state_events c JOIN events e USING (event_id) JOIN event_json j USING (event_id)
WHERE c.room_id = ANY (%(rooms)s) AND c.state_key = '' AND c.type IN {_TYPES}
"""
# Synapse forgets the current state of a room that nobody of its own is in any more.
_LAST_STATE = f"""
SELECT DISTINCT ON (e.room_id, e.type) {_FIELDS.strip().removeprefix("SELECT")}
FROM events e JOIN event_json j USING (event_id)
WHERE e.room_id = ANY (%(rooms)s) AND e.state_key = '' AND e.rejection_reason IS NULL
  AND e.type IN {_TYPES}
ORDER BY e.room_id, e.type, e.stream_ordering DESC
"""  # noqa: S608 - as above
# Current state wins over a later event that state resolution left out.
_MEMBERS = """
SELECT DISTINCT ON (m.room_id, m.user_id)
  m.room_id, m.user_id, m.membership, m.sender, m.event_id, e.stream_ordering,
  e.origin_server_ts, m.display_name, m.avatar_url,
  bool_or(m.membership = 'join') OVER (PARTITION BY m.room_id, m.user_id)
FROM room_memberships m JOIN events e USING (event_id)
LEFT JOIN current_state_events c USING (event_id)
WHERE m.room_id = ANY (%(rooms)s) AND e.rejection_reason IS NULL
ORDER BY m.room_id, m.user_id, (c.event_id IS NOT NULL) DESC, e.stream_ordering DESC
"""
_WRITERS = """
SELECT room_id, sender, max(origin_server_ts) FROM events
WHERE room_id = ANY (%(rooms)s) AND stream_ordering <= %(until)s
  AND type IN ('m.room.message', 'm.room.encrypted', 'm.sticker')
  AND state_key IS NULL AND rejection_reason IS NULL AND NOT outlier
GROUP BY room_id, sender
"""


class Past:
    """One read-only look at everything, in one transaction of Synapse's database."""

    def __init__(self, url: str) -> None:
        """Prepare, without connecting.

        Args:
            url: Synapse's database, as the read-only account.
        """
        self._url = url
        self._exit = AsyncExitStack()
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]]

    async def __aenter__(self) -> Self:
        self._connection = await psycopg.AsyncConnection.connect(
            self._url, connect_timeout=10, options="-c default_transaction_read_only=on"
        )
        await self._exit.enter_async_context(self._connection)
        await self._connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    async def end(self) -> tuple[int, int, int, int]:
        """Last positions of events and account data, time of the newest account, rooms."""
        rows = await self._read(_END)
        events, account_data, accounts, count = rows[0]
        return max(0, events), account_data, accounts, count

    @asynccontextmanager
    async def people(self, size: int) -> AsyncIterator[AsyncIterator[Rows]]:
        """Every account but guests', in portions."""
        async with self._portions("people", _PEOPLE, size) as found:
            yield found

    @asynccontextmanager
    async def ignored(self, size: int) -> AsyncIterator[AsyncIterator[Rows]]:
        """Every ignore list, in portions."""
        async with self._portions("ignored", _IGNORED, size) as found:
            yield found

    @asynccontextmanager
    async def rooms(self, size: int) -> AsyncIterator[AsyncIterator[Rows]]:
        """Every room, and whether it is published, in portions."""
        async with self._portions("rooms", _ROOMS, size) as found:
            yield found

    async def state(self, rooms: Sequence[str]) -> Rows:
        """The state events that say what a room is; of an abandoned room, the last there were."""
        found = list(await self._read(_STATE, rooms=list(rooms)))
        abandoned = set(rooms) - {row[1] for row in found}
        if abandoned:
            found += await self._read(_LAST_STATE, rooms=sorted(abandoned))
        return found

    async def members(self, rooms: Sequence[str]) -> Rows:
        """The membership of everybody who ever had one, and whether they ever joined."""
        return await self._read(_MEMBERS, rooms=list(rooms))

    async def writers(self, rooms: Sequence[str], until: int) -> Rows:
        """Who wrote in which room up to a position, and when last."""
        return await self._read(_WRITERS, rooms=list(rooms), until=until)

    async def _read(self, sql: str, **params: Any) -> Rows:
        cursor = await self._connection.execute(sql.encode(), params)
        return await cursor.fetchall()

    @asynccontextmanager
    async def _portions(
        self, name: str, sql: str, size: int
    ) -> AsyncIterator[AsyncIterator[Rows]]:
        async with self._connection.cursor(name) as cursor:
            await cursor.execute(sql.encode())

            async def portions() -> AsyncIterator[Rows]:
                while portion := await cursor.fetchmany(size):
                    yield portion

            yield portions()


def body_of(row: tuple[Any, ...], content: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `Past.state` in the form the intake parses."""
    event_id, room_id, sender, kind, ts, _, _ = row
    return {
        "event_id": event_id,
        "room_id": room_id,
        "sender": sender,
        "type": kind,
        "state_key": "",
        "origin_server_ts": ts,
        "content": content,
    }
