# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending, editing, deleting and reacting, as the person: the homeserver's modules judge it all.

A refusal keeps its code, its sentence and the time to wait.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from appservice.assembly import Assembly
from appservice.clock import Clock, epoch_ms
from appservice.errors import HomeserverRefused, NotFound, Unavailable
from appservice.homeserver.port import Homeserver
from appservice.homeserver.refusals import explaining
from appservice.messages import model, outgoing
from appservice.messages.asked import Edit, Send
from appservice.messages.everywhere import Everywhere
from appservice.messages.finding import Finding
from appservice.messages.history import History
from appservice.messages.outgoing import Answered, NoUploads, Uploads
from appservice.messages.pins import Pins
from appservice.messages.reactions import LONGEST_KEY, Reactions
from appservice.messages.rows import Reader, Rows
from appservice.messages.store import MessageStore
from appservice.messages.wire import MessageModel
from appservice.rest.codes import Code
from appservice.text import one_line
from policy.limits import Rules

_TYPING_MS = 6_000
"""How long somebody types without saying it again (D31)."""

_DUPLICATE = "M_DUPLICATE_ANNOTATION"


class Typing(Protocol):
    """Tells a room that somebody goes on typing, of which the homeserver says nothing."""

    async def goes_on(self, room_id: str, user_id: str) -> None:
        """They do, or have begun."""


