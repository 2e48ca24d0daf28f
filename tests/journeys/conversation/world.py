# SPDX-License-Identifier: AGPL-3.0-or-later
"""People of both kinds: one speaks to Kith's REST API and sockets, one is a Matrix client."""

import asyncio
import io
import itertools
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import nio
import psycopg
from PIL import Image
from yarl import URL

from tests.support.eventually import eventually
from tests.support.live import Socket
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Web:
    """A person as Kith's web app acts for them."""

    stack: TestStack
    user: MatrixUser

    @property
    def user_id(self) -> str:
        return self.user.user_id

    async def ask(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        """Status and JSON of a path below /api."""
        headers = {"Authorization": f"Bearer {self.user.token}"}
        url = f"{self.stack.public_url}/api{path}"
        async with self.user.http.request(
            method, url, json=body, params=query, headers=headers
        ) as answer:
            return answer.status, await answer.json(content_type=None)

    async def done(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """The JSON of what must succeed."""
        status, answer = await self.ask(method, path, body, **query)
        assert status < 300, (method, path, status, answer)
        return answer

    async def say(self, room: str, text: str, **more: Any) -> dict[str, Any]:
        """Send a message; it as it was accepted."""
        body = {"text": text, "txn_id": f"t{next(_NUMBERS)}", **more}
        found: dict[str, Any] = await self.done("POST", f"{at(room)}/messages", body)
        return found

    async def history(self, room: str, **query: str) -> Any:
        return await self.done("GET", f"{at(room)}/messages", **query)

    async def messages(self, room: str, **query: str) -> list[dict[str, Any]]:
        items = (await self.history(room, **query))["items"]
        return [item for item in items if item["row"] == "message"]

    async def socket(self) -> Socket:
        token = await self.done("POST", "/v1/auth/ws-connection-token/")
        url = f"{self.stack.public_url}/ws/community/"
        websocket = await self.user.http.ws_connect(
            f"{url}?connection_token={token['connection_token']}", origin=self.stack.public_url
        )
        socket = Socket(websocket)
        await socket.until("ready")
        return socket


@dataclass(frozen=True)
class Element:
    """A person with an everyday Matrix client."""

    client: nio.AsyncClient
    user: MatrixUser

    @property
    def user_id(self) -> str:
        return self.user.user_id

    async def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        answer = await self.client.room_send(room, kind, content, ignore_unverified_devices=True)
        assert isinstance(answer, nio.RoomSendResponse), answer
        return str(answer.event_id)

    async def say(self, room: str, text: str, **more: Any) -> str:
        return await self.send(room, {"msgtype": "m.text", "body": text, **more})

    async def event(self, room: str, event_id: str) -> dict[str, Any]:
        status, body = await self.user.request("GET", f"/rooms/{quote(room)}/event/{event_id}")
        assert status == 200, body
        found: dict[str, Any] = body
        return found

    async def sees(self, room: str, event_id: str) -> nio.Event:
        """The event once the client's sync brings it."""

        async def look() -> nio.Event | None:
            answer = await self.client.sync(timeout=300)
            assert isinstance(answer, nio.SyncResponse), answer
            joined = answer.rooms.join.get(room)
            for event in joined.timeline.events if joined else ():
                if event.event_id == event_id:
                    return event  # type: ignore[no-any-return]
            return None

        return await eventually(look, within=60)


class World:
    """Makes people and rooms."""

    def __init__(self, stack: TestStack) -> None:
        self.stack = stack
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    async def web(self, name: str) -> Web:
        return Web(self.stack, await self._person(name))

    async def element(self, name: str) -> Element:
        user = await self._person(name)
        client = nio.AsyncClient(self.stack.public_url, user.user_id)
        client.restore_login(user.user_id, "TEST", user.token)
        self._exit.push_async_callback(client.close)
        return Element(client, user)

    async def room(self, version: str, owner: Web, *others: Web | Element, **more: Any) -> str:
        """A forum that Kith has heard of."""
        status, body = await owner.user.create_room(
            preset="public_chat", room_version=version, **more
        )
        assert status == 200, body
        room = str(body["room_id"])
        for other in others:
            status, body = await other.user.join(room)
            assert status == 200, body
        for person in (owner, *others):
            await self.joined(person.user_id, room)
        return room

    async def joined(self, user_id: str, room: str) -> None:
        """Wait until Kith knows a membership."""
        statement = """
            SELECT 1 FROM memberships
            WHERE room_id = %(room)s AND user_id = %(who)s AND membership = 'join'
        """
        await eventually(lambda: self.sql(statement, room=room, who=user_id), within=60)

    async def upload(self, who: Web, name: str) -> dict[str, Any]:
        """Upload a small picture; what Kith says of it."""
        data = io.BytesIO()
        Image.new("RGB", (64, 48), "teal").save(data, "PNG")
        form = aiohttp.FormData()
        form.add_field("file", data.getvalue(), filename=name, content_type="image/png")
        headers = {"Authorization": f"Bearer {who.user.token}"}
        url = f"{self.stack.public_url}/api/v1/media"
        async with who.user.http.post(url, data=form, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found

    async def get(self, who: Web, path: str) -> tuple[int, str, bytes]:
        """A file: status, type, bytes."""
        headers = {"Authorization": f"Bearer {who.user.token}"}
        url = URL(f"{self.stack.public_url}{path}", encoded=True)
        async with who.user.http.get(url, headers=headers) as answer:
            return answer.status, answer.content_type, await answer.read()

    async def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        def run() -> list[tuple[Any, ...]]:
            with psycopg.connect(self.stack.database.url, autocommit=True) as connection:
                cursor = connection.execute(statement.encode(), values)
                return cursor.fetchall() if cursor.description else []

        return await asyncio.to_thread(run)

    async def _person(self, name: str) -> MatrixUser:
        user = await self.stack.register(name)
        # Whoever is to open forums (D4).
        await self.sql(
            "INSERT INTO people (user_id, local, messages, active_days, display_name)"
            " VALUES (%(who)s, true, 50, 20, %(name)s)"
            " ON CONFLICT (user_id) DO UPDATE SET messages = 50, active_days = 20",
            who=user.user_id,
            name=name,
        )
        return user


def at(room: str) -> str:
    """The path of a room."""
    return f"/v1/rooms/{quote(room, safe='')}"
