# SPDX-License-Identifier: AGPL-3.0-or-later

from collections.abc import Collection

import pytest

from appservice.database import Database
from appservice.errors import Unavailable
from appservice.homeserver.accounts import Accounts
from tests.fakes.clock import FrozenClock


class Users:
    """Synapse's tables of accounts in memory."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}
        self.ignores: dict[str, int] = {}
        self.gone: set[str] = set()
        self.rules: list[tuple[str, str, int]] = []
        self.hidden = False

    async def accounts(self, since: int, name: str, limit: int) -> list[tuple[str, int]]:
        found = sorted((at, user) for user, at in self.made.items() if (at, user) > (since, name))
        return [(user, at) for at, user in found[:limit]]

    async def ignored_changes(self, after: int) -> list[tuple[str, int]]:
        found = sorted((at, user) for user, at in self.ignores.items() if at > after)
        return [(user, at) for at, user in found]

    async def rule_changes(self, after: int, limit: int) -> list[tuple[str, str, int]]:
        if self.hidden:
            raise Unavailable("homeserver")
        return [one for one in self.rules if one[2] > after][:limit]

    async def deactivated(self, among: Collection[str] | None = None) -> list[str]:
        return sorted(self.gone if among is None else self.gone & set(among))


async def jobs(store: Database, name: str) -> list[str]:
    rows = await store.read(
        "SELECT args->>'user_id' FROM procrastinate_jobs WHERE task_name = %(n)s ORDER BY 1",
        {"n": name},
    )
    return [row[0] for row in rows]


async def test_every_newcomer_is_noticed_once_however_many_come_in_one_second(
    store: Database, clock: FrozenClock
) -> None:
    users = Users()
    names = [f"@u{number:04}:hs.test" for number in range(1201)]
    users.made = dict.fromkeys(names, 5000)
    accounts = Accounts(store, users, clock)
    for _ in range(3):
        await accounts.look()
    assert await jobs(store, "rooms.join_defaults") == names
    users.made["@late:hs.test"] = 4990
    await accounts.look()
    assert await jobs(store, "rooms.join_defaults") == ["@late:hs.test", *names]


async def test_every_change_of_an_ignore_list_is_noticed(
    store: Database, clock: FrozenClock
) -> None:
    users = Users()
    accounts = Accounts(store, users, clock)
    users.ignores = {"@a:hs.test": 10, "@b:hs.test": 12}
    await accounts.look()
    users.ignores["@c:hs.test"] = 11
    await accounts.look()
    await accounts.look()
    expected = ["@a:hs.test", "@b:hs.test", "@c:hs.test"]
    assert await jobs(store, "people.mirror_ignored") == expected


async def test_every_change_of_a_rooms_push_rule_is_noticed(
    store: Database, clock: FrozenClock
) -> None:
    users = Users()
    accounts = Accounts(store, users, clock)
    users.rules = [(f"@u{number:04}:hs.test", "!r", number) for number in range(1, 1202)]
    for _ in range(3):
        await accounts.look()
    assert await jobs(store, "rooms.mirror_mute") == [user for user, _, _ in users.rules]
    users.rules.append(("@a:hs.test", "!r", 1202))
    # Kith may not read them (yet): everything else goes on.
    users.hidden, users.ignores = True, {"@b:hs.test": 7}
    await accounts.look()
    assert await jobs(store, "people.mirror_ignored") == ["@b:hs.test"]
    users.hidden = False
    await accounts.look()
    assert (await jobs(store, "rooms.mirror_mute"))[0] == "@a:hs.test"


async def test_a_reactivated_account_is_known_as_living_again(
    store: Database, clock: FrozenClock
) -> None:
    async with store.transaction() as tx:
        await tx.read(
            "INSERT INTO people (user_id, local, deactivated_at)"
            " VALUES ('@a:hs.test', true, now())"
        )
    accounts = Accounts(store, Users(), clock)
    accounts.hint('{"kind": "deactivated", "user_id": "@a:hs.test"}')
    await accounts.look()
    assert await store.read("SELECT deactivated_at FROM people") == [(None,)]


@pytest.mark.parametrize(
    "payload",
    ["{", "[]", "7", '{"kind": 7}', '{"kind": "ignored"}', '{"kind": "x", "user_id": "@a:b"}'],
)
async def test_a_hint_that_makes_no_sense_queues_nothing(store: Database, payload: str) -> None:
    accounts = Accounts(store, None, FrozenClock())
    accounts.hint(payload)
    await accounts.look()
    assert await store.read("SELECT 1 FROM procrastinate_jobs") == []


async def test_hints_become_one_job_each(store: Database) -> None:
    accounts = Accounts(store, None, FrozenClock())
    async with store.transaction() as tx:
        await tx.read("INSERT INTO people (user_id, local) VALUES ('@a:hs.test', true)")
    for _ in range(3):
        accounts.hint('{"kind": "ignored", "user_id": "@a:hs.test"}')
        accounts.hint('{"kind": "deactivated", "user_id": "@a:hs.test"}')
        await accounts.look()
    rows = await store.read(
        "SELECT task_name FROM procrastinate_jobs WHERE task_name <> 'people_search.index'"
        " ORDER BY 1"
    )
    assert rows == [("people.deactivate",), ("people.mirror_ignored",)]


async def test_after_a_gap_profiles_are_looked_through_once(
    store: Database, clock: FrozenClock
) -> None:
    accounts = Accounts(store, None, clock)
    for _ in range(2):
        accounts.hint("")
        await accounts.look()
    assert await store.read("SELECT task_name FROM procrastinate_jobs") == [
        ("profiles.find_drifted",)
    ]
