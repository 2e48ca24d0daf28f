# SPDX-License-Identifier: AGPL-3.0-or-later
"""The facts the rules ask for, from the cache where it may be believed, else from the database.

Runs under any event loop: it awaits nothing but its read port.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from policy.person import Person, PersonKind, Relationship
from policy.rooms import Room, RoomKind
from schema import channels
from schema import facts as queries
from synapse_modules.facts_cache import MISSING, FactsCache


class Facts:
    """Persons, relationships and rooms. Every method may raise FactsUnknownError."""

    def __init__(self, read: queries.Read, cache: FactsCache, service_user: str) -> None:
        """Args: the read port, the cache, and the account that is above the rules."""
        self._read = read
        self._cache = cache
        self._service = Person(service_user, kind=PersonKind.SERVICE)

    @property
    def service_user(self) -> str:
        """The appservice's own account."""
        return self._service.user_id

    async def person(self, user_id: str) -> Person:
        """One account; its counts of messages and days may be old."""
        if user_id == self._service.user_id:
            return self._service
        found: Person = await self._cached(
            channels.person_key(user_id), lambda: queries.person(self._read, user_id)
        )
        return found

    async def person_now(self, user_id: str) -> Person:
        """One account with its counts as they stand."""
        if user_id == self._service.user_id:
            return self._service
        return await queries.person(self._read, user_id)

    def stranger(self, user_id: str) -> Person:
        """Somebody of whom nothing can be known now."""
        return Person(user_id)

    async def relationship(self, me: str, them: str) -> Relationship:
        """How the two stand, seen from `me`."""
        # One entry a pair, because one notification tells of both directions.
        key = channels.relationship_key(me, them)
        both = self._cache.get(key)
        if both is not MISSING and me in both:
            known: Relationship = both[me]
            return known
        ticket = self._cache.reading(key)
        try:
            found = await queries.relationship(self._read, me, them)
        except BaseException:
            self._cache.done(ticket)
            raise
        # The other direction may have been kept while this one was read.
        both = self._cache.get(key)
        self._cache.put(ticket, {me: found} if both is MISSING else {**both, me: found})
        return found

    async def shared_place(self, me: str, them: str) -> bool:
        """Whether both are in a place that counts as shared (D13); never cached."""
        return await queries.shared_place(self._read, me, them)

    async def room(self, room_id: str) -> Room | None:
        """The registered room; None while the registry does not know it."""
        found: Room | None = await self._cached(
            channels.room_key(room_id), lambda: queries.room(self._read, room_id)
        )
        return found

    async def created_lately(self, user_id: str, kind: RoomKind) -> queries.Created:
        """What the account created of that kind within a day; never cached."""
        return await queries.created_lately(self._read, user_id, kind)

    async def _cached(self, key: str, read: Callable[[], Awaitable[Any]]) -> Any:
        kept = self._cache.get(key)
        if kept is not MISSING:
            return kept
        ticket = self._cache.reading(key)
        try:
            found = await read()
        except BaseException:
            self._cache.done(ticket)
            raise
        self._cache.put(ticket, found)
        return found
