# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose presence is shown to whom (D31)."""

import pytest

from tests.support.eventually import eventually
from tests.support.live import Live

_LISTENER = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT now()'
"""


@pytest.mark.parametrize(
    ("setting", "friend", "neighbour"),
    [("all", True, True), ("friends", True, False), ("nobody", False, False)],
)
async def test_presence_is_shown_as_its_owner_wishes(
    live: Live, setting: str, friend: bool, neighbour: bool
) -> None:
    alice, bob, eve = (live.door.person(name) for name in ("alice", "bob", "eve"))
    await live.room("r", alice, bob, eve)
    await live.door.befriend(alice, bob)
    his = await live.socket(bob, "/ws/community/presence/")
    theirs = await live.socket(eve, "/ws/community/presence/")
    changed = await alice.patch("/api/me/settings", {"presence": setting})
    assert changed.status == 200, changed.text
    for socket, sees in ((his, friend), (theirs, neighbour)):
        if not sees:
            # What they saw so far ends at once.
            assert (await socket.next())["presence"] == "offline"
    online = {"presence": "online", "last_active_ago": 1}
    live.gateway.publisher.heard(
        [{"type": "m.presence", "sender": alice.user_id, "content": online}]
    )
    for socket, sees in ((his, friend), (theirs, neighbour)):
        if sees:
            assert (await socket.next())["presence"] == "online"
        assert await socket.silent()
    for person, sees in ((bob, friend), (eve, neighbour)):
        listed = (await person.get("/api/v1/rooms/!r/members")).body["members"]
        row = next(one for one in listed if one["user_id"] == alice.user_id)
        assert (row["online"] is not None, row["last_active_at"] is not None) == (sees, sees)


async def test_a_wish_that_could_not_be_told_of_is_read_later(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = live.door.person("alice"), live.door.person("bob")
    await live.room("r", alice, bob)
    his = await live.socket(bob, "/ws/community/presence/")
    facts, url = live.gateway._facts, live.gateway._facts._url
    listener = (await eventually(lambda: live.door.sql(_LISTENER)))[0][0]
    monkeypatch.setattr(facts, "_url", "postgresql://127.0.0.1:1/nowhere")
    await live.door.sql("SELECT pg_terminate_backend(%(pid)s)", pid=listener)

    async def deaf() -> bool:
        return listener not in [row[0] for row in await live.door.sql(_LISTENER)]

    await eventually(deaf)
    changed = await alice.patch("/api/me/settings", {"presence": "nobody"})
    assert changed.status == 200, changed.text
    assert await his.silent()
    monkeypatch.setattr(facts, "_url", url)
    assert (await his.next())["presence"] == "offline"
    assert await his.silent()
