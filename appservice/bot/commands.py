# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bot's commands: each is a use case of another feature and one sentence about its outcome."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from appservice.bot import speech
from appservice.bot.store import BotStore, Named
from appservice.bot.words import Command, person
from appservice.clock import Clock
from appservice.errors import HomeserverRefused, Invalid, NotFound
from appservice.homeserver.port import Homeserver
from policy.limits import Rules
from policy.person import DmPolicy
from schema.events import SLOW_MODE

_LISTED = 50


class Friends(Protocol):
    """What the bot needs of friendship."""

    async def send_request(self, me: str, them: str, note: str | None = None) -> tuple[Any, bool]:
        """Ask somebody; False beside the request when theirs was accepted instead."""

    async def respond(self, me: str, request_id: UUID, *, accept: bool) -> Any:
        """Answer a request."""

    async def unfriend(self, me: str, them: str) -> None:
        """End a friendship."""


class People(Protocol):
    """What the bot needs of one-sided ties and settings."""

    async def block(self, me: str, them: str) -> None:
        """Separate fully."""

    async def unblock(self, me: str, them: str) -> None:
        """Take a block away."""

    async def change_settings(self, me: str, changes: dict[str, Any]) -> Any:
        """Change settings of one's own."""


class Erasures(Protocol):
    """What the bot needs of deletions of accounts."""

    async def cancel(self, user_id: str, *, noted: bool = True) -> bool:
        """Keep an account; whether it was to be deleted."""


@dataclass(frozen=True, slots=True)
class Said:
    """One command: who, where, what."""

    sender: str
    room_id: str
    command: Command


Run = Callable[[Said], Awaitable[str]]


