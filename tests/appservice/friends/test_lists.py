# SPDX-License-Identifier: AGPL-3.0-or-later
from tests.support.door import Door, Person


async def crowd(door: Door, owner: Person, count: int) -> list[str]:
    """Friends of the owner, put into the tables directly, each a second older than the last."""
    names = [door.person(f"f{number:02}").user_id for number in range(count)]
    await door.sql(
        "INSERT INTO people (user_id, local) SELECT u, true FROM unnest(%(who)s::text[]) u"
        " ON CONFLICT DO NOTHING",
        who=[*names, owner.user_id],
    )
    await door.sql(
        "WITH f AS (SELECT * FROM unnest(%(who)s::text[]) WITH ORDINALITY AS f(u, n))"
        " INSERT INTO friendships (user_id, friend_id, created_at)"
        " SELECT %(me)s, u, now() - n * interval '1 second' FROM f"
        " UNION ALL SELECT u, %(me)s, now() - n * interval '1 second' FROM f",
        who=names,
        me=owner.user_id,
    )
    return names


async def test_pages_hold_everybody_once_in_order(door: Door) -> None:
    alice = door.person("alice")
    names = await crowd(door, alice, 23)
    seen: list[str] = []
    cursor, pages = "", 0
    while pages < 10:
        answer = await alice.get(f"/api/me/friends?limit=10{cursor}")
        assert answer.status == 200, answer.text
        seen += [row["user_id"] for row in answer.body["friends"]]
        assert answer.body["total"] == (23 if pages == 0 else None)
        pages += 1
        if answer.body["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.body['next_cursor']}"
    assert (seen, pages) == (names, 3)


async def test_rows_say_how_the_reader_stands(door: Door) -> None:
    alice, bob, carol = door.person("alice"), door.person("bob"), door.person("carol")
    dave = door.person("dave")
    for other in (bob, carol, dave):
        await door.befriend(alice, other)
    await door.befriend(bob, carol)
    await bob.post(f"/api/profile/{dave.user_id}/friend-request")
    rows = (await bob.get("/api/profile/alice/friends")).body["friends"]
    known = {row["user_id"]: row for row in rows}
    assert known[bob.user_id]["friendship_status"] == "self"
    assert known[carol.user_id]["friendship_status"] == "friends"
    assert known[carol.user_id]["mutual_count"] == 1
    assert known[dave.user_id]["friendship_status"] == "request_sent"
    # Dave shows his friends to friends only, so a stranger learns no number either.
    assert known[dave.user_id]["mutual_count"] is None


async def test_who_may_see_a_list(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    await door.befriend(alice, bob)

    async def seen(reader: Person) -> tuple[int, str]:
        answer = await reader.get("/api/profile/alice/friends")
        return answer.status, answer.code if answer.status != 200 else ""

    assert await seen(bob) == (200, "")
    assert await seen(eve) == (403, "list_hidden")
    await alice.patch("/api/me/settings", {"connections_visibility": "public"})
    assert await seen(eve) == (200, "")
    await alice.patch("/api/me/settings", {"connections_visibility": "private"})
    assert await seen(bob) == (403, "list_hidden")
    assert await seen(alice) == (200, "")
    await alice.patch("/api/me/settings", {"connections_visibility": "public"})
    # The blocked meet what a stranger meets, so that a second account notices nothing.
    mallory = door.person("mallory")
    await alice.post("/api/profile/eve/block")
    path = "/api/profile/alice/relationship"
    assert await seen(eve) == await seen(mallory) == (200, "")
    assert (await eve.get(path)).body == (await mallory.get(path)).body
    await alice.patch("/api/me/settings", {"connections_visibility": "connections"})
    assert await seen(eve) == await seen(mallory) == (403, "list_hidden")
    assert (await eve.get(path)).body == (await mallory.get(path)).body
    await eve.post("/api/profile/alice/block")
    assert await seen(eve) == (403, "blocked")


async def test_people_parted_by_a_block_do_not_meet_in_a_third_ones_list(door: Door) -> None:
    alice, bob, carol = door.person("alice"), door.person("bob"), door.person("carol")
    await door.befriend(alice, bob)
    await door.befriend(alice, carol)
    await carol.post("/api/profile/bob/block")
    for reader, hidden in ((bob, carol), (carol, bob)):
        answer = await reader.get("/api/profile/alice/friends")
        assert hidden.user_id not in [row["user_id"] for row in answer.body["friends"]]
        assert answer.body["total"] == 1


async def test_shared_places_are_named(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    await door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, name, created_at)"
        " VALUES ('!s', gen_random_uuid(), 'server', true, 'Chess', now())"
    )
    for person in (alice, bob):
        await door.sql(
            "INSERT INTO memberships VALUES ('!s', %(who)s, 'join', %(who)s, '$', 1, now())",
            who=person.user_id,
        )
    rows = (await alice.get("/api/me/friends")).body["friends"]
    assert [place["name"] for place in rows[0]["mutual_spaces"]] == ["Chess"]


async def test_a_forged_cursor_is_refused(door: Door) -> None:
    alice = door.person("alice")
    for cursor in ("x", "W10", "%00", "eyJ9", "WzEsMl0", "A" * 401):
        answer = await alice.get(f"/api/me/friends?cursor={cursor}")
        assert (answer.status, answer.code) == (400, "invalid"), cursor
        answer = await alice.get(f"/api/me/friend-requests?cursor={cursor}")
        assert (answer.status, answer.code) == (400, "invalid"), cursor
