# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Kith relies on, asked of the fake and of a real Synapse alike."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from appservice.assembly import assemble
from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.port import Chunk, Homeserver
from stack.postgres import Postgres
from stack.redis import Redis
from tests.fakes.homeserver import FakeHomeserver
from tests.support.settings import settings_of
from tests.support.stack import BARE, TestStack

HS = "hs.test"


@asynccontextmanager
async def synapse(postgres: Postgres, redis: Redis, folder: Path) -> AsyncIterator[Homeserver]:
    async with (
        TestStack(postgres, redis, folder, BARE) as stack,
        assemble(settings_of(stack)) as assembly,
    ):
        yield assembly.homeserver


@pytest.fixture(params=["fake", pytest.param("synapse", marks=pytest.mark.journey)])
async def homeserver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Homeserver]:
    if request.param == "fake":
        yield FakeHomeserver()
        return
    postgres = request.getfixturevalue("migrated")
    redis = request.getfixturevalue("redis_server")
    async with synapse(postgres, redis, tmp_path) as real:
        yield real


async def refused(errcode: str, attempt: object) -> None:
    with pytest.raises(HomeserverRefused) as caught:
        await attempt  # type: ignore[misc]
    assert caught.value.errcode == errcode


async def test_the_homeserver_does_what_kith_relies_on(homeserver: Homeserver) -> None:
    # One test, because a real Synapse takes seconds to start.
    await homeserver.register_service_user()
    await homeserver.register_service_user()
    alice = await homeserver.register("alice", "sesame-open", admin=True)
    bob = await homeserver.register("bob", "sesame-open")
    assert (alice, bob) == (f"@alice:{HS}", f"@bob:{HS}")
    await refused("M_USER_IN_USE", homeserver.register("bob", "sesame-open"))

    await _signing_in(homeserver, alice)
    await _accounts(homeserver, alice)
    await _rooms(homeserver, alice, bob)
    await _aliases(homeserver)
    await _going(homeserver)


async def _signing_in(homeserver: Homeserver, alice: str) -> None:
    await refused("M_FORBIDDEN", homeserver.login(alice, "wrong"))
    login = await homeserver.login(alice, "sesame-open")
    assert login.user_id == alice
    assert await homeserver.whoami(login.access_token) == alice
    await homeserver.logout(login.access_token)
    await refused("M_UNKNOWN_TOKEN", homeserver.whoami(login.access_token))


async def _accounts(homeserver: Homeserver, alice: str) -> None:
    await homeserver.set_profile(alice, "displayname", "Alice A.")
    profile = await homeserver.get_profile(alice)
    assert profile is not None
    assert profile["displayname"] == "Alice A."
    await homeserver.set_profile(alice, "m.tz", "Europe/Oslo")
    assert (await homeserver.get_profile(alice) or {})["m.tz"] == "Europe/Oslo"
    for field in ("m.tz", "m.tz", "avatar_url"):
        await homeserver.clear_profile(alice, field)
    assert "m.tz" not in (await homeserver.get_profile(alice) or {})
    assert await homeserver.get_profile(f"@nobody:{HS}") is None
    assert await homeserver.get_account_data(alice, "m.direct") is None
    await homeserver.set_account_data(alice, "m.direct", {"@x:y": ["!r"]})
    assert await homeserver.get_account_data(alice, "m.direct") == {"@x:y": ["!r"]}
    held = await homeserver.login(alice, "sesame-open")
    account = await homeserver.account(alice)
    assert [one["user_id"] for one in account["devices"]] == [alice]
    assert (account["pushers"], account["threepids"]) == ([], [])
    await homeserver.logout(held.access_token)
    await refused("M_FORBIDDEN", homeserver.account(f"@nobody:{HS}"))
    await refused("M_FORBIDDEN", homeserver.account("@somebody:far.test"))


