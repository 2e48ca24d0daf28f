# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts kept in this process until the database says that they changed.

Lives on the reactor thread alone. Knows nothing of what the facts mean.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

MISSING = object()


class Ticket:
    """Says whether a read that has begun may still be kept."""

    __slots__ = ("key", "valid")

    def __init__(self, key: str) -> None:
        self.key = key
        self.valid = True


class FactsCache:
    """Key to fact, honest about its own ignorance.

    It serves only while `trust` was given lately: the change listener gives it as long as it
    hears the database. A fact read before a change and put after it is refused by its ticket.
    """

    def __init__(
        self, clock: Callable[[], float], *, expiry: float = 60.0, size: int = 50_000
    ) -> None:
        """Make an empty cache that serves nothing yet.

        Args:
            clock: monotonic seconds.
            expiry: seconds a fact is kept at most, whatever the listener missed.
            size: facts kept at most; the oldest go first.
        """
        self._clock = clock
        self._expiry = expiry
        self._size = size
        self._facts: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._open: dict[str, list[Ticket]] = {}
        self._trusted_until = float("-inf")

    def __len__(self) -> int:
        return len(self._facts)

    @property
    def serving(self) -> bool:
        """Whether the listener hears the database."""
        return self._clock() < self._trusted_until

    def get(self, key: str) -> Any:
        """The fact, or `MISSING`."""
        found = self._facts.get(key)
        if found is None:
            return MISSING
        now = self._clock()
        if now >= self._trusted_until:
            return MISSING
        if now >= found[0]:
            del self._facts[key]
            return MISSING
        return found[1]

    def reading(self, key: str) -> Ticket:
        """Announce a read of the fact; give the ticket back with `put` or `done`."""
        ticket = Ticket(key)
        self._open.setdefault(key, []).append(ticket)
        return ticket

    def put(self, ticket: Ticket, fact: Any) -> bool:
        """Keep what was read, unless it changed meanwhile or nobody would tell us of a change."""
        self.done(ticket)
        now = self._clock()
        if not ticket.valid or now >= self._trusted_until:
            return False
        self._facts[ticket.key] = (now + self._expiry, fact)
        self._facts.move_to_end(ticket.key)
        while len(self._facts) > self._size:
            self._facts.popitem(last=False)
        return True

    def done(self, ticket: Ticket) -> None:
        """End a read, whether it gave something or not."""
        tickets = self._open.get(ticket.key)
        if tickets and ticket in tickets:
            tickets.remove(ticket)
            if not tickets:
                del self._open[ticket.key]

    def forget(self, key: str) -> None:
        """The fact has changed."""
        self._facts.pop(key, None)
        for ticket in self._open.get(key, ()):
            ticket.valid = False

    def forget_all(self) -> None:
        """Anything may have changed."""
        self._facts.clear()
        for tickets in self._open.values():
            for ticket in tickets:
                ticket.valid = False

    def trust(self, seconds: float) -> None:
        """Changes will be told for so long."""
        self._trusted_until = self._clock() + seconds

    def distrust(self) -> None:
        """Changes are not told any more: forget everything and serve nothing."""
        self._trusted_until = float("-inf")
        self.forget_all()
