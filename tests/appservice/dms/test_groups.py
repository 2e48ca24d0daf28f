# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups by the API: what the admin does, what nobody else does; accepting and leaving."""

from typing import Any

import pytest

from appservice.dms.empowering import Empowering
from appservice.errors import HomeserverRefused
from policy.reason import Reason
from tests.support.door import Answer, Door, Person

PATH = "/api/dm/conversations"
KITH = "@kith:hs.test"


class Group:
    """Alice's group, of which bob and carol are members; dan and eve are friends of alice."""

    def __init__(self, door: Door, people: dict[str, Person], made: dict[str, Any]) -> None:
        self.door = door
        self.people = people
        self.id, self.room_id = str(made["id"]), str(made["room_id"])

    async def ask(self, name: str, method: str, path: str = "", body: object = None) -> Answer:
        return await self.people[name].ask(method, f"{PATH}/{self.id}{path}", body)

    async def seen(self, name: str) -> dict[str, Any]:
        answer = await self.ask(name, "GET")
        assert answer.status == 200, answer.text
        found: dict[str, Any] = answer.body
        return found

    async def roles(self, name: str) -> dict[str, str]:
        people = (await self.seen(name))["participants"]
        return {p["user_id"][1:].partition(":")[0]: p["role"] for p in people}

    def members(self) -> dict[str, str]:
        return self.door.homeserver.rooms[self.room_id].members


@pytest.fixture
async def group(door: Door) -> Group:
    names = ("alice", "bob", "carol", "dan", "eve", "mallory")
    people = {name: door.person(name) for name in names}
    for friend in ("bob", "carol", "dan", "eve"):
        await door.befriend(people["alice"], people[friend])
    made = await people["alice"].post(PATH, {"participants": ["bob", "carol"]})
    assert made.status == 201, made.text
    found = Group(door, people, made.body)
    for name in ("bob", "carol"):
        assert (await found.ask(name, "POST", "/accept")).status == 200
    return found


async def test_accepting_and_declining(door: Door, group: Group) -> None:
    assert set(group.members().values()) == {"join"}
    assert (await group.ask("bob", "POST", "/accept")).status == 200
    answered = await group.ask("bob", "POST", "/decline")
    assert (answered.status, answered.code) == (409, "answered")
    assert (await group.ask("alice", "POST", "/participants", {"user_id": "dan"})).status == 200
    assert (await group.ask("dan", "POST", "/decline")).status == 204
    assert group.members()["@dan:hs.test"] == "leave"
    for act in ("accept", "decline", "leave"):
        assert (await group.ask("dan", "POST", f"/{act}")).status == 404
        assert (await group.ask("mallory", "POST", f"/{act}")).status == 404
    assert await door.sql(
        "SELECT count(*) FROM memberships WHERE membership = 'join' AND joined_at IS NULL"
        " AND user_id <> '@alice:hs.test'"
    ) == [(2,)]


async def test_the_admin_names_it(group: Group) -> None:
    renamed = await group.ask("alice", "PATCH", "", {"name": "Chess\r\nclub\u202e"})
    assert (renamed.status, renamed.body["name"]) == (200, "Chess club")
    state = group.door.homeserver.rooms[group.room_id].state
    assert state["m.room.name", ""] == {"name": "Chess club"}
    for name in ("", "\u202e", "x" * 101, None):
        assert (await group.ask("alice", "PATCH", "", {"name": name})).status == 400


async def test_the_admin_brings_in_and_sends_away(group: Group) -> None:
    added = await group.ask("alice", "POST", "/participants", {"user_id": "@dan:hs.test"})
    assert added.status == 200, added.text
    memberships = {p["user_id"]: p["membership"] for p in added.body["participants"]}
    assert memberships["@dan:hs.test"] == "invite"
    again = await group.ask("alice", "POST", "/participants", {"user_id": "dan"})
    assert again.status == 200
    stranger = await group.ask("alice", "POST", "/participants", {"user_id": "mallory"})
    assert (stranger.status, stranger.code) == (409, "friendship_required")
    assert stranger.body["error"]["details"]["user_id"] == "@mallory:hs.test"
    nobody = await group.ask("alice", "POST", "/participants", {"user_id": "nobody"})
    assert nobody.status == 404
    for user in ("dan", "@carol:hs.test"):
        assert (await group.ask("alice", "DELETE", f"/participants/{user}")).status == 204
    assert (await group.ask("alice", "DELETE", "/participants/dan")).status == 404
    assert group.members()["@dan:hs.test"] == group.members()["@carol:hs.test"] == "leave"
    assert (await group.ask("carol", "GET")).status == 404
    myself = await group.ask("alice", "DELETE", "/participants/alice")
    assert (myself.status, myself.code) == (400, "self")


