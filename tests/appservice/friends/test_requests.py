# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest

from tests.support.door import Door, Person


async def ask(one: Person, other: Person, note: str | None = None) -> str:
    answer = await one.post(
        f"/api/profile/{other.user_id}/friend-request", {"message": note} if note else None
    )
    assert answer.status == 201, answer.text
    return str(answer.body["id"])


async def state(one: Person, other: Person) -> str:
    answer = await one.get(f"/api/profile/{other.user_id}/relationship")
    assert answer.status == 200, answer.text
    return str(answer.body["state"])


async def jobs(door: Door) -> list[str]:
    rows = await door.sql(
        "SELECT task_name FROM procrastinate_jobs WHERE task_name LIKE 'bot.%%' ORDER BY id"
    )
    return [row[0] for row in rows]


async def test_a_request_is_made_and_accepted(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    made = await alice.post("/api/profile/bob/friend-request", {"message": "Hi\r\n!kith \u202eok"})
    assert made.status == 201
    request = made.body
    assert set(request) == {
        "id", "status", "requester", "recipient", "message", "created_at", "expires_at",
    }  # fmt: skip
    assert request["status"] == "pending"
    assert request["requester"] == alice.user_id
    assert request["recipient"] == bob.user_id
    assert request["message"] == "Hi !kith ok"
    assert await state(alice, bob) == "request_sent"
    assert await state(bob, alice) == "request_received"
    listed = await bob.get("/api/me/friend-requests")
    assert [one["person"]["display_name"] for one in listed.body["requests"]] == ["Alice"]
    accepted = await bob.post(f"/api/friends/{request['id']}/respond", {"action": "accept"})
    assert accepted.status == 200
    assert accepted.body["status"] == "accepted"
    assert await state(alice, bob) == await state(bob, alice) == "friends"
    assert await jobs(door) == ["bot.notify_request", "bot.notify_accepted"]
    again = await bob.post(f"/api/friends/{request['id']}/respond", {"action": "accept"})
    assert (again.status, again.code) == (409, "request_closed")


async def test_crossing_requests_become_a_friendship(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    first = await ask(alice, bob)
    crossing = await bob.post("/api/profile/alice/friend-request")
    assert crossing.status == 200
    assert crossing.body["id"] == first
    assert crossing.body["status"] == "accepted"
    assert await state(alice, bob) == "friends"


async def test_a_decline_is_silent(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    request = await ask(alice, bob)
    declined = await bob.post(f"/api/friends/{request}/respond", {"action": "decline"})
    assert declined.body["status"] == "declined"
    assert await state(alice, bob) == "request_sent"
    assert await state(bob, alice) == "none"
    outgoing = await alice.get("/api/me/friend-requests?direction=outgoing")
    assert [one["status"] for one in outgoing.body["requests"]] == ["pending"]
    again = await alice.post("/api/profile/bob/friend-request")
    assert (again.status, again.code) == (409, "request_exists")
    assert (await alice.patch(f"/api/friends/{request}", {"message": "still me"})).status == 200
    cancelled = await alice.post(f"/api/friends/{request}/cancel")
    assert cancelled.body["status"] == "cancelled"
    # Asking anew looks as it would had bob not declined; bob is not bothered.
    assert await ask(alice, bob)
    assert await state(alice, bob) == "request_sent"
    assert (await bob.get("/api/me/friend-requests")).body["requests"] == []
    assert await jobs(door) == ["bot.notify_request"]


async def test_who_declined_and_then_asks_meets_the_standing_request(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    request = await ask(alice, bob)
    await bob.post(f"/api/friends/{request}/respond", {"action": "decline"})
    meant = await bob.post("/api/profile/alice/friend-request")
    assert (meant.status, meant.body["status"]) == (200, "accepted")


async def test_only_the_two_of_a_request_may_touch_it(door: Door) -> None:
    alice, bob, eve = door.person("alice"), door.person("bob"), door.person("eve")
    request = await ask(alice, bob)
    accept = {"action": "accept"}
    assert (await alice.post(f"/api/friends/{request}/respond", accept)).status == 404
    assert (await eve.post(f"/api/friends/{request}/respond", accept)).status == 404
    assert (await bob.post(f"/api/friends/{request}/cancel")).status == 404
    assert (await eve.post(f"/api/friends/{request}/cancel")).status == 404
    assert (await eve.patch(f"/api/friends/{request}", {"message": "x"})).status == 404
    assert (await eve.post(f"/api/friends/{uuid5(NAMESPACE_OID, 'x')}/remind")).status == 404


async def test_a_reminder_works_once_after_three_days(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    request = await ask(alice, bob)
    early = await alice.post(f"/api/friends/{request}/remind")
    assert (early.status, early.code) == (409, "too_early")
    door.clock.advance(days=3)
    assert (await alice.post(f"/api/friends/{request}/remind")).status == 200
    again = await alice.post(f"/api/friends/{request}/remind")
    assert (again.status, again.code) == (409, "reminded")
    assert await jobs(door) == ["bot.notify_request", "bot.notify_request"]


async def test_a_request_runs_out_and_makes_room(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    request = await ask(alice, bob)
    door.clock.advance(days=31)
    late = await bob.post(f"/api/friends/{request}/respond", {"action": "accept"})
    assert (late.status, late.code) == (409, "request_closed")
    assert (await bob.get("/api/me/friend-requests")).body["requests"] == []
    assert await ask(alice, bob) != request


async def test_unfriending_is_silent_and_starts_a_cooldown_for_the_other(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await door.befriend(alice, bob)
    before = await jobs(door)
    assert (await alice.delete("/api/friends/bob")).status == 204
    assert (await alice.delete("/api/friends/bob")).status == 404
    assert await jobs(door) == before
    refused = await bob.post("/api/profile/alice/friend-request")
    assert (refused.status, refused.code) == (403, "request_cooldown")
    assert refused.body["error"]["details"]["retry_after_ms"] > 0
    assert await ask(alice, bob)


async def test_caps_hold_for_a_day(door: Door) -> None:
    alice = door.person("alice")
    for number in range(20):
        await ask(alice, door.person(f"p{number}"))
    more = await alice.post(f"/api/profile/{door.person('more').user_id}/friend-request")
    assert (more.status, more.code) == (429, "request_limit")
    assert int(more.headers["Retry-After"]) > 80_000
    door.clock.advance(days=1, seconds=1)
    assert (await alice.post("/api/profile/more/friend-request")).status == 201


async def test_repeat_offenders_are_suspended_with_a_case(door: Door) -> None:
    alice = door.person("alice")
    for number in range(10):
        other = door.person(f"p{number}")
        request = await ask(alice, other)
        await other.post(f"/api/friends/{request}/respond", {"action": "decline"})
    last = door.person("last")
    refused = await alice.post(f"/api/profile/{last.user_id}/friend-request")
    assert (refused.status, refused.code) == (429, "requests_suspended")
    assert await door.sql("SELECT kind, subject FROM cases") == [("request_spam", alice.user_id)]
    door.clock.advance(days=7, seconds=1)
    assert (await alice.post("/api/profile/last/friend-request")).status == 201


async def test_policies_of_the_recipient_hold(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await bob.patch("/api/me/settings", {"request_policy": "nobody"})
    closed = await alice.post("/api/profile/bob/friend-request")
    assert (closed.status, closed.code) == (403, "requests_closed")
    await bob.patch("/api/me/settings", {"request_policy": "shared_space"})
    far = await alice.post("/api/profile/bob/friend-request")
    assert (far.status, far.code) == (403, "shared_space_required")
    await bob.patch(
        "/api/me/settings", {"request_policy": "everyone", "auto_decline_strangers": True}
    )
    assert await ask(alice, bob)
    assert await state(alice, bob) == "request_sent"
    assert (await bob.get("/api/me/friend-requests")).body["requests"] == []


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("alice", 400, "self"),
        ("nobody", 404, "not_found"),
        ("%40ghost%3Afar.test", 404, "not_found"),
        ("%40bad%20id%3Ax", 400, "invalid"),
    ],
)
async def test_impossible_recipients(door: Door, target: str, status: int, code: str) -> None:
    alice = door.person("alice")
    answer = await alice.post(f"/api/profile/{target}/friend-request")
    assert (answer.status, answer.code) == (status, code)


async def test_remote_people_can_be_befriended(door: Door) -> None:
    alice, rita = door.person("alice"), door.person("rita", server="far.test")
    await door.befriend(alice, rita)
    assert await state(alice, rita) == "friends"


async def test_the_expiry_is_thirty_days_after(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    await ask(alice, bob)
    rows = await door.sql("SELECT expires_at - created_at FROM friend_requests")
    assert rows == [(timedelta(days=30),)]
