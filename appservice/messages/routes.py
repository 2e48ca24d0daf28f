# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of messages. A room is named by Kith's id, a slug or the encoded id (D30)."""

from typing import Any

from appservice.dms.service import DmService
from appservice.errors import NotFound
from appservice.messages import asked
from appservice.messages.service import Messages
from appservice.messages.table import table
from appservice.rest.dispatch import named_person
from appservice.rest.route import AnyRoute, Call, Reply


class MessageRoutes:
    """Handlers over the messages."""

    def __init__(self, messages: Messages, dms: DmService, server_name: str) -> None:
        self._messages = messages
        self._dms = dms
        self._server_name = server_name

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return table(self)

    async def history(self, call: Call[None, asked.HistoryQuery]) -> Reply:
        """A part of the history."""
        return Reply(await self._messages.history.page(call.me, _room(call), call.query))

    async def send(self, call: Call[asked.Send, None]) -> Reply:
        """Send."""
        return Reply(await self._messages.send(call.me, _room(call), call.body), status=201)

    async def send_direct(self, call: Call[asked.SendDirect, None]) -> Reply:
        """Send into a conversation, opened first when a person is named."""
        body = call.body
        if body.user_id is not None:
            them = named_person(body.user_id, self._server_name, field="user_id")
            conversation, _ = await self._dms.open_one_to_one(call.me, them)
            reference = str(conversation)
        else:
            reference = await self._conversation(call.me, str(body.conversation_id))
        return Reply(await self._messages.send(call.me, reference, body), status=201)

    async def show(self, call: Call[None, None]) -> Reply:
        """One message."""
        return Reply(await self._messages.history.message(call.me, _room(call), _event(call)))

    async def edit(self, call: Call[asked.Edit, None]) -> Reply:
        """Edit."""
        done = await self._messages.edit(call.me, _room(call), _event(call), call.body)
        return Reply(done)

    async def delete(self, call: Call[None, asked.ReasonQuery]) -> Reply:
        """Remove."""
        reason = call.query.reason or None
        await self._messages.delete(call.me, _room(call), _event(call), reason)
        return Reply(status=204)

    async def react(self, call: Call[None, None]) -> Reply:
        """React."""
        key = str(call.path["key"])
        return Reply(await self._messages.react(call.me, _room(call), _event(call), key))

    async def unreact(self, call: Call[None, None]) -> Reply:
        """Take a reaction back."""
        key = str(call.path["key"])
        await self._messages.unreact(call.me, _room(call), _event(call), key)
        return Reply(status=204)

    async def reactors(self, call: Call[None, asked.PartQuery]) -> Reply:
        """Who reacted."""
        finding = self._messages.finding
        return Reply(await finding.reactors(call.me, _room(call), _event(call), call.query))

    async def threads(self, call: Call[None, asked.PartQuery]) -> Reply:
        """Threads."""
        return Reply(await self._messages.finding.threads(call.me, _room(call), call.query))

    async def pins(self, call: Call[None, None]) -> Reply:
        """Pins."""
        return Reply(await self._messages.pins.all(call.me, _room(call)))

    async def pin(self, call: Call[None, None]) -> Reply:
        """Pin."""
        await self._messages.pins.put(call.me, _room(call), _event(call))
        return Reply(status=204)

    async def unpin(self, call: Call[None, None]) -> Reply:
        """Unpin."""
        await self._messages.pins.take(call.me, _room(call), _event(call))
        return Reply(status=204)

    async def search(self, call: Call[None, asked.SearchQuery]) -> Reply:
        """Search."""
        return Reply(await self._messages.finding.search(call.me, _room(call), call.query))

    async def search_all(self, call: Call[None, asked.SearchAllQuery]) -> Reply:
        """Search all rooms."""
        return Reply(await self._messages.everywhere.search(call.me, call.query))

    async def type(self, call: Call[asked.TypingState, None]) -> Reply:
        """Type."""
        await self._messages.type(call.me, _room(call), typing=call.body.typing)
        return Reply(status=204)

    async def _conversation(self, me: str, reference: str) -> str:
        """The room of a conversation of mine."""
        shown = await self._dms.show(me, reference)
        return shown.conversation.room_id


def _room(call: Call[Any, Any]) -> str:
    return str(call.path["room"])


def _event(call: Call[Any, Any]) -> str:
    event_id = str(call.path["event"])
    if not event_id.startswith("$") or not event_id.isascii() or not event_id.isprintable():
        raise NotFound
    return event_id
