# SPDX-License-Identifier: AGPL-3.0-or-later
import psycopg
import pytest

from tests.schema.conftest import Kith

A, B = "@a:hs.test", "@b:hs.test"
REQUEST = (
    "INSERT INTO friend_requests (id, requester, recipient, created_at, expires_at)"
    " VALUES (gen_random_uuid(), %s, %s, now(), now() + interval '30 days')"
)


async def test_half_a_friendship_cannot_be_committed(kith: Kith) -> None:
    await kith.people(A, B)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        await kith.run(
            "INSERT INTO friendships (user_id, friend_id, created_at) VALUES (%s, %s, now())", A, B
        )


async def test_deleting_one_side_deletes_the_other(kith: Kith) -> None:
    await kith.people(A, B)
    await kith.befriend(A, B)
    await kith.run("DELETE FROM friendships WHERE user_id = %s", B)
    assert await kith.read("SELECT * FROM friendships", {}) == []


async def test_nobody_befriends_or_asks_themselves(kith: Kith) -> None:
    await kith.people(A)
    with pytest.raises(psycopg.errors.CheckViolation):
        await kith.run(REQUEST, A, A)
    with pytest.raises(psycopg.errors.CheckViolation):
        await kith.befriend(A, A)


async def test_two_crossing_requests_cannot_both_be_open(kith: Kith) -> None:
    await kith.people(A, B)
    await kith.run(REQUEST, A, B)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await kith.run(REQUEST, B, A)


async def test_the_audit_log_only_grows(kith: Kith) -> None:
    await kith.run(
        "INSERT INTO audit_log (at, actor, act, source) VALUES (now(), %s, 'x', 'system')", A
    )
    for statement in ("UPDATE audit_log SET act = 'y'", "DELETE FROM audit_log"):
        with pytest.raises(psycopg.errors.RaiseException):
            await kith.run(statement)
