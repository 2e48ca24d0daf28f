# SPDX-License-Identifier: AGPL-3.0-or-later
"""Both profiles of a person, brought together over a homeserver in memory; writes are counted."""

from typing import Any
from uuid import UUID

import pytest

from appservice.errors import HomeserverRefused, Unavailable
from appservice.profile_sync.drifting import Drift
from tests.appservice.profile_media.conftest import picture
from tests.appservice.profile_sync.conftest import Both


async def test_what_is_public_goes_to_matrix_and_back_out_at_once(both: Both) -> None:
    await both.edit(display_name="Alice Moon", bio="I **row**.", pronouns="she/her")
    await both.edit(timezone="Europe/Oslo", gender="woman")
    assert await both.settle() == 1
    assert both.matrix == {"displayname": "Alice Moon"}, "all else is for friends at first"

    public = ("bio", "pronouns", "timezone", "gender")
    await both.edit(visibility_settings=dict.fromkeys(public, "public"))
    assert await both.settle() == 6
    assert both.matrix == {
        "displayname": "Alice Moon",
        "gay.fomx.biography": {
            "m.text": [
                {"body": "<p>I <strong>row</strong>.</p>", "mimetype": "text/html"},
                {"body": "I **row**."},
            ]
        },
        "chat.commet.profile_bio": {"body": "I **row**."},
        "io.fsky.nyx.pronouns": [{"language": "en", "summary": "she/her"}],
        "m.tz": "Europe/Oslo",
        "us.cloke.msc4175.tz": "Europe/Oslo",
        "social.kith.gender": "woman",
    }
    await both.edit(visibility_settings={"bio": "private", "timezone": "connections"})
    assert await both.settle() == 4
    assert set(both.matrix) == {"displayname", "io.fsky.nyx.pronouns", "social.kith.gender"}
    await both.edit(hidden=True)
    await both.settle()
    assert both.matrix == {"displayname": "Alice Moon"}
    await both.edit(hidden=False)
    await both.settle()
    assert set(both.matrix) == {"displayname", "io.fsky.nyx.pronouns", "social.kith.gender"}


async def test_what_is_set_in_element_is_taken_over_and_becomes_public(both: Both) -> None:
    both.matrix["displayname"] = "Alice Sun"
    both.matrix["us.cloke.msc4175.tz"] = '"Europe/Oslo"'
    both.matrix["io.fsky.nyx.pronouns"] = [{"language": "en", "summary": "they/them"}]
    both.matrix["gay.fomx.biography"] = {
        "m.text": [{"body": "<b>Hi</b>", "mimetype": "text/html"}, {"body": "Hi there"}]
    }
    first = both.studio.media.keep(picture((64, 64)), "image/jpeg")
    both.matrix["avatar_url"] = first
    await both.settle()
    await both.work()
    await both.settle()
    told = await both.read()
    assert (told["display_name"], told["timezone"]) == ("Alice Sun", "Europe/Oslo")
    assert (told["pronouns"], told["bio"]) == ("they/them", "Hi there")
    assert told["avatar_url"] == first
    levels = told["mine"]["visibility_settings"]
    assert {levels[name] for name in ("timezone", "pronouns", "bio", "avatar")} == {"public"}
    assert both.matrix["m.tz"] == both.matrix["us.cloke.msc4175.tz"] == "Europe/Oslo"
    assert sorted(await both.notes()) == [
        ("opened", "bio", None),
        ("opened", "pronouns", None),
        ("opened", "timezone", None),
    ]
    rows = await both.door.sql(
        "SELECT subject->>'field' FROM profile_activity WHERE kind = 'visibility_changed'"
    )
    assert {row[0] for row in rows} == {"bio", "pronouns", "timezone"}
    # Taken away there, it is gone here too.
    del both.matrix["m.tz"], both.matrix["avatar_url"]
    await both.settle()
    told = await both.read()
    assert (told.get("timezone"), told.get("avatar_url")) == (None, None)
    assert "us.cloke.msc4175.tz" not in both.matrix


REFUSED: tuple[tuple[str, Any, str, str], ...] = (
    ("displayname", "Kith admin", "display_name", "name_reserved"),
    ("displayname", "ab", "display_name", "name_length"),
    ("displayname", "ali\u202ece", "display_name", "name_characters"),
    ("displayname", None, "display_name", "field_unreadable"),
    ("m.tz", "Moon/Crater", "timezone", "timezone_unknown"),
    ("gay.fomx.biography", {"m.text": "x"}, "bio", "field_unreadable"),
    ("gay.fomx.biography", {"m.text": [{"body": "x" * 281}]}, "bio", "bio_length"),
    ("io.fsky.nyx.pronouns", ["x"], "pronouns", "field_unreadable"),
    ("avatar_url", "https://evil.test/x", "avatar", "field_unreadable"),
)


