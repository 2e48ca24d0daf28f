# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages over Kith's database and a homeserver in memory whose own database nobody can read."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from appservice.errors import Denied, HomeserverRefused, KithError, NotFound, Unavailable
from appservice.homeserver.refusals import explained
from policy.reason import Reason
from tests.support.databases import Database
from tests.support.door import Answer, Door, Person, open_door

THUMB = quote("👍")


class Talk:
    """Two friends and their conversation."""

    def __init__(self, door: Door, alice: Person, bob: Person, room: str, known: str) -> None:
        self.door, self.alice, self.bob, self.room, self.id = door, alice, bob, room, known
        self.sent = 0

    @property
    def at(self) -> str:
        return f"/api/v1/rooms/{self.id}"

    async def say(self, who: Person, text: str, **more: Any) -> dict[str, Any]:
        self.sent += 1
        body = {"text": text, "txn_id": f"t{self.sent}", **more}
        answer = await who.post(f"{self.at}/messages", body)
        assert answer.status == 201, answer.text
        found: dict[str, Any] = answer.body
        return found

    async def rows(self, who: Person, query: str = "") -> list[dict[str, Any]]:
        answer = await who.get(f"{self.at}/messages{query}")
        assert answer.status == 200, answer.text
        return [row for row in answer.body["items"] if row["row"] == "message"]

    def one(self, message: dict[str, Any], rest: str = "") -> str:
        return f"{self.at}/messages/{quote(message['event_id'])}{rest}"


@pytest.fixture
async def talk(door: Door) -> Talk:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    opened = (await alice.post("/api/dm/conversations", {"participants": [bob.user_id]})).body
    await door.homeserver.join(opened["room_id"], as_user=bob.user_id)
    return Talk(door, alice, bob, opened["room_id"], opened["id"])


async def test_every_address_of_a_room_leads_to_it(talk: Talk) -> None:
    message = await talk.say(talk.alice, "hi")
    for path in (
        f"/api/v1/rooms/{talk.id}/messages",
        f"/api/v1/rooms/{talk.id}/messages/",
        f"/api/v1/rooms/{quote(talk.room, safe='')}/messages",
        f"/api/v1/community/rooms/{talk.id}/messages/",
    ):
        answer = await talk.bob.get(path)
        assert answer.status == 200, path
        last = answer.body["items"][-1]
        assert (last["event_id"], last["sender_name"]) == (message["event_id"], "Alice")
        assert (answer.body["before"], answer.body["after"]) == (None, None)


async def test_a_forum_is_named_by_its_slug(talk: Talk) -> None:
    message = await talk.say(talk.alice, "hi")
    path = "/api/v1/rooms/Cats/messages"
    assert (await talk.bob.get(path)).status == 404
    named = "UPDATE rooms SET kind = %(kind)s, slug = 'cats' WHERE room_id = %(room)s"
    await talk.door.sql(named, kind="dm", room=talk.room)
    assert (await talk.bob.get(path)).status == 404, "only forums have one"
    await talk.door.sql(named, kind="forum", room=talk.room)
    found = await talk.bob.get(path)
    assert [row["event_id"] for row in found.body["items"]][-1] == message["event_id"]
    stranger = talk.door.person("eve")
    assert (await stranger.get(path)).body == (
        await stranger.get(f"/api/v1/rooms/{talk.id}/messages")
    ).body


async def test_reactions_without_the_homeservers_database(talk: Talk) -> None:
    message = await talk.say(talk.alice, "hi")
    for who in (talk.alice, talk.bob, talk.bob):
        answer = await who.ask("PUT", talk.one(message, f"/reactions/{THUMB}"))
        assert answer.status == 200, answer.text
    (given,) = (await talk.rows(talk.bob))[0]["reactions"]
    assert (given["key"], given["count"]) == ("👍", 2)
    assert [who["name"] for who in given["people"]] == ["Alice", "Bob"]
    assert given["mine"] == given["people"][1]["event_id"]
    await talk.bob.ask("DELETE", talk.one(message, f"/reactions/{THUMB}"))
    (given,) = (await talk.rows(talk.bob))[0]["reactions"]
    assert (given["count"], given["mine"]) == (1, None)
    for key in ("%0A", "x" * 65, "%E2%80%AE"):
        answer = await talk.bob.ask("PUT", talk.one(message, f"/reactions/{key}"))
        assert (answer.status, answer.code) == (400, "invalid"), key


