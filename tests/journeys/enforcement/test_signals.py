# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Synapse tells no appservice reaches Kith as a hint (D17, F1, probes 9.4)."""

import asyncio
import json
from typing import Any

import psycopg
import pytest

from schema.channels import SIGNALS
from tests.journeys.enforcement.types import People
from tests.journeys.enforcement.world import World, allowed
from tests.support.matrix import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def heard(connection: "psycopg.Connection[Any]", user_id: str) -> dict[str, Any]:
    for notice in connection.notifies(timeout=5):
        signal: dict[str, Any] = json.loads(notice.payload)
        if signal["user_id"] == user_id:
            return signal
    raise AssertionError("nothing was heard")


async def test_ignoring_naming_and_leaving_are_signalled(world: World, people: People) -> None:
    (alice,) = await people("alice")
    with psycopg.connect(world.stack.database.url, autocommit=True) as connection:
        connection.execute(f"LISTEN {SIGNALS}")

        async def next_kind() -> str:
            signal = await asyncio.to_thread(heard, connection, alice.user_id)
            return str(signal["kind"])

        ignored = f"/user/{alice.user_id}/account_data/m.ignored_user_list"
        allowed(await alice.request("PUT", ignored, {"ignored_users": {"@x:hs.test": {}}}))
        assert await next_kind() == "ignored"
        profile = f"/profile/{alice.user_id}/displayname"
        allowed(await alice.request("PUT", profile, {"displayname": "Alice"}))
        assert await next_kind() == "profile"
        identifier = {"type": "m.id.user", "user": alice.user_id}
        auth = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
        _, challenge = await alice.request("POST", "/account/deactivate", {"auth": auth})
        if "session" in challenge:
            auth["session"] = challenge["session"]
            allowed(await alice.request("POST", "/account/deactivate", {"auth": auth}))
        kinds = {await next_kind()}
        while "deactivated" not in kinds:
            kinds.add(await next_kind())