async def _rooms(homeserver: Homeserver, alice: str, bob: str) -> None:
    room = await homeserver.create_room(
        {
            "preset": "private_chat",
            "name": "Two",
            "creation_content": {"social.kith.kind": "dm"},
        },
        as_user=alice,
    )
    await refused("M_FORBIDDEN", homeserver.join(room, as_user=bob))
    await homeserver.invite(room, bob, as_user=alice)
    await homeserver.join(room, as_user=bob)
    await homeserver.join(room, as_user=bob)
    assert set(await homeserver.joined_members(room, as_user=bob)) == {alice, bob}
    await refused("M_FORBIDDEN", homeserver.invite(room, bob, as_user=alice))
    assert await homeserver.event(room, "$none", as_user=None) is None
    create = await homeserver.get_state(room, "m.room.create", "", as_user=bob)
    assert create is not None
    assert create["social.kith.kind"] == "dm"
    assert await homeserver.get_state(room, "m.room.topic", "", as_user=bob) is None

    hello = {"msgtype": "m.text", "body": "hello"}
    first = await homeserver.send_message(room, hello, as_user=alice, key="one")
    assert first == await homeserver.send_message(room, hello, as_user=alice, key="one")
    second = await homeserver.send_message(room, hello, as_user=bob, key="one")
    assert second != first
    token = await homeserver.position_of(room, first, as_user=bob)
    events, _ = await homeserver.events_after(room, token, 10, as_user=bob)
    assert [event["event_id"] for event in events] == [second]
    seen = await homeserver.event(room, first, as_user=bob)
    assert seen is not None
    assert (seen["event_id"], seen["content"]["body"]) == (first, "hello")
    assert await homeserver.event(room, "$none", as_user=bob) is None
    newest = await homeserver.newest(room, 2, as_user=alice)
    assert [event["event_id"] for event in newest] == [second, first]
    await _timeline(homeserver, room, alice, bob)
    await _reading(homeserver, room, first, bob)
    await homeserver.redact(room, first, as_user=alice, key="two")
    removed = await homeserver.event(room, first, as_user=bob)
    assert removed is not None
    assert removed["content"] == {}

    await homeserver.kick(room, bob, as_user=alice)
    await refused("M_FORBIDDEN", homeserver.send_message(room, hello, as_user=bob, key="three"))
    await homeserver.forget(room, as_user=bob)
    await homeserver.ban(room, bob, as_user=alice)
    await homeserver.leave(room, as_user=alice)
    await refused("M_FORBIDDEN", homeserver.create_room({}, as_user=f"@ghost:{HS}"))


async def _reading(homeserver: Homeserver, room: str, root: str, bob: str) -> None:
    in_thread = {"rel_type": "m.thread", "event_id": root}
    content = {"msgtype": "m.text", "body": "beside", "m.relates_to": in_thread}
    reply = await homeserver.send_message(room, content, as_user=bob, key="beside")
    await homeserver.send_receipt(room, root, as_user=bob)
    await homeserver.send_receipt(room, reply, as_user=bob, private=True)
    await homeserver.send_receipt(room, reply, as_user=bob, thread_root=root)
    for muted in (True, True, False, False):
        await homeserver.mute_room(room, muted=muted, as_user=bob)
        assert await homeserver.is_muted(room, as_user=bob) is muted
    stranger = homeserver.send_receipt(room, root, as_user=homeserver.service_user)
    await refused("M_FORBIDDEN", stranger)
    await homeserver.redact(room, reply, as_user=bob, key="beside gone")


ANY = {"types": ["m.room.message"]}


