# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts on sockets: a snapshot, then changes, from whichever process they come."""

import asyncio
from typing import Any

import pytest

from appservice.errors import Unavailable
from appservice.realtime import unread as feeds
from tests.appservice.unread.test_counts import naming
from tests.support.databases import Database
from tests.support.eventually import eventually
from tests.support.live import Live, Socket, open_live


async def watching(live: Live, person: Any) -> tuple[Socket, dict[str, Any]]:
    socket = await live.socket(person)
    await socket.say(type="unread", id="u")
    snapshot = await socket.next()
    assert snapshot["event"] == "unread:snapshot", snapshot
    assert (snapshot["seq"], snapshot["re"]) == (1, "u")
    return socket, snapshot


async def test_a_snapshot_then_every_change(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    first = live.timeline.message(room, alice.user_id)
    await live.commit(first)
    socket, snapshot = await watching(live, bob)
    assert [(one["room_id"], one["unread"]) for one in snapshot["rooms"]] == [(room, 1)]
    assert snapshot["total"] == {"unread_rooms": 1, "mentions": 0}
    await live.commit(live.timeline.message(room, alice.user_id, "x", **naming(bob)))
    changed = await socket.next()
    assert (changed["event"], changed["seq"]) == ("unread:changed", 2)
    assert (changed["unread"], changed["mentions"]) == (2, 1)
    assert changed["total"] == {"unread_rooms": 1, "mentions": 1}
    await socket.say(type="read", room=room, event_id=first.event_id)
    changed = await socket.until("unread:changed")
    assert (changed["seq"], changed["unread"], changed["read_event_id"]) == (3, 1, first.event_id)
    await live.commit(live.timeline.member(room, bob.user_id, "leave", alice.user_id))
    changed = await socket.until("unread:changed")
    assert (changed["unread"], changed["mentions"]) == (0, 0)
    assert changed["total"] == {"unread_rooms": 0, "mentions": 0}


async def test_one_tab_empties_the_other_in_another_process(
    live: Live, database: Database
) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    said = live.timeline.message(room, alice.user_id)
    await live.commit(said)
    async with open_live(database.url, None, live.bodies, live.timeline) as second:
        homeserver = second.door.homeserver
        homeserver.passwords.update(live.door.homeserver.passwords)
        homeserver.profiles.update(live.door.homeserver.profiles)
        there = second.door.person("bob")
        socket, _ = await watching(second, there)
        answer = await bob.post(f"/api/v1/rooms/{room}/read", {"event_id": said.event_id})
        assert answer.status == 200
        changed = await socket.until("unread:changed", within=1.0)
        assert (changed["room_id"], changed["unread"]) == (room, 0)
        block = await bob.post(f"/api/profile/{alice.user_id}/block")
        assert block.status == 204
        await live.commit(live.timeline.message(room, alice.user_id))
        assert await socket.silent()


async def test_a_room_joined_later_counts_too(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice)
    socket, snapshot = await watching(live, bob)
    assert snapshot["rooms"] == []
    await live.commit(live.timeline.member(room, bob.user_id, "join"))
    assert (await socket.until("unread:changed"))["room_id"] == room
    await live.commit(live.timeline.message(room, alice.user_id))
    changed = await socket.until("unread:changed")
    assert (changed["seq"], changed["unread"]) == (3, 1)


async def test_sockets_of_one_person_count_for_themselves(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    one, _ = await watching(live, bob)
    await live.commit(live.timeline.message(room, alice.user_id))
    assert (await one.next())["seq"] == 2
    other, snapshot = await watching(live, bob)
    assert snapshot["rooms"][0]["unread"] == 1
    await live.commit(live.timeline.message(room, alice.user_id))
    assert ((await one.next())["seq"], (await other.next())["seq"]) == (3, 2)
    await one.say(type="unread")
    assert (await one.next())["seq"] == 1
    feed = live.gateway._unread
    await one.websocket.close()
    await other.websocket.close()
    await eventually(lambda: not feed._watchers and not feed._in_room)


async def test_what_changes_while_the_counts_are_read_is_not_lost(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    read, go = feeds.store.of_people, asyncio.Event()
    reading = asyncio.Event()

    async def slowly(*args: Any) -> Any:
        found = await read(*args)
        reading.set()
        await go.wait()
        return found

    monkeypatch.setattr(feeds.store, "of_people", slowly)
    socket = await live.socket(bob)
    await socket.say(type="unread")
    await reading.wait()
    await live.commit(live.timeline.message(room, alice.user_id))
    watcher = live.gateway._unread._watchers[bob.user_id]
    await eventually(lambda: watcher.missed)
    go.set()
    assert (await socket.next())["total"] == {"unread_rooms": 0, "mentions": 0}
    assert (await socket.next())["total"] == {"unread_rooms": 1, "mentions": 0}


async def test_counts_wait_while_the_database_is_away(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    socket, _ = await watching(live, bob)
    count, failed = feeds.store.of_pairs, asyncio.Event()

    async def away(*args: Any) -> Any:
        if failed.is_set():
            return await count(*args)
        failed.set()
        raise Unavailable("database")

    monkeypatch.setattr(feeds, "_AWAY", 0.1)
    monkeypatch.setattr(feeds.store, "of_pairs", away)
    await live.commit(live.timeline.message(room, alice.user_id))
    assert (await socket.until("unread:changed"))["unread"] == 1
    assert failed.is_set()


async def test_an_upgrade_takes_the_mute_along_and_leaves_nothing_unread(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    old = await live.room("old", alice, bob)
    await live.commit(live.timeline.message(old, alice.user_id))
    socket, snapshot = await watching(live, bob)
    assert snapshot["total"]["unread_rooms"] == 1
    muted = await alice.ask("PUT", f"/api/v1/rooms/{old}/mute", {"muted": True})
    assert muted.status == 200
    before = {"room_id": old, "event_id": "$tomb"}
    stamp = {"social.kith.kind": "forum", "room_version": "12", "predecessor": before}
    await live.commit(
        live.timeline.create("!new", alice.user_id, **stamp),
        live.timeline.event(
            old, alice.user_id, "m.room.tombstone", {"replacement_room": "!new"}, ""
        ),
        live.timeline.member("!new", alice.user_id, "join"),
        live.timeline.member("!new", bob.user_id, "join"),
    )
    seen = {}
    while len(seen) < 2:
        changed = await socket.until("unread:changed")
        seen[changed["room_id"]] = changed["unread"]
    assert seen == {old: 0, "!new": 0}
    assert changed["total"] == {"unread_rooms": 0, "mentions": 0}
    hers = (await alice.get("/api/v1/unread")).body["rooms"]
    assert [(one["room_id"], one["muted"]) for one in hers] == [("!new", True)]
