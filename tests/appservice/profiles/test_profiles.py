# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import itertools
from typing import Any

from policy.visibility import DEFAULTS, Field, Level
from tests.support.door import Answer, Door, Person

FULL = {
    "display_name": "Alice Berg",
    "bio": "I *like* [trains](https://trains.test)",
    "gender": "woman",
    "pronouns": "she/her",
    "location": {"place_id": 3143244},
    "timezone": "Europe/Oslo",
    "search_interests": [{"id": "chess"}, {"label": "Night trains"}],
}
KEYS = {
    Field.BIO: {"bio", "bio_html"},
    Field.GENDER: {"gender"},
    Field.PRONOUNS: {"pronouns"},
    Field.LOCATION: {"location"},
    Field.TIMEZONE: {"timezone"},
    Field.SEARCH_INTERESTS: {"search_interests"},
    Field.AVATAR: {"avatar_url"},
    Field.BANNER: {"banner_url"},
}
ALWAYS = {"user_id", "display_name", "showcase"}
LEVELS = {level.value: level for level in Level}


async def put(person: Person, body: object, whose: Person | None = None) -> Answer:
    return await person.ask("PUT", f"/api/profile/{(whose or person).user_id}", body)


async def profile(whose: Person, viewer: Person | None, query: str = "") -> dict[str, Any]:
    path = f"/api/profile/{whose.user_id}{query}"
    answer = await (viewer.get(path) if viewer else whose.door.ask("GET", path))
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.body
    return found


async def log(door: Door, whose: Person) -> list[tuple[Any, ...]]:
    rows = await door.sql(
        "SELECT kind, subject FROM profile_activity WHERE user_id = %(u)s ORDER BY id",
        u=whose.user_id,
    )
    return [tuple(row) for row in rows]


async def test_a_whole_profile_is_kept_and_read(door: Door) -> None:
    alice = door.person("alice")
    answer = await put(alice, FULL)
    assert answer.status == 200, answer.text
    mine = await profile(alice, alice)
    assert mine == answer.body
    assert mine["bio"] == FULL["bio"]
    assert mine["bio_html"] == (
        '<p>I <em>like</em> <a href="https://trains.test"'
        ' rel="noopener noreferrer nofollow ugc">trains</a></p>'
    )
    assert mine["location"]["label"] == "Oslo, Norway"
    assert mine["search_interests"] == [
        {"id": "chess", "label": "Chess", "category": "games"},
        {"id": "own:night trains", "label": "Night trains", "category": "own"},
    ]
    assert mine["relationship"]["state"] == "self"
    own = mine["mine"]
    assert own["revision"] == 1
    assert own["completeness"] == {"percent": 71, "missing": ["avatar", "banner"]}
    assert own["visibility_settings"] == {name: str(level) for name, level in DEFAULTS.items()}


async def test_what_is_absent_stays_and_null_takes_away(door: Door) -> None:
    alice = door.person("alice")
    await put(alice, FULL)
    changed = (await put(alice, {"bio": None, "location": None, "search_interests": []})).body
    assert (changed["bio"], changed["bio_html"], changed["location"]) == (None, None, None)
    assert changed["search_interests"] == []
    assert (changed["gender"], changed["timezone"]) == ("woman", "Europe/Oslo")
    own = (await put(alice, {"location": {"city": " Vik\n", "country_code": "no"}})).body
    assert own["location"] == {
        "city": "Vik",
        "country_code": "NO",
        "country": "Norway",
        "label": "Vik, Norway",
        "place_id": None,
    }
    assert (await put(alice, {})).body == own


