# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is declared of personal data is the database as it is."""

import re

from appservice.database import Database
from appservice.exports.tables import statement
from appservice.privacy.declared import TABLES
from appservice.privacy.entry import Anonymise, Cascade, Entry, Exported
from appservice.privacy.places import PLACES
from appservice.realtime import channels
from tests.fakes.clock import FrozenClock

_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""
_REFERENCES = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
WHERE c.contype = 'f' AND c.confrelid = 'people'::regclass
"""
# What columns with people in them are called, where nothing refers to `people`.
_PEOPLE = re.compile(
    r"(^|_)(user|users|user_id|owner|seller|sender|creators?|requester|recipient|actor|target"
    r"|subject|managers|people|members?|author|admin|by|friend_id|other)$"
)


async def _columns(store: Database) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in await store.read(_COLUMNS):
        found.setdefault(table, {})[column] = kind
    return found


async def test_every_table_is_declared(store: Database) -> None:
    assert set(TABLES) == set(await _columns(store))


async def test_every_column_that_names_people_is_declared(store: Database) -> None:
    referring = set(await store.read(_REFERENCES))
    named = {
        (table, column)
        for table, columns in (await _columns(store)).items()
        for column, kind in columns.items()
        if kind in ("text", "ARRAY", "jsonb") and _PEOPLE.search(column)
    }
    declared = {(entry.table, name) for entry in TABLES.values() for name in entry.user_columns}
    assert (referring | named) - declared == set()


async def test_what_is_declared_exists(store: Database) -> None:
    columns = await _columns(store)
    for entry in TABLES.values():
        assert _mentioned(entry) <= set(columns[entry.table]), entry.table


async def test_a_column_is_exported_or_kept_back_for_a_reason(store: Database) -> None:
    columns = await _columns(store)
    for entry in TABLES.values():
        if isinstance(entry.on_export, Exported):
            told = (*entry.on_export.columns, *entry.on_export.kept_back)
            assert len(told) == len(set(told)), entry.table
            assert set(told) == set(columns[entry.table]), entry.table


async def test_every_condition_and_value_is_good_sql(store: Database, clock: FrozenClock) -> None:
    values = {"me": "@a:x", "pseudonym": "p", "now": clock.now()}
    for entry in TABLES.values():
        sql = statement(entry)
        if sql:
            await store.read(sql, values)
        for step in entry.on_erase:
            count = f"SELECT count(*) FROM {entry.table} WHERE {step.rows}"
            await store.read(count, values)
            if isinstance(step, Anonymise):
                to = ", ".join(f"{name} = {value}" for name, value in step.to.items())
                await store.run(f"UPDATE {entry.table} SET {to} WHERE {step.rows}", values)


def test_whoever_is_named_is_told_what_happens() -> None:
    for entry in TABLES.values():
        if entry.user_columns:
            assert entry.on_erase, entry.table
            assert all(step.reason.endswith(".") for step in entry.on_erase), entry.table
        for step in entry.on_erase:
            if isinstance(step, Cascade):
                assert step.of in TABLES


def test_keys_in_redis_that_name_people_are_declared() -> None:
    (keys,) = [place.keys for place in PLACES if place.name == "redis"]
    named = (channels.sockets, channels.rate, channels.person)
    assert {name("{user}") for name in named} <= set(keys)


def _mentioned(entry: Entry) -> set[str]:
    told = set(entry.user_columns)
    if isinstance(entry.on_export, Exported):
        told |= set(entry.on_export.shown)
    for step in entry.on_erase:
        if isinstance(step, Anonymise):
            told |= set(step.to)
    return told
