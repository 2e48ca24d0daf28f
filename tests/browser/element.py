# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody with an everyday Matrix client, in plain calls as the browser's tests make them.

nio runs in a loop of its own thread: that of the tests is Playwright's.
"""

import io
import time
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import aiohttp
import nio
from PIL import Image

from stack.accounts import Doors, register
from stack.demo.cast import PASSWORD
from tests.support.background import Background
from tests.support.eventually import eventually

Result = TypeVar("Result")
_WITHIN = 20.0
"""Seconds that what the other one did may take to be seen."""


class Element:
    """One person's client: says things, and remembers all that its sync brought."""

    def __init__(self, loop: Background, client: nio.AsyncClient) -> None:
        self.client, self._loop = client, loop
        self.seen: dict[str, list[dict[str, Any]]] = {}
        """The events of each room, in order."""
        self.typists: dict[str, list[str]] = {}
        self.read: dict[str, dict[str, str]] = {}
        """In each room: up to which event, by person; public receipts only."""

    @property
    def user_id(self) -> str:
        return str(self.client.user_id)

    @property
    def name(self) -> str:
        """What one signs in with; nobody here has another name."""
        return self.user_id[1:].partition(":")[0]

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run(work, within=30)

    def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        """The id of what was sent."""
        answer = self.run(self.client.room_send(room, kind, content))
        assert isinstance(answer, nio.RoomSendResponse), answer
        return str(answer.event_id)

    def say(self, room: str, text: str, **more: Any) -> str:
        return self.send(room, {"msgtype": "m.text", "body": text, **more})

    def reply(self, room: str, text: str, to: str) -> str:
        return self.say(room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": to}}})

    def edit(self, room: str, event_id: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        relates = {"rel_type": "m.replace", "event_id": event_id}
        return self.say(room, f"* {text}", **{"m.new_content": new, "m.relates_to": relates})

    def under(self, room: str, text: str, root: str) -> str:
        relates = {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
        return self.say(room, text, **{"m.relates_to": relates})

    def react(self, room: str, event_id: str, key: str) -> str:
        relates = {"rel_type": "m.annotation", "event_id": event_id, "key": key}
        return self.send(room, {"m.relates_to": relates}, "m.reaction")

    def show(self, room: str, name: str, colour: str, size: tuple[int, int] = (320, 200)) -> str:
        """Send a picture of one colour."""
        data = picture(colour, size)
        answer, _ = self.run(
            self.client.upload(lambda *_: io.BytesIO(data), "image/png", name, filesize=len(data))
        )
        assert isinstance(answer, nio.UploadResponse), answer
        info = {"mimetype": "image/png", "size": len(data), "w": size[0], "h": size[1]}
        shown = {"msgtype": "m.image", "body": name, "url": answer.content_uri, "info": info}
        return self.send(room, shown)

    def remove(self, room: str, event_id: str) -> None:
        answer = self.run(self.client.room_redact(room, event_id))
        assert isinstance(answer, nio.RoomRedactResponse), answer

    def type(self, room: str, *, typing: bool = True) -> None:
        answer = self.run(self.client.room_typing(room, typing, 20_000))
        assert isinstance(answer, nio.RoomTypingResponse), answer

    def mark(self, room: str, event_id: str) -> None:
        """Have read so far, for all to see."""
        answer = self.run(self.client.room_read_markers(room, event_id, event_id))
        assert isinstance(answer, nio.RoomReadMarkersResponse), answer

    def sees(self, room: str, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The one event of a room that is meant, once the sync has brought it."""
        found = self.until(lambda: [one for one in self.seen.get(room, []) if wanted(one)])
        assert len(found) == 1, found
        return found[0]

    def hears(self, room: str, text: str) -> dict[str, Any]:
        """The message of this text."""
        return self.sees(room, lambda one: one["content"].get("body") == text)

    def until(self, there: Callable[[], Result]) -> Result:
        """Sync until something is there."""
        end = time.monotonic() + _WITHIN
        while not (found := there()):
            assert time.monotonic() < end, (self.seen, self.typists, self.read)
            self.sync()
        return found

    def sync(self) -> None:
        answer = self.run(self.client.sync(timeout=500))
        assert isinstance(answer, nio.SyncResponse), answer
        for room, news in answer.rooms.join.items():
            self.seen.setdefault(room, []).extend(one.source for one in news.timeline.events)
            for event in news.ephemeral:
                if isinstance(event, nio.TypingNoticeEvent):
                    self.typists[room] = event.users
                elif isinstance(event, nio.ReceiptEvent):
                    for one in event.receipts:
                        if one.receipt_type == "m.read":
                            self.read.setdefault(room, {})[one.user_id] = one.event_id


class Circle:
    """Accounts of their own, so that the demo's people stay as the other tests know them."""

    def __init__(self, doors: Doors) -> None:
        self._doors, self._loop = doors, Background()
        self._all: dict[str, Element] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._all.values():
            one.run(one.client.close())
        self._loop.close()

    def person(self, name: str) -> Element:
        """An account by that name with the demo's password, made when it is first asked for."""
        if name not in self._all:
            made = self._loop.run(self._made(name))
            client = nio.AsyncClient(self._doors.web, made["user_id"])
            client.restore_login(made["user_id"], made["device_id"], made["access_token"])
            self._all[name] = Element(self._loop, client)
        return self._all[name]

    def staff(self, name: str) -> Element:
        """Somebody that `kith user create --admin` has made, with the demo's password."""
        if name not in self._all:
            client = nio.AsyncClient(self._doors.web, f"@{name}:{self._doors.server_name}")
            self._all[name] = Element(self._loop, client)
            answer = self._all[name].run(client.login(PASSWORD))
            assert isinstance(answer, nio.LoginResponse), answer
        return self._all[name]

    def friends(self, *pairs: tuple[str, str]) -> None:
        for name, other in pairs:
            one, friend = self.person(name), self.person(other)
            asked = self.kith(one, "POST", f"/profile/{friend.user_id}/friend-request")
            self.kith(friend, "POST", f"/friends/{asked['id']}/respond", {"action": "accept"})

    def kith(self, who: Element, method: str, path: str, body: Any = None) -> Any:
        """The JSON that a path below /api answers somebody."""
        return self._loop.run(self._asked(who, f"/api{path}", method, body))

    def room(self, owner: Element, *others: Element, **more: Any) -> str:
        """A room that a Matrix client makes, and that all have entered."""
        invite = [one.user_id for one in others]
        body = {"preset": "trusted_private_chat", "invite": invite, **more}
        made = self._loop.run(
            self._asked(owner, "/_matrix/client/v3/createRoom", "POST", body),
        )
        room = str(made["room_id"])
        for one in others:
            answer = one.run(one.client.join(room))
            assert isinstance(answer, nio.JoinResponse), answer
        return room

    def address(self, who: Element, room: str) -> str:
        """Where the web app has a room, once Kith knows that somebody is in it."""
        path = f"/api/v1/rooms/{quote(room, safe='')}"

        async def known() -> Any:
            return await self._asked(who, path, "GET", None)

        return f"/messages/{self._loop.run(eventually(known, within=_WITHIN))['id']}"

    def history(self, reader: Element, lines: Sequence[str]) -> str:
        """A room of somebody and the service, whose messages no rule counts."""
        service = nio.AsyncClient(self._doors.matrix)
        service.restore_login(f"@kith:{self._doors.server_name}", "", self._doors.as_token)
        teller = Element(self._loop, service)
        self._all[f"teller of {reader.name}"] = teller
        room = self.room(teller, reader, name="The ferry")
        for line in lines:
            teller.say(room, line)
        return room

    def teller(self, reader: Element) -> Element:
        """Who told the history."""
        return self._all[f"teller of {reader.name}"]

    async def _made(self, name: str) -> dict[str, Any]:
        async with aiohttp.ClientSession() as http:
            return await register(http, self._doors, name, PASSWORD)

    async def _asked(self, who: Element, path: str, method: str, body: Any) -> Any:
        bearer = {"Authorization": f"Bearer {who.client.access_token}"}
        async with (
            aiohttp.ClientSession(base_url=self._doors.web, headers=bearer) as http,
            http.request(method, path, json=body) as answer,
        ):
            found = await answer.json(content_type=None)
            assert answer.ok, (path, answer.status, found)
            return found


def picture(colour: str, size: tuple[int, int] = (320, 200)) -> bytes:
    """A PNG of one colour."""
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "PNG")
    return data.getvalue()
