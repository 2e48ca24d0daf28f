# SPDX-License-Identifier: AGPL-3.0-or-later
"""A running stack, the facts its modules read, and the steps most journeys share."""

from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

from policy.reason import FIELD
from tests.support.eventually import eventually
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack

Answer = tuple[int, Any]


class World:
    """Writes facts as the appservice would, and acts as people do."""

    def __init__(self, stack: TestStack) -> None:
        self.stack = stack

    def sql(self, statement: str, *values: Any) -> None:
        """One statement in Kith's database, committed."""
        with psycopg.connect(self.stack.database.url, autocommit=True) as connection:
            connection.execute(statement, values)

    def meet(self, *people: MatrixUser | str) -> None:
        """Make sure Kith knows these accounts."""
        for person in people:
            self.sql(
                "INSERT INTO people (user_id, local) VALUES (%s, true) ON CONFLICT DO NOTHING",
                _id(person),
            )

    def befriend(self, one: MatrixUser | str, other: MatrixUser | str) -> None:
        self.meet(one, other)
        a, b = _id(one), _id(other)
        self.sql(
            "INSERT INTO friendships (user_id, friend_id, created_at)"
            " VALUES (%s, %s, now()), (%s, %s, now())",
            *(a, b, b, a),
        )

    def unfriend(self, one: MatrixUser | str, other: MatrixUser | str) -> None:
        a, b = _id(one), _id(other)
        self.sql(
            "DELETE FROM friendships WHERE (user_id, friend_id) IN ((%s, %s), (%s, %s))",
            *(a, b, b, a),
        )

    def block(self, blocker: MatrixUser | str, blocked: MatrixUser | str) -> None:
        """As the appservice does it: a block ends the friendship."""
        self.meet(blocker, blocked)
        self.unfriend(blocker, blocked)
        self.sql(
            "INSERT INTO blocks (blocker, blocked) VALUES (%s, %s)", _id(blocker), _id(blocked)
        )

    def ask(self, requester: MatrixUser, recipient: MatrixUser) -> None:
        """An open friend request."""
        self.meet(requester, recipient)
        self.sql(
            "INSERT INTO friend_requests (id, requester, recipient, created_at, expires_at)"
            " VALUES (gen_random_uuid(), %s, %s, now(), now() + interval '30 days')",
            *(requester.user_id, recipient.user_id),
        )

    def may_create_forums(self, person: MatrixUser) -> None:
        """Enough messages and days (D4)."""
        self.meet(person)
        self.sql(
            "UPDATE people SET messages = 10, active_days = 7 WHERE user_id = %s", person.user_id
        )

    def register_room(self, room: str, kind: str, *people: MatrixUser, **more: Any) -> None:
        """What the intake does when it hears of a room."""
        columns = {
            "kind": kind,
            "local": True,
            "people": [person.user_id for person in people],
            **more,
        }
        names = ", ".join(columns)
        marks = ", ".join(["%s"] * len(columns))
        self.sql(
            f"INSERT INTO rooms (room_id, id, created_at, {names})"
            f" VALUES (%s, gen_random_uuid(), now(), {marks})",
            room,
            *columns.values(),
        )

    async def dm(self, one: MatrixUser, other: MatrixUser, **more: Any) -> str:
        """A 1:1 both are in; the two are friends afterwards."""
        self.befriend(one, other)
        status, made = await one.create_room(invite=[other.user_id], is_direct=True, **more)
        assert status == 200, made
        room = str(made["room_id"])
        status, answer = await other.join(room)
        assert status == 200, answer
        return room

    async def forum(self, owner: MatrixUser, **more: Any) -> str:
        """A public forum."""
        self.may_create_forums(owner)
        status, made = await owner.create_room(preset="public_chat", **more)
        assert status == 200, made
        return str(made["room_id"])


def _id(person: MatrixUser | str) -> str:
    return person if isinstance(person, str) else person.user_id


def refused(answer: Answer, reason: str, status: int = 403) -> None:
    """The answer is this refusal, with everything a client needs."""
    got, body = answer
    assert got == status, answer
    assert body.get(FIELD) == reason, body
    assert body["error"], body
    if status == 403:
        assert body["errcode"] == "M_FORBIDDEN", body


def allowed(answer: Answer) -> Any:
    """The body of an answer that is no refusal."""
    assert answer[0] == 200, answer
    return answer[1]


async def soon_refused(
    act: Callable[[], Awaitable[Answer]], reason: str, status: int = 403
) -> None:
    """The act is refused as soon as the change of facts is heard."""

    async def tried() -> bool:
        refused(await act(), reason, status)
        return True

    await eventually(tried, within=60)


async def soon_allowed(act: Callable[[], Awaitable[Answer]]) -> Any:
    """The act goes through as soon as the change of facts is heard."""

    async def tried() -> Answer:
        answer = await act()
        allowed(answer)
        return answer

    return (await eventually(tried, within=60))[1]
