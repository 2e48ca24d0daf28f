# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors themselves: who gets in, what ends a socket, what a client may send."""

import asyncio
import json
from urllib.parse import quote

import aiohttp
import pytest
from jsonschema import Draft202012Validator
from redis.asyncio import Redis

from appservice.clock import epoch_ms
from appservice.realtime import rates, wire
from appservice.realtime.envelope import Envelope, Packet
from appservice.realtime.hints import Hints
from tests.fakes.bodies import FakeBodies
from tests.fakes.events import Timeline
from tests.fakes.homeserver import FakeRoom
from tests.support.databases import Database
from tests.support.door import PUBLIC_URL, open_door
from tests.support.eventually import eventually
from tests.support.live import Live, open_live


async def test_a_token_lets_in_once_and_for_a_minute(live: Live, redis: Redis) -> None:
    alice = live.door.person("alice")
    answer = await alice.post("/api/v1/auth/ws-connection-token")
    assert answer.body["expires_in"] == 60
    token = answer.body["connection_token"]
    keys = [key async for key in redis.scan_iter("community:ws_token:*")]
    assert all(token.encode() not in key for key in keys)
    assert 0 < max([await redis.ttl(key) for key in keys]) <= 60
    first = await live.connect("/ws/community/", token)
    assert (await first.next())["event"] == "ready"
    for bad in (token, "", "x" * 43, "\u20ac"):
        refused = await live.connect("/ws/community", bad)
        assert await refused.closed() == 4001


async def test_tokens_of_this_process_age_too(database: Database) -> None:
    async with open_door(database.url) as door:
        alice = door.person("alice")
        tokens = door.gateway.doors.tokens
        now = [0.0]
        tokens._monotonic = lambda: now[0]
        made = [
            (await alice.post("/api/v1/auth/ws-connection-token")).body["connection_token"]
            for _ in range(2)
        ]
        now[0] = 59.0
        assert (await tokens.take(made[0])) is not None
        assert (await tokens.take(made[0])) is None
        now[0] = 61.0
        assert (await tokens.take(made[1])) is None


async def test_a_token_needs_a_sign_in_and_redis(database: Database) -> None:
    gone: Redis = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    async with open_door(database.url, redis=gone) as door:
        nobody = await door.ask("POST", "/api/v1/auth/ws-connection-token/")
        assert nobody.status == 401
        refused = await door.person("alice").post("/api/v1/auth/ws-connection-token/")
        assert (refused.status, refused.code) == (503, "redis_unavailable")
    await gone.aclose()


