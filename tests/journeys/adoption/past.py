# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Synapse that people used before anybody thought of Kith."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.support.eventually import eventually
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack

_UNAVAILABLE = 503
NAMES = (
    *("alice", "bob", "carol", "dave", "erin", "frank"),
    *("grace", "heidi", "mike", "nina", "eve", "gone"),
)


@dataclass
class Past:
    """People and rooms by name."""

    people: dict[str, MatrixUser] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> str:
        """A person's full id."""
        return self.people[name].user_id

    async def says(self, name: str, room: str) -> int:
        """The status of a message somebody sends now.

        On a busy machine the rules' database may take longer than the modules wait; then they
        answer 503, and a client tries again.
        """

        async def judged() -> int:
            status, _ = await self.people[name].send(self.rooms[room], "hello")
            return 0 if status == _UNAVAILABLE else status

        return await eventually(judged, within=30)


async def lived(stack: TestStack) -> Past:
    """Make the history."""
    past = Past({name: await stack.register(name) for name in NAMES})
    await talk(past, "mutual", "alice", "bob")
    await talk(past, "one-sided", "carol", "dave", silent="dave")
    await talk(past, "ignored", "grace", "heidi")
    await talk(past, "left behind", "eve", "gone")
    await talk(past, "group", "alice", "bob", "carol")
    await encrypted(past)
    await upgraded(past)
    await public(past)
    await unkind(past)
    return past


async def ok(answer: Any) -> Any:
    status, body = await answer
    assert status == 200, body
    return body


async def talk(past: Past, room: str, first: str, *others: str, silent: str = "") -> None:
    people = past.people
    made = await ok(
        people[first].create_room(
            preset="trusted_private_chat", is_direct=True, invite=[past.id(n) for n in others]
        )
    )
    past.rooms[room] = made["room_id"]
    for name in others:
        await ok(people[name].join(made["room_id"]))
    for name in (first, *others):
        if name != silent:
            assert await past.says(name, room) == 200


async def encrypted(past: Past) -> None:
    await talk(past, "encrypted", "erin", "frank", silent="frank")
    room = past.rooms["encrypted"]
    algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
    await ok(past.people["erin"].put_state(room, "m.room.encryption", algorithm))
    await ok(past.people["frank"].send(room, {**algorithm, "ciphertext": "x"}, "m.room.encrypted"))


async def upgraded(past: Past) -> None:
    """Two talked, then the room was replaced, and in the new one only one has spoken."""
    await talk(past, "old", "mike", "nina")
    path = f"/rooms/{quote(past.rooms['old'])}/upgrade"
    made = await ok(past.people["mike"].request("POST", path, {"new_version": "11"}))
    past.rooms["new"] = made["replacement_room"]
    await ok(past.people["mike"].invite(past.rooms["new"], past.id("nina")))
    await ok(past.people["nina"].join(past.rooms["new"]))
    assert await past.says("mike", "new") == 200


async def public(past: Past) -> None:
    alice, bob = past.people["alice"], past.people["bob"]
    wanted = {
        "forum": {"visibility": "public", "preset": "public_chat", "room_alias_name": "square"},
        "unlisted": {"preset": "public_chat", "name": "Behind the hedge"},
        "broken": {"preset": "public_chat", "name": "poison"},
        "server": {"creation_content": {"type": "m.space"}, "name": "Town"},
    }
    for name, body in wanted.items():
        past.rooms[name] = (await ok(alice.create_room(**body)))["room_id"]
    await ok(bob.join(past.rooms["forum"]))
    assert await past.says("bob", "forum") == 200


async def unkind(past: Past) -> None:
    """A stranger banned, somebody ignored, an invite never answered, an account given up."""
    past.rooms["private"] = (await ok(past.people["dave"].create_room()))["room_id"]
    path = f"/rooms/{quote(past.rooms['private'])}/ban"
    await ok(past.people["dave"].request("POST", path, {"user_id": past.id("eve")}))
    await ok(past.people["dave"].invite(past.rooms["private"], past.id("frank")))
    path = f"/user/{quote(past.id('grace'))}/account_data/m.ignored_user_list"
    await ok(past.people["grace"].request("PUT", path, {"ignored_users": {past.id("heidi"): {}}}))
    body = {
        "auth": {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": "gone"},
            "password": "test-password",
        }
    }
    await ok(past.people["gone"].request("POST", "/account/deactivate", body))
    path = f"/rooms/{quote(past.rooms['left behind'])}/joined_members"

    async def left() -> bool:
        return past.id("gone") not in (await ok(past.people["eve"].request("GET", path)))["joined"]

    # Synapse takes a deactivated account out of its rooms in its own time.
    await eventually(left, within=60)