class Messages:
    """Use cases of messages.

    Attributes:
        history: what is read.
        finding: threads, search and who reacted.
        everywhere: search over all rooms.
        pins: what is pinned.
    """

    def __init__(
        self,
        store: MessageStore,
        homeserver: Homeserver,
        reactions: Reactions,
        uploads: Uploads,
        *,
        clock: Clock,
        rules: Rules,
    ) -> None:
        rows = Rows(store, homeserver, reactions)
        self.history = History(store, homeserver, rows)
        self.finding = Finding(store, homeserver, self.history, rows)
        self.everywhere = Everywhere(
            store, homeserver, finding=self.finding, history=self.history, rows=rows
        )
        self.pins = Pins(store, homeserver, self.history, rows)
        self._store = store
        self._homeserver = homeserver
        self._reactions = reactions
        self._uploads = uploads
        self._clock = clock
        self._rules = rules
        self._typing: Typing | None = None

    def tell(self, typing: Typing) -> None:
        """Tell somebody of who types."""
        self._typing = typing

    async def send(self, me: str, reference: str, wish: Send) -> MessageModel:
        """Send; the message as it was accepted. The same `txn_id` again sends nothing new.

        Raises:
            NotFound: the room is not there, or not the person's; what is answered is not theirs
                to see; there is no such upload.
            Denied: a rule said no, perhaps for a while.
        """
        reader, event_id, content = await self._sent(me, reference, wish)
        return await self._accepted(reader, event_id, content)

    async def post(self, me: str, reference: str, wish: Send) -> tuple[str, str]:
        """As `send`; only the ids of the room and of the event, without reading it again."""
        reader, event_id, _ = await self._sent(me, reference, wish)
        return reader.place.room_id, event_id

    async def _sent(
        self, me: str, reference: str, wish: Send
    ) -> tuple[Reader, str, outgoing.Content]:
        reader = await self.history.writer(me, reference)
        room_id, joined = reader.place.room_id, reader.place.membership == "join"
        before = await self._store.sent(me, room_id, wish.txn_id)
        if before is not None:
            return reader, before, {}
        answered = await self._answered(reader, wish.reply_to)
        content = await self._content(me, wish)
        latest = None
        if wish.thread_root is not None:
            latest = await self._latest(reader, wish.thread_root)
        mentions = outgoing.meant(wish.mentions, *([answered.sender] if answered else []), me=me)
        relation = outgoing.related(answered, wish.thread_root, latest)
        whole = outgoing.new(content, mentions, relation, wish.txn_id)
        async with explaining(joined=joined):
            event_id = await self._homeserver.send_message(
                room_id, whole, as_user=me, key=f"kith:{wish.txn_id}"
            )
        return reader, event_id, whole

    async def edit(self, me: str, reference: str, event_id: str, wish: Edit) -> MessageModel:
        """Put another text in the place of one of my messages.

        Raises:
            NotFound: I see no such message.
            KithError: `forbidden`, when it is somebody else's.
        """
        reader = await self.history.reader(me, reference)
        event = await self.history.event(reader, event_id)
        if event.get("sender") != me:
            raise Code.FORBIDDEN.error("Only who wrote a message can edit it.")
        before = model.message(event, {}, room_id=reader.place.room_id)
        if before.deleted or before.kind in ("encrypted", "poll", "sticker", "location"):
            raise Code.INVALID.error("This cannot be edited.")
        content = self._edited(event, before, wish.text)
        mentions = outgoing.meant(wish.mentions, me=me)
        whole = outgoing.edit(event_id, content, mentions, before.mentions.users)
        async with explaining(joined=reader.place.membership == "join"):
            await self._homeserver.send_message(
                reader.place.room_id, whole, as_user=me, key=self._clock.new_id().hex
            )
        now = epoch_ms(self._clock.now())
        new = model.edited(event, {"content": whole, "origin_server_ts": now})
        return await self.history.made(reader, new)

    async def delete(self, me: str, reference: str, event_id: str, reason: str | None) -> None:
        """Remove a message's content: one's own, or with the power to.

        Raises:
            NotFound: I see no such message.
        """
        reader = await self.history.writer(me, reference)
        await self.history.event(reader, event_id)
        async with explaining(joined=reader.place.membership == "join"):
            await self._homeserver.redact(
                reader.place.room_id,
                event_id,
                as_user=me,
                key=f"kith:redact:{event_id}",
                reason=reason,
            )

    async def react(self, me: str, reference: str, event_id: str, key: str) -> MessageModel:
        """React; once is enough."""
        key = _key(key)
        reader = await self.history.reader(me, reference)
        room_id = reader.place.room_id
        await self.history.event(reader, event_id)
        content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": event_id, "key": key}}
        async with explaining(joined=reader.place.membership == "join"):
            try:
                await self._homeserver.send_message(
                    room_id,
                    content,
                    as_user=me,
                    key=self._clock.new_id().hex,
                    event_type="m.reaction",
                )
            except HomeserverRefused as error:
                if error.errcode != _DUPLICATE:
                    raise
        return await self.history.shown(reader, event_id)

    async def unreact(self, me: str, reference: str, event_id: str, key: str) -> None:
        """Take a reaction back; nothing when there is none."""
        reader = await self.history.writer(me, reference)
        room_id = reader.place.room_id
        await self.history.event(reader, event_id)
        async with explaining(joined=reader.place.membership == "join"):
            for mine in await self._reactions.mine(room_id, event_id, _key(key), me=me):
                await self._homeserver.redact(room_id, mine, as_user=me, key=f"kith:redact:{mine}")

    async def type(self, me: str, reference: str, *, typing: bool) -> None:
        """Type, or stop.

        Raises:
            NotFound, Denied: the room is not there, or not the person's.
        """
        place = await self._store.place(me, reference)
        async with explaining(joined=place.membership == "join"):
            await self._homeserver.set_typing(
                place.room_id, typing=typing, timeout_ms=_TYPING_MS, as_user=me
            )
        if typing and self._typing is not None:
            await self._typing.goes_on(place.room_id, me)

    async def _content(self, me: str, wish: Send) -> outgoing.Content:
        longest = self._rules.messages.formatted_bytes
        if wish.attachment is None:
            return outgoing.text(wish.text, emote=wish.emote, longest_html=longest)
        file = await self._uploads.content(me, wish.attachment.upload_id)
        return outgoing.captioned(file, wish.text, longest_html=longest)

    def _edited(
        self, event: Mapping[str, Any], before: MessageModel, typed: str
    ) -> outgoing.Content:
        longest = self._rules.messages.formatted_bytes
        if before.attachment is None:
            return outgoing.text(typed, emote=before.kind == "emote", longest_html=longest)
        kept = ("msgtype", "url", "info", "file")
        file = {key: event["content"][key] for key in kept if key in event["content"]}
        named = {**file, "filename": before.attachment.name}
        return outgoing.captioned(named, typed, longest_html=longest)

    async def _answered(self, reader: Reader, event_id: str | None) -> Answered | None:
        if event_id is None:
            return None
        event = await self.history.event(reader, event_id)
        return Answered(event_id, str(event["sender"]))

    async def _latest(self, reader: Reader, root: str) -> str | None:
        event = await self.history.event(reader, root)
        return model.latest_in_thread(event)

    async def _accepted(
        self, reader: Reader, event_id: str, content: Mapping[str, Any]
    ) -> MessageModel:
        try:
            return await self.history.shown(reader, event_id)
        except (NotFound, HomeserverRefused, Unavailable):
            # Left, removed or away in the same moment: it was accepted all the same.
            event = {
                "event_id": event_id,
                "sender": reader.me,
                "type": "m.room.message",
                "content": content,
                "origin_server_ts": epoch_ms(self._clock.now()),
            }
            return model.message(event, {}, room_id=reader.place.room_id)


def _key(text: str) -> str:
    key = one_line(text, LONGEST_KEY + 1)
    if not key or len(key) > LONGEST_KEY:
        problem = {"field": "key", "problem": f"1 to {LONGEST_KEY} characters in one line"}
        raise Code.INVALID.error(fields=[problem])
    return key


def build(assembly: Assembly, uploads: Uploads | None = None) -> Messages:
    """The service over one assembly."""
    store = MessageStore(assembly.database)
    return Messages(
        store,
        assembly.homeserver,
        Reactions(assembly.homeserver, assembly.stream),
        uploads or NoUploads(),
        clock=assembly.clock,
        rules=assembly.settings.rules,
    )