async def test_every_level_for_every_viewer(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    far, pal = (door.person(name, server="far.test") for name in ("far", "pal"))
    await put(alice, FULL)
    for friend in (bob, pal):
        await door.befriend(alice, friend)
    viewers = (
        *(("friend", bob), ("friend", pal), ("signed_in", eve)),
        *(("remote", far), ("anonymous", None)),
    )
    for level, hidden in itertools.product(LEVELS, (False, True)):
        levels = {field.value: level for field in KEYS}
        body = {"visibility_settings": levels, "hidden": hidden}
        assert (await put(alice, body)).status == 200
        for kind, viewer in viewers:
            sees = level == "public" or (level == "connections" and kind == "friend")
            shown = {field for field in KEYS if sees and (not hidden or field is Field.AVATAR)}
            expected = ALWAYS | {key for field in shown for key in KEYS[field]}
            found = await profile(alice, viewer)
            assert found.keys() - {"relationship"} == expected, (level, hidden, kind)
            assert ("relationship" in found) is (viewer is not None)
        assert (await profile(alice, alice)).keys() >= ALWAYS | {"mine", "bio", "banner_url"}


async def test_each_field_has_a_level_of_its_own(door: Door) -> None:
    alice = door.person("alice")
    await put(alice, FULL)
    await put(alice, {"visibility_settings": {f.value: "private" for f in KEYS}})
    for field, keys in KEYS.items():
        await put(alice, {"visibility_settings": {field.value: "public"}})
        assert (await profile(alice, None)).keys() == ALWAYS | keys
        await put(alice, {"visibility_settings": {field.value: "private"}})


async def test_hiding_and_coming_back_restores_what_was_and_is_logged(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await put(alice, FULL)
    await door.befriend(alice, bob)
    await put(alice, {"visibility_settings": {"bio": "public", "gender": "private"}})
    before = await profile(alice, bob)
    hidden = (await put(alice, {"hidden": True})).body
    assert hidden["mine"]["hidden"]
    assert (await profile(alice, bob)).keys() == {*ALWAYS, "avatar_url", "relationship"}
    await put(alice, {"hidden": False})
    assert await profile(alice, bob) == before
    await alice.patch("/api/me/settings", {"connections_visibility": "private"})
    await put(alice, {"visibility_settings": {"connections": "public", "display_name": "public"}})
    settings = (await alice.get("/api/me/settings")).body
    assert settings["connections_visibility"] == "public"
    levels = [row for row in await log(door, alice) if row[0] in ("visibility_changed", "hidden")]
    assert [row[1] for row in levels if row[0] == "visibility_changed"] == [
        {"field": "bio", "from": "connections", "to": "public"},
        {"field": "gender", "from": "connections", "to": "private"},
        {"field": "connections", "from": "connections", "to": "private"},
        {"field": "connections", "from": "private", "to": "public"},
    ]
    assert ("hidden", {}) in levels
    feed = (await alice.get(f"/api/profile/{alice.user_id}/activity")).body["activity"]
    assert {one["kind"] for one in feed} <= {"changed_bio", "changed_interests", "became_friends"}


async def test_whom_the_owner_blocks_is_a_stranger(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    await put(alice, FULL)
    await door.befriend(alice, bob)
    stranger = await profile(alice, eve)
    await alice.post(f"/api/profile/{bob.user_id}/block")
    blocked = await profile(alice, bob)
    assert blocked == stranger


async def test_seeing_oneself_as_another(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    await put(alice, FULL)
    await door.befriend(alice, bob)
    for look, viewer in (("friend", bob), ("stranger", eve), ("anonymous", None)):
        seen = await profile(alice, viewer)
        seen.pop("relationship", None)
        assert await profile(alice, alice, f"?as={look}") == seen
    path = f"/api/profile/{alice.user_id}"
    for who in (eve, bob):
        assert (await who.get(f"{path}?as=friend")).code == "forbidden"
    assert (await door.ask("GET", f"{path}?as=friend")).code == "forbidden"
    assert (await alice.get(f"{path}?as=admin")).code == "invalid"


async def test_a_profile_changed_elsewhere_is_not_overwritten(door: Door) -> None:
    alice = door.person("alice")
    revision = (await put(alice, {"bio": "one"})).body["mine"]["revision"]
    await put(alice, {"bio": "two"})
    late = await put(alice, {"bio": "three", "revision": revision})
    assert (late.status, late.code) == (409, "profile_changed")
    assert late.body["error"]["details"] == {"revision": revision + 1}
    assert (await put(alice, {"bio": "three", "revision": revision + 1})).status == 200


async def test_of_two_changes_at_once_one_is_told(door: Door) -> None:
    alice = door.person("alice")
    await put(alice, {"bio": "one"})
    both = await asyncio.gather(
        *(put(alice, {"bio": text, "revision": 1}) for text in ("two", "three"))
    )
    assert sorted(answer.status for answer in both) == [200, 409]
    assert (await profile(alice, alice))["mine"]["revision"] == 2


async def test_nothing_stays_of_who_is_gone(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await put(alice, FULL)
    await door.befriend(alice, bob)
    await door.sql(
        "UPDATE people SET deactivated_at = now() WHERE user_id = %(u)s", u=alice.user_id
    )
    for path in ("", "/activity"):
        assert (await bob.get(f"/api/profile/{alice.user_id}{path}")).status == 404


async def test_admins_may_change_others_and_it_is_noted(door: Door) -> None:
    alice, root, mod = door.person("alice"), door.person("root"), door.person("mod")
    await put(alice, FULL)
    for who, role in ((root, "admin"), (mod, "moderator")):
        await who.get("/api/me")
        await door.sql("INSERT INTO staff VALUES (%(u)s, %(r)s)", u=who.user_id, r=role)
    assert (await put(mod, {"bio": "x"}, alice)).code == "forbidden"
    changed = await put(root, {"bio": None, "hidden": True}, alice)
    assert changed.status == 200
    assert "bio" not in changed.body
    assert "mine" not in changed.body
    assert (await log(door, alice))[-2:] == [
        ("changed_by_staff", {"by": root.user_id, "fields": ["bio", "hidden"]}),
        ("hidden", {"by": root.user_id}),
    ]


async def test_people_of_other_servers_and_nobody(door: Door) -> None:
    alice = door.person("alice")
    far = door.person("far", server="far.test")
    assert (await put(far, {"bio": "x"})).code == "local_only"
    root = door.person("root")
    await root.get("/api/me")
    await door.sql("INSERT INTO staff VALUES (%(u)s, 'admin')", u=root.user_id)
    assert (await put(root, {"bio": "x"}, far)).status == 404
    # Nobody signed in starts no look-up; somebody does, of an account that is here.
    assert (await door.ask("GET", f"/api/profile/{alice.user_id}")).status == 404
    assert (await root.get(f"/api/profile/{alice.user_id}")).status == 200
    assert (await root.get("/api/profile/nobody")).status == 404
    assert (await root.get("/api/profile/%40x%3Aelse.test")).status == 404


async def test_the_name_reaches_the_homeserver_by_a_job(door: Door) -> None:
    alice = door.person("alice")
    await put(alice, {"display_name": "  Alice   Berg "})
    await put(alice, {"bio": "x"})
    assert (await profile(alice, alice))["display_name"] == "Alice Berg"
    jobs = await door.sql("SELECT args FROM procrastinate_jobs WHERE task_name = 'profiles.sync'")
    assert [row[0]["user_id"] for row in jobs] == [alice.user_id]


async def test_onboarding_is_kept_step_by_step(door: Door) -> None:
    alice = door.person("alice")
    await put(alice, {"onboarding": {"avatar": "skipped"}})
    found = (await put(alice, {"onboarding": {"interests": "done"}})).body
    assert found["mine"]["onboarding"] == {"avatar": "skipped", "interests": "done"}
    assert (await put(alice, {"onboarding": {"dance": "done"}})).code == "invalid"