async def test_pages_and_cursors(talk: Talk) -> None:
    said = [(await talk.say(talk.alice, f"{n}"))["event_id"] for n in range(5)]
    first = (await talk.bob.get(f"{talk.at}/messages?limit=2")).body
    assert [row["event_id"] for row in first["items"]] == said[3:]
    assert first["position"] is None, "nothing tells positions here"
    older = (await talk.bob.get(f"{talk.at}/messages?limit=2&before={first['before']}")).body
    assert [row["event_id"] for row in older["items"]] == said[1:3]
    newer = (await talk.bob.get(f"{talk.at}/messages?limit=2&after={older['after']}")).body
    assert [row["event_id"] for row in newer["items"]] == said[3:]
    around = (await talk.bob.get(f"{talk.at}/messages?limit=2&around={quote(said[2])}")).body
    assert [row["event_id"] for row in around["items"]] == said[1:4]
    for query in (
        "before=x",
        "before=",
        f"before={older['after']}",
        f"after={first['before']}",
        f"before={first['before']}&around={quote(said[0])}",
        "limit=0",
        "limit=101",
        "unknown=1",
    ):
        answer = await talk.bob.get(f"{talk.at}/messages?{query}")
        assert (answer.status, answer.code) == (400, "invalid"), query
    for path in ("/messages?around=%24nothing", "/messages/nothing", "/messages/%24nothing"):
        assert (await talk.bob.get(talk.at + path)).status == 404


async def test_a_blocked_persons_words_are_not_there(talk: Talk) -> None:
    theirs = await talk.say(talk.bob, "theirs")
    mine = await talk.say(talk.alice, "mine", reply_to=theirs["event_id"])
    assert mine["reply_to"]["body"] == "theirs"
    await talk.bob.ask("PUT", talk.one(mine, "/reactions/x"))
    await talk.bob.ask("PUT", f"{talk.at}/pins/{quote(theirs['event_id'])}")
    await talk.alice.post(f"/api/profile/{talk.bob.user_id}/block")
    (row,) = await talk.rows(talk.alice)
    assert (row["reactions"], row["reply_to"]["body"]) == ([], None)
    assert (await talk.alice.get(f"{talk.at}/pins")).body["items"] == []
    assert (await talk.alice.get(f"{talk.at}/search?q=theirs")).body["items"] == []
    assert (await talk.alice.get(talk.one(mine, "/reactions"))).body["items"] == []


async def test_pins_have_an_end_and_are_a_few(talk: Talk) -> None:
    message = await talk.say(talk.alice, "pin")
    full = {"pinned": [f"$p{n}" for n in range(100)]}
    await talk.door.homeserver.send_state(
        talk.room, "m.room.pinned_events", "", full, as_user=talk.alice.user_id
    )
    pin = f"{talk.at}/pins/{quote(message['event_id'])}"
    answer = await talk.alice.ask("PUT", pin)
    assert (answer.status, answer.code) == (409, "too_many_pins")
    assert (await talk.alice.ask("DELETE", f"{talk.at}/pins/%24p0")).status == 204
    assert (await talk.alice.ask("PUT", pin)).status == 204
    assert (await talk.rows(talk.alice))[0]["pinned"] is True
    both = await asyncio.gather(
        *(talk.alice.ask("DELETE", f"{talk.at}/pins/%24p{n}") for n in (1, 2))
    )
    assert [answer.status for answer in both] == [204, 204]


