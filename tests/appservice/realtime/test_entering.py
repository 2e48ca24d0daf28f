# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who comes into a room while word of their membership is still on its way."""

from typing import Any

import pytest

from appservice.realtime.fleeting import Fleeting
from tests.support.live import Live


@pytest.mark.parametrize("before", ["invite", "leave", "ban"])
async def test_an_older_membership_ends_no_subscription(live: Live, before: str) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("coming", alice)
    hers, his = await live.socket(alice), await live.socket(bob)
    # The room is open here, and has heard of nothing behind this.
    await hers.subscribe(room)
    events = await live.commit(
        live.timeline.member(room, bob.user_id, before, alice.user_id),
        live.timeline.member(room, bob.user_id, "join"),
    )
    await his.subscribe(room)
    live.gateway.publisher.applied(events, None)
    assert (await his.until("member:changed"))["membership"] == before
    said = live.timeline.message(room, alice.user_id, "welcome")
    await live.accept(said)
    assert (await his.until("message:new"))["event_id"] == said.event_id


async def test_what_was_said_before_one_came_is_not_heard(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("before", alice)
    rule = {"history_visibility": "joined"}
    await live.commit(
        live.timeline.event(room, alice.user_id, "m.room.history_visibility", rule, "")
    )
    hers, his = await live.socket(alice), await live.socket(bob)
    await hers.subscribe(room)
    events = await live.commit(
        live.timeline.message(room, alice.user_id, "among us"),
        live.timeline.member(room, bob.user_id, "join"),
    )
    await his.subscribe(room)
    live.gateway.publisher.applied(events, None)
    assert (await hers.until("message:new"))["content"]["body"] == "among us"
    await live.accept(live.timeline.message(room, alice.user_id, "to you too"))
    assert (await his.until("message:new"))["content"]["body"] == "to you too"


async def test_an_end_on_its_way_keeps_out_whoever_had_not_left_yet(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("going", alice, bob)
    hers, his = await live.socket(alice), await live.socket(bob)
    await hers.subscribe(room)
    await his.subscribe(room)
    out = live.timeline.member(room, bob.user_id, "leave", alice.user_id)
    back = live.timeline.member(room, bob.user_id, "join")
    events = await live.commit(out, back, live.timeline.message(room, alice.user_id, "missed"))
    live.gateway.publisher.applied(events, None)
    # They were in by an older membership: that one has ended.
    await his.until("unsubscribed")
    await his.say(type="subscribe", room=room, resume_from=3)
    assert (await his.until("message:new"))["content"]["body"] == "missed"
    await live.accept(live.timeline.message(room, alice.user_id, "again"))
    assert (await his.until("message:new"))["content"]["body"] == "again"


async def test_a_time_in_place_of_a_position_hides_no_end(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("adopted", alice, bob)
    # As registries of early versions have it, where the homeserver told no position.
    await live.door.database.run("UPDATE memberships SET stream_ordering = 1767614400000")
    his = await live.socket(bob)
    await his.subscribe(room)
    await live.accept(live.timeline.member(room, bob.user_id, "leave", alice.user_id))
    await his.until("unsubscribed")
    await live.accept(live.timeline.message(room, alice.user_id, "among us"))
    assert await his.silent()


async def test_who_begins_to_type_meanwhile_is_told_of(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("typing", alice, bob)
    typists = Fleeting.typists
    word = {"type": "m.typing", "room_id": room, "content": {"user_ids": [alice.user_id]}}
    words: list[dict[str, Any]] = [word]

    async def told_just_then(self: Fleeting, room_id: str) -> list[str]:
        found = await typists(self, room_id)
        if words:
            await self.publish([words.pop()])
        return found

    monkeypatch.setattr(Fleeting, "typists", told_just_then)
    his = await live.socket(bob)
    assert (await his.subscribe(room))["typing"] == []
    frame = await his.next()
    assert (frame["event"], frame["user_id"], frame["typing"]) == ("typing", alice.user_id, True)
