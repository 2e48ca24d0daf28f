# SPDX-License-Identifier: AGPL-3.0-or-later
from urllib.parse import quote

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


async def test_friends_are_found_by_name_or_id(door: Door) -> None:
    alice, eve = door.person("alice"), door.person("eve")
    names = await crowd(door, alice, 12)
    await door.sql(
        "UPDATE people SET display_name = 'Zoë 100%%' WHERE user_id = ANY (%(who)s)",
        who=names[3:5],
    )
    await door.sql("UPDATE people SET connections_visibility = 'public'")
    for reader, path in ((alice, "/api/me/friends"), (eve, "/api/profile/alice/friends")):
        for q, found in (
            ("ZOË", names[3:5]),
            ("0%", names[3:5]),
            ("f1", names[10:]),
            (names[7], [names[7]]),
            ("_", []),
            # The server's name is everybody's here.
            (names[0].partition(":")[2], []),
        ):
            answer = await reader.get(f"{path}?limit=1&q={quote(q)}")
            rows = [row["user_id"] for row in answer.body["friends"]]
            assert (rows, answer.body["total"]) == (found[:1], len(found)), q
    page = (await alice.get("/api/me/friends?limit=1&q=zo")).body
    rest = (await alice.get(f"/api/me/friends?q=zo&cursor={page['next_cursor']}")).body
    assert [row["user_id"] for row in rest["friends"]] == names[4:5]
    assert (await alice.get(f"/api/me/friends?q={'x' * 101}")).status == 400


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
    assert known[carol.user_id]["mutual_friends"] == 1
    assert known[dave.user_id]["friendship_status"] == "request_sent"
    # Dave shows his friends to friends only, so a stranger learns no number either.
    assert known[dave.user_id]["mutual_friends"] is None


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


async def test_who_hides_is_named_only_to_their_friends(door: Door) -> None:
    alice, bob, carol = door.person("alice"), door.person("bob"), door.person("carol")
    shy = door.person("shy")
    await door.befriend(alice, bob)
    await door.befriend(alice, shy)
    await door.befriend(alice, carol)
    await door.befriend(carol, shy)
    await door.sql("INSERT INTO profiles (user_id, hidden) VALUES (%(u)s, true)", u=shy.user_id)

    async def named(reader: Person) -> tuple[set[str], int]:
        body = (await reader.get("/api/profile/alice/friends")).body
        return {row["user_id"] for row in body["friends"]}, body["total"]

    assert await named(bob) == ({bob.user_id, carol.user_id}, 2)
    for reader in (alice, carol, shy):
        assert await named(reader) == ({bob.user_id, carol.user_id, shy.user_id}, 3)
    # The list of somebody hidden is hidden too, and so is how many friends are shared.
    assert (await carol.get("/api/profile/shy/friends")).code == "list_hidden"
    rows = (await carol.get("/api/profile/alice/friends")).body["friends"]
    assert {r["mutual_friends"] for r in rows if r["user_id"] == shy.user_id} == {None}