async def test_two_who_pin_at_once_lose_nothing(
    talk: Talk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    homeserver = talk.door.homeserver
    read, write = homeserver.get_state, homeserver.send_state

    async def slowly_read(*names: str, as_user: str | None) -> Any:
        found = await read(*names, as_user=as_user)
        await talk.door.database.read("SELECT 1")
        return found

    async def slowly_write(*names: Any, as_user: str | None) -> str:
        await talk.door.database.read("SELECT 1")
        return await write(*names, as_user=as_user)

    monkeypatch.setattr(homeserver, "get_state", slowly_read)
    monkeypatch.setattr(homeserver, "send_state", slowly_write)
    said = [await talk.say(talk.alice, f"pin {n}") for n in range(8)]
    async with open_door(database.url, seed=8) as second:
        # Another process of the same instance.
        second.homeserver.__dict__ = homeserver.__dict__
        people = (talk.alice, Person(second, talk.bob.user_id, talk.bob.token))
        answers = await asyncio.gather(
            *(
                people[n % 2].ask("PUT", f"{talk.at}/pins/{quote(message['event_id'])}")
                for n, message in enumerate(said)
            )
        )
        assert [answer.status for answer in answers] == [204] * len(said)
        pinned = (await talk.alice.get(f"{talk.at}/pins")).body["items"]
        assert {one["event_id"] for one in pinned} == {one["event_id"] for one in said}
        answers = await asyncio.gather(
            *(
                people[n % 2].ask("DELETE", f"{talk.at}/pins/{quote(message['event_id'])}")
                for n, message in enumerate(said)
            )
        )
        assert (await talk.alice.get(f"{talk.at}/pins")).body["items"] == []


async def test_the_same_name_sends_nothing_new_after_the_homeserver_forgot(talk: Talk) -> None:
    first = await talk.say(talk.alice, "once", txn_id="same")
    await talk.door.sql(
        "INSERT INTO events"
        " (event_id, room_id, sender, type, origin_server_ts, applied_at, txn_id)"
        " VALUES (%(event)s, %(room)s, %(who)s, 'm.room.message', 1, now(), 'same')",
        event=first["event_id"],
        room=talk.room,
        who=talk.alice.user_id,
    )
    talk.door.homeserver.rooms[talk.room].sent.clear()
    again = await talk.say(talk.alice, "once", txn_id="same")
    assert again["event_id"] == first["event_id"]
    other = await talk.say(talk.bob, "mine", txn_id="same")
    assert other["event_id"] != first["event_id"], "a name is its sender's own"


REFUSALS: list[tuple[HomeserverRefused | Unavailable, int, str]] = [
    (Unavailable("homeserver", 1500, "slow_mode"), 429, "slow_mode"),
    (Unavailable("homeserver", 1500, "rate_limit"), 429, "rate_limit"),
    (Unavailable("homeserver", 1500), 503, "homeserver_unavailable"),
    (Unavailable("rules"), 503, "rules_unavailable"),
    (HomeserverRefused(403, "M_FORBIDDEN", "no", "read_only"), 403, "read_only"),
    (HomeserverRefused(413, "M_TOO_LARGE", "no", "too_long"), 413, "too_long"),
    (HomeserverRefused(413, "M_TOO_LARGE", "event too large", None), 413, "too_long"),
    (HomeserverRefused(403, "M_FORBIDDEN", "no power", None), 403, "homeserver_refused"),
    (HomeserverRefused(400, "M_BAD_JSON", "what", None), 400, "invalid"),
]


@pytest.mark.parametrize(("error", "status", "code"), REFUSALS)
async def test_a_refusal_keeps_its_words(
    talk: Talk,
    monkeypatch: pytest.MonkeyPatch,
    error: HomeserverRefused | Unavailable,
    status: int,
    code: str,
) -> None:
    async def refuse(*_: Any, **__: Any) -> str:
        raise error

    monkeypatch.setattr(talk.door.homeserver, "send_message", refuse)
    body = {"text": "hi", "txn_id": "r"}
    # Kith knows of the membership only once the intake has it.
    await talk.door.sql(
        "UPDATE memberships SET membership = 'join' WHERE room_id = %(room)s", room=talk.room
    )
    answer: Answer = await talk.bob.post(f"{talk.at}/messages", body)
    assert (answer.status, answer.code) == (status, code)
    if isinstance(error, Unavailable) and error.retry_after_ms:
        assert answer.body["error"]["details"]["retry_after_ms"] == 1500
    known = {reason.code: reason for reason in Reason}
    if code in known and code != "rules_unavailable":
        assert answer.body["error"]["message"] == known[code].sentence


@pytest.mark.parametrize(
    ("error", "joined", "kind"),
    [
        (HomeserverRefused(403, "M_FORBIDDEN", "x", None), False, NotFound),
        (HomeserverRefused(404, "M_NOT_FOUND", "x", None), True, NotFound),
        (HomeserverRefused(403, "M_FORBIDDEN", "x", "blocked"), False, Denied),
        (HomeserverRefused(403, "M_FORBIDDEN", "x", "no such reason"), True, KithError),
    ],
)
def test_to_others_a_refusal_is_an_empty_place(
    error: HomeserverRefused, joined: bool, kind: type[KithError]
) -> None:
    assert type(explained(error, joined=joined)) is kind


async def test_without_the_homeserver_nothing_is_pretended(talk: Talk) -> None:
    message = await talk.say(talk.alice, "hi")
    talk.door.homeserver.away = True
    for method, path, body in (
        ("GET", f"{talk.at}/messages", None),
        ("GET", talk.one(message), None),
        ("POST", f"{talk.at}/messages", {"text": "x", "txn_id": "y"}),
        ("PUT", talk.one(message, "/reactions/x"), None),
        ("GET", f"{talk.at}/pins", None),
        ("GET", f"{talk.at}/search?q=x", None),
    ):
        answer = await talk.alice.ask(method, path, body)
        assert (answer.status, answer.code) == (503, "homeserver_unavailable"), (method, path)


async def test_typing_reaches_the_homeserver(talk: Talk) -> None:
    assert (await talk.alice.ask("PUT", f"{talk.at}/typing", {"typing": True})).status == 204
    assert (talk.room, talk.alice.user_id) in talk.door.homeserver.typing
    assert (await talk.alice.ask("PUT", f"{talk.at}/typing", {"typing": False})).status == 204
    assert talk.door.homeserver.typing == set()


async def test_all_rooms_are_searched_at_once(talk: Talk) -> None:
    alice, bob, door = talk.alice, talk.bob, talk.door
    carol = door.person("carol")
    await door.befriend(alice, carol)
    other = (await alice.post("/api/dm/conversations", {"participants": [carol.user_id]})).body
    await door.homeserver.join(other["room_id"], as_user=carol.user_id)
    talks = {"Bob": talk, "Carol": Talk(door, alice, carol, other["room_id"], other["id"])}
    said = {name: await one.say(alice, f"heron for {name}") for name, one in talks.items()}
    theirs = await talk.say(bob, "a heron, https://heron.example", reply_to=None)

    async def found(who: Person, query: str) -> list[str]:
        answer = await who.get(f"/api/v1/search?{query}")
        assert answer.status == 200, answer.text
        return [item["event_id"] for item in answer.body["items"]]

    whole = (await alice.get("/api/v1/search?q=heron")).body
    assert {item["event_id"] for item in whole["items"]} == {
        theirs["event_id"],
        *(one["event_id"] for one in said.values()),
    }
    assert {room["name"]: room["id"] for room in whole["rooms"]} == {
        name: one.id for name, one in talks.items()
    }
    assert whole["next_cursor"] is None
    # Each sees only where they are.
    assert await found(carol, "q=heron") == [said["Carol"]["event_id"]]
    assert await found(alice, f"q=heron&sender={quote(bob.user_id)}") == [theirs["event_id"]]
    assert await found(alice, "q=heron&has=link") == [theirs["event_id"]]
    assert await found(alice, f"q=heron&room={other['id']}") == [said["Carol"]["event_id"]]
    assert await found(alice, f"sender={quote(bob.user_id)}&room={talk.id}") == [
        theirs["event_id"]
    ]
    assert await found(alice, f"q=heron&from={theirs['ts'] + 60_000}") == []
    assert await found(alice, f"q=heron&to={said['Bob']['ts'] - 1}") == []
    pages, cursor = [], ""
    for _ in range(3):
        page = (await alice.get(f"/api/v1/search?q=heron&limit=1{cursor}")).body
        pages += [item["event_id"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert len(set(pages)) == 3
    await alice.post(f"/api/profile/{bob.user_id}/block")
    assert theirs["event_id"] not in await found(alice, "q=heron")
    for query in ("", "sender=%40bob%3Ahs.test", "q=%20", "q=x&cursor=x", "q=x&has=gold"):
        answer = await alice.get(f"/api/v1/search?{query}")
        assert (answer.status, answer.code) == (400, "invalid"), query
    assert (await carol.get(f"/api/v1/search?q=x&room={talk.id}")).status == 404
