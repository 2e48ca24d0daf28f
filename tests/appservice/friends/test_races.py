# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens at the same time leaves one winner and mirrored rows (quality Q15)."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from tests.support.door import Answer, Door

ROUNDS = 12


async def together(*acts: Awaitable[Answer]) -> list[Answer]:
    return list(await asyncio.gather(*acts))


async def whole(door: Door) -> None:
    """No half friendship, at most one open request a pair, nobody both blocked and befriended."""
    assert (
        await door.sql(
            "SELECT * FROM friendships f WHERE NOT EXISTS (SELECT FROM friendships g"
            " WHERE g.user_id = f.friend_id AND g.friend_id = f.user_id)"
        )
        == []
    )
    assert (
        await door.sql(
            "SELECT 1 FROM friend_requests WHERE status = 'pending'"
            " GROUP BY LEAST(requester, recipient), GREATEST(requester, recipient)"
            " HAVING count(*) > 1"
        )
        == []
    )
    assert (
        await door.sql(
            "SELECT * FROM blocks b JOIN friendships f"
            " ON (f.user_id, f.friend_id) IN ((b.blocker, b.blocked), (b.blocked, b.blocker))"
        )
        == []
    )


async def count(door: Door, sql: str, **values: Any) -> int:
    return int((await door.sql(sql, **values))[0][0])


async def test_crossing_requests(door: Door) -> None:
    for number in range(ROUNDS):
        one, other = door.person(f"a{number}"), door.person(f"b{number}")
        answers = await together(
            one.post(f"/api/profile/{other.user_id}/friend-request"),
            other.post(f"/api/profile/{one.user_id}/friend-request"),
        )
        assert sorted(answer.status for answer in answers) == [200, 201]
    await whole(door)
    assert await count(door, "SELECT count(*) FROM friendships") == 2 * ROUNDS


async def test_the_same_request_many_times(door: Door) -> None:
    one, other = door.person("a"), door.person("b")
    answers = await together(
        *(one.post(f"/api/profile/{other.user_id}/friend-request") for _ in range(8))
    )
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7
    await whole(door)


async def test_accept_against_decline_against_cancel(door: Door) -> None:
    for number in range(ROUNDS):
        one, other = door.person(f"a{number}"), door.person(f"b{number}")
        request = (await one.post(f"/api/profile/{other.user_id}/friend-request")).body["id"]
        answers = await together(
            other.post(f"/api/friends/{request}/respond", {"action": "accept"}),
            other.post(f"/api/friends/{request}/respond", {"action": "accept"}),
            other.post(f"/api/friends/{request}/respond", {"action": "decline"}),
            one.post(f"/api/friends/{request}/cancel"),
        )
        # A decline is silent, so the requester may "cancel" after it: two may be told 200.
        done = [answer.status for answer in answers].count(200)
        status = (
            await door.sql("SELECT status FROM friend_requests WHERE id = %(id)s", id=request)
        )[0][0]
        assert done == 1 or (done == 2 and status == "declined")
        friends = await count(
            door, "SELECT count(*) FROM friendships WHERE user_id = %(a)s", a=one.user_id
        )
        assert friends == (1 if status == "accepted" else 0)
    await whole(door)


async def test_accept_against_block(door: Door) -> None:
    for number in range(ROUNDS):
        one, other = door.person(f"a{number}"), door.person(f"b{number}")
        request = (await one.post(f"/api/profile/{other.user_id}/friend-request")).body["id"]
        blocker = one if number % 2 else other
        target = other if number % 2 else one
        await together(
            other.post(f"/api/friends/{request}/respond", {"action": "accept"}),
            blocker.post(f"/api/profile/{target.user_id}/block"),
        )
    await whole(door)
    assert await count(door, "SELECT count(*) FROM friendships") == 0


async def test_unfriend_against_unfriend_and_block(door: Door) -> None:
    for number in range(ROUNDS):
        one, other = door.person(f"a{number}"), door.person(f"b{number}")
        await door.befriend(one, other)
        answers = await together(
            one.delete(f"/api/friends/{other.user_id}"),
            other.delete(f"/api/friends/{one.user_id}"),
            one.post(f"/api/profile/{other.user_id}/block"),
        )
        assert [answer.status for answer in answers[:2]].count(204) <= 1
    await whole(door)
    assert await count(door, "SELECT count(*) FROM friendship_ends") == ROUNDS


async def test_follow_against_block(door: Door) -> None:
    for number in range(ROUNDS):
        one, other = door.person(f"a{number}"), door.person(f"b{number}")
        await together(
            one.post(f"/api/profile/{other.user_id}/follow"),
            other.post(f"/api/profile/{one.user_id}/block"),
        )
    assert await count(door, "SELECT count(*) FROM follows") == 0


async def test_the_daily_cap_under_a_burst(door: Door) -> None:
    one = door.person("a")
    others = [door.person(f"b{number}") for number in range(26)]
    answers = await together(
        *(one.post(f"/api/profile/{other.user_id}/friend-request") for other in others)
    )
    assert [answer.status for answer in answers].count(201) == 20


async def test_two_requests_for_one_conversation_make_one_room(door: Door) -> None:
    one, other = door.person("a"), door.person("b")
    await door.befriend(one, other)
    answers = await together(
        *(one.post("/api/dm/conversations", {"participants": ["b"]}) for _ in range(4)),
        *(other.post("/api/dm/conversations", {"participants": ["a"]}) for _ in range(4)),
    )
    assert len(door.homeserver.rooms) == 1
    assert len({answer.body["id"] for answer in answers}) == 1
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
