# SPDX-License-Identifier: AGPL-3.0-or-later
"""People search through the door: who finds whom by what, and how soon."""

import hashlib
import itertools
import json
from typing import Any

import pytest

from appservice.people_search import parts
from policy.visibility import Field, Level, Viewer, visible
from tests.support.door import Door, Person

FIELDS = {
    Field.BIO: "bio",
    Field.PRONOUNS: "pronouns",
    Field.LOCATION: "city",
    Field.SEARCH_INTERESTS: "interests",
}


async def profile(door: Door, user_id: str, **values: Any) -> None:
    """Write a profile as the owner's own change would, and let nothing else happen."""
    await door.sql(
        "INSERT INTO people (user_id, local) VALUES (%(u)s, true) ON CONFLICT DO NOTHING",
        u=user_id,
    )
    columns = {
        "bio": None,
        "pronouns": None,
        "city": None,
        "country_code": None,
        "interests": [],
        "visibility": {},
        "hidden": False,
        **values,
    }
    names = ", ".join(columns)
    written = {
        name: json.dumps(value) if isinstance(value, list | dict) else value
        for name, value in columns.items()
    }
    await door.sql(
        f"INSERT INTO profiles (user_id, {names})"
        f" VALUES (%(u)s, {', '.join(f'%({name})s' for name in columns)})"
        f" ON CONFLICT (user_id) DO UPDATE SET"
        f" ({names}) = ROW ({', '.join(f'excluded.{name}' for name in columns)})",
        u=user_id,
        **written,
    )


