# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the inbox tells of a conversation's messages: to whom, and how much is unread."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from appservice.clock import SystemClock
from tests.fakes.bodies import FakeBodies
from tests.fakes.clock import FrozenClock
from tests.fakes.events import Timeline
from tests.support.databases import Database
from tests.support.door import Person
from tests.support.live import Live, open_live

PATH = "/api/dm/conversations"


@pytest.fixture
async def live(database: Database) -> AsyncIterator[Live]:
    timeline = Timeline(FrozenClock(SystemClock().now()))
    async with open_live(database.url, None, FakeBodies(), timeline) as opened:
        yield opened


async def entry(person: Person, query: str = "") -> dict[str, Any]:
    answer = await person.get(PATH + query)
    assert answer.status == 200, answer.text
    (found,) = answer.body["conversations"]
    return dict(found)


async def said(person: Person) -> str | None:
    last = (await entry(person))["last_message"]
    return last and str(last["excerpt"])


async def talk(live: Live) -> tuple[str, Person, Person]:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    await live.door.befriend(alice, bob)
    return await live.room("dm", alice, bob, kind="dm"), alice, bob


async def test_the_newest_line_is_told(live: Live) -> None:
    room, alice, bob = await talk(live)
    assert (await entry(bob))["last_message"] is None
    hello = live.timeline.message(room, alice.user_id, "hello\nall \u202eof you" + " x" * 100)
    await live.commit(hello)
    last = (await entry(bob))["last_message"]
    assert (last["sender"], last["kind"], last["ts"]) == (alice.user_id, "text", hello.ts)
    assert last["excerpt"].startswith("hello all of you x x")
    assert len(last["excerpt"]) == 140
    live.bodies.away = True
    assert (await entry(bob))["last_message"] is None
    live.bodies.away = False
    await live.commit(
        live.timeline.event(room, bob.user_id, "m.room.encrypted", {"algorithm": "x"})
    )
    last = (await entry(bob))["last_message"]
    assert (last["kind"], last["excerpt"]) == ("encrypted", None)


async def test_notices_are_told_too(live: Live) -> None:
    room, alice, bob = await talk(live)
    notice = {"msgtype": "m.notice", "body": "I am a program"}
    await live.commit(live.timeline.event(room, alice.user_id, "m.room.message", notice))
    found = await entry(bob)
    assert (found["last_message"]["kind"], found["last_message"]["excerpt"]) == (
        "notice",
        "I am a program",
    )
    # Said, but nothing that waits to be read.
    assert found["unread"] == 0
    await live.commit(live.timeline.event(room, bob.user_id, "m.reaction", {"x": 1}))
    assert await said(bob) == "I am a program"


async def test_an_edit_is_told_and_only_its_authors(live: Live) -> None:
    room, alice, bob = await talk(live)
    first = live.timeline.message(room, alice.user_id, "first")
    await live.commit(first)

    def edit(sender: Person, text: str) -> Any:
        return live.timeline.event(
            room,
            sender.user_id,
            "m.room.message",
            {
                "msgtype": "m.text",
                "body": f"* {text}",
                "m.new_content": {"msgtype": "m.text", "body": text},
                "m.relates_to": {"rel_type": "m.replace", "event_id": first.event_id},
            },
        )

    await live.commit(edit(bob, "forged"))
    assert await said(bob) == "first"
    await live.commit(edit(alice, "second"))
    assert await said(bob) == "second"
    gone = {"redacts": first.event_id}
    await live.commit(live.timeline.event(room, alice.user_id, "m.room.redaction", gone))
    assert await said(bob) is None


async def test_nothing_is_told_of_the_blocked(live: Live) -> None:
    room, alice, bob = await talk(live)
    await live.commit(live.timeline.message(room, bob.user_id, "mine"))
    await live.commit(live.timeline.message(room, alice.user_id, "theirs"))
    await bob.post(f"/api/profile/{alice.user_id}/block")
    assert await said(bob) == "mine"
    assert await said(alice) == "theirs"


@pytest.mark.parametrize(("rule", "seen"), [("joined", None), ("shared", "before")])
async def test_what_was_said_before_one_came(live: Live, rule: str, seen: str | None) -> None:
    room, alice, _ = await talk(live)
    carol = live.door.person("carol")
    state = live.timeline.event(
        room, alice.user_id, "m.room.history_visibility", {"history_visibility": rule}, ""
    )
    await live.commit(state, live.timeline.message(room, alice.user_id, "before"))
    await live.commit(
        live.timeline.member(room, carol.user_id, "invite", alice.user_id),
    )
    assert (await entry(carol))["last_message"] is None
    await live.commit(live.timeline.member(room, carol.user_id, "join"))
    assert await said(carol) == seen
    await live.commit(live.timeline.message(room, alice.user_id, "after"))
    assert await said(carol) == "after"


async def test_what_is_unread_is_counted(live: Live) -> None:
    room, alice, bob = await talk(live)
    other = await live.room("other", alice, live.door.person("carol"), kind="dm")
    named = {"m.mentions": {"user_ids": [bob.user_id]}}
    await live.commit(
        live.timeline.message(room, alice.user_id),
        live.timeline.message(room, alice.user_id, **named),
    )
    found = await entry(bob, "?filter=unread")
    assert (found["unread"], found["mentions"], found["muted"]) == (2, 1, False)
    assert (await alice.get(PATH + "?filter=unread")).body["conversations"] == []
    rooms = {
        one["room_id"]: one["unread"] for one in (await alice.get(PATH)).body["conversations"]
    }
    assert rooms == {room: 0, other: 0}


async def test_when_the_other_one_was_last_active(live: Live) -> None:
    room, alice, bob = await talk(live)
    await live.commit(live.timeline.message(room, alice.user_id))
    assert (await entry(bob))["last_active_at"] is not None
    await alice.post(f"/api/profile/{bob.user_id}/block")
    assert (await entry(bob))["last_active_at"] is None


async def test_a_foreign_synapse_is_asked_as_the_reader(database: Database) -> None:
    timeline = Timeline(FrozenClock(SystemClock().now()))
    async with open_live(database.url, None, FakeBodies(), timeline, foreign=True) as live:
        alice, bob = live.door.person("alice"), live.door.person("bob")
        await live.door.befriend(alice, bob)
        made = await alice.post(PATH, {"participants": [bob.user_id]})
        room = made.body["room_id"]
        homeserver = live.door.homeserver
        await bob.post(f"{PATH}/{made.body['id']}/accept")
        for number in range(3):
            content = {"msgtype": "m.text", "body": f"line {number}"}
            await homeserver.send_message(room, content, as_user=alice.user_id, key=str(number))
        await homeserver.send_state(
            room, "m.room.topic", "", {"topic": "x"}, as_user=alice.user_id
        )
        assert await said(bob) == "line 2"
        await bob.post(f"/api/profile/{alice.user_id}/block")
        assert (await entry(bob))["last_message"] is None
        homeserver.away = True
        assert (await entry(alice))["last_message"] is None
