# SPDX-License-Identifier: AGPL-3.0-or-later
"""An account that was deactivated elsewhere goes from Kith too, unless it comes back (F1, G1)."""

from collections.abc import Collection
from typing import Any

from appservice.erasure import parts, store
from appservice.erasure.leaving import Leaving
from appservice.homeserver.accounts import Accounts
from appservice.people.farewell import Farewell
from tests.appservice.erasure.conftest import House
from tests.appservice.homeserver.test_accounts import Users
from tests.support.door import Person


class Synapse(Users):
    """Synapse's tables in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.erased: set[str] = set()

    async def read(self, sql: str, **params: Any) -> Collection[tuple[Any, ...]]:
        """Of `erased_users`, and no event of anybody."""
        return [(True,)] if "erased_users" in sql and params["user_id"] in self.erased else []


async def _deactivated(house: House, person: Person) -> Synapse:
    """Deactivated in a Matrix client; Kith has heard of it."""
    there = Synapse()
    there.gone = {person.user_id}
    assembly = house.door.assembly
    leaving = Leaving(
        Farewell(assembly.database, assembly.clock, assembly.friends), parts.erasures(assembly)
    )
    for _ in range(2):
        await leaving.deactivate(person.user_id)
    house.runner._homeserver._stream = there  # type: ignore[assignment]
    return there


async def test_everything_goes_after_the_same_days(house: House) -> None:
    eve = await house.person("eve")
    await house.plant(eve, "quagga")
    await _deactivated(house, eve)
    erasure = await house.erasure_of(eve)
    assert (erasure.source, erasure.state) == ("homeserver", "waiting")
    assert (await eve.get("/api/me")).status == 401
    house.door.clock.advance(days=13)
    await house.runner.run(str(erasure.id))
    assert await house.where("quagga"), "it might come back"
    house.door.clock.advance(days=1)
    await house.runner.run(str(erasure.id))
    assert await house.where("quagga") == set()
    # What they sent was not to be erased, so nor are the files in it; nobody asks Synapse again.
    assert len(house.media.files) == 3
    assert house.door.homeserver.deactivated == []


async def test_files_go_too_when_synapse_was_asked_to_erase(house: House) -> None:
    eve = await house.person("eve")
    await house.plant(eve, "quagga")
    (await _deactivated(house, eve)).erased = {eve.user_id}
    house.door.clock.advance(days=14)
    await house.runner.run(str((await house.erasure_of(eve)).id))
    assert house.media.files == {}


async def test_who_comes_back_in_time_keeps_everything(house: House) -> None:
    eve = await house.person("eve")
    await eve.ask("PUT", "/api/profile/eve", {"bio": "quagga"})
    there = await _deactivated(house, eve)
    there.gone = set()
    accounts = Accounts(house.door.database, there, house.door.clock)
    accounts.hint(f'{{"kind": "deactivated", "user_id": "{eve.user_id}"}}')
    await accounts.look()
    assert await store.of(house.door.database, eve.user_id) is None
    assert (await eve.get("/api/profile/eve")).body["bio"] == "quagga"


async def test_who_came_back_unnoticed_is_asked_for_at_the_end(house: House) -> None:
    eve = await house.person("eve")
    await eve.ask("PUT", "/api/profile/eve", {"bio": "quagga"})
    there = await _deactivated(house, eve)
    there.gone = set()
    house.door.clock.advance(days=14)
    await house.runner.run(str((await house.erasure_of(eve)).id))
    assert (await eve.get("/api/profile/eve")).body["bio"] == "quagga"
    assert (await eve.get("/api/me/erasure")).body["state"] == "none"


async def test_an_erasure_that_runs_is_not_undone_by_a_late_hint(house: House) -> None:
    eve = await house.person("eve")
    await house.ask(eve)
    house.door.clock.advance(days=14)
    erasure = await house.erasure_of(eve)
    await house.door.sql(
        "UPDATE erasures SET state = 'running', began_at = now() WHERE id = %(id)s", id=erasure.id
    )
    await house.door.sql("UPDATE people SET deactivated_at = now()")
    accounts = Accounts(house.door.database, Synapse(), house.door.clock)
    accounts.hint(f'{{"kind": "deactivated", "user_id": "{eve.user_id}"}}')
    await accounts.look()
    assert (await eve.get("/api/me")).status == 401
