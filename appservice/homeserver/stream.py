# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synapse's own stream of events, read from its database: exact, in order, all rooms at once.

Read-only. Negative positions are history fetched at a join and have no effects; outliers (remote
invites) do have them. Rejected rows are read too, so that their positions are known.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import psycopg
from psycopg_pool import AsyncConnectionPool

from appservice.errors import Unavailable
from appservice.homeserver.receipts import Receipt
from appservice.text import storable_json

_COLUMNS = """
SELECT e.stream_ordering, e.rejection_reason IS NOT NULL, e.event_id, e.room_id, e.sender, e.type,
       e.state_key, e.origin_server_ts, j.json, j.internal_metadata
FROM events e LEFT JOIN event_json j USING (event_id)
"""
_AFTER = (
    _COLUMNS + "WHERE e.stream_ordering > %(after)s ORDER BY e.stream_ordering LIMIT %(limit)s"
)
_THESE = _COLUMNS + "WHERE e.stream_ordering = ANY (%(these)s) ORDER BY e.stream_ordering"
_CREATE = """
SELECT e.sender, j.json FROM events e JOIN event_json j USING (event_id)
WHERE e.room_id = %(room_id)s AND e.type = 'm.room.create' LIMIT 1
"""
_STATE_NOW = """
SELECT e.stream_ordering, j.json
FROM current_state_events c JOIN events e USING (event_id) JOIN event_json j USING (event_id)
WHERE c.room_id = %(room_id)s AND c.type = %(kind)s AND c.state_key = ''
"""
# Reads a whole room: asked only about rooms in which the state is known to have changed.
_STATE_PAST = """
SELECT e.stream_ordering, j.json FROM events e JOIN event_json j USING (event_id)
WHERE e.room_id = %(room_id)s AND e.type = %(kind)s AND e.state_key = ''
  AND e.stream_ordering > 0 AND e.rejection_reason IS NULL AND NOT e.outlier
ORDER BY e.stream_ordering
"""
_MEMBERSHIPS = """
SELECT e.stream_ordering, m.membership FROM room_memberships m JOIN events e USING (event_id)
WHERE m.room_id = %(room_id)s AND m.user_id = %(user_id)s
  AND e.stream_ordering > 0 AND e.rejection_reason IS NULL
ORDER BY e.stream_ordering
"""
_REDACTED = "SELECT DISTINCT redacts FROM redactions WHERE redacts = ANY (%(ids)s)"
_ACCOUNTS = """
SELECT name, creation_ts FROM users
WHERE (creation_ts, name) > (%(since)s, %(name)s)
  AND deactivated = 0 AND is_guest = 0 AND appservice_id IS NULL
ORDER BY creation_ts, name LIMIT %(limit)s
"""
_PROFILES = """
SELECT full_user_id, displayname, avatar_url, coalesce(fields, '{}') FROM profiles
WHERE full_user_id > %(after)s ORDER BY full_user_id LIMIT %(limit)s
"""
_LIVED = "SELECT EXISTS (SELECT FROM events WHERE sender <> %(service)s)"
_IGNORED = """
SELECT user_id, stream_id FROM account_data
WHERE account_data_type = 'm.ignored_user_list' AND stream_id > %(after)s
ORDER BY stream_id LIMIT 1000
"""
_RULES = """
SELECT user_id, substr(rule_id, strpos(rule_id, '!')), stream_id FROM push_rules_stream
WHERE stream_id > %(after)s
  AND (rule_id LIKE 'global/room/!%%' OR rule_id LIKE 'global/override/!%%')
ORDER BY stream_id LIMIT %(limit)s
"""
# An event may have come after its receipt.
_RECEIPTS = """
SELECT r.stream_id, r.room_id, r.receipt_type, r.user_id, r.event_id, r.thread_id,
       coalesce(r.event_stream_ordering, e.stream_ordering), r.data
FROM receipts_linearized r LEFT JOIN events e USING (event_id)
WHERE r.stream_id > %(after)s AND r.receipt_type IN ('m.read', 'm.read.private')
ORDER BY r.stream_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One position of the stream; ``body`` is None when the event was rejected."""

    ordering: int
    body: Mapping[str, Any] | None


