# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django Channels as small as it goes: a group a room, one Redis layer. Run by daphne.

`GET /ws?room=…` is a socket of a room; `POST /say?room=…` says something in rooms.
"""

import json
import os
import time
from typing import Any
from urllib.parse import parse_qs

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

_LAYER = {
    "BACKEND": os.environ["KITH_BENCH_LAYER"],
    "CONFIG": {
        # The client's own limit of a hundred connections would refuse most of a burst.
        "hosts": [{"address": os.environ["KITH_BENCH_REDIS"], "max_connections": 10_000}],
        # All sockets of a process share one list: at the usual hundred it drops most of a group.
        "capacity": 100_000,
    },
}
settings.configure(CHANNEL_LAYERS={"default": _LAYER}, ALLOWED_HOSTS=["*"])
django.setup()
_WORDS = "word " * 40


def _rooms(scope: Any) -> list[str]:
    return parse_qs(scope["query_string"].decode()).get("room", [])


def _group(room: str) -> str:
    # Channels allows letters, digits and little else.
    return "r" + room.lstrip("!")


class Socket(AsyncWebsocketConsumer):  # type: ignore[misc, no-any-unimported]
    """One member."""

    async def connect(self) -> None:
        """Join the group."""
        self.group = _group(_rooms(self.scope)[0])
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        await self.send(text_data='{"event":"subscribed"}')

    async def disconnect(self, _code: int) -> None:
        """Leave it."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def said(self, event: dict[str, Any]) -> None:
        """Pass on what the group was sent."""
        await self.send(text_data=event["text"])


async def say(scope: Any, receive: Any, send: Any) -> None:
    """Plain ASGI, so that no framework's request handling is measured."""
    while (await receive()).get("more_body"):
        pass
    layer = get_channel_layer()
    for number, room in enumerate(_rooms(scope)):
        content = {"msgtype": "m.text", "body": _WORDS, "at": time.monotonic_ns()}
        frame = {"event_id": f"$e{number}", "sender": "@user0:hs.bench", "content": content}
        text = json.dumps(frame, separators=(",", ":"))
        await layer.group_send(_group(room), {"type": "said", "text": text})
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


application = ProtocolTypeRouter({"http": say, "websocket": Socket.as_asgi()})