async def _timeline(  # noqa: PLR0915 - one story, told to a Synapse that takes seconds to start
    homeserver: Homeserver, room: str, alice: str, bob: str
) -> None:
    """Reading, of a room with two messages."""

    async def said(body: str, who: str, **more: Any) -> str:
        content = {"msgtype": "m.text", "body": body, **more}
        return await homeserver.send_message(room, content, as_user=who, key=body)

    def ids(chunk: Chunk) -> list[str]:
        return [event["event_id"] for event in chunk.events]

    root = await said("mountain root", alice)
    in_thread = {"rel_type": "m.thread", "event_id": root}
    replies = [
        await said(f"reply {n}", who, **{"m.relates_to": in_thread})
        for n, who in ((1, bob), (2, alice), (3, bob))
    ]
    new = {"msgtype": "m.text", "body": "valley"}
    replaces = {"rel_type": "m.replace", "event_id": root}
    await said("* valley", alice, **{"m.new_content": new, "m.relates_to": replaces})
    liked = {"m.relates_to": {"rel_type": "m.annotation", "event_id": root, "key": "+"}}
    like = await homeserver.send_message(
        room, liked, as_user=bob, key="like", event_type="m.reaction"
    )
    twice = homeserver.send_message(room, liked, as_user=bob, key="l2", event_type="m.reaction")
    await refused("M_DUPLICATE_ANNOTATION", twice)

    event = await homeserver.event(room, root, as_user=bob)
    assert event is not None
    bundled = event["unsigned"]["m.relations"]
    assert bundled["m.replace"]["content"]["m.new_content"]["body"] == "valley"
    assert bundled["m.thread"]["count"] == 3
    assert bundled["m.thread"]["latest_event"]["event_id"] == replies[2]
    assert bundled["m.thread"]["current_user_participated"] is True
    assert await homeserver.event(room, "$nothing", as_user=bob) is None

    def part(token: str | None, limit: int, *, back: bool = True) -> Awaitable[Chunk]:
        return homeserver.messages(
            room, token=token, backwards=back, limit=limit, kinds=ANY, as_user=bob
        )

    newest = await part(None, 2)
    assert len(newest.events) == 2
    older = await part(newest.end, 2)
    assert ids(older) == [replies[1], replies[0]]
    again = await part(newest.end, 2, back=False)
    assert ids(again) == ids(newest)[::-1]
    rest = await part(older.end, 50)
    assert ids(rest)[0] == root
    assert rest.end is None or (await part(rest.end, 50)).events == []
    around = await homeserver.context(room, replies[1], limit=2, kinds=ANY, as_user=bob)
    assert [e["event_id"] for e in around.before] == [replies[0]]
    assert around.event["event_id"] == replies[1]
    assert [e["event_id"] for e in around.after] == [replies[2]]

    def thread(token: str | None, *, back: bool = True) -> Awaitable[Chunk]:
        return homeserver.relations(
            room, root, "m.thread", token=token, limit=2, as_user=bob, backwards=back
        )

    last = await thread(None)
    assert ids(last) == [replies[2], replies[1]]
    assert ids(await thread(last.end)) == [replies[0]]
    assert ids(await thread(None, back=False)) == replies[:2]
    likes = await homeserver.relations(
        room, root, "m.annotation", token=None, limit=9, as_user=bob
    )
    assert ids(likes) == [like]
    threads = await homeserver.threads(room, token=None, limit=9, as_user=bob)
    assert ids(threads) == [root]
    wanted = {**ANY, "rooms": [room], "limit": 10}
    found = await homeserver.search("mountain", wanted, token=None, as_user=bob)
    assert ids(found) == [root]
    page = {**wanted, "limit": 1}
    first = await homeserver.search("reply", page, token=None, as_user=bob)
    second = await homeserver.search("reply", page, token=first.end, as_user=bob)
    assert ids(first) + ids(second) == [replies[2], replies[1]]
    anywhere = {**ANY, "limit": 10}
    found = await homeserver.search("mountain", anywhere, token=None, as_user=bob)
    assert ids(found) == [root]
    found = await homeserver.search("mountain", anywhere, token=None, as_user=None)
    assert ids(found) == [], "the service is not in the room"
    stranger = homeserver.messages(
        room, token=None, backwards=True, limit=5, kinds=ANY, as_user=None
    )
    await refused("M_FORBIDDEN", stranger)


async def _aliases(homeserver: Homeserver) -> None:
    request = {"preset": "public_chat", "room_alias_name": "place"}
    room = await homeserver.create_room(request, as_user=None)
    assert await homeserver.resolve_alias(f"#place:{HS}") == room
    assert await homeserver.resolve_alias(f"#none:{HS}") is None
    await refused("M_ROOM_IN_USE", homeserver.create_room(request, as_user=None))


async def _going(homeserver: Homeserver) -> None:
    carol = await homeserver.register("carol", "sesame-open")
    await homeserver.set_profile(carol, "m.tz", "Europe/Oslo")
    token = (await homeserver.login(carol, "sesame-open")).access_token
    for _ in range(2):
        await homeserver.deactivate(carol)
    await refused("M_UNKNOWN_TOKEN", homeserver.whoami(token))
    with pytest.raises(HomeserverRefused):
        await homeserver.login(carol, "sesame-open")
    assert not await homeserver.get_profile(carol)
    await refused("M_USER_IN_USE", homeserver.register("carol", "sesame-open"))
    await refused("M_FORBIDDEN", homeserver.deactivate(f"@nobody:{HS}"))


async def test_a_homeserver_that_is_away_says_so() -> None:
    away = FakeHomeserver()
    away.away = True
    with pytest.raises(Unavailable):
        await away.get_profile(f"@alice:{HS}")
