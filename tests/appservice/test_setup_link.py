# SPDX-License-Identifier: AGPL-3.0-or-later

import hashlib
from datetime import timedelta

from appservice.database import Database
from appservice.setup_link import make_link
from tests.fakes.clock import FrozenClock


async def test_only_the_hash_of_a_link_is_kept(store: Database, clock: FrozenClock) -> None:
    link = await make_link(store, clock, "http://localhost:8080")
    address, _, token = link.partition("?token=")
    assert address == "http://localhost:8080/setup"
    rows = await store.read("SELECT token_hash, expires_at, used_at FROM setup_links")
    assert rows == [
        (hashlib.sha256(token.encode()).digest(), clock.now() + timedelta(hours=24), None)
    ]
