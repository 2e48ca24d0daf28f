# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bot itself: hears commands and answers as jobs, speaks in its conversation with a person.

It never answers a notice or itself (the intake sees to it), and always speaks in notices, so that
two bots never talk to one another for ever.
"""

import contextlib
from collections import deque
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from appservice import metrics
from appservice.bot import speech
from appservice.bot.commands import Commands, Said
from appservice.bot.conversations import Conversations
from appservice.bot.store import BotStore
from appservice.bot.words import Command, parse, yes_or_no
from appservice.clock import Clock
from appservice.errors import Denied, HomeserverRefused, KithError, Unavailable
from appservice.homeserver.port import Homeserver
from policy.reason import Reason
from schema.events import KEY

_COMMANDS = 20
_LOOK_BACK = 30
"""Events of a conversation among which an act that is repeated finds itself."""
_WINDOW = timedelta(minutes=1)
_PEOPLE_REMEMBERED = 10_000


class Directory(Protocol):
    """What the bot needs of the people Kith has met."""

    async def meet(self, user_id: str) -> None:
        """Make sure that the person exists and is remembered."""


class Bot:
    """Speaks with people."""

    def __init__(
        self,
        store: BotStore,
        commands: Commands,
        conversations: Conversations,
        homeserver: Homeserver,
        *,
        directory: Directory,
        clock: Clock,
        public_url: str = "",
    ) -> None:
        """Take its parts, and where people find the web app."""
        self._store = store
        self._commands = commands
        self._conversations = conversations
        self._homeserver = homeserver
        self._directory = directory
        self._clock = clock
        self._public_url = public_url
        self._heard: dict[str, deque[datetime]] = {}

    async def command(self, event_id: str, room_id: str, sender: str, words: str) -> None:
        """Do what somebody said and answer in their own conversation."""
        if self._too_many(sender):
            metrics.COMMANDS.labels("refused").inc()
            return
        said = Said(sender, room_id, parse(words))
        known = self._commands.knows(said.command.name)
        metrics.COMMANDS.labels(said.command.name if known else "unknown").inc()
        await self._directory.meet(sender)
        await self._say(sender, await self._outcome(said), key=f"answer-{event_id}")

    async def answer(self, prompt: str, recipient: str, event_id: str, answer: str) -> None:
        """Take a reaction or a reply to a request that was brought."""
        request_id = await self._store.prompt(prompt)
        if request_id is None or self._too_many(recipient):
            return
        agreed = yes_or_no(answer)
        request = await self._store.request(request_id)
        if agreed is None or request is None:
            return
        metrics.COMMANDS.labels("accept" if agreed else "decline").inc()
        words = Command("accept" if agreed else "decline", request.requester.user_id)
        outcome = await self._outcome(Said(recipient, "", words))
        await self._say(recipient, outcome, key=f"answer-{event_id}")

    async def notify_request(self, request_id: str) -> None:
        """Bring a friend request to its recipient."""
        request = await self._store.request(UUID(request_id))
        if request is None or request.status != "pending":
            return
        recipient = request.recipient.user_id
        room_id = await self._conversations.room_with(recipient, asked=False)
        key = f"request-{request_id}-{int(request.reminded)}"
        event_id = await self._send(room_id, speech.prompt(request.requester), key)
        await self._store.add_prompt(event_id, recipient, UUID(request_id), room_id)
        # One touch is enough to answer where the reactions stand already.
        for number, sign in enumerate(("✅", "❌")):
            relation = {"rel_type": "m.annotation", "event_id": event_id, "key": sign}
            # Refused: it stands there already.
            with contextlib.suppress(HomeserverRefused):
                await self._homeserver.send_message(
                    room_id,
                    {"m.relates_to": relation},
                    as_user=None,
                    key=f"{key}-{number}",
                    event_type="m.reaction",
                )

    async def notify_accepted(self, request_id: str) -> None:
        """Tell whoever asked that they are friends now."""
        request = await self._store.request(UUID(request_id))
        if request is None or request.status != "accepted":
            return
        asked = request.requester.user_id
        room_id = await self._conversations.room_with(asked, asked=False)
        text = speech.accepted(request.recipient)
        await self._send(room_id, text, f"accepted-{request_id}")

    async def profile_note(
        self, user_id: str, note: str, field: str, reason: str | None, mark: str
    ) -> None:
        """Tell somebody what became of what they wrote into their Matrix profile."""
        why = next((one.sentence for one in Reason if one.code == reason), "")
        room_id = await self._conversations.room_with(user_id, asked=False)
        await self._send(room_id, speech.profile(note, field, why), f"profile-{mark}")

    async def erasure_note(self, user_id: str, note: str, at_time: str, mark: str) -> None:
        """Tell somebody that their account is to be deleted, or is not any more."""
        room_id = await self._conversations.room_with(user_id, asked=False)
        page = f"{self._public_url}/settings/data"
        text = speech.erasure(note, datetime.fromisoformat(at_time), page)
        await self._send(room_id, text, f"erasure-{mark}")

    async def listing_note(self, listing_id: str) -> None:
        """Tell its seller that staff has closed a listing, and why."""
        closed = await self._store.closed_listing(UUID(listing_id))
        if closed is None:
            return
        room_id = await self._conversations.room_with(closed.seller, asked=False)
        page = f"{self._public_url}/listings/{listing_id}"
        text = speech.listing_closed(closed.title, closed.reason, page)
        await self._send(room_id, text, f"listing-{listing_id}")

    async def _outcome(self, said: Said) -> str:
        try:
            return await self._commands.run(said)
        except Unavailable:
            raise
        except Denied as error:
            # A command that runs again after a kill finds its own work done.
            if error.reason is Reason.REQUEST_EXISTS:
                return "Your friend request is waiting for an answer."
            return error.sentence
        except KithError as error:
            return error.sentence

    async def _say(self, user_id: str, text: str, *, key: str) -> None:
        room_id = await self._conversations.room_with(user_id, asked=True)
        await self._send(room_id, text, key)

    async def _send(self, room_id: str, text: str, key: str) -> str:
        # Synapse forgets an appservice's transaction ids when it restarts; the room does not.
        for event in await self._homeserver.newest(room_id, _LOOK_BACK, as_user=None):
            if event.get("content", {}).get(KEY) == key:
                return str(event["event_id"])
        content = {"msgtype": "m.notice", "body": text, "m.mentions": {}, KEY: key}
        return await self._homeserver.send_message(room_id, content, as_user=None, key=key)

    def _too_many(self, sender: str) -> bool:
        now = self._clock.now()
        heard = self._heard.setdefault(sender, deque(maxlen=_COMMANDS))
        full = len(heard) == _COMMANDS and now - heard[0] < _WINDOW
        if not full:
            heard.append(now)
        while len(self._heard) > _PEOPLE_REMEMBERED:
            del self._heard[next(iter(self._heard))]
        return full
