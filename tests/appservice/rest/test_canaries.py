# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words only one person may read, looked for in every answer of every route to everybody else.

The routes themselves are walked: a new one that shows a profile past `policy.visibility` is found.
"""

from collections.abc import AsyncIterator

import pytest

from appservice.people_search import parts
from policy.visibility import Field
from tests.appservice.rest.test_matrix import QUERIES, World, key
from tests.support.databases import Database
from tests.support.door import Door, Person, open_door

WORD = "canary"
TIMEZONE = "Antarctica/Troll"
FIELDS = {
    "bio": f"{WORD} in a bio",
    "gender": f"{WORD} gender",
    "pronouns": f"{WORD}/selves",
    "location": {"city": WORD.title(), "country_code": "AQ"},
    "timezone": TIMEZONE,
    "search_interests": [{"label": f"{WORD} keeping"}],
}
LEVELED = [field.value for field in Field if field is not Field.DISPLAY_NAME]
STRANGERS = ("stranger", "blocked", "blocker", "admin", "remote", "anonymous")
STATES = (
    ("connections", False, STRANGERS),
    ("private", False, ("friend",)),
    ("public", True, ("friend", "stranger", "anonymous")),
)
MORE = {
    "GET /api/people/search": (f"?q={WORD}", "?country=AQ", f"?pronouns={WORD}%2Fselves"),
    "GET /api/people/search/facets": ("?q=target", f"?interests=own%3A{WORD}%20keeping"),
    "GET /api/listings": (f"?q={WORD}", f"?city={WORD}", "?status=draft"),
    "GET /api/me/showcase/candidates": (f"?collection=featured_listings&q={WORD}",),
}


@pytest.fixture
async def open_to_all(database: Database) -> AsyncIterator[Door]:
    async with open_door(database.url) as opened:
        yield opened


async def fill(target: Person, other: Person) -> None:
    """Write the word wherever only its owner reads it, whatever the levels say."""
    draft = {"title": f"{WORD} draft", "description": WORD, "status": "draft"}
    note = {"message": f"{WORD} note"}
    saved = {"name": f"{WORD} search", "query": {"q": f"{WORD} query"}}
    for path, body in (
        ("/api/listings", draft),
        ("/api/me/quick-replies", {"title": WORD, "text": WORD}),
        (f"/api/profile/{other.user_id}/friend-request", note),
    ):
        answer = await target.post(path, body)
        assert answer.status == 201, answer.text
    search = (await target.post("/api/saved-searches", saved)).body["id"]
    card = {"entity_id": search, "note": f"{WORD} card"}
    body = {"collection": "favorite_searches", "cards": [card]}
    answer = await target.ask("PUT", f"/api/profile/{target.user_id}/showcase", body)
    assert answer.status == 200, answer.text


async def everybody(world: World) -> dict[str, Person | None]:
    """One caller of each kind, all of one target."""
    door, target = world.door, world.target
    found: dict[str, Person | None] = {"stranger": await world.caller("stranger")}
    names = ("friend", "blocked", "blocker", "admin")
    friend, blocked, blocker, admin = people = [door.person(name) for name in names]
    for person in people:
        await person.get("/api/me")
    await door.befriend(friend, target)
    await target.post(f"/api/profile/{blocked.user_id}/block")
    await blocker.post(f"/api/profile/{target.user_id}/block")
    await door.sql("INSERT INTO staff (user_id, role) VALUES (%(w)s, 'admin')", w=admin.user_id)
    far = door.person("far", server="far.test")
    return {**found, **dict(zip(names, people, strict=True)), "remote": far, "anonymous": None}


async def told(world: World, caller: Person | None) -> list[str]:
    """Where the word stands in what somebody is answered."""
    wrong = []
    for route in world.door.routes:
        if route.unsafe or "{" in key(route).replace("{user}", ""):
            continue
        for query in (QUERIES.get(key(route), ""), *MORE.get(key(route), ())):
            path = world.path(route) + query
            answer = await (caller.get(path) if caller else world.door.ask("GET", path))
            said = (answer.text + str(dict(answer.headers))).casefold()
            if WORD in said or TIMEZONE.casefold() in said:
                wrong.append(f"{route.path}{query}")
    return wrong


async def test_nobody_reads_what_is_not_for_them(open_to_all: Door) -> None:
    world = World(open_to_all)
    callers = await everybody(world)
    target, asked = world.target, open_to_all.person("asked")
    await fill(target, asked)
    wrong: list[object] = []
    for level, hidden, kinds in STATES:
        levels = dict.fromkeys(LEVELED, level)
        change = {**FIELDS, "visibility_settings": levels, "hidden": hidden}
        answer = await target.ask("PUT", f"/api/profile/{target.user_id}", change)
        assert answer.status == 200, answer.text
        await parts.indexer(open_to_all.database).drain()
        for kind in kinds:
            wrong += [(level, kind, path) for path in await told(world, callers[kind])]
    assert wrong == []
    # The walk does find the word where it may be read.
    change = {"visibility_settings": dict.fromkeys(LEVELED, "connections"), "hidden": False}
    await target.ask("PUT", f"/api/profile/{target.user_id}", change)
    await parts.indexer(open_to_all.database).drain()
    assert {"/api/profile/{user}", "/api/people/search?country=AQ"} <= set(
        await told(world, callers["friend"])
    )
