# SPDX-License-Identifier: AGPL-3.0-or-later
"""The read port and the listener on a real PostgreSQL: deadlines, losses, coming back."""

import queue
import time
from collections.abc import Iterator

import psycopg
import pytest

from schema import facts as queries
from stack.ports import free_port
from synapse_modules.change_listener import ChangeListener, Hearing
from synapse_modules.errors import FactsUnknownError
from synapse_modules.fact_reader import DEADLINE, FactReader
from tests.support.databases import Database, connect
from tests.support.eventually import eventually
from tests.synapse_modules.conftest import Twisted, reactor


def count(twisted: Twisted, reader: FactReader) -> int:
    rows = twisted.run(lambda: reader.read("SELECT count(*) FROM people", {}))
    return int(rows[0][0])


def end(database: Database, application: str) -> None:
    with connect(database._postgres.url("postgres", "postgres")) as su:
        su.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND application_name = %s",
            (database.name, application),
        )


@pytest.fixture
def impatient(twisted: Twisted, database: Database) -> Iterator[FactReader]:
    """As in Synapse: half a second and no more."""
    made = FactReader(database.module_url, reactor)
    twisted.call(made.start)
    yield made
    twisted.call(made.stop)


def test_the_shared_queries_run_on_twisted(twisted: Twisted, reader: FactReader) -> None:
    found = twisted.run(lambda: queries.person(reader.read, "@nobody:hs"))
    assert found.user_id == "@nobody:hs"
    relation = twisted.run(lambda: queries.relationship(reader.read, "@a:hs", "@b:hs"))
    assert not relation.friends
    assert not twisted.run(lambda: queries.shared_place(reader.read, "@a:hs", "@b:hs"))


def test_it_reads_and_cannot_write(twisted: Twisted, reader: FactReader) -> None:
    with pytest.raises(FactsUnknownError):
        twisted.run(
            lambda: reader.read(
                "INSERT INTO people (user_id, local) VALUES ('@x:hs', true) RETURNING 1", {}
            )
        )
    assert count(twisted, reader) == 0


def test_a_lost_connection_is_made_anew(
    twisted: Twisted, reader: FactReader, database: Database
) -> None:
    assert count(twisted, reader) == 0
    end(database, "kith-module")
    assert count(twisted, reader) == 0


def test_a_statement_that_hangs_is_given_up(
    twisted: Twisted, impatient: FactReader, database: Database
) -> None:
    reader = impatient
    with psycopg.connect(database.url) as locking:
        locking.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()
        with pytest.raises(FactsUnknownError):
            count(twisted, reader)
        assert time.monotonic() - begun < DEADLINE + 3
    assert count(twisted, reader) == 0


def test_a_server_that_hangs_frees_caller_and_thread(
    twisted: Twisted, impatient: FactReader
) -> None:
    reader = impatient
    # Without the server's own limit only our deadline is left, as with a frozen machine.
    twisted.run(lambda: reader.read("SELECT set_config('statement_timeout', '0', false)", {}))
    begun = time.monotonic()
    with pytest.raises(FactsUnknownError):
        twisted.run(lambda: reader.read("SELECT pg_sleep(30)", {}))
    assert time.monotonic() - begun < DEADLINE + 3
    assert count(twisted, reader) == 0
    begun = time.monotonic()
    twisted.call(reader.stop)
    assert time.monotonic() - begun < 5


def test_nobody_there(twisted: Twisted) -> None:
    reader = FactReader(f"postgresql://x@127.0.0.1:{free_port()}/none", reactor)
    twisted.call(reader.start)
    with pytest.raises(FactsUnknownError):
        count(twisted, reader)
    twisted.call(reader.stop)


Heard = queue.SimpleQueue[str]


@pytest.fixture
def heard() -> Heard:
    return queue.SimpleQueue()


@pytest.fixture
def listener(database: Database, heard: Heard) -> Iterator[ChangeListener]:
    made = ChangeListener(
        database.module_url,
        Hearing(
            connected=lambda: heard.put("connected"),
            changed=heard.put,
            alive=lambda: heard.put("alive"),
            lost=lambda: heard.put("lost"),
        ),
    )
    made.start()
    yield made
    made.stop()


def drawn(heard: Heard) -> str:
    return heard.get(timeout=10)


@pytest.mark.usefixtures("listener")
def test_changes_are_heard_with_their_commit(database: Database, heard: Heard) -> None:
    assert drawn(heard) == "connected"
    with connect(database.url) as writer:
        writer.execute("INSERT INTO people (user_id, local) VALUES ('@a:hs', true)")
        assert drawn(heard) == "person:@a:hs"
        writer.execute("UPDATE people SET messages = messages + 1")
        writer.execute("UPDATE people SET dm_policy = 'none'")
        assert drawn(heard) == "person:@a:hs"
    assert drawn(heard) == "alive"


@pytest.mark.usefixtures("listener")
def test_a_loss_is_told_and_mended(database: Database, heard: Heard) -> None:
    assert drawn(heard) == "connected"
    end(database, "kith-module-listen")
    assert drawn(heard) == "lost"
    assert drawn(heard) == "connected"


async def test_stopping_is_quick_and_final(listener: ChangeListener, heard: Heard) -> None:
    await eventually(lambda: not heard.empty())
    begun = time.monotonic()
    listener.stop()
    assert time.monotonic() - begun < 2
    assert not listener._thread.is_alive()
