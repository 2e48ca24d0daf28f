# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Synapse has of a person, page by page: from its database, or over HTTP as the person.

Nothing here reads what somebody else said: every statement and every request asks for one sender.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from appservice.database import Database
from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Homeserver, Json
from appservice.homeserver.stream import SynapseStream, content_of

_PAGE = 500
_WINDOW = 20_000
"""Events of a room that one statement looks at: no index of Synapse's is by sender."""

_FIRST = -(2**62)
_ROOMS = """
SELECT m.room_id, c.membership FROM (
  SELECT DISTINCT room_id FROM room_memberships
  WHERE user_id = %(me)s AND room_id > %(after)s ORDER BY room_id LIMIT %(limit)s) AS m
LEFT JOIN local_current_membership c ON c.room_id = m.room_id AND c.user_id = %(me)s
ORDER BY m.room_id
"""
_END = """
SELECT max(place), count(*) FROM (
  SELECT stream_ordering AS place FROM events
  WHERE room_id = %(room_id)s AND stream_ordering > %(after)s
  ORDER BY stream_ordering LIMIT %(window)s) AS next
"""
_EVENTS = """
SELECT e.stream_ordering, e.event_id, e.type, e.state_key, e.origin_server_ts, j.json,
       EXISTS (SELECT FROM redactions r WHERE r.redacts = e.event_id)
FROM events e JOIN event_json j USING (event_id)
WHERE e.room_id = %(room_id)s AND e.sender = %(me)s AND e.rejection_reason IS NULL
  AND e.stream_ordering > %(after)s AND e.stream_ordering <= %(end)s
ORDER BY e.stream_ordering LIMIT %(limit)s
"""
_ACCOUNT = """
SELECT name, creation_ts, admin, deactivated, user_type FROM users WHERE name = %(me)s
"""
_GLOBAL = "SELECT account_data_type, content FROM account_data WHERE user_id = %(me)s ORDER BY 1"
_OF_ROOMS = """
SELECT room_id, account_data_type, content FROM room_account_data
WHERE user_id = %(me)s AND (room_id, account_data_type) > (%(room)s, %(kind)s)
ORDER BY room_id, account_data_type LIMIT %(limit)s
"""
_UPLOADS = """
SELECT media_id, media_type, media_length, created_ts, upload_name, quarantined_by IS NOT NULL
FROM local_media_repository WHERE user_id = %(me)s AND (created_ts, media_id) > (%(at)s, %(id)s)
ORDER BY created_ts, media_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody uploaded to this homeserver."""

    media_id: str
    kind: str
    size: int | None
    created_ts: int
    name: str | None
    quarantined: bool


class NotToldError(Exception):
    """This homeserver does not say."""


class Said(Protocol):
    """Where Synapse's part comes from; everything raises `Unavailable` while it is away."""

    async def account(self, me: str) -> Json:
        """The account itself."""

    def account_data(self, me: str) -> AsyncIterator[list[Json]]:
        """Account data: ``{room_id?, type, content}``."""

    def rooms(self, me: str) -> AsyncIterator[list[tuple[str, str | None]]]:
        """Rooms somebody is or was in, with the membership they have now."""

    def events(self, me: str, room_id: str) -> AsyncIterator[list[Json]]:
        """Their own events of a room, the oldest first, in client format.

        What was removed has no content and ``removed``.
        """

    def uploads(self, me: str) -> AsyncIterator[list[Upload]]:
        """Their files.

        Raises:
            NotToldError: only those that events name are known.
        """


