# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming, going and muting: the homeserver decides, the answer says how it then is."""

import asyncio

import pytest

from appservice.errors import HomeserverRefused
from appservice.rooms import service
from tests.fakes.homeserver import FakeRoom
from tests.support.door import Answer, Person
from tests.support.eventually import eventually
from tests.support.live import Live


async def forum(live: Live, *people: Person, visibility: str = "public") -> str:
    """A forum both sides know."""
    room = await live.room("forum", *people)
    await live.door.sql(
        "UPDATE rooms SET visibility = %(v)s, slug = 'cats' WHERE room_id = %(r)s",
        v=visibility,
        r=room,
    )
    rule = {("m.room.join_rules", ""): {"join_rule": "public"}}
    members = {person.user_id: "join" for person in people}
    live.door.homeserver.rooms[room] = FakeRoom(people[0].user_id, {}, members, rule)
    return room


async def then(live: Live, asked: asyncio.Task[Answer], person: Person, room: str) -> Answer:
    """Let the homeserver's event come in once it has accepted the request."""
    members = live.door.homeserver.rooms[room].members
    before = members.get(person.user_id)
    await eventually(lambda: asked.done() or members.get(person.user_id) != before)
    await live.commit(live.timeline.member(room, person.user_id, members[person.user_id]))
    return await asked


async def test_joining_and_leaving_answer_what_is_so(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await forum(live, alice)
    joining = asyncio.create_task(eve.post("/api/v1/rooms/Cats/join"))
    answer = await then(live, joining, eve, room)
    assert (answer.status, answer.body["membership"]) == (200, "join")
    assert (await eve.post("/api/v1/rooms/cats/join")).body == answer.body
    assert (await eve.get(f"/api/v1/rooms/{room}")).body["members_count"] == 2
    leaving = asyncio.create_task(eve.post(f"/api/v1/rooms/{room}/leave"))
    answer = await then(live, leaving, eve, room)
    assert answer.body["membership"] == "leave"
    assert (await eve.post(f"/api/v1/rooms/{room}/leave")).status == 404


async def test_a_room_may_ask_for_trust(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await forum(live, alice)
    await live.door.sql("UPDATE rooms SET min_trust = 2 WHERE room_id = %(r)s", r=room)
    path = f"/api/v1/rooms/{room}/join"
    answer = await eve.post(path)
    assert (answer.status, answer.code) == (403, "trust_required")
    # The homeserver was not even asked.
    assert eve.user_id not in live.door.homeserver.rooms[room].members
    await live.door.sql("UPDATE people SET trust = 2 WHERE user_id = %(u)s", u=eve.user_id)
    joining = asyncio.create_task(eve.post(path))
    assert (await then(live, joining, eve, room)).status == 200


async def test_a_refusal_is_said_as_it_was_given(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await forum(live, alice, visibility="unlisted")
    homeserver = live.door.homeserver

    async def refuses(*_: object, **__: object) -> None:
        raise HomeserverRefused(403, "M_FORBIDDEN", "Somebody has to invite you.", "read_only")

    monkeypatch.setattr(homeserver, "join", refuses)
    # Unlisted is no secret: whoever has the address may try.
    refused = await eve.post(f"/api/v1/rooms/{room}/join")
    assert (refused.status, refused.code) == (403, "read_only")
    await live.door.sql("UPDATE rooms SET visibility = 'private'")
    assert (await eve.post(f"/api/v1/rooms/{room}/join")).status == 404
    monkeypatch.undo()
    homeserver.away = True
    assert (await alice.post(f"/api/v1/rooms/{room}/leave")).code == "homeserver_unavailable"


async def test_an_event_that_does_not_come_is_not_waited_for_long(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_SETTLED", 0.1)
    alice, eve = live.door.person("alice"), live.door.person("eve")
    room = await forum(live, alice)
    answer = await eve.post(f"/api/v1/rooms/{room}/join")
    assert (answer.status, answer.body["membership"]) == (200, None)


async def test_receipts_say_what_is_public(live: Live) -> None:
    alice, bob, eve = (live.door.person(name) for name in ("alice", "bob", "eve"))
    room = await forum(live, alice, bob, eve)
    one = live.timeline.message(room, alice.user_id, "one")
    two = live.timeline.message(room, alice.user_id, "two")
    await live.commit(one, two)
    path = f"/api/v1/rooms/{room}"
    await bob.post(f"{path}/read", {"event_id": one.event_id})
    await bob.post(f"{path}/read", {"event_id": two.event_id, "private": True})
    await eve.post(f"{path}/read", {"event_id": two.event_id})

    async def told(reader: Person) -> list[tuple[str, str]]:
        items = (await reader.get(f"{path}/receipts")).body["items"]
        return [(item["user_id"], item["event_id"]) for item in items]

    assert await told(alice) == [(eve.user_id, two.event_id), (bob.user_id, one.event_id)]
    await eve.post(f"/api/profile/{alice.user_id}/block")
    assert await told(alice) == [(bob.user_id, one.event_id)]
    # Their own is not news to them; who wrote has read.
    assert await told(bob) == [(alice.user_id, two.event_id), (eve.user_id, two.event_id)]
    homeserver = live.door.homeserver
    assert homeserver.receipts[room, bob.user_id] == (two.event_id, True)
    # The mark holds while the homeserver is away; an event nobody knows needs it.
    homeserver.away = True
    three = live.timeline.message(room, alice.user_id, "three")
    await live.commit(three)
    answer = await bob.post(f"{path}/read", {"event_id": three.event_id})
    assert (answer.status, answer.body["unread"]) == (200, 0)
    unknown = await bob.post(f"{path}/read", {"event_id": "$unknown"})
    assert unknown.code == "homeserver_unavailable"


async def test_who_was_removed_hears_by_whom_and_nobody_else(live: Live) -> None:
    alice, eve, bob = (live.door.person(name) for name in ("alice", "eve", "bob"))
    room = await live.room("forum", alice, eve, bob)
    path = f"/api/v1/rooms/{room}/removal"
    member = live.timeline.member
    assert (await eve.get(path)).status == 404
    await live.commit(member(room, eve.user_id, "leave", alice.user_id, reason="Enough."))
    answer = await eve.get(path)
    assert answer.status == 200
    assert (answer.body["what"], answer.body["by"]["user_id"]) == ("removed", alice.user_id)
    assert "Enough." not in str(answer.body)
    await live.commit(member(room, eve.user_id, "ban", alice.user_id))
    assert (await eve.get(path)).body["what"] == "banned"
    # Who goes by themselves was not removed; others' removals are theirs.
    await live.commit(member(room, bob.user_id, "leave"))
    assert (await bob.get(path)).status == 404
    assert (await alice.get(path)).status == 404
    await live.commit(member(room, eve.user_id, "leave", alice.user_id))
    await live.commit(member(room, eve.user_id, "join"))
    assert (await eve.get(path)).status == 404
