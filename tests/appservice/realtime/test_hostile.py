# SPDX-License-Identifier: AGPL-3.0-or-later
"""Clients that send anything at all: they are answered or closed, nobody else notices."""

import asyncio
import json
import random
from contextlib import suppress
from typing import Any

import pytest

from appservice.realtime import connection as connections
from appservice.realtime import wire
from tests.appservice.realtime.test_rfc6455 import frame
from tests.support.eventually import eventually
from tests.support.live import Live, Socket

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TYPES = ("ping", "subscribe", "unsubscribe", "typing", "send", "read", "unread", "resume", 7)
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**63,
    2**70,
    1e308,
    "",
    "x" * 300,
    "\x00",
    "\u202e\r\n",
    "$e",
    "\ud800",
    "!hostile",
    [],
    [[[]]],
    {},
    {"text": "x"},
    {"text": "\x00", "mentions": {"users": ["@a:b"] * 60}},
    {"text": "x", "attachment": {"upload_id": "../../etc"}},
)
FIELDS = ("type", "id", "room", "resume_from", "typing", "event_id", "txn_id", "message", "other")


def command(chance: random.Random) -> str:
    """A command with everything wrong that may be."""
    chosen = {name: chance.choice(ODD) for name in FIELDS if chance.random() < 0.5}
    if chance.random() < 0.9:
        chosen["type"] = chance.choice(TYPES)
    if chance.random() < 0.5:
        chosen["room"] = "!hostile"
    text = json.dumps(chosen)
    if chance.random() < 0.2:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice('{}[]"\\,:0\x7f') + text[at + 1 :]
    return text


async def test_any_command_is_answered(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_BURST", 10**6)
    monkeypatch.setattr(live.gateway.doors.rates, "_most", 10**6)
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("hostile", alice, bob)
    hers, his = await live.socket(alice), await live.socket(bob)
    await his.subscribe(room)
    chance = random.Random(4)  # noqa: S311 - noise that can be repeated
    for _ in range(400):
        await hers.websocket.send_str(command(chance))
    await hers.say(type="ping", id="the end")
    frames = 0
    while (frame := await hers.next()).get("re") != "the end":
        assert (frame["event"], frame.get("code")) != ("error", "internal")
        frames += 1
    assert frames > 300
    await live.accept(live.timeline.message(room, alice.user_id, "still here"))
    assert (await his.until("message:new"))["content"]["body"] == "still here"
    await hers.websocket.close()
    await his.websocket.close()
    await all_gone(live)


async def all_gone(live: Live) -> None:
    doors = live.gateway.doors
    await eventually(lambda: not doors.held and not doors.hub._rooms and not doors.hub.people.here)
    assert not doors.open
    assert not doors.quota._own


async def raw(live: Live, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection just after its handshake."""
    url = live.door.client.make_url("")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"GET /ws/community/?connection_token={token} HTTP/1.1\r\nHost: x\r\n"
        "Upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {KEY}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 "), head
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    return reader, writer


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1002),
        (b"\x81\x02{}", 1002),
        (frame(2, b"binary"), 1003),
        (frame(1, b"\xff\xfe"), 1007),
        (frame(1, b"x" * 70_000), 1009),
        (frame(8, (3000).to_bytes(2, "big")), 3000),
        (frame(8, b"\x00"), None),
    ],
)
async def test_other_languages_end_the_connection(
    live: Live, said: bytes, code: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_GRACE", 0.5)
    alice = live.door.person("alice")
    other = await live.socket(alice)
    reader, writer = await raw(live, await live.token(alice))
    writer.write(said)
    everything = b""
    with suppress(ConnectionResetError):
        while part := await asyncio.wait_for(reader.read(4096), 20):
            everything += part
    last = b"\x88" if code is None else code.to_bytes(2, "big")
    assert last in everything[-30:]
    writer.close()
    assert await other.silent()
    await other.websocket.close()
    await all_gone(live)


async def test_noise_in_any_pieces_hurts_nobody(live: Live) -> None:
    alice = live.door.person("alice")
    other = await live.socket(alice)
    chance = random.Random(5)  # noqa: S311 - as above
    for _ in range(12):
        _, writer = await raw(live, await live.token(alice))
        for _ in range(chance.randrange(5)):
            noise = chance.randbytes(chance.randrange(400))
            writer.write(frame(1, noise) if chance.random() < 0.5 else noise)
        if chance.random() < 0.5:
            writer.transport.abort()
        else:
            writer.close()
    assert await other.silent()
    await other.websocket.close()
    await all_gone(live)


async def test_what_is_no_handshake_is_refused(live: Live) -> None:
    path = "/ws/community/"
    good = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
    }
    for change in (
        {"Upgrade": "h2c"},
        {"Connection": "close"},
        {"Sec-WebSocket-Version": "8"},
        {"Sec-WebSocket-Key": "dGhl"},
        {"Sec-WebSocket-Key": ""},
    ):
        answer = await live.door.ask("GET", path, headers={**good, **change})
        assert (answer.status, answer.code) == (400, "invalid")


async def test_the_silent_are_asked_and_then_cut(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = live.door.person("alice")
    reader, writer = await raw(live, await live.token(alice))
    there = await live.socket(alice)
    await eventually(lambda: len(live.gateway.doors.held) == 2)
    for change in ("PING", "_ANSWER"):
        monkeypatch.setattr(wire, change, 0.0)
        live.gateway.doors.beat()
        # Its pong has come back with this.
        assert await there.silent()
    live.gateway.doors.beat()
    everything = await asyncio.wait_for(reader.read(), 20)
    assert everything.endswith(b"\x89\x00")
    writer.close()
    assert await there.silent()
    object.__setattr__(live.gateway.doors, "life", 0.0)
    live.gateway.doors.beat()
    assert await there.closed() == 1001


async def test_a_command_does_not_wait_for_more_than_a_few(live: Live) -> None:
    alice = live.door.person("alice")
    socket: Socket = await live.socket(alice)
    for number in range(50):
        await socket.say(type="ping", id=str(number))
    assert [(await socket.next())["re"] for _ in range(50)] == [str(n) for n in range(50)]


@pytest.mark.parametrize("query", ["since=x", "since=9223372036854775808", "timeout=31", "a=b"])
async def test_a_long_poll_that_makes_no_sense(live: Live, query: str) -> None:
    alice = live.door.person("alice")
    room = await live.room("poll", alice)
    answer = await alice.get(f"/api/v1/rooms/{room}/events?{query}")
    assert (answer.status, answer.code) == (400, "invalid")
    for reference in ("%00", "%F0%9F%98%80", "!" + "x" * 300, "..%2F.."):
        assert (await alice.get(f"/api/v1/rooms/{reference}/events")).status in (400, 404)
