# SPDX-License-Identifier: AGPL-3.0-or-later
"""What counts as unread, by real events in real tables."""

from typing import Any

from tests.support.door import Person
from tests.support.live import Live


async def counts(person: Person, room: str) -> tuple[int, int]:
    """Unread and mentions of a room."""
    rooms = (await person.get("/api/v1/unread")).body["rooms"]
    found = next(one for one in rooms if one["room_id"] == room)
    return found["unread"], found["mentions"]


def naming(*people: Person, **more: Any) -> dict[str, Any]:
    return {"m.mentions": {"user_ids": [person.user_id for person in people], **more}}


def thread(root: str) -> dict[str, Any]:
    return {"m.relates_to": {"rel_type": "m.thread", "event_id": root}}


async def test_only_messages_of_others_count(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    say, event = live.timeline.message, live.timeline.event
    first = say(room, alice.user_id, "one")
    edit = {"m.relates_to": {"rel_type": "m.replace", "event_id": first.event_id}}
    reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$e", "key": "+"}}
    await live.commit(
        first,
        say(room, alice.user_id, "edited", **edit),
        say(room, alice.user_id, "notice", msgtype="m.notice"),
        event(room, alice.user_id, "m.reaction", reaction),
        event(room, alice.user_id, "m.room.topic", {"topic": "t"}, ""),
        event(room, alice.user_id, "m.room.encrypted", {"ciphertext": "x"}),
        event(room, alice.user_id, "m.sticker", {"body": "s"}),
    )
    assert await counts(bob, room) == (3, 0)
    assert await counts(alice, room) == (0, 0)
    await live.commit(say(room, bob.user_id, "mine"))
    assert await counts(bob, room) == (0, 0)
    assert await counts(alice, room) == (1, 0)


async def test_mentions_are_those_of_the_sender_alone(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    say = live.timeline.message
    powers = {"users": {alice.user_id: 50}, "notifications": {"room": 50}}
    await live.commit(
        live.timeline.event(room, alice.user_id, "m.room.power_levels", powers, ""),
        say(room, alice.user_id, "no bob here"),
        say(room, alice.user_id, "x", **naming(bob)),
        say(room, alice.user_id, "x", **naming(room=True)),
    )
    assert await counts(bob, room) == (3, 2)
    # Bob has not the power to name everybody.
    await live.commit(say(room, bob.user_id, "x", **naming(room=True)))
    assert await counts(alice, room) == (1, 0)


async def test_reading_moves_forward_only(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    said = [live.timeline.message(room, alice.user_id, str(n), **naming(bob)) for n in range(4)]
    await live.commit(*said)
    path = f"/api/v1/rooms/{room}/read"
    answer = await bob.post(path, {"event_id": said[1].event_id})
    assert answer.status == 200, answer.text
    assert answer.body == {"unread": 2, "mentions": 2, "read_event_id": said[1].event_id}
    again = await bob.post(path, {"event_id": said[0].event_id})
    assert again.body == answer.body
    last = await bob.post(path, {"event_id": said[3].event_id})
    assert last.body == {"unread": 0, "mentions": 0, "read_event_id": said[3].event_id}


async def test_a_thread_is_read_by_itself_or_with_the_room(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    say = live.timeline.message
    root = say(room, alice.user_id, "root")
    reply = say(room, alice.user_id, "reply", **thread(root.event_id))
    other = say(room, alice.user_id, "other")
    await live.commit(root, reply, other)
    path = f"/api/v1/rooms/{room}/read"
    body = {"event_id": reply.event_id, "thread_root": root.event_id}
    assert (await bob.post(path, body)).body["unread"] == 2
    late = say(room, alice.user_id, "late", **thread(root.event_id))
    await live.commit(late)
    assert await counts(bob, room) == (3, 0)
    # Who has read the last message of the room has read it all.
    assert (await bob.post(path, {"event_id": root.event_id})).body["unread"] == 2
    assert (await bob.post(path, {"event_id": other.event_id})).body["unread"] == 0


async def test_what_was_said_before_one_came_does_not_count(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice)
    say, member = live.timeline.message, live.timeline.member
    await live.commit(say(room, alice.user_id), member(room, bob.user_id, "join"))
    assert await counts(bob, room) == (0, 0)
    await live.commit(say(room, alice.user_id))
    # A new name is no new join.
    await live.commit(member(room, bob.user_id, "join", displayname="Bobby"))
    assert await counts(bob, room) == (1, 0)
    await live.commit(member(room, bob.user_id, "leave"))
    assert (await bob.get("/api/v1/unread")).body == {
        "rooms": [],
        "total": {"unread_rooms": 0, "mentions": 0},
    }


async def test_removed_blocked_and_muted_words_do_not_count(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    said = live.timeline.message(room, alice.user_id, "x", **naming(bob))
    await live.commit(said, live.timeline.message(room, alice.user_id))
    gone = {"redacts": said.event_id}
    await live.commit(live.timeline.event(room, alice.user_id, "m.room.redaction", gone))
    assert await counts(bob, room) == (1, 0)
    await bob.post(f"/api/profile/{alice.user_id}/block")
    assert await counts(bob, room) == (0, 0)


async def test_a_muted_room_counts_mentions_only(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("r", alice, bob)
    path = f"/api/v1/rooms/{room}/mute"
    assert (await bob.ask("PUT", path, {"muted": True})).body == {"muted": True}
    assert live.door.homeserver.muted == {(room, bob.user_id)}
    say = live.timeline.message
    await live.commit(say(room, alice.user_id))
    answer = (await bob.get("/api/v1/unread")).body
    assert answer["total"] == {"unread_rooms": 0, "mentions": 0}
    assert answer["rooms"][0]["muted"] is True
    await live.commit(say(room, alice.user_id, "x", **naming(bob)))
    answer = (await bob.get("/api/v1/unread")).body
    assert answer["total"] == {"unread_rooms": 1, "mentions": 1}
    live.door.homeserver.away = True
    assert (await bob.ask("PUT", path, {"muted": False})).status == 503
    assert (await bob.get("/api/v1/unread")).body["rooms"][0]["muted"] is True
    live.door.homeserver.away = False
    assert (await bob.ask("PUT", path, {"muted": False})).status == 200
    assert await counts(bob, room) == (2, 1)