async def test_what_cannot_stand_is_set_back_and_told(both: Both) -> None:
    await both.edit(display_name="Alice Moon")
    await both.settle()
    before = dict(both.matrix)
    for key, value, name, reason in REFUSED:
        both.matrix[key] = value
        if value is None:
            del both.matrix[key]
        assert await both.settle() == 1, key
        assert both.matrix == before
        assert await both.notes() == [("reverted", name, reason)]
        assert (await both.read())["display_name"] == "Alice Moon"


async def test_a_hidden_profile_takes_back_what_element_sets(both: Both) -> None:
    await both.edit(hidden=True)
    await both.settle()
    both.matrix["m.tz"] = "Europe/Oslo"
    both.matrix["displayname"] = "Alice Star"
    await both.settle()
    assert both.matrix == {"displayname": "Alice Star"}, "the name outlasts hiding"
    assert await both.notes() == [("hidden", "timezone", "profile_hidden")]
    told = await both.read()
    assert (told.get("timezone"), told["mine"]["hidden"]) == (None, True)


async def test_when_both_change_kith_holds(both: Both) -> None:
    await both.edit(timezone="Europe/Oslo", visibility_settings={"timezone": "public"})
    await both.settle()
    both.matrix["m.tz"] = both.matrix["us.cloke.msc4175.tz"] = "Asia/Tokyo"
    both.matrix["displayname"] = "From Element"
    await both.edit(visibility_settings={"timezone": "private"}, display_name="From Kith")
    await both.settle()
    assert both.matrix == {"displayname": "From Kith"}
    told = await both.read()
    assert (told["display_name"], told["timezone"]) == ("From Kith", "Europe/Oslo")
    assert told["mine"]["visibility_settings"]["timezone"] == "private"


async def test_a_first_comparison_judges_only_what_was_just_chosen(both: Both) -> None:
    door = both.door
    for name, judge, kept in (("carol", False, "Admin"), ("dora", True, "dora")):
        person = door.person(name)
        door.homeserver.profiles[person.user_id] = {"displayname": "Admin"}
        await person.get("/api/me")
        await both.sync.sync(person.user_id, judge=judge)
        assert door.homeserver.profiles[person.user_id]["displayname"] == kept
    assert await both.notes() == [("reverted", "display_name", "name_reserved")]


async def test_what_was_closed_before_both_met_stays_closed(both: Both) -> None:
    erin, profiles = both.door.person("erin"), both.door.homeserver.profiles
    mxc = both.studio.media.keep(picture((300, 300)), "image/jpeg")
    there = profiles[erin.user_id] = {"avatar_url": mxc, "m.tz": "Asia/Tokyo"}
    there["io.fsky.nyx.pronouns"] = there["chat.commet.profile_bio"] = "From Element"
    await erin.get("/api/me")
    levels = {"avatar": "connections", "pronouns": "private"}
    change = {"bio": "From Kith", "visibility_settings": levels}
    assert (await erin.ask("PUT", f"/api/profile/{erin.user_id}", change)).status == 200
    await both.sync.sync(erin.user_id)
    # Nothing was said here of the time zone; all else is as its owner chose.
    timezone = dict.fromkeys(("m.tz", "us.cloke.msc4175.tz"), "Asia/Tokyo")
    told = (await erin.get(f"/api/profile/{erin.user_id}")).body
    assert {k: v for k, v in profiles[erin.user_id].items() if k != "displayname"} == timezone
    assert (told["bio"], told["pronouns"]) == ("From Kith", None)
    assert told["mine"]["visibility_settings"]["avatar"] == "connections"
    # The picture is not lost: friends see it once it was looked at.
    await both.work()
    await both.sync.sync(erin.user_id)
    assert (await erin.get(f"/api/profile/{erin.user_id}")).body["avatar"]["urls"]
    assert "avatar_url" not in profiles[erin.user_id]


