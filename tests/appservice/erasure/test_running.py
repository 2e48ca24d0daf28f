# SPDX-License-Identifier: AGPL-3.0-or-later
"""An account goes: what is left, what the proof says, and that a kill changes nothing (G1)."""

import hashlib
import json
from typing import Any

import pytest
from redis.asyncio import Redis

from appservice.erasure import hints
from appservice.erasure.runner import Runner
from appservice.erasure.steps import Doing, Step
from appservice.erasure.store import Erasure
from appservice.erasure.tables import Tables
from appservice.errors import HomeserverRefused
from appservice.people_search import parts as people_search
from appservice.privacy.declared import TABLES
from appservice.privacy.entry import Anonymise, Keep
from policy.pseudonym import is_pseudonym
from stack.redis import Redis as Server
from tests.appservice.erasure.conftest import House
from tests.fakes.media import Kept
from tests.fakes.small_homeserver import PASSWORD
from tests.support.door import Person


def stays() -> set[str]:
    """Tables in which the declaration lets a user id stand."""
    kept = {t for t, entry in TABLES.items() if any(isinstance(s, Keep) for s in entry.on_erase)}
    return kept | {"people"}


async def test_nothing_is_left_but_what_is_declared(house: House) -> None:
    eve = await house.person("eve")
    await house.plant(eve, "zanzibarra")
    assert len(await house.where("zanzibarra")) > 20, "the traces are there"
    proof = await house.gone(eve)
    assert proof["state"] == "done"
    # Only what is made of the marker itself: rooms and people who go by it.
    assert len(await house.jobs("erasure.late")) == 1
    left = {one.partition(".")[0] for one in await house.where(eve.user_id)}
    assert left <= stays(), left - stays()
    assert await house.where("zanzibarra") == set()
    assert house.media.files == {}
    assert house.door.homeserver.deactivated == [eve.user_id]
    assert list(house.pictures.folder.all()) == []


async def test_who_left_is_nobody_any_more(house: House) -> None:
    eve, bob = await house.person("eve"), await house.person("bob")
    await house.door.befriend(eve, bob)
    await house.gone(eve)
    assert (await eve.get("/api/me")).status == 401
    refused = await house.door.ask(
        "POST", "/api/auth/login", {"user": "eve", "password": PASSWORD}
    )
    assert refused.code == "bad_credentials"
    assert (await bob.get("/api/profile/eve")).status == 404
    assert (await bob.get("/api/me/friends")).body["friends"] == []
    assert (await bob.post("/api/profile/eve/friend-request")).status == 404
    rows = await house.door.sql(
        "SELECT display_name, avatar_url FROM people WHERE user_id = %(me)s", me=eve.user_id
    )
    assert rows == [("Deleted user", None)]
    taken = await bob.ask("PUT", "/api/profile/bob", {"display_name": "Deleted User"})
    assert taken.code == "name_reserved"