async def test_pages_of_other_sites_may_not_connect(live: Live) -> None:
    alice = live.door.person("alice")
    for origin in ("https://evil.test", "null", PUBLIC_URL + ".evil.test"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await live.connect("/ws/community/", await live.token(alice), Origin=origin)
        assert refused.value.status == 403
    own = await live.connect("/ws/community/", await live.token(alice), Origin=PUBLIC_URL)
    assert (await own.next())["event"] == "ready"


async def test_commands_that_cannot_be_used_are_answered(live: Live) -> None:
    alice = live.door.person("alice")
    opened = await live.socket(alice)
    for text in ("", "{", "[]", '{"type":"nope"}', '{"type":"ping","x":1}', '{"type":"typing"}'):
        await opened.websocket.send_str(text)
        frame = await opened.next()
        assert (frame["event"], frame["code"]) == ("error", "invalid")
    await opened.say(type="ping", id="a")
    assert await opened.next() == {"v": 1, "event": "pong", "re": "a"}
    await opened.say(type="subscribe", room="\x00")
    assert (await opened.next())["code"] == "not_found"


async def test_a_flood_of_commands_ends_the_socket(live: Live) -> None:
    opened = await live.socket(live.door.person("alice"))
    for _ in range(200):
        await opened.say(type="ping")
    assert await opened.closed() == 4009


async def test_commands_are_counted_over_all_processes(live: Live, redis: Redis) -> None:
    counted = rates.Rates(Hints(redis), live.door.clock, per_minute=2)
    await counted.charge("@alice:hs.test")
    await counted.charge("@alice:hs.test")
    with pytest.raises(Exception, match="Too many") as refused:
        await counted.charge("@alice:hs.test")
    assert 0 < refused.value.details["retry_after_ms"] <= 60_000  # type: ignore[attr-defined]
    await counted.charge("@bob:hs.test")


async def test_who_does_not_read_is_closed_and_may_resume(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_GRACE", 0.3)
    alice = live.door.person("alice")
    room = await live.room("slow", alice)
    slow, quick = await live.socket(alice), await live.socket(alice)
    await quick.subscribe(room)
    await slow.subscribe(room)
    transport = slow.websocket._response.connection.transport  # type: ignore[union-attr]
    transport.pause_reading()
    long = "x" * 40_000
    for number in range(400):
        await live.accept(live.timeline.message(room, alice.user_id, f"{number} {long}"))
        await quick.until("message:new")
    await eventually(lambda: len(live.gateway.doors.open[alice.user_id]) == 1)
    transport.resume_reading()
    last, message = 2, await slow.websocket.receive(timeout=5)
    while message.type is aiohttp.WSMsgType.TEXT:
        last = json.loads(message.data)["position"]
        message = await slow.websocket.receive(timeout=5)
    assert last < 402
    again = await live.socket(alice)
    begun = await again.subscribe(room, resume_from=last)
    assert begun["position"] == last
    assert (await again.next())["position"] == last + 1


async def test_the_end_of_a_sign_in_ends_its_sockets(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    body = {"user": "alice", "password": "sesame-1", "session": "token"}
    signed_in = (await live.door.ask("POST", "/api/auth/login", body)).body["session_token"]
    bearer = {"Authorization": f"Bearer {signed_in}"}
    made = await live.door.ask("POST", "/api/v1/auth/ws-connection-token", headers=bearer)
    hers = await live.connect("/ws/community/", made.body["connection_token"])
    await hers.next()
    other, his = await live.socket(alice), await live.socket(bob)
    await live.gateway.check_welcome()
    assert await hers.silent()
    assert (await live.door.ask("POST", "/api/auth/logout", headers=bearer)).status == 204
    await live.door.sql(
        "UPDATE people SET deactivated_at = now() WHERE user_id = %(who)s", who=bob.user_id
    )
    await live.gateway.check_welcome()
    assert await hers.closed() == 4001
    assert await his.closed() == 4001
    assert await other.silent()


async def test_the_end_of_an_account_ends_its_sockets_in_every_process_at_once(
    live: Live, database: Database, redis: Redis, bodies: FakeBodies, timeline: Timeline
) -> None:
    async with open_live(database.url, redis, bodies, timeline) as other:
        alice, bob = live.door.person("alice"), live.door.person("bob")
        hers, his = await live.socket(alice), await live.socket(bob)
        elsewhere = await other.socket(other.door.person("bob"))
        late = await live.token(bob)
        # Nobody looks by themselves: the commit says it.
        await live.door.sql(
            "UPDATE people SET deactivated_at = now() WHERE user_id = %(who)s", who=bob.user_id
        )
        assert [await one.closed() for one in (his, elsewhere)] == [4001, 4001]
        assert await hers.silent()
        opened = await live.connect("/ws/community/", late)
        assert await opened.closed() == 4001


async def test_a_stop_tells_everybody_to_come_again(live: Live) -> None:
    opened = await live.socket(live.door.person("alice"))
    stopping = asyncio.create_task(live.door.client.app.shutdown())  # type: ignore[union-attr]
    assert await opened.closed() == 1001
    await stopping


async def test_typing_and_reading_go_to_the_homeserver_as_the_person(live: Live) -> None:
    alice, far = live.door.person("alice"), live.door.person("far", server="far.test")
    room = await live.room("acts", alice, far)
    homeserver = live.door.homeserver
    homeserver.rooms[room] = FakeRoom(alice.user_id, {}, {alice.user_id: "join"})
    opened = await live.socket(alice)
    await opened.say(type="typing", room=room, typing=True, id="t")
    assert await opened.next() == {"v": 1, "event": "done", "re": "t"}
    assert homeserver.typing == {(room, alice.user_id)}
    await opened.say(type="read", room=room, event_id="$e", private=True, id="r")
    assert (await opened.next())["re"] == "r"
    assert homeserver.receipts == {(room, alice.user_id): ("$e", True)}
    homeserver.away = True
    await opened.say(type="typing", room=room, typing=False, id="u")
    assert (await opened.next())["code"] == "homeserver_unavailable"
    homeserver.away = False
    theirs = await live.socket(far)
    await theirs.say(type="typing", room=room, typing=True)
    assert (await theirs.next())["code"] == "local_only"


async def test_who_goes_on_typing_is_told_of_again(live: Live, redis: Redis) -> None:
    """The homeserver says only who begins; who came later sees it by the next sign."""
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("goes-on", alice, bob)
    live.door.homeserver.rooms[room] = FakeRoom(alice.user_id, {}, {alice.user_id: "join"})
    hers, theirs = await live.socket(alice), await live.socket(bob)
    await theirs.subscribe(room)
    by_rest = f"/api/v1/rooms/{quote(room)}/typing"
    for number in range(3):
        if number < 2:
            await hers.say(type="typing", room=room, typing=True)
        else:
            assert (await alice.ask("PUT", by_rest, {"typing": True})).status == 204
        frame = await theirs.next()
        assert (frame["user_id"], frame["typing"]) == (alice.user_id, True)
        assert 0 < await redis.ttl(f"community:typing:{room}") <= 10
        assert await redis.persist(f"community:typing:{room}")
    await hers.say(type="typing", room=room, typing=False, id="over")
    assert (await hers.next())["re"] == "over"
    assert await theirs.silent()
    # The homeserver's first word of it comes when it is over.
    word = {"type": "m.typing", "room_id": room, "content": {"user_ids": []}}
    live.gateway.publisher.heard([word])
    frame = await theirs.next()
    assert (frame["user_id"], frame["typing"]) == (alice.user_id, False)


async def test_typing_receipts_and_presence_reach_who_may_know(live: Live, redis: Redis) -> None:
    alice, bob, eve = (live.door.person(name) for name in ("alice", "bob", "eve"))
    room = await live.room("fleeting", alice, bob)
    hers = await live.socket(alice, "/ws/community/presence/")
    theirs = await live.socket(eve, "/ws/community/presence/")
    await hers.subscribe(room)
    heard = live.gateway.publisher.heard
    typing = {"type": "m.typing", "room_id": room}
    heard([{**typing, "content": {"user_ids": [bob.user_id, "x", 7]}}])
    frame = await hers.next()
    assert (frame["event"], frame["user_id"], frame["typing"]) == ("typing", bob.user_id, True)
    assert 0 < await redis.ttl(f"community:typing:{room}") <= 10
    late = await live.socket(alice)
    assert (await late.subscribe(room))["typing"] == [bob.user_id]
    heard([{**typing, "content": {"user_ids": []}}])
    assert (await hers.next())["typing"] is False
    ts = epoch_ms(live.door.clock.now())
    receipt = {"$e": {"m.read": {bob.user_id: {"ts": ts, "thread_id": "main"}, "x": {}}}}
    heard([{"type": "m.receipt", "room_id": room, "content": receipt}])
    frame = await hers.next()
    assert (frame["event"], frame["event_id"], frame["ts"]) == ("receipt", "$e", ts)
    presence = {"type": "m.presence", "sender": bob.user_id}
    heard([{**presence, "content": {"presence": "online", "last_active_ago": 5}}])
    frame = await hers.next()
    assert (frame["event"], frame["presence"]) == ("presence", "online")
    assert await theirs.silent()
    await bob.post("/api/profile/alice/block")
    heard([{**presence, "content": {"presence": "offline"}}, {"type": "m.presence"}, {}])
    heard(
        [{**typing, "content": []}, {"type": "m.receipt", "room_id": room, "content": {"$e": 1}}]
    )
    assert await hers.silent()


async def test_who_has_a_room_open(live: Live, redis: Redis) -> None:
    alice, bob, eve = (live.door.person(name) for name in ("alice", "bob", "eve"))
    room = await live.room("open", alice, bob, eve)
    key = f"community:presence:{room}"
    his, theirs = await live.socket(bob), await live.socket(eve)
    assert (await his.subscribe(room))["online"] == []
    # Whoever is told that they hear the room is counted there, at once.
    assert (await bob.get(f"/api/v1/rooms/{room}")).body["online_count"] == 1
    second = await live.socket(bob)
    await second.subscribe(room)
    await second.say(type="unsubscribe", room=room)
    await second.until("unsubscribed")
    assert (await bob.get(f"/api/v1/rooms/{room}")).body["online_count"] == 1
    await theirs.subscribe(room)
    await eve.post("/api/profile/alice/block")
    hers = await live.socket(alice)
    assert (await hers.subscribe(room))["online"] == [bob.user_id]
    assert 0 < await redis.ttl(key) <= 60
    await his.say(type="unsubscribe", room=room)
    await his.until("unsubscribed")
    await theirs.websocket.close()
    await eventually(lambda: not live.gateway.doors.open.get(eve.user_id))

    async def left() -> list[bytes]:
        found: list[bytes] = await redis.zrange(key, 0, -1)
        return found

    async def only_alice() -> bool:
        return await left() == [alice.user_id.encode()]

    await eventually(only_alice)
    live.door.clock.advance(seconds=61)
    assert (await his.subscribe(room))["online"] == []
    await live.gateway._online.here(live.gateway._hub.listeners())
    assert set(await left()) == {alice.user_id.encode(), bob.user_id.encode()}


async def test_hearing_a_room_asks_for_its_trust(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("trusted", alice, bob)
    await live.door.sql("UPDATE rooms SET min_trust = 2 WHERE room_id = %(r)s", r=room)
    his = await live.socket(bob)
    await his.say(type="subscribe", room=room, id="s")
    frame = await his.next()
    assert (frame["event"], frame["code"], frame["re"]) == ("error", "trust_required", "s")
    alone = await live.connect(f"/ws/community/room/{quote(room)}/", await live.token(bob))
    assert await alone.closed() == 4003
    events = await bob.get(f"/api/v1/rooms/{quote(room)}/events?since=0")
    assert (events.status, events.code) == (403, "trust_required")
    # Who made the room manages it.
    assert (await (await live.socket(alice)).subscribe(room))["event"] == "subscribed"


async def test_frames_of_friendship_reach_every_socket(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    sockets = [await live.socket(bob) for _ in range(2)]
    await alice.post("/api/profile/bob/friend-request", {"message": "hi"})
    for opened in sockets:
        frame = await opened.next()
        assert (frame["event"], frame["user_id"]) == ("friend_request:created", alice.user_id)
        assert frame["pending"]["incoming"] == 1


async def test_the_long_poll_has_the_same_frames(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await live.room("poll", alice)
    path = f"/api/v1/rooms/{room}/events"
    begun = (await alice.get(path)).body
    assert begun == {"position": 2, "frames": []}
    assert (await alice.get(f"{path}?since=2&timeout=0")).body == begun
    waiting = asyncio.create_task(alice.get(f"{path}?since=2&timeout=20"))
    hub = live.gateway.doors.hub
    await eventually(lambda: room in hub._rooms and hub._rooms[room].people)
    await live.accept(live.timeline.message(room, alice.user_id, "one"))
    answer = (await waiting).body
    assert answer["position"] == 3
    assert [frame["content"]["body"] for frame in answer["frames"]] == ["one"]
    await live.accept(live.timeline.message(room, alice.user_id, "two"))
    missed = (await alice.get(f"{path}?since=3&timeout=20")).body
    assert [frame["content"]["body"] for frame in missed["frames"]] == ["two"]
    assert (await eve.get(path)).status == 404
    assert (await alice.get(f"{path}?since=-1")).status == 400
    await eventually(lambda: not hub._rooms and not hub.people.here)


async def test_a_long_poll_tells_of_ones_own_memberships(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await live.room("joined", alice, eve)
    path = "/api/v1/events?timeout=20"
    begun = (await eve.get(path)).body
    assert begun == {"position": 3, "frames": []}
    waiting = asyncio.create_task(eve.get(f"{path}&since=3"))
    people = live.gateway.doors.hub.people
    await eventually(lambda: people.sinks(eve.user_id))
    other = live.timeline.create("!other", alice.user_id, room_version="12")
    await live.accept(other, live.timeline.member("!other", eve.user_id, "join", alice.user_id))
    answer = (await waiting).body
    told = [(one["event"], one["room_id"], one["membership"]) for one in answer["frames"]]
    assert told == [("member:changed", "!other", "join")]
    assert answer["position"] == answer["frames"][0]["position"] > 3
    # What came while nobody waited, as it is now; and nobody else's.
    await live.accept(live.timeline.member(room, eve.user_id, "leave", alice.user_id))
    missed = (await eve.get(f"{path}&since={answer['position']}")).body
    assert [(one["room_id"], one["membership"]) for one in missed["frames"]] == [(room, "leave")]
    assert [one["room_id"] for one in (await alice.get(f"{path}&since=0")).body["frames"]] == [
        room
    ]
    await eventually(lambda: not people.here)


async def test_nothing_stays_behind(live: Live) -> None:
    alice = live.door.person("alice")
    room = await live.room("leaving", alice)
    hub = live.gateway.doors.hub
    for _ in range(3):
        opened = await live.socket(alice)
        await opened.subscribe(room)
        await opened.say(type="subscribe", room=room)
        assert (await opened.next())["event"] == "subscribed"
        await opened.say(type="unsubscribe", room=room, id="u")
        assert (await opened.next())["re"] == "u"
        await opened.subscribe(room)
        await opened.websocket.close()
    await eventually(lambda: not hub._rooms and not hub.people.here)
    assert not live.gateway.doors.open
    assert set(hub.bus._handlers) == {"community:presence"}


async def test_the_description_of_frames_holds(live: Live) -> None:
    document = (await live.door.ask("GET", "/api/frames.json")).body
    Draft202012Validator.check_schema(document["frames"])
    Draft202012Validator.check_schema(document["commands"])
    alice = live.door.person("alice")
    room = await live.room("described", alice)
    opened = await live.socket(alice)
    validator = Draft202012Validator(document["frames"])
    validator.validate(await opened.subscribe(room))
    await live.accept(live.timeline.message(room, alice.user_id))
    validator.validate(await opened.next())
    with pytest.raises(Exception, match="not valid"):
        validator.validate({"v": 1, "event": "unheard-of"})


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_packet_is_one_websocket_message(size: int) -> None:
    wire = Packet(b"x" * size).wire
    head = {125: 2, 126: 4, 65_535: 4, 65_536: 10}.get(size, 2)
    assert len(wire) == head + size
    envelope = Envelope(b'{"a":"\\n"}', 7, 6, "@a:b", ("@c:d", "join"))
    assert Envelope.unpack(envelope.pack()) == envelope
    assert json.loads(envelope.body) == {"a": "\n"}
