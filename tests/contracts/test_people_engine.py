# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every engine of people search must do: PostgreSQL's, and the plain one of the tests."""

from collections.abc import AsyncIterator
from typing import Protocol

import pytest

from appservice.database import Database
from appservice.people_search.engine import Engine, Entry, Kind, Part, Side, Trait, Wanted
from appservice.people_search.store import PostgresEngine
from appservice.people_search.words import words
from tests.fakes.people_engine import MemoryEngine, Ties

ME = "@me:hs.test"
CHESS = Trait(Kind.INTEREST, "chess", "Chess")
HERS = Trait(Kind.PRONOUNS, "she/her", "she/her")


class World(Protocol):
    engine: Engine

    async def people(self, *names: str) -> None: ...
    async def befriend(self, other: str) -> None: ...
    async def block(self, one: str, other: str) -> None: ...
    async def gather(self, place: str, *names: str) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self.ties = Ties()
        self.engine: Engine = MemoryEngine(self.ties)

    async def people(self, *names: str) -> None:
        del names

    async def befriend(self, other: str) -> None:
        self.ties.friends.add(frozenset({ME, who(other)}))

    async def block(self, one: str, other: str) -> None:
        self.ties.blocks.add(frozenset({who(one), who(other)}))

    async def gather(self, place: str, *names: str) -> None:
        self.ties.places[place] = {who(name) for name in names}


class InPostgres:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.engine: Engine = PostgresEngine(database)

    async def people(self, *names: str) -> None:
        people = [who(name) for name in ("me", *names)]
        await self._write(
            "INSERT INTO people (user_id, local) SELECT u, true FROM unnest(%(p)s::text[]) u"
            " ON CONFLICT DO NOTHING",
            p=people,
        )
        await self._write("DELETE FROM people_search_waiting")

    async def befriend(self, other: str) -> None:
        await self._write(
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            " VALUES (%(me)s, %(o)s, now()), (%(o)s, %(me)s, now())",
            me=ME,
            o=who(other),
        )

    async def block(self, one: str, other: str) -> None:
        await self._write("INSERT INTO blocks VALUES (%(a)s, %(b)s)", a=who(one), b=who(other))

    async def gather(self, place: str, *names: str) -> None:
        await self._write(
            "INSERT INTO rooms (room_id, id, kind, local, name, created_at)"
            " VALUES (%(r)s, gen_random_uuid(), 'server', true, %(r)s, now())",
            r=place,
        )
        await self._write(
            "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
            " stream_ordering, since) SELECT %(r)s, u, 'join', u, '$', 1, now()"
            " FROM unnest(%(p)s::text[]) u",
            r=place,
            p=[who(name) for name in names],
        )

    async def _write(self, sql: str, **values: object) -> None:
        async with self._database.transaction() as tx:
            await tx.read(sql, values)