async def test_a_group_is_full_at_ten(door: Door, group: Group) -> None:
    for number in range(7):
        friend = door.person(f"p{number}")
        await door.befriend(group.people["alice"], friend)
        body = {"user_id": friend.user_id}
        assert (await group.ask("alice", "POST", "/participants", body)).status == 200
    full = await group.ask("alice", "POST", "/participants", {"user_id": "dan"})
    assert (full.status, full.code) == (403, "group_full")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"name": "mine"}),
        ("POST", "/participants", {"user_id": "bob"}),
        ("DELETE", "/participants/alice", None),
        ("POST", "/hand-over", {"user_id": "bob"}),
    ],
)
async def test_nobody_else_does(
    door: Door, group: Group, method: str, path: str, body: Any
) -> None:
    member = await group.ask("bob", method, path, body)
    assert (member.status, member.code) == (403, "group_admin")
    for other in ("mallory", "dan"):
        assert (await group.ask(other, method, path, body)).status == 404
    two = await group.people["alice"].post(PATH, {"participants": ["bob"]})
    answer = await group.people["alice"].ask(method, f"{PATH}/{two.body['id']}{path}", body)
    assert (answer.status, answer.code) == (409, "not_a_group")
    assert await door.sql(
        "SELECT admin FROM rooms WHERE room_id = %(room)s", room=group.room_id
    ) == [("@alice:hs.test",)]


async def test_the_role_is_handed_over(group: Group) -> None:
    assert await group.roles("bob") == {"alice": "admin", "bob": "member", "carol": "member"}
    await group.ask("alice", "POST", "/participants", {"user_id": "dan"})
    early = await group.ask("alice", "POST", "/hand-over", {"user_id": "dan"})
    assert (early.status, early.code) == (409, "not_joined")
    assert (await group.ask("alice", "POST", "/hand-over", {"user_id": "eve"})).status == 404
    assert (await group.ask("alice", "POST", "/hand-over", {"user_id": "alice"})).status == 200
    done = await group.ask("alice", "POST", "/hand-over", {"user_id": "bob"})
    assert (done.status, done.body["my_role"]) == (200, "member")
    assert (await group.seen("bob"))["my_role"] == "admin"
    levels = group.door.homeserver.rooms[group.room_id].state["m.room.power_levels", ""]
    assert levels["users"] == {"@bob:hs.test": 100}
    assert (await group.ask("bob", "PATCH", "", {"name": "new"})).status == 200
    assert (await group.ask("alice", "PATCH", "", {"name": "old"})).code == "group_admin"


async def test_who_leads_leaves_it_to_the_longest_member(group: Group) -> None:
    await group.door.sql(
        "UPDATE memberships SET since = since - interval '1 hour' WHERE user_id = '@carol:hs.test'"
    )
    assert (await group.ask("alice", "POST", "/leave")).status == 204
    levels = group.door.homeserver.rooms[group.room_id].state["m.room.power_levels", ""]
    assert levels["users"] == {"@carol:hs.test": 100}
    assert group.members()["@alice:hs.test"] == "leave"
    assert (await group.ask("alice", "GET")).status == 404
    assert (await group.ask("bob", "POST", "/leave")).status == 204
    assert (await group.ask("carol", "POST", "/leave")).status == 204


async def test_the_homeservers_refusal_is_said(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> str:
        reason = Reason.GROUP_ADMIN
        raise HomeserverRefused(403, "M_FORBIDDEN", reason.sentence, reason.code)

    monkeypatch.setattr(group.door.homeserver, "send_state", refuse)
    answer = await group.ask("alice", "PATCH", "", {"name": "new"})
    assert (answer.status, answer.code) == (403, "group_admin")
    group.door.homeserver.away = True
    answer = await group.ask("alice", "POST", "/leave")
    assert (answer.status, answer.code) == (503, "homeserver_unavailable")
    group.door.homeserver.away = False
    assert (await group.seen("alice"))["my_role"] == "admin"


async def test_the_key_is_turned_when_the_admin_has_gone(group: Group) -> None:
    door, room = group.door, group.door.homeserver.rooms[group.room_id]
    room.state["m.room.power_levels", ""] = {"users": {"@alice:hs.test": 100, KITH: 1000}}
    room.members["@alice:hs.test"] = "leave"
    await door.sql(
        "UPDATE memberships SET membership = 'leave' WHERE user_id = '@alice:hs.test'"
        " AND room_id = %(room)s",
        room=group.room_id,
    )
    await door.sql("UPDATE rooms SET admin = '@carol:hs.test'")
    await door.homeserver.register_service_user()
    empowering = Empowering(door.database, door.homeserver)  # type: ignore[arg-type]
    for _ in range(2):
        await empowering.empower(group.room_id, "@alice:hs.test")
        levels = room.state["m.room.power_levels", ""]
        assert levels["users"] == {"@carol:hs.test": 100, KITH: 1000}
        assert room.members[KITH] == "leave"
    senders = [e["sender"] for e in room.events if e["type"] == "m.room.power_levels"]
    assert senders == [KITH]
