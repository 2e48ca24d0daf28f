# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a room is before, while and after the registry hears of it (D11)."""

from collections.abc import Callable

import pytest

from policy.rooms import Room, RoomKind
from synapse_modules.fact_reader import FactReader
from tests.support.databases import Database, connect
from tests.synapse_modules.conftest import Twisted
from tests.synapse_modules.modules import SERVER, Loaded

A, B, BOT, FAR = f"@a:{SERVER}", f"@b:{SERVER}", f"@bot:{SERVER}", "@far:else.test"
ROOM = "!r"
Sql = Callable[..., None]


@pytest.fixture
def loaded(reader: FactReader) -> Loaded:
    return Loaded(reader.read)


@pytest.fixture
def sql(database: Database) -> Sql:
    def run(statement: str, *values: object) -> None:
        with connect(database.url) as connection:
            connection.execute(statement.encode(), values)

    return run


def register(sql: Sql, room: str, kind: str, *people: str, creator: str | None = A) -> None:
    sql(
        "INSERT INTO rooms (room_id, id, kind, local, creator, people, created_at)"
        " VALUES (%s, gen_random_uuid(), %s, true, %s, %s, now())",
        *(room, kind, creator, list(people)),
    )


def found(twisted: Twisted, loaded: Loaded, room: str = ROOM) -> Room:
    return twisted.run(lambda: loaded.runtime.rooms.room(room))


def test_nothing_known_is_foreign(twisted: Twisted, loaded: Loaded) -> None:
    assert found(twisted, loaded).kind is RoomKind.FOREIGN


def test_an_unregistered_local_room_is_a_conversation_of_who_joined(
    twisted: Twisted, loaded: Loaded, sql: Sql
) -> None:
    sql("INSERT INTO people (user_id, local, kind) VALUES (%s, true, 'bot')", BOT)
    loaded.room(ROOM, A)
    loaded.rows = [(A,), (B,), (BOT,), (f"@kith:{SERVER}",)]
    room = found(twisted, loaded)
    assert (room.kind, room.one_to_one) == (RoomKind.DM, (A, B))


def test_the_stamp_counts_only_where_we_wrote_it(twisted: Twisted, loaded: Loaded) -> None:
    loaded.room(ROOM, A, **{"social.kith.kind": "forum"})
    loaded.room("!far", FAR, **{"social.kith.kind": "forum"})
    assert found(twisted, loaded).kind is RoomKind.FORUM
    assert found(twisted, loaded, "!far").kind is RoomKind.FOREIGN


def test_a_room_met_before_its_create_event_is_not_yet_known(
    twisted: Twisted, loaded: Loaded, sql: Sql
) -> None:
    register(sql, ROOM, "foreign", creator=None)
    loaded.room(ROOM, A)
    assert found(twisted, loaded).kind is RoomKind.DM


def test_the_registry_is_above_the_stamp(twisted: Twisted, loaded: Loaded, sql: Sql) -> None:
    loaded.room(ROOM, A, **{"social.kith.kind": "dm"})
    register(sql, ROOM, "circle")
    assert found(twisted, loaded).kind is RoomKind.CIRCLE


def test_somebody_who_joined_a_moment_ago_is_one_of_the_people(
    twisted: Twisted, loaded: Loaded, sql: Sql
) -> None:
    register(sql, ROOM, "dm", A)
    loaded.rows = [(A,), (B,)]
    assert found(twisted, loaded).one_to_one == (A, B)


def test_an_upgrade_takes_kind_and_people_along(
    twisted: Twisted, loaded: Loaded, sql: Sql
) -> None:
    register(sql, "!old", "dm", A, B)
    loaded.room("!middle", A, predecessor={"room_id": "!old"})
    loaded.room(ROOM, A, predecessor={"room_id": "!middle"})
    room = found(twisted, loaded)
    assert (room.room_id, room.kind, room.one_to_one) == (ROOM, RoomKind.DM, (A, B))


def test_a_local_room_that_claims_a_foreign_past_is_a_conversation(
    twisted: Twisted, loaded: Loaded
) -> None:
    loaded.room(ROOM, A, predecessor={"room_id": "!elsewhere"})
    assert found(twisted, loaded).kind is RoomKind.DM
    kind = twisted.run(lambda: loaded.runtime.rooms.kind_by_stamp(ROOM))
    assert kind is RoomKind.DM


def test_a_circle_of_predecessors_ends(twisted: Twisted, loaded: Loaded) -> None:
    loaded.room(ROOM, A, predecessor={"room_id": "!other"})
    loaded.room("!other", A, predecessor={"room_id": ROOM})
    assert found(twisted, loaded).kind is RoomKind.DM
    kind = twisted.run(lambda: loaded.runtime.rooms.kind_by_stamp(ROOM))
    assert kind is RoomKind.DM
