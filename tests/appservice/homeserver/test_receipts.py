# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts of Matrix clients become marks, whatever of them was pushed."""

from typing import Any

import pytest

from appservice.database import Database
from appservice.errors import Unavailable
from appservice.homeserver.receipts import OVERLAP, Receipt, Receipts, pushed
from tests.fakes.clock import FrozenClock

ALICE, BOB = "@alice:hs.test", "@bob:hs.test"


class Source:
    def __init__(self) -> None:
        self.rows: list[Receipt] = []
        self.asked: list[int] = []
        self.away = False

    async def receipts(self, after: int, limit: int) -> list[Receipt]:
        if self.away:
            raise Unavailable("homeserver")
        self.asked.append(after)
        return sorted((r for r in self.rows if r.stream_id > after), key=lambda r: r.stream_id)[
            :limit
        ]


def receipt(number: int, position: int | None, **more: Any) -> Receipt:
    values: dict[str, Any] = {
        "kind": "m.read",
        "user_id": ALICE,
        "thread_id": None,
        "ts": 1000 * number,
        **more,
    }
    return Receipt(
        stream_id=number, room_id="!r", event_id=f"$e{position}", position=position, **values
    )


async def marks(store: Database) -> dict[tuple[str, str], tuple[int, int | None]]:
    rows = await store.read("SELECT user_id, thread, position, shown_position FROM read_marks")
    return {(user, thread): (position, shown) for user, thread, position, shown in rows}


async def test_marks_move_forward_and_private_ones_stay_private(
    store: Database, clock: FrozenClock
) -> None:
    source = Source()
    receipts = Receipts(store, source, clock)
    source.rows = [receipt(1, 10), receipt(2, 20, kind="m.read.private")]
    await receipts.look()
    assert await marks(store) == {(ALICE, ""): (20, 10)}
    source.rows += [
        receipt(3, 15, kind="m.read", thread_id="main"),
        receipt(4, 30, thread_id="$root"),
        receipt(5, 25, user_id=BOB, kind="m.read.private"),
        receipt(6, None, user_id=BOB),
        receipt(7, -5, user_id=BOB),
    ]
    await receipts.look()
    assert await marks(store) == {
        (ALICE, ""): (20, 15),
        (ALICE, "$root"): (30, 30),
        (BOB, ""): (25, None),
    }
    # The room's mark has passed the thread's.
    source.rows.append(receipt(8, 40))
    await receipts.look()
    assert (ALICE, "$root") not in await marks(store)


async def test_what_becomes_visible_late_is_read_again(
    store: Database, clock: FrozenClock
) -> None:
    source = Source()
    source.rows = [receipt(1000, 10)]
    await Receipts(store, source, clock).look()
    again = Receipts(store, source, clock)
    source.rows.append(receipt(990, 30, user_id=BOB))
    await again.look()
    assert source.asked == [0, 1000 - OVERLAP]
    assert (await marks(store))[BOB, ""] == (30, 30)
    source.away = True
    with pytest.raises(Unavailable):
        await again.look()


async def test_on_a_foreign_synapse_the_pushed_ones_count(
    store: Database, clock: FrozenClock
) -> None:
    receipts = Receipts(store, None, clock)
    content = {"$e": {"m.read": {ALICE: {"ts": 5, "thread_id": "main"}}, "m.read.private": {}}}
    receipts.hint([{"type": "m.receipt", "room_id": "!r", "content": content}])
    await receipts.look()
    assert await marks(store) == {}
    await store.run(
        "INSERT INTO events (event_id, room_id, sender, type, origin_server_ts, applied_at)"
        " VALUES ('$e', '!r', %(who)s, 'm.room.message', 77, now())",
        {"who": BOB},
    )
    await receipts.look()
    assert await marks(store) == {(ALICE, ""): (77, 77)}
    assert not receipts._pushed


def test_odd_receipts_are_passed_over() -> None:
    room = {"type": "m.receipt", "room_id": "!r"}
    assert pushed([]) == []
    for odd in (
        {"type": "m.typing", "room_id": "!r", "content": {}},
        {"type": "m.receipt", "content": {"$e": {}}},
        {**room, "content": []},
        {**room, "content": {"$e": 1}},
        {**room, "content": {"$e": {"m.read": [ALICE]}}},
        {**room, "content": {"$e": {"m.read": {"alice": {}}}}},
        {**room, "content": {"$e": {"m.read": {ALICE: 1}}}},
        {**room, "content": {"$" * 300: {"m.read": {ALICE: {}}}}},
    ):
        assert pushed([odd]) == []
    strange = {"$e": {"m.read": {ALICE: {"ts": True, "thread_id": 7}}}}
    found = pushed([{**room, "content": strange}])
    assert [(one.thread_id, one.ts) for one in found] == [(None, None)]