class Source(Protocol):
    """What the consumer reads."""

    async def after(self, position: int, limit: int) -> list[Row]:
        """The next positions, in order."""

    async def these(self, positions: Collection[int]) -> list[Row]:
        """Which of the positions exist by now."""

    async def end(self) -> int:
        """The highest position there is."""


class AccountSource(Protocol):
    """What is read of accounts."""

    async def accounts(self, since: int, name: str, limit: int) -> list[tuple[str, int]]:
        """A page of living accounts, with when they were made."""

    async def ignored_changes(self, after: int) -> list[tuple[str, int]]:
        """Whose ignore list changed behind a position."""

    async def rule_changes(self, after: int, limit: int) -> list[tuple[str, str, int]]:
        """Who changed the push rule of which room behind a position, with the positions."""

    async def deactivated(self, among: Collection[str] | None = None) -> list[str]:
        """Deactivated accounts, all or among the given ones."""


class SynapseStream:
    """A small read-only pool on Synapse's database."""

    def __init__(self, url: str) -> None:
        """Prepare, without connecting."""
        self._pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=2,
            open=False,
            timeout=5.0,
            kwargs={
                "autocommit": True,
                "connect_timeout": 5,
                "options": "-c default_transaction_read_only=on -c statement_timeout=20000",
            },
        )

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._pool.close()

    async def after(self, position: int, limit: int) -> list[Row]:
        """The next positions, in order."""
        return [_row(row) for row in await self._read(_AFTER, after=position, limit=limit)]

    async def these(self, positions: Collection[int]) -> list[Row]:
        """Which of the positions exist by now."""
        return [_row(row) for row in await self._read(_THESE, these=list(positions))]

    async def lived(self, service_user: str) -> bool:
        """Whether anybody but Kith itself has ever done anything on this homeserver."""
        rows = await self._read(_LIVED, service=service_user)
        return bool(rows[0][0])

    async def end(self) -> int:
        """The highest position there is."""
        rows = await self._read("SELECT coalesce(max(stream_ordering), 0) FROM events")
        return max(0, int(rows[0][0]))

    async def creation(self, room_id: str) -> tuple[str, Mapping[str, Any]] | None:
        """Creator and content of a room's create event; None when Synapse does not have it."""
        rows = await self._read(_CREATE, room_id=room_id)
        return (rows[0][0], content_of(rows[0][1])) if rows else None

    async def room_state(
        self, room_id: str, kind: str, *, past: bool
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """The content of a piece of state with its position; with all earlier ones if ``past``."""
        rows = await self._read(_STATE_PAST if past else _STATE_NOW, room_id=room_id, kind=kind)
        return [(row[0], content_of(row[1])) for row in rows]

    async def memberships(self, room_id: str, user_id: str) -> list[tuple[int, str]]:
        """All memberships somebody had in a room, with their positions."""
        rows = await self._read(_MEMBERSHIPS, room_id=room_id, user_id=user_id)
        return [(row[0], row[1]) for row in rows]

    async def redacted(self, event_ids: Collection[str]) -> set[str]:
        """Which of the events were removed; Synapse keeps their content for some days."""
        return {row[0] for row in await self._read(_REDACTED, ids=list(event_ids))}

    async def accounts(self, since: int, name: str, limit: int) -> list[tuple[str, int]]:
        """A page of living accounts of people, with when they were made (seconds).

        The page begins behind the account ``name`` among those made at ``since``.
        """
        rows = await self._read(_ACCOUNTS, since=since, name=name, limit=limit)
        return [(row[0], row[1]) for row in rows]

    async def profiles(self, after: str, limit: int) -> list[tuple[str, Mapping[str, Any]]]:
        """A page of local profiles by user id, behind one; field → value, as clients are told."""
        rows = await self._read(_PROFILES, after=after, limit=limit)
        return [(row[0], {**row[3], "displayname": row[1], "avatar_url": row[2]}) for row in rows]

    async def ignored_changes(self, after: int) -> list[tuple[str, int]]:
        """Whose ignore list changed behind a position of account data, with the positions."""
        return [(row[0], row[1]) for row in await self._read(_IGNORED, after=after)]

    async def rule_changes(self, after: int, limit: int) -> list[tuple[str, str, int]]:
        """Who changed the push rule of which room behind a position, with the positions."""
        rows = await self._read(_RULES, after=after, limit=limit)
        return [(row[0], row[1], row[2]) for row in rows]

    async def receipts(self, after: int, limit: int) -> list[Receipt]:
        """Read receipts behind a position of theirs, private ones too (D31)."""
        rows = await self._read(_RECEIPTS, after=after, limit=limit)
        return [Receipt(*(*row[:7], _moment(row[7]))) for row in rows]

    async def deactivated(self, among: Collection[str] | None = None) -> list[str]:
        """Deactivated accounts, all or among the given ones."""
        rows = await self._read(
            "SELECT name FROM users WHERE deactivated = 1 AND (%(all)s OR name = ANY (%(among)s))",
            all=among is None,
            among=list(among or ()),
        )
        return [row[0] for row in rows]

    async def read(self, sql: str, **params: Any) -> Sequence[tuple[Any, ...]]:
        """Run one SELECT of a feature that knows Synapse's tables itself."""
        return await self._read(sql, **params)

    async def _read(self, sql: str, **params: Any) -> Sequence[tuple[Any, ...]]:
        for final in (False, True):
            try:
                async with self._pool.connection() as connection:
                    cursor = await connection.execute(sql.encode(), params)
                    return await cursor.fetchall()
            except (
                psycopg.OperationalError,
                psycopg.InterfaceError,
                psycopg.ProgrammingError,
            ) as e:
                # A programming error: Synapse still makes its tables, or nothing is granted yet.
                if final or isinstance(e, psycopg.ProgrammingError):
                    raise Unavailable("homeserver") from e
                await self._pool.check()
        raise Unavailable("homeserver")


def _row(row: tuple[Any, ...]) -> Row:
    ordering, rejected, event_id, room_id, sender, kind, state_key, ts, text, metadata = row
    if rejected or text is None:
        return Row(ordering, None)
    return Row(
        ordering,
        {
            "event_id": event_id,
            "room_id": room_id,
            "sender": sender,
            "type": kind,
            "state_key": state_key,
            "origin_server_ts": ts,
            "content": {} if _soft_failed(metadata) else content_of(text, kind),
        },
    )


def _soft_failed(metadata: str) -> bool:
    # Asked of every event; nearly none is, so the JSON is not parsed for the others.
    return '"soft_failed"' in metadata and bool(json.loads(metadata).get("soft_failed"))


def _moment(text: str) -> int | None:
    try:
        found = json.loads(text).get("ts")
    except (ValueError, AttributeError):
        return None
    return found if type(found) is int else None


def ignored_of(text: str) -> list[str]:
    """Whom an ignore list names, as Synapse stores it."""
    try:
        found = json.loads(storable_json(text) if "\\u" in text else text).get("ignored_users")
    except (ValueError, RecursionError, AttributeError):
        return []
    return sorted(found) if isinstance(found, dict) else []


def content_of(text: str, kind: str = "") -> Mapping[str, Any]:
    """The content of an event as Synapse stores it; empty when it is not readable."""
    try:
        event = json.loads(storable_json(text) if "\\u" in text else text)
        content = event.get("content")
    except (ValueError, RecursionError, AttributeError):
        return {}
    if not isinstance(content, dict):
        return {}
    if kind == "m.room.redaction" and "redacts" in event:
        return {"redacts": event["redacts"], **content}
    return content