class Commands:
    """Runs them."""

    def __init__(
        self,
        store: BotStore,
        friends: Friends,
        people: People,
        homeserver: Homeserver,
        *,
        erasures: Erasures,
        clock: Clock,
        rules: Rules,
        server_name: str,
    ) -> None:
        """Take the services of the features it speaks for."""
        self._store = store
        self._friends = friends
        self._people = people
        self._homeserver = homeserver
        self._erasures = erasures
        self._clock = clock
        self._rules = rules
        self._server_name = server_name
        self._table: dict[str, Run] = {
            "help": self._help,
            "friends": self._list_friends,
            "requests": self._list_requests,
            "befriend": self._befriend,
            "accept": self._accept,
            "decline": self._decline,
            "unfriend": self._unfriend,
            "block": self._block,
            "unblock": self._unblock,
            "dm": self._dm,
            "slowmode": self._slowmode,
            "keep": self._keep,
        }

    def knows(self, name: str) -> bool:
        """Whether there is such a command."""
        return name in self._table

    async def run(self, said: Said) -> str:
        """Do it and say what came of it.

        Raises:
            KithError: with the sentence to answer.
        """
        return await self._table.get(said.command.name, self._unknown)(said)

    async def _unknown(self, said: Said) -> str:
        del said
        return 'I do not know this word. Write "help" to see what I can do.'

    async def _help(self, said: Said) -> str:
        del said
        return speech.HELP

    async def _list_friends(self, said: Said) -> str:
        return speech.friends(await self._store.friends(said.sender, _LISTED))

    async def _list_requests(self, said: Said) -> str:
        now = self._clock.now()
        received = await self._store.received(said.sender, now, _LISTED)
        return speech.requests(received, await self._store.sent(said.sender, now, _LISTED))

    async def _befriend(self, said: Said) -> str:
        them = self._named(said)
        note = said.command.note
        longest = self._rules.requests.note_length
        if len(note) > longest:
            raise Invalid(f"The words with a request may be {longest} characters long.")
        _, asked = await self._friends.send_request(said.sender, them, note or None)
        if asked:
            return f"I have asked {them}. You will hear from me when they accept."
        return f"{them} had asked you already: you are friends now."

    async def _accept(self, said: Said) -> str:
        found = await self._waiting(said)
        await self.answer(said.sender, found, accept=True)
        return f"You and {found.user_id} are friends now."

    async def _decline(self, said: Said) -> str:
        found = await self._waiting(said)
        await self.answer(said.sender, found, accept=False)
        return f"Declined. {found.user_id} is not told."

    async def answer(self, me: str, found: Named, *, accept: bool) -> None:
        """Answer the request a person is named by."""
        if found.request_id is None:
            raise Invalid("There is no such request.")
        await self._friends.respond(me, found.request_id, accept=accept)

    async def _unfriend(self, said: Said) -> str:
        them = self._named(said)
        await self._friends.unfriend(said.sender, them)
        return f"You and {them} are no longer friends. They are not told."

    async def _block(self, said: Said) -> str:
        them = self._named(said)
        await self._people.block(said.sender, them)
        return f"{them} is blocked and not told. Take it back with “unblock {them}”."

    async def _unblock(self, said: Said) -> str:
        them = self._named(said)
        await self._people.unblock(said.sender, them)
        return f"{them} is no longer blocked. A friendship does not come back by itself."

    async def _dm(self, said: Said) -> str:
        policies = [policy.value for policy in DmPolicy]
        chosen = said.command.first.lower()
        if chosen not in policies:
            raise Invalid(f"Say who may write to you: {', '.join(policies)}.")
        await self._people.change_settings(said.sender, {"dm_policy": chosen})
        return f"Done: new conversations with you may be started by {_readable(chosen)}."

    async def _keep(self, said: Said) -> str:
        # The whole of it: "keep" alone may be said to the bot about something else.
        if said.command.rest.lower().rstrip(".!") != "my account":
            raise Invalid('To call off the deletion of your account, write "keep my account".')
        try:
            cancelled = await self._erasures.cancel(said.sender, noted=False)
        except NotFound:
            raise Invalid("Accounts of other servers are kept and deleted there.") from None
        return speech.KEPT if cancelled else speech.NOT_ENDING

    async def _slowmode(self, said: Said) -> str:
        if not await self._store.is_staff(said.sender):
            raise Invalid("Only staff can change slow mode.")
        seconds = self._seconds(said.command.first.lower())
        if not await self._store.slow_mode(said.room_id, seconds):
            raise Invalid("There is no slow mode in this room. Write it in a forum or channel.")
        try:
            await self._homeserver.send_state(
                said.room_id, SLOW_MODE, "", {"seconds": seconds}, as_user=None
            )
        except HomeserverRefused:
            # The event only shows it to clients; the registry decides.
            return f"{_slow(seconds)} Clients cannot show it: I have no say in this room."
        return _slow(seconds)

    def _seconds(self, word: str) -> int:
        longest = self._rules.slow_mode.longest
        seconds = 0 if word == "off" else int(word) if word.isdecimal() else -1
        if not 0 <= seconds <= longest:
            raise Invalid(f"Say a number of seconds up to {longest}, or off.")
        return seconds

    def _named(self, said: Said) -> str:
        found = person(said.command.first, self._server_name)
        if found is None:
            raise Invalid(f'Say whom: "{said.command.name} @name:server".')
        return found

    async def _waiting(self, said: Said) -> Named:
        """The request meant: of the one named, or the only one there is."""
        received = await self._store.received(said.sender, self._clock.now(), _LISTED)
        if said.command.first:
            them = self._named(said)
            received = [found for found in received if found.user_id == them]
        if not received:
            raise Invalid("No such friend request is waiting.")
        if len(received) > 1:
            raise Invalid(f'Several are waiting. Say which: "{said.command.name} @name:server".')
        return received[0]


def _slow(seconds: int) -> str:
    if seconds == 0:
        return "Slow mode is off in that room."
    return f"Slow mode: one message in {seconds} seconds for each person in that room."


def _readable(policy: str) -> str:
    return {
        "everyone": "everyone the rules of this place allow",
        "connections": "friends, people you follow and people who share a place with you",
        "following": "friends and people you follow",
        "none": "nobody",
    }[policy]
