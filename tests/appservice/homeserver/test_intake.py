# SPDX-License-Identifier: AGPL-3.0-or-later
"""Intake against a real Synapse."""

import pytest

from tests.appservice.homeserver.conftest import intake_of
from tests.support.eventually import eventually
from tests.support.matrix import MatrixUser
from tests.support.settings import settings_of
from tests.support.stack import TestStack

pytestmark = pytest.mark.journey


async def said(user: MatrixUser, room: str, text: str) -> str:
    status, body = await user.send(room, text)
    assert status == 200, body
    return str(body["event_id"])


async def test_what_happened_while_nobody_listened_is_applied_after_the_start(
    bare: TestStack,
) -> None:
    alice, bob = await bare.register("alice"), await bare.register("bob")
    _, made = await alice.create_room(invite=[bob.user_id])
    room = made["room_id"]
    await bob.join(room)
    sent = {await said(alice, room, f"message {n}") for n in range(5)}
    async with intake_of(settings_of(bare)) as (intake, assembly):
        await eventually(intake.ready, within=60)
        sent |= {await said(bob, room, f"answer {n}") for n in range(5)}

        async def all_applied() -> bool:
            rows = await assembly.database.read(
                "SELECT event_id FROM events WHERE type = 'm.room.message'"
            )
            return {row[0] for row in rows} == sent

        await eventually(all_applied, within=60)
        assert await assembly.database.read(
            "SELECT kind, people FROM rooms WHERE room_id = %(r)s", {"r": room}
        ) == [("dm", [alice.user_id, bob.user_id])]
        assert await assembly.database.read("SELECT count(*) FROM intake_failures") == [(0,)]