async def test_a_request_tells_what_the_two_have_in_common(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    await door.befriend(alice, bob)
    await door.befriend(eve, bob)
    await eve.patch("/api/me/settings", {"connections_visibility": "public"})
    await eve.post("/api/profile/alice/friend-request")
    for number in range(4):
        await door.sql(
            "INSERT INTO rooms (room_id, id, kind, local, name, created_at)"
            " VALUES (%(r)s, gen_random_uuid(), 'server', true, %(r)s, now())",
            r=f"!{number}",
        )
        for person in (alice, eve):
            await door.sql(
                "INSERT INTO memberships VALUES (%(r)s, %(who)s, 'join', %(who)s, '$', 1, now())",
                r=f"!{number}",
                who=person.user_id,
            )
    row = (await alice.get("/api/me/friend-requests")).body["requests"][0]["person"]
    assert (row["friendship_status"], row["mutual_friends"]) == ("request_received", 1)
    assert [place["name"] for place in row["mutual_spaces"]] == ["!0", "!1", "!2"]
    assert row["mutual_spaces_count"] == 4
    row = (await eve.get("/api/me/friend-requests?direction=outgoing")).body["requests"][0]
    assert row["person"]["mutual_friends"] is None


async def test_an_avatar_is_shown_to_whom_it_may_be(door: Door) -> None:
    alice, bob, carol = door.person("alice"), door.person("bob"), door.person("carol")
    await door.befriend(alice, bob)
    await door.befriend(alice, carol)
    await door.sql("UPDATE people SET avatar_url = 'mxc://hs.test/' || substr(user_id, 2, 3)")
    for level, seen in (("public", True), ("connections", False), ("private", False)):
        await door.sql(
            "INSERT INTO profiles (user_id, visibility) VALUES (%(u)s, %(v)s::jsonb)"
            " ON CONFLICT (user_id) DO UPDATE SET visibility = excluded.visibility",
            u=carol.user_id,
            v=f'{{"avatar": "{level}"}}',
        )
        rows = (await bob.get("/api/profile/alice/friends")).body["friends"]
        shown = {row["user_id"]: row["avatar_url"] for row in rows}
        assert (shown[carol.user_id] is not None) == seen
        rows = (await alice.get("/api/me/friends")).body["friends"]
        shown = {row["user_id"]: row["avatar_url"] for row in rows}
        assert (shown[carol.user_id] is not None) == (level != "private")


async def test_the_latest_activity_is_of_what_the_reader_may_know(door: Door) -> None:
    alice, bob, carol = door.person("alice"), door.person("bob"), door.person("carol")
    await door.befriend(alice, bob)
    await door.befriend(alice, carol)
    await door.sql("DELETE FROM profile_activity")
    await door.sql(
        "INSERT INTO rooms (room_id, id, kind, local, name, created_at, visibility) VALUES"
        " ('!open', gen_random_uuid(), 'forum', true, 'Open', now(), 'public'),"
        " ('!secret', gen_random_uuid(), 'server', true, 'Secret', now(), 'private')"
    )
    await door.sql(
        "INSERT INTO profile_activity (user_id, kind, room_id, created_at) VALUES"
        " (%(c)s, 'joined_forum', '!open', now() - interval '3 h'),"
        " (%(c)s, 'changed_bio', NULL, now() - interval '2 h'),"
        " (%(c)s, 'joined_server', '!secret', now() - interval '1 h'),"
        " (%(c)s, 'visibility_changed', NULL, now())",
        c=carol.user_id,
    )

    async def latest(reader: Person) -> str | None:
        rows = (await reader.get("/api/profile/alice/friends")).body["friends"]
        found = next(row for row in rows if row["user_id"] == carol.user_id)["latest_activity"]
        return found and f"{found['kind']} {(found['room'] or {}).get('name')}"

    async def levels(levels: str, *, hidden: bool = False) -> None:
        await door.sql(
            "INSERT INTO profiles (user_id, visibility, hidden)"
            " VALUES (%(u)s, %(v)s::jsonb, %(h)s)"
            " ON CONFLICT (user_id) DO UPDATE SET visibility = excluded.visibility,"
            " hidden = excluded.hidden",
            u=carol.user_id,
            v=levels,
            h=hidden,
        )

    # Activity is for friends unless they say otherwise.
    assert await latest(bob) is None
    assert await latest(alice) == "changed_bio None"
    assert await latest(carol) == "joined_server Secret"
    await levels('{"activity": "public"}')
    assert await latest(bob) == "joined_forum Open"
    await levels('{"activity": "public", "bio": "private"}')
    assert await latest(alice) == "joined_forum Open"
    await levels('{"activity": "private"}')
    assert await latest(alice) is None
    await levels('{"activity": "public"}', hidden=True)
    assert await latest(alice) is None
    assert await latest(carol) == "joined_server Secret"
