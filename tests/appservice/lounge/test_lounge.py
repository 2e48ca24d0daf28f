# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of forums, as one person may see it."""

from tests.support.door import Person
from tests.support.live import Live


async def listed(person: Person, query: str = "") -> list[str]:
    answer = await person.get(f"/api/v1/lounge{query}")
    assert answer.status == 200, answer.text
    return [forum["room_id"] for forum in answer.body["forums"]]


async def publish(live: Live, *rooms: str) -> None:
    await live.door.sql(
        "UPDATE rooms SET visibility = 'public' WHERE room_id = ANY (%(rooms)s)",
        rooms=list(rooms),
    )


async def test_forums_are_sorted_paged_and_hidden(live: Live) -> None:
    alice, eve = live.door.person("alice"), live.door.person("eve")
    rooms = []
    for name in ("one", "two", "three", "private", "unlisted"):
        rooms.append(await live.room(name, alice))
        live.timeline._clock.advance(seconds=-5)
    one, two, three, private, unlisted = rooms
    await publish(live, one, two, three)
    await live.door.sql(
        "UPDATE rooms SET visibility = 'unlisted' WHERE room_id = %(r)s", r=unlisted
    )
    assert await listed(eve, "?sort=new") == [one, two, three]
    assert await listed(alice, "?sort=new") == [one, two, three, private, unlisted]
    first = (await eve.get("/api/v1/lounge?sort=new&limit=2")).body
    assert [forum["room_id"] for forum in first["forums"]] == [one, two]
    assert await listed(eve, f"?sort=new&limit=2&cursor={first['next_cursor']}") == [three]


async def test_what_was_said_last_is_for_who_may_read_it(live: Live) -> None:
    alice, bob, eve = (live.door.person(name) for name in ("alice", "bob", "eve"))
    room = await live.room("r", alice, bob)
    await publish(live, room)
    hello = live.timeline.message(room, alice.user_id, "hello\nall \u202eof you")
    await live.commit(hello)
    forum = (await bob.get("/api/v1/lounge")).body["forums"][0]
    assert forum["last_message"] == {
        "sender": alice.user_id,
        "sender_name": None,
        "excerpt": "hello all of you",
        "ts": hello.ts,
    }
    assert (forum["joined"], forum["unread"]) == (True, 1)
    new = {"msgtype": "m.text", "body": "goodbye"}
    relation = {"rel_type": "m.replace", "event_id": hello.event_id}
    edit = {"m.new_content": new, "m.relates_to": relation}
    await live.commit(live.timeline.message(room, alice.user_id, "* goodbye", **edit))
    forum = (await bob.get("/api/v1/lounge")).body["forums"][0]
    assert forum["last_message"]["excerpt"] == "goodbye"
    outside = (await eve.get("/api/v1/lounge")).body["forums"][0]
    assert (outside["joined"], outside["last_message"]) == (False, None)
    live.bodies.away = True
    assert (await bob.get("/api/v1/lounge")).body["forums"][0]["last_message"] is None
    live.bodies.away = False
    gone = {"redacts": hello.event_id}
    await live.commit(live.timeline.event(room, alice.user_id, "m.room.redaction", gone))
    assert (await bob.get("/api/v1/lounge")).body["forums"][0]["last_message"] is None


async def test_unread_comes_first_when_asked(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    quiet, loud = await live.room("quiet", alice, bob), await live.room("loud", alice, bob)
    await publish(live, quiet, loud)
    await live.commit(live.timeline.message(loud, alice.user_id))
    await live.commit(live.timeline.message(quiet, bob.user_id))
    assert await listed(bob, "?sort=unread") == [loud, quiet]
    assert await listed(alice, "?sort=unread") == [quiet, loud]