async def test_the_proof_names_nobody_and_is_what_its_hash_says(house: House) -> None:
    eve = await house.person("eve")
    await house.plant(eve, "quagga")
    asked = await house.ask(eve)
    erasure = await house.erasure_of(eve)
    file = asked.body["proof_url"] + "/report.json"
    assert (await house.door.ask("GET", file)).status == 404
    house.door.clock.advance(days=14)
    await house.runner.run(str(erasure.id))
    answer = await house.door.ask("GET", file)
    proof = (await house.door.ask("GET", asked.body["proof_url"])).body
    assert hashlib.sha256(answer.text.encode()).hexdigest() == proof["sha256"]
    assert json.loads(answer.text) == proof["report"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert eve.user_id not in answer.text
    assert "quagga" not in answer.text
    counts = await house.counts(proof)
    assert counts["friendships removed"] == 2
    assert counts["blocks removed"] == 2
    assert counts["events kept"] == 1
    assert counts["audit_log anonymised"] == 2
    assert counts["profile_media removed"] == 2
    assert all(one["because"] for one in proof["report"]["tables"])
    places = {one["place"]: one for one in proof["report"]["places"]}
    assert places["synapse_media"]["removed"] == 3
    assert proof["report"]["for_the_operator"] == []
    # The link ends after a week; the operator keeps the proof.
    house.door.clock.advance(days=7, seconds=1)
    assert (await house.door.ask("GET", asked.body["proof_url"])).status == 404
    await house.runner.wake()
    rows = await house.door.sql("SELECT user_id, token_hash, sha256 FROM erasures")
    assert rows == [(None, None, proof["sha256"])]
    house.door.clock.advance(days=730)
    await house.runner.wake()
    assert await house.door.sql("SELECT 1 FROM erasures") == []


async def test_books_keep_a_name_nobody_can_read(house: House) -> None:
    eve = await house.person("eve")
    await house.plant(eve, "quagga")
    await house.gone(eve)
    names = await house.door.sql(
        "SELECT actor FROM audit_log WHERE act = 'picture_approved' UNION ALL"
        " SELECT target FROM audit_log WHERE act = 'listing_closed' UNION ALL"
        " SELECT target FROM audit_log WHERE act = 'account_erased' UNION ALL"
        " SELECT subject FROM cases WHERE kind = 'request_spam' UNION ALL"
        " SELECT target FROM cases WHERE kind = 'ban_of_never_member' UNION ALL"
        " SELECT closed_by FROM listings WHERE closed_by IS NOT NULL"
    )
    assert len(names) == 6
    assert len(set(names)) == 1, "one person, one name"
    assert is_pseudonym(names[0][0])
    assert await house.door.sql("SELECT 1 FROM pseudonym_keys") == []
    assert await house.door.sql("SELECT detail FROM audit_log WHERE act = 'listing_closed'") == [
        ({"listing_id": "x"},)
    ]
    with pytest.raises(Exception, match="append-only"):
        await house.door.sql("UPDATE audit_log SET actor = 'somebody'")


async def test_without_the_right_to_delete_files_the_operator_is_told(house: House) -> None:
    house.media.administrator = False
    eve = await house.person("eve")
    await house.plant(eve, "quagga")
    proof = await house.gone(eve)
    assert proof["state"] == "done"
    assert len(house.media.files) == 3
    [told] = proof["report"]["for_the_operator"]
    assert "no server administrator" in told


async def test_a_kill_after_every_step_and_within_ends_the_same(house: House) -> None:
    straight, broken = await house.person("eve"), await house.person("mallory")
    await house.plant(straight, "quagga")
    await house.plant(broken, "zanzibarra")
    expected = await house.counts(await house.gone(straight))
    asked = await house.ask(broken)
    erasure = await house.erasure_of(broken)
    house.door.clock.advance(days=14)
    kills = 0
    killed = _Killed(house.runner)
    while True:
        try:
            await killed.runner.run(str(erasure.id))
        except KilledError:
            kills += 1
        else:
            break
    assert kills > 2 * len(Step)
    proof = (await house.door.ask("GET", asked.body["proof_url"])).body
    assert await house.counts(proof) == expected
    await people_search.indexer(house.door.database).drain()
    assert len(await house.jobs("erasure.late")) == 2
    left = {one.partition(".")[0] for one in await house.where(broken.user_id)}
    assert left <= stays()


class KilledError(Exception):
    """The process was killed here."""


class _Killed:
    """A runner that is killed before and after each step once, and between tables."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self._done: set[str] = set()
        doing = {s: self._twice(s, d) for s, d in runner._doing.items()}
        runner._doing = doing
        tables = runner._tables
        inside = tables._delete

        async def delete(erasure_id: Any, user_id: str, table: str, rows: str) -> int:
            count = await inside(erasure_id, user_id, table, rows)
            if erasure_id is not None:
                self._once(f"{table} {rows}")
            return count

        tables._delete = delete  # type: ignore[method-assign]

    def _twice(self, step: Step, doing: Doing) -> Doing:
        async def run(erasure: Erasure, user_id: str) -> None:
            self._once(f"before {step}")
            await doing(erasure, user_id)
            self._once(f"after {step}")

        return run

    def _once(self, where: str) -> None:
        if where not in self._done:
            self._done.add(where)
            raise KilledError


async def test_many_rows_go_in_batches(house: House) -> None:
    eve = await house.person("eve")
    await house.door.sql(
        "INSERT INTO active_days"
        " SELECT %(me)s, '2026-01-01'::date + n FROM generate_series(1, 25) AS n",
        me=eve.user_id,
    )
    await house.ask(eve)
    erasure = await house.erasure_of(eve)
    small = Tables(house.door.database, house.door.clock, batch=10)
    await small.erase(erasure, eve.user_id)
    assert (await house.erasure_of(eve)).counts["active_days"] == {"removed": 25}


async def test_what_a_request_under_way_wrote_goes_too(house: House) -> None:
    eve, bob = await house.person("eve"), await house.person("bob")
    await house.gone(eve)
    # It had passed the door before the account was closed.
    await _ask_behind_the_door(house, eve, bob)
    house.media.files["late"] = Kept(b"late", "image/png", None, eve.user_id)
    house.media.files["theirs"] = Kept(b"theirs", "image/png", None, bob.user_id)
    [arguments] = await house.jobs("erasure.late")
    await house.runner.late(**arguments)
    assert list(house.media.files) == ["theirs"]
    left = {one.partition(".")[0] for one in await house.where(eve.user_id)}
    assert left <= stays()


async def _ask_behind_the_door(house: House, eve: Person, bob: Person) -> None:
    values = {"me": eve.user_id, "bob": bob.user_id, "now": house.door.clock.now()}
    await house.door.sql(
        "INSERT INTO friend_requests (id, requester, recipient, created_at, expires_at)"
        " VALUES (gen_random_uuid(), %(me)s, %(bob)s, %(now)s, %(now)s)",
        **values,
    )
    await house.door.sql(
        "INSERT INTO uploads (id, owner, mxc, name, mime_type, size, created_at, expires_at)"
        " VALUES (gen_random_uuid(), %(me)s, 'mxc://a/b', 'x', 'image/png', 1, %(now)s, %(now)s)",
        me=eve.user_id,
        now=house.door.clock.now(),
    )


def test_every_anonymised_column_is_given_a_value() -> None:
    for entry in TABLES.values():
        for step in entry.on_erase:
            if isinstance(step, Anonymise):
                assert step.to, entry.table


async def test_what_redis_remembers_goes_and_others_stay(redis_server: Server) -> None:
    redis = Redis.from_url(redis_server.url())
    # A pattern must not take the star of a name for one of its own.
    eve, other = "@eve*:hs.test", "@evelyn:hs.test"
    keys = ("community:sockets:{}", "rate_limit:community:{}", "kith:rest:write:{}:60")
    try:
        for who in (eve, other):
            for key in keys:
                await redis.set(key.format(who), "1", ex=60)
        assert await hints.forget(redis, eve) == 3
        assert await hints.forget(redis, eve) == 0
        assert await redis.exists(*(key.format(other) for key in keys)) == 3
    finally:
        await redis.delete(*(key.format(other) for key in keys))
        await redis.aclose()
    assert await hints.forget(None, eve) is None


async def test_what_the_homeserver_refuses_is_left_to_the_operator(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(user_id: str) -> None:
        raise HomeserverRefused(403, "M_FORBIDDEN", f"{user_id} stays.", None)

    monkeypatch.setattr(house.door.homeserver, "deactivate", refuse)
    eve = await house.person("eve")
    await house.plant(eve, "quagga")
    proof = await house.gone(eve)
    [told] = proof["report"]["for_the_operator"]
    assert told == "Deactivate the account: The homeserver refused (M_FORBIDDEN)."
    assert eve.user_id not in str(proof)
    assert await house.where("quagga") == set(), "Kith's own part goes all the same"
    assert (await eve.get("/api/me")).status == 401