async def test_an_avatar_is_published_only_while_everybody_may_see_it(both: Both) -> None:
    media = both.studio.media
    await both.edit(visibility_settings={"avatar": "connections"})
    first = await both.studio.show(both.alice)
    await both.settle()
    assert "avatar_url" not in both.matrix
    assert not media.files, "nothing of it has left"
    bob = both.studio.person("bob")
    await bob.get("/api/me")
    told = await both.read(bob)
    assert "avatar_url" not in told or told["avatar_url"] is None
    assert (await both.read())["avatar"]["media_id"] == first

    await both.edit(visibility_settings={"avatar": "public"})
    assert await both.settle() == 1
    (stored,) = media.files
    mxc = f"mxc://hs.test/{stored}"
    assert both.matrix["avatar_url"] == mxc
    assert media.files[stored].owner == both.alice.user_id
    assert (await both.read(bob))["avatar_url"] == mxc

    await bob.post(f"/api/profile/{both.alice.user_id}/follow")
    (row,) = (await bob.get("/api/me/following")).body["people"]
    assert row["avatar_url"] == mxc
    await both.edit(visibility_settings={"avatar": "private"})
    # With the change itself: the homeserver may be away for long.
    (row,) = (await bob.get("/api/me/following")).body["people"]
    assert row["avatar_url"] is None
    assert (await bob.get(f"/api/media/thumbnail/hs.test/{stored}")).status == 404
    await both.settle()
    assert "avatar_url" not in both.matrix
    assert media.deleted == [stored]
    assert (await both.read(bob)).get("avatar_url") is None
    # An avatar set in Element takes its place, and the picture made here goes.
    both.matrix["avatar_url"] = second = media.keep(picture((64, 64)), "image/jpeg")
    await both.settle()
    assert [job["media_id"] for job in await both.studio.jobs("profile_media.forget")] == [first]
    await both.work()
    await both.settle()
    assert (await both.read())["avatar_url"] == second


async def test_a_killed_publication_uses_its_address_again(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = both.studio.media
    media_id = await both.studio.show(both.alice)
    media.refuse = (500, "M_UNKNOWN")
    with pytest.raises(Unavailable):
        await both.sync.sync(both.alice.user_id)
    media.refuse = None
    del monkeypatch
    assert await both.settle() == 1
    rows = await both.door.sql(
        "SELECT mxc FROM profile_media WHERE id = %(id)s", id=UUID(media_id)
    )
    assert [row[0] for row in rows] == [both.matrix["avatar_url"]]
    assert len(media.reserved) == 1


async def test_one_refused_field_does_not_keep_the_others(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(user_id: str, field: str, value: Any) -> None:
        if field == "displayname":
            raise HomeserverRefused(403, "M_FORBIDDEN", "Names are closed.", None)
        both.door.homeserver.profiles[user_id][field] = value

    monkeypatch.setattr(both.door.homeserver, "set_profile", refuse)
    await both.edit(
        display_name="Alice Moon", pronouns="she/her", visibility_settings={"pronouns": "public"}
    )
    await both.sync.sync(both.alice.user_id)
    assert both.matrix["displayname"] == "Alice"
    assert "io.fsky.nyx.pronouns" in both.matrix
    monkeypatch.undo()
    await both.sync.sync(both.alice.user_id)
    assert both.matrix["displayname"] == "Alice Moon"


async def test_lost_signals_cost_time_only(both: Both) -> None:
    await both.studio.jobs("profiles.sync")
    await both.sync.compare_old()
    assert not await both.studio.jobs("profiles.sync"), "just compared"
    both.door.clock.advance(hours=7)
    for _ in range(2):
        await both.sync.compare_old()
    jobs = await both.studio.jobs("profiles.sync")
    assert [job["user_id"] for job in jobs] == [both.alice.user_id]


async def test_after_a_gap_only_what_drifted_is_compared(both: Both) -> None:
    bob = both.door.person("bob")
    await bob.get("/api/me")
    await both.sync.sync(bob.user_id)
    profiles = both.door.homeserver.profiles

    class Synapse:
        async def profiles(self, after: str, limit: int) -> list[tuple[str, dict[str, Any]]]:
            found = [(who, dict(one)) for who, one in sorted(profiles.items()) if who > after]
            return found[: min(limit, 1)]

    drift = Drift(both.door.database, Synapse(), both.door.clock)
    await both.studio.jobs("profiles.sync")
    # What is nobody's here, and what the profile says already, is no drift.
    both.matrix["org.example.mood"] = "good"
    await drift.find()
    assert not await both.studio.jobs("profiles.sync")
    both.matrix["m.tz"] = "Europe/Oslo"
    await drift.find()
    (job,) = await both.studio.jobs("profiles.sync")
    assert job["user_id"] == both.alice.user_id
    await both.sync.sync(**job)
    assert (await both.read())["timezone"] == "Europe/Oslo"
    # Where Synapse's database cannot be read everybody is due.
    await Drift(both.door.database, None, both.door.clock).find()
    await both.sync.compare_old()
    found = {job["user_id"] for job in await both.studio.jobs("profiles.sync")}
    assert found >= {both.alice.user_id, bob.user_id}


async def test_nobody_else_is_compared(both: Both) -> None:
    await both.sync.sync("@nobody:hs.test")
    far = both.door.person("far", server="far.test")
    await far.get("/api/me")
    await both.sync.sync(far.user_id)
    assert not both.writes