class FromDatabase:
    """Reads Synapse's database, as the intake does."""

    def __init__(self, stream: SynapseStream) -> None:
        self._stream = stream

    async def account(self, me: str) -> Json:
        """The account itself."""
        rows = await self._stream.read(_ACCOUNT, me=me)
        names = ("user_id", "created_at_s", "admin", "deactivated", "user_type")
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    async def account_data(self, me: str) -> AsyncIterator[list[Json]]:
        """Account data."""
        rows = await self._stream.read(_GLOBAL, me=me)
        yield [{"type": kind, "content": _json(text)} for kind, text in rows]
        room, kind = "", ""
        while True:
            rows = await self._stream.read(_OF_ROOMS, me=me, room=room, kind=kind, limit=_PAGE)
            yield [
                {"room_id": where, "type": what, "content": _json(text)}
                for where, what, text in rows
            ]
            if len(rows) < _PAGE:
                return
            room, kind = rows[-1][:2]

    async def rooms(self, me: str) -> AsyncIterator[list[tuple[str, str | None]]]:
        """Rooms with memberships."""
        after = ""
        while True:
            rows = await self._stream.read(_ROOMS, me=me, after=after, limit=_PAGE)
            yield [(row[0], row[1]) for row in rows]
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    async def events(self, me: str, room_id: str) -> AsyncIterator[list[Json]]:
        """Own events of a room."""
        after, count = _FIRST, _WINDOW
        while count == _WINDOW:
            asked: dict[str, Any] = {"room_id": room_id, "after": after, "window": _WINDOW}
            ((end, count),) = await self._stream.read(_END, **asked)
            if not count:
                return
            while after < end:
                rows = await self._stream.read(
                    _EVENTS, me=me, room_id=room_id, after=after, end=end, limit=_PAGE
                )
                yield [_event(me, room_id, row) for row in rows]
                after = rows[-1][0] if len(rows) == _PAGE else end

    async def uploads(self, me: str) -> AsyncIterator[list[Upload]]:
        """Own files."""
        at, media_id = -1, ""
        while True:
            try:
                rows = await self._stream.read(_UPLOADS, me=me, at=at, id=media_id, limit=_PAGE)
            except Unavailable as error:
                if isinstance(error.__cause__, psycopg.ProgrammingError):
                    # Not granted yet (docs/operations.md).
                    raise NotToldError from error
                raise
            yield [Upload(*row) for row in rows]
            if len(rows) < _PAGE:
                return
            media_id, at = rows[-1][0], rows[-1][3]


class FromApi:
    """Asks a Synapse whose database cannot be read, as the person. Knows less."""

    KINDS = ("m.direct", "m.ignored_user_list", "m.push_rules")

    def __init__(self, homeserver: Homeserver, database: Database) -> None:
        self._homeserver = homeserver
        self._database = database

    async def account(self, me: str) -> Json:
        """The account itself."""
        return {"user_id": me}

    async def account_data(self, me: str) -> AsyncIterator[list[Json]]:
        """Account data."""
        found = [(kind, await self._homeserver.get_account_data(me, kind)) for kind in self.KINDS]
        yield [{"type": kind, "content": content} for kind, content in found if content]

    async def rooms(self, me: str) -> AsyncIterator[list[tuple[str, str | None]]]:
        """Rooms with memberships."""
        after = ""
        while True:
            rows = await self._database.read(
                "SELECT room_id, membership FROM memberships"
                " WHERE user_id = %(me)s AND room_id > %(after)s ORDER BY room_id LIMIT %(limit)s",
                {"me": me, "after": after, "limit": _PAGE},
            )
            yield [(row[0], row[1]) for row in rows]
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    async def events(self, me: str, room_id: str) -> AsyncIterator[list[Json]]:
        """Own events of a room."""
        token: str | None = None
        while True:
            try:
                chunk = await self._homeserver.messages(
                    room_id,
                    token=token,
                    backwards=False,
                    limit=100,
                    kinds={"senders": [me]},
                    as_user=me,
                )
            except HomeserverRefused:
                # Never joined, or forgotten: the homeserver shows it to them no more.
                return
            yield [_seen(event) for event in chunk.events if event.get("sender") == me]
            token = chunk.end
            if token is None:
                return

    def uploads(self, me: str) -> AsyncIterator[list[Upload]]:
        """Not known."""
        del me
        raise NotToldError


def _event(me: str, room_id: str, row: Sequence[Any]) -> Json:
    _, event_id, kind, state_key, ts, text, removed = row
    return {
        "event_id": event_id,
        "room_id": room_id,
        "sender": me,
        "type": kind,
        **({} if state_key is None else {"state_key": state_key}),
        "origin_server_ts": ts,
        # Synapse keeps what was removed for some days; it was meant to be gone.
        "content": {} if removed else dict(content_of(text, kind)),
        **({"removed": True} if removed else {}),
    }


def _seen(event: Json) -> Json:
    unsigned = event.get("unsigned")
    removed = isinstance(unsigned, dict) and "redacted_because" in unsigned
    names = ("event_id", "room_id", "sender", "type", "state_key", "origin_server_ts")
    content = event.get("content")
    return {
        **{name: event[name] for name in names if name in event},
        "content": content if isinstance(content, dict) else {},
        **({"removed": True} if removed else {}),
    }


def _json(text: str) -> Any:
    # As Synapse stores it; `content_of` looks inside an event, so one is put around it.
    return content_of(f'{{"content": {text}}}')
