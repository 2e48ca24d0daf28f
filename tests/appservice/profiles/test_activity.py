# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from tests.support.door import Answer, Door, Person

PLACES = {
    "!public": ("forum", "public"),
    "!private": ("forum", "private"),
    "!server": ("server", "unlisted"),
}


async def feed(whose: Person, viewer: Person | None, query: str = "") -> Answer:
    path = f"/api/profile/{whose.user_id}/activity{query}"
    return await (viewer.get(path) if viewer else whose.door.ask("GET", path))


def shown(answer: Answer) -> list[tuple[str, Any]]:
    return [
        (one["kind"], (one["room"] or one["person"] or {}).get("name", one["person"] and ""))
        for one in answer.body["activity"]
    ]


async def open_up(person: Person, level: str = "public") -> None:
    levels = {"activity": level, "connections": level, "bio": level}
    answer = await person.ask(
        "PUT", f"/api/profile/{person.user_id}", {"visibility_settings": levels}
    )
    assert answer.status == 200


async def placed(door: Door, who: Person, room: str) -> None:
    kind, sight = PLACES[room]
    await door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, name, visibility, created_at)"
        " VALUES (%(r)s, gen_random_uuid(), %(k)s, true, %(r)s, %(v)s, now())"
        " ON CONFLICT DO NOTHING",
        r=room,
        k=kind,
        v=sight,
    )
    await door.sql(
        "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
        " stream_ordering, since) VALUES (%(r)s, %(u)s, 'join', %(u)s, '', 1, now())",
        r=room,
        u=who.user_id,
    )
    await door.sql(
        "INSERT INTO profile_activity (user_id, kind, room_id) VALUES (%(u)s, %(k)s, %(r)s)",
        u=who.user_id,
        k=f"joined_{kind}",
        r=room,
    )


async def test_it_is_for_those_who_may_see_it(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    await door.befriend(alice, bob)
    assert (await feed(alice, bob)).status == 200
    for viewer in (eve, None):
        assert (await feed(alice, viewer)).code == "list_hidden"
    await open_up(alice)
    for viewer in (alice, bob, eve, None):
        assert (await feed(alice, viewer)).status == 200
    await alice.ask("PUT", f"/api/profile/{alice.user_id}", {"hidden": True})
    assert (await feed(alice, bob)).code == "list_hidden"
    assert (await feed(alice, alice)).status == 200


async def test_places_are_told_to_those_who_may_know_of_them(door: Door) -> None:
    alice, eve = door.person("alice"), door.person("eve")
    await eve.get("/api/me")
    await open_up(alice)
    for room in PLACES:
        await placed(door, alice, room)
    everything = [("joined_server", "!server"), ("joined_forum", "!private")]
    everything.append(("joined_forum", "!public"))
    assert shown(await feed(alice, alice)) == everything
    for viewer in (eve, None):
        assert shown(await feed(alice, viewer)) == everything[-1:]
    assert shown(await feed(alice, alice, "?as=friend")) == everything[-1:]
    await placed(door, eve, "!private")
    assert shown(await feed(alice, eve)) == everything[1:]
    await door.sql(
        "UPDATE memberships SET membership = 'leave' WHERE user_id = %(u)s", u=eve.user_id
    )
    assert shown(await feed(alice, eve)) == everything[-1:]


async def test_a_friendship_is_told_where_both_lists_are_open(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    await door.befriend(alice, bob)
    await open_up(alice)
    assert shown(await feed(alice, bob)) == [("became_friends", "")]
    assert shown(await feed(alice, eve)) == []
    await open_up(bob)
    (one,) = (await feed(alice, eve)).body["activity"]
    assert one["person"]["user_id"] == bob.user_id
    assert one["subject"] == {}
    assert len((await feed(alice, None)).body["activity"]) == 1
    await bob.ask("PUT", f"/api/profile/{bob.user_id}", {"hidden": True})
    assert shown(await feed(alice, eve)) == []
    await bob.ask("PUT", f"/api/profile/{bob.user_id}", {"hidden": False})
    await eve.post(f"/api/profile/{bob.user_id}/block")
    assert shown(await feed(alice, eve)) == []
    await alice.delete(f"/api/friends/{bob.user_id}")
    assert shown(await feed(alice, alice)) == []


async def test_a_change_is_told_with_its_field_once_a_day(door: Door) -> None:
    alice, eve = door.person("alice"), door.person("eve")
    await open_up(alice)
    path = f"/api/profile/{alice.user_id}"
    for text in ("one", "two"):
        await alice.ask("PUT", path, {"bio": text})
        door.clock.advance(hours=3)
    assert [kind for kind, _ in shown(await feed(alice, eve))] == ["changed_bio"]
    door.clock.advance(hours=30)
    await alice.ask("PUT", path, {"bio": "three", "search_interests": [{"id": "chess"}]})
    kinds = [kind for kind, _ in shown(await feed(alice, alice))]
    assert sorted(kinds) == ["changed_bio", "changed_bio", "changed_interests"]
    # Interests are for friends, so that they changed is too.
    assert [kind for kind, _ in shown(await feed(alice, eve))] == ["changed_bio"] * 2
    await alice.ask("PUT", path, {"visibility_settings": {"bio": "private"}})
    assert shown(await feed(alice, eve)) == []


async def test_ten_a_page_without_gap_or_double(door: Door) -> None:
    alice = door.person("alice")
    await open_up(alice)
    await door.sql(
        "INSERT INTO profile_activity (user_id, kind, created_at)"
        " SELECT %(u)s, 'changed_avatar', now() - (n / 3) * interval '1 hour'"
        " FROM generate_series(1, 25) n",
        u=alice.user_id,
    )
    seen: list[int] = []
    cursor = ""
    sizes = []
    while True:
        page = (await feed(alice, None, f"?cursor={cursor}" if cursor else "")).body
        sizes.append(len(page["activity"]))
        seen += [one["id"] for one in page["activity"]]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    assert sizes == [10, 10, 5]
    assert len(set(seen)) == 25
    for bad in ("x", "WzEsImEiXQ", "WzEsIjk5OTk5OTk5OTk5OTk5OTk5OTkiXQ"):
        assert (await feed(alice, None, f"?cursor={bad}")).code == "invalid"