@pytest.fixture(params=["memory", "postgres"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "memory":
        yield InMemory()
        return
    async with Database(request.getfixturevalue("database").url, size=2) as database:
        yield InPostgres(database)


def who(name: str) -> str:
    return f"@{name}:hs.test"


def side(name: str, bio: str = "", interests: str = "", *traits: Trait) -> Side:
    parts = {Part.NAME: name, Part.BIO: bio, Part.INTEREST: interests}
    return Side({part: words(text) for part, text in parts.items() if text}, traits)


async def put(world: World, **sides: Side | tuple[Side, Side]) -> None:
    await world.people(*sides)
    entries = []
    for name, given in sides.items():
        everybody, friends = given if isinstance(given, tuple) else (given, given)
        entries.append(Entry(who(name), everybody, friends))
    await world.engine.put(entries, [])


async def found(world: World, text: str = "", **more: object) -> list[str]:
    wanted = Wanted(words(text), **more)  # type: ignore[arg-type]
    hits = await world.engine.find(ME, wanted, None, 100)
    return [hit.user_id[1:].partition(":")[0] for hit in hits]


async def test_the_better_fit_comes_first(world: World) -> None:
    await put(
        world,
        bio=side("Zoe", bio="I like martha stewart"),
        near=side("Marhta"),
        start=side("Marthas"),
        whole=side("Martha Jones"),
        likes=side("Zed", interests="Martha films"),
        other=side("Somebody else"),
    )
    assert await found(world, "martha") == ["whole", "start", "likes", "bio", "near"]
    assert await found(world, "MÁRTHA jo") == ["whole"]
    assert await found(world, "martha nobody") == []


@pytest.mark.parametrize(
    "typed", ["alexandra", "alxandra", "alexanndra", "alexamdra", "alexnadra"]
)
async def test_one_wrong_letter_is_forgiven(world: World, typed: str) -> None:
    await put(world, her=side("Alexandra"), him=side("Robert"))
    assert await found(world, typed) == ["her"]


async def test_letters_of_any_kind(world: World) -> None:
    await put(world, one=side("Łukasz Ærø"), two=side("Παύλος"), three=side("李小龙"))
    for typed, name in (("lukasz", "one"), ("aero", "one"), ("ΠΑΎΛΟΣ", "two"), ("李", "three")):
        assert await found(world, typed) == [name]


async def test_friends_find_what_friends_may_see(world: World) -> None:
    shy = (side("Bob"), side("Bob", "plays the theremin", "", CHESS))
    await put(world, bob=shy, eve=shy)
    await world.befriend("bob")
    assert await found(world, "theremin") == ["bob"]
    assert await found(world, traits=((Kind.INTEREST, "chess"),)) == ["bob"]
    facets = await world.engine.facets(ME, Wanted(words("bob")))
    assert [(one.trait, one.people) for one in facets.counts] == [(CHESS, 1)]
    assert facets.people == 2
    hits = await world.engine.find(ME, Wanted(words("bob")), None, 9)
    assert [(hit.user_id, hit.traits) for hit in hits] == [
        (who("bob"), (CHESS,)),
        (who("eve"), ()),
    ]


async def test_blocks_part_both_ways_and_nobody_finds_themselves(world: World) -> None:
    await put(world, a=side("Sam One"), b=side("Sam Two"), c=side("Sam Three"), me=side("Sam"))
    await world.block("me", "a")
    await world.block("b", "me")
    assert await found(world, "sam") == ["c"]
    assert (await world.engine.facets(ME, Wanted(words("sam")))).people == 1


async def test_traits_and_places_narrow_it_down(world: World) -> None:
    plain, plays = side("Kim"), side("Kim", "", "", CHESS)
    await put(world, a=plain, b=plays, c=plays)
    await world.gather("!in", "me", "a", "b")
    await world.gather("!out", "a", "b", "c")
    assert await found(world, "kim", traits=((Kind.INTEREST, "chess"),)) == ["b", "c"]
    assert await found(world, "kim", place="!in") == ["a", "b"]
    assert await found(world, place="!in") == ["a", "b"]
    # A place the viewer is not in tells nothing.
    assert await found(world, place="!out") == []
    places = (await world.engine.facets(ME, Wanted(words("kim")))).places
    assert [(one.room_id, one.people) for one in places] == [("!in", 2)]


async def test_pages_hold_everybody_once_in_order(world: World) -> None:
    names = [f"p{number:02}" for number in range(23)]
    await put(world, **{n: side("Pat" if int(n[1:]) % 3 else "Patricia") for n in names})
    seen: list[tuple[int, str]] = []
    after = None
    while page := await world.engine.find(ME, Wanted(words("pat")), after, 5):
        seen += [(hit.rank, hit.user_id) for hit in page]
        after = seen[-1]
    assert len(seen) == 23
    assert seen == sorted(seen, key=lambda one: (-one[0], one[1]))


async def test_pronouns_are_of_five_people_or_of_nobody(world: World) -> None:
    await put(world, **{f"p{n}": side("Ada", "", "", HERS) for n in range(4)}, q=side("Ada"))
    hers = {"traits": ((Kind.PRONOUNS, "she/her"),)}
    assert await found(world, "ada", **hers) == []
    nothing = await world.engine.facets(ME, Wanted(words("ada"), hers["traits"]))
    assert (nothing.people, list(nothing.counts)) == (0, [])
    assert list((await world.engine.facets(ME, Wanted(words("ada")))).counts) == []
    for more, told in ((("p4",), 5), (("p5", "p6", "p7"), 5), (("p8", "p9"), 10)):
        await put(world, **{name: side("Ada", "", "", HERS) for name in more})
        facets = await world.engine.facets(ME, Wanted(words("ada")))
        assert [(one.trait, one.people) for one in facets.counts] == [(HERS, told)]
    assert len(await found(world, "ada", **hers)) == 10


async def test_entries_are_replaced_and_forgotten(world: World) -> None:
    await put(world, a=side("Old Name"))
    await put(world, a=side("New Name"))
    assert (await found(world, "old"), await found(world, "new")) == ([], ["a"])
    await world.engine.put([], [who("a"), who("never")])
    assert await found(world, "new") == []


async def test_nothing_is_found_when_nothing_is_asked(world: World) -> None:
    await put(world, a=side("A"))
    assert await found(world) == []
    assert (await world.engine.facets(ME, Wanted())).people == 0


@pytest.mark.parametrize(
    "text", ["' | '*", "a\\", "x:*", "!a & b", "<->", "%s", "=interest|chess"]
)
async def test_what_looks_like_a_query_is_only_text(world: World, text: str) -> None:
    odd = Trait(Kind.CITY, text, text)
    await put(world, a=side("Ann", "", "", odd), b=side("Ben", "", "", CHESS))
    assert await found(world, traits=((Kind.CITY, text),)) == ["a"]
    assert "b" not in await found(world, text)
    assert (await world.engine.facets(ME, Wanted(words("ann")))).counts[0].trait == odd
