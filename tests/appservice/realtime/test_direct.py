# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sockets of direct conversations: the names messages have there (M4)."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from appservice.realtime import described
from appservice.realtime.direct import NAMES, renamed
from appservice.realtime.envelope import Packet
from tests.support.live import Live


async def test_messages_have_names_of_their_own(live: Live) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    room = await live.room("pair", alice, bob, kind="dm")
    path = quote(room, safe="")
    direct = await live.socket(bob, f"/ws/community/dm/{path}/")
    plain = await live.socket(bob, f"/ws/community/room/{path}/")
    many = await live.socket(bob)
    await many.subscribe(room)
    await direct.until("subscribed")
    await plain.until("subscribed")
    said = live.timeline.message(room, alice.user_id, 'say "event":"message:new"')
    edit = {
        "body": "* better",
        "m.new_content": {"body": "better"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": said.event_id},
    }
    await live.accept(
        said,
        live.timeline.event(room, alice.user_id, "m.room.message", edit),
        live.timeline.event(room, alice.user_id, "m.room.redaction", {"redacts": said.event_id}),
        live.timeline.event(room, alice.user_id, "m.x", {"event": "message:new"}),
    )
    names = ["message:new", "message:edited", "message:redacted", "event:new"]
    validator = Draft202012Validator(described.schema())
    for name in names:
        theirs, hers, other = await direct.next(), await plain.next(), await many.next()
        assert (theirs["event"], hers["event"]) == (NAMES.get(name, name), name)
        assert hers == other == {**theirs, "event": name}
        validator.validate(theirs)
    again = await live.connect(f"/ws/community/dm/{path}/?resume_from=3", await live.token(bob))
    await again.until("subscribed")
    assert (await again.next())["event"].startswith("dm_message:")


async def test_a_socket_of_a_direct_conversation_takes_no_other_room(live: Live) -> None:
    alice = live.door.person("alice")
    forum = await live.room("forum", alice)
    pair = await live.room("pair", alice, kind="dm")
    alone = await live.connect(f"/ws/community/dm/{quote(forum)}/", await live.token(alice))
    assert await alone.closed() == 4003
    direct = await live.socket(alice, f"/ws/community/dm/{quote(pair)}/")
    await direct.until("subscribed")
    await direct.say(type="subscribe", room=forum, id="s")
    assert (await direct.next())["code"] == "not_found"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), _JSON, max_size=4), st.sampled_from([*NAMES, "typing"]))
def test_only_the_name_differs(more: dict[str, Any], name: str) -> None:
    frame = {**more, "event": name}
    packet = Packet(json.dumps(frame).encode())
    assert json.loads(packet.direct.body) == {**frame, "event": NAMES.get(name, name)}
    assert (packet.direct is packet) == (name not in NAMES)


@pytest.mark.parametrize("event", [None, 7, [], {}])
def test_a_frame_without_a_name_stays(event: object) -> None:
    body = json.dumps({"event": event}).encode()
    assert renamed(body) is body