def unlike(number: int) -> str:
    """A word that no typing error makes another's."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:12]


async def indexed(door: Door) -> None:
    await parts.indexer(door.database).drain()


async def found(reader: Person, query: str) -> list[str]:
    answer = await reader.get(f"/api/people/search?limit=100&{query}")
    assert answer.status == 200, answer.text
    return [row["user_id"] for row in answer.body["people"]]


Case = tuple[Field, Level | None, bool]


async def owner_of(door: Door, number: int, case: Case, friend: Person) -> None:
    """Somebody with one field, whose word stands nowhere else."""
    field, level, hidden = case
    word, owner = unlike(number), f"@o{number}:hs.test"
    values: dict[str, Any] = {
        "bio": f"about {word}",
        "pronouns": word,
        "city": word,
        "interests": [{"id": f"own:{word}", "label": word, "category": "own"}],
    }
    own: dict[str, Any] = {FIELDS[field]: values[FIELDS[field]]}
    if field is Field.LOCATION:
        own["country_code"] = "NL"
    await profile(door, owner, hidden=hidden, visibility={field: level} if level else {}, **own)
    await door.sql(
        "INSERT INTO friendships (user_id, friend_id, created_at)"
        " VALUES (%(a)s, %(b)s, now()), (%(b)s, %(a)s, now())",
        a=owner,
        b=friend.user_id,
    )


async def what_is_wrong(number: int, case: Case, reader: Person, viewer: Viewer) -> list[object]:
    """Where an answer tells more, or less, than the one function of visibility says."""
    field, level, hidden = case
    word, owner = unlike(number), f"@o{number}:hs.test"
    may = field in visible({field: word}, {field: level} if level else {}, viewer, hidden=hidden)
    asked = {"q": word}
    if field is Field.SEARCH_INTERESTS:
        asked["interests"] = f"own:{word}"
    if field is Field.LOCATION:
        asked["city"] = word
    # Pronouns are for filters alone, and never of fewer than five people.
    findable = may and field is not Field.PRONOUNS
    wrong: list[object] = [
        (case, viewer, key)
        for key, value in asked.items()
        if await found(reader, f"{key}={value}") != ([owner] if findable else [])
    ]
    facets = await reader.get(f"/api/people/search/facets?q=o{number}")
    if word in facets.text and not findable:
        wrong.append((case, viewer, "facets"))
    rows = (await reader.get(f"/api/people/search?q=o{number}&limit=100")).body["people"]
    shown = [row for row in rows if row["user_id"] == owner]
    if bool(shown) == hidden or (word in json.dumps(shown) and not may):
        wrong.append((case, viewer, "row"))
    return wrong


async def test_a_field_is_found_by_whom_it_is_shown_to_and_by_nobody_else(door: Door) -> None:
    friend, stranger = door.person("friend"), door.person("stranger")
    for reader in (friend, stranger):
        await reader.get("/api/me")
    cases = list(enumerate(itertools.product(FIELDS, (None, *Level), (False, True))))
    for number, case in cases:
        await owner_of(door, number, case, friend)
    await indexed(door)
    wrong: list[object] = []
    for number, case in cases:
        wrong += await what_is_wrong(number, case, friend, Viewer.FRIEND)
        wrong += await what_is_wrong(number, case, stranger, Viewer.SIGNED_IN)
    assert wrong == []


async def test_a_change_hides_at_once_and_shows_when_the_worker_has_seen_it(door: Door) -> None:
    alice = door.person("alice")
    await profile(door, "@bob:hs.test", bio="theremin", visibility={"bio": "public"})
    assert await found(alice, "q=theremin") == []
    await indexed(door)
    assert await found(alice, "q=theremin") == ["@bob:hs.test"]
    await profile(door, "@bob:hs.test", bio="theremin", visibility={"bio": "private"})
    assert await found(alice, "q=theremin") == []
    await indexed(door)
    assert (await found(alice, "q=theremin"), await found(alice, "q=bob")) == (
        [],
        ["@bob:hs.test"],
    )
    await profile(door, "@bob:hs.test", hidden=True)
    assert await found(alice, "q=bob") == []
    await indexed(door)
    assert await door.sql("SELECT 1 FROM people_search WHERE user_id = '@bob:hs.test'") == []
    await profile(door, "@bob:hs.test")
    await indexed(door)
    assert await found(alice, "q=bob") == ["@bob:hs.test"]
    await door.sql("UPDATE people SET deactivated_at = now() WHERE user_id = '@bob:hs.test'")
    assert await found(alice, "q=bob") == []


async def test_one_job_a_transaction_and_none_for_what_is_not_searched(door: Door) -> None:
    count = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'people_search.index'"
    await door.sql(
        "INSERT INTO people (user_id, local) SELECT '@p' || n || ':hs.test', true"
        " FROM generate_series(1, 50) n"
    )
    assert await door.sql(count) == [(1,)]
    await door.sql("UPDATE people SET messages = messages + 1, trust = 2")
    await door.sql("INSERT INTO people (user_id, local) VALUES ('@far:away.test', false)")
    assert await door.sql(count) == [(1,)]
    await indexed(door)
    assert await door.sql("SELECT count(*) FROM people_search") == [(50,)]
    await door.sql("DELETE FROM people WHERE user_id = '@p1:hs.test'")
    assert await door.sql("SELECT count(*) FROM people_search") == [(49,)]


async def test_rebuilding_puts_everybody_in_and_tells_how_far_it_is(door: Door) -> None:
    alice = door.person("alice")
    await alice.get("/api/me")
    await profile(door, "@bob:hs.test", bio="theremin", visibility={"bio": "public"})
    await door.sql("DELETE FROM people_search_waiting")
    await door.sql("INSERT INTO people_search VALUES ('@bob:hs.test', 'x', 'x')")
    assert await found(alice, "q=theremin") == []
    told: list[tuple[int, int]] = []
    done = await parts.indexer(door.database).rebuild(lambda *step: told.append(step))
    assert (done, told) == (2, [(2, 2)])
    assert await found(alice, "q=theremin") == ["@bob:hs.test"]
    assert await door.sql("SELECT count(*) FROM people_search_waiting") == [(0,)]


async def test_rows_say_how_the_reader_stands_and_pages_go_on(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    for number in range(5):
        await profile(door, f"@bobby{number}:hs.test")
    await indexed(door)
    first = (await alice.get("/api/people/search?q=bob&limit=4")).body
    assert first["people"][0]["user_id"] == bob.user_id
    assert first["people"][0]["friendship_status"] == "friends"
    rest = (await alice.get(f"/api/people/search?q=bob&cursor={first['next_cursor']}")).body
    assert rest["next_cursor"] is None
    assert len({row["user_id"] for row in first["people"] + rest["people"]}) == 6
    await alice.post("/api/profile/bob/block")
    assert bob.user_id not in await found(alice, "q=bob")
    assert alice.user_id not in await found(bob, "q=alice")


@pytest.mark.parametrize(
    "query", ["cursor=x", "q=" + "x" * 101, "country=xyz", "limit=101", "other=1", "page=2"]
)
async def test_what_cannot_be_asked_is_refused(door: Door, query: str) -> None:
    alice = door.person("alice")
    answer = await alice.get(f"/api/people/search?{query}")
    assert (answer.status, answer.code) == (400, "invalid")


async def test_facets_are_of_the_people_found(door: Door) -> None:
    alice = door.person("alice")
    shown = dict.fromkeys(("location", "search_interests", "pronouns"), "public")
    chess = {"id": "chess", "label": "Chess", "category": "games"}
    for number in range(6):
        await profile(
            door,
            f"@kim{number}:hs.test",
            city="Delft",
            country_code="NL",
            pronouns="They/Them",
            interests=[chess] if number else [],
            visibility=shown,
        )
    await indexed(door)
    body = (await alice.get("/api/people/search/facets?q=kim")).body
    assert body["people"] == 6
    assert body["locations"] == [{"value": "delft", "label": "Delft", "people": 6}]
    assert [(one["value"], one["people"]) for one in body["countries"]] == [("nl", 6)]
    assert body["interests"] == [{"value": "chess", "label": "Chess", "people": 5}]
    # The next step below six: the one without chess cannot be told by subtracting.
    assert body["pronouns"] == [{"value": "they/them", "label": "They/Them", "people": 5}]
    narrower = (await alice.get("/api/people/search/facets?q=kim&interests=chess")).body
    assert (narrower["people"], narrower["pronouns"][0]["people"]) == (5, 5)
    assert len(await found(alice, "country=NL&city=Delft&pronouns=they/them")) == 6
