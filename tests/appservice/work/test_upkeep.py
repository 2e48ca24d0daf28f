# SPDX-License-Identifier: AGPL-3.0-or-later

from appservice.database import Database
from appservice.work.upkeep import Upkeep
from tests.fakes.clock import FrozenClock

_FILL = """
WITH p AS (INSERT INTO people (user_id, local) VALUES ('@a:x', true), ('@b:x', true),
   ('@c:x', true)),
 r AS (INSERT INTO friend_requests (id, requester, recipient, created_at, expires_at) VALUES
   (gen_random_uuid(), '@a:x', '@b:x', %(past)s, %(past)s),
   (gen_random_uuid(), '@a:x', '@c:x', %(past)s, %(future)s)),
 s AS (INSERT INTO sessions VALUES ('\\x01', '@a:x', '\\x02', %(past)s, %(past)s, %(past)s),
   ('\\x03', '@a:x', '\\x04', %(past)s, %(past)s, %(future)s)),
 l AS (INSERT INTO setup_links VALUES ('\\x01', %(past)s, %(past)s),
   ('\\x02', %(past)s, %(future)s)),
 c AS (INSERT INTO rate_counters VALUES ('old', '{1}', %(past)s), ('new', '{1}', %(future)s))
INSERT INTO inbox_transactions VALUES ('1', '\\x01', %(past)s), ('2', '\\x01', %(future)s)
"""


async def test_what_has_run_out_goes_and_the_rest_stays(
    store: Database, clock: FrozenClock
) -> None:
    past = clock.now()
    clock.advance(days=5)
    future = clock.now().replace(year=clock.now().year + 1)
    async with store.transaction() as tx:
        await tx.read(_FILL, {"past": past, "future": future})
    for _ in range(2):
        await Upkeep(store, clock).sweep()
    assert await store.read("SELECT status FROM friend_requests ORDER BY expires_at") == [
        ("expired",),
        ("pending",),
    ]
    for table in ("sessions", "setup_links", "rate_counters", "inbox_transactions"):
        assert await store.read(f"SELECT count(*) FROM {table}") == [(1,)]
