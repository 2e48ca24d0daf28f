# SPDX-License-Identifier: AGPL-3.0-or-later
"""The four modules on a Synapse that is not there: callbacks as registered, facts as given."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any
from unittest.mock import AsyncMock, Mock

from synapse.api.room_versions import RoomVersions
from synapse.events import EventBase, make_event_from_dict
from synapse.module_api import ModuleApi

from policy.limits import Rules
from synapse_modules import runtime
from synapse_modules.config import ModuleConfig
from synapse_modules.friendship import FriendshipModule
from synapse_modules.posting import PostingModule
from synapse_modules.profiles import ProfilesModule
from synapse_modules.rooms import RoomsModule

SERVER = "hs.test"
NOW = 1_700_000_000_000

Read = Callable[[str, Mapping[str, Any]], Awaitable[Sequence[tuple[Any, ...]]]]


class Loaded:
    """All callbacks by name, on a module API that is a mock of the real one's shape."""

    def __init__(self, read: Read, rules: Rules | None = None) -> None:
        self.state: dict[str, dict[tuple[str, str], EventBase]] = {}
        self.rows: list[tuple[Any, ...]] = []
        self.api = Mock(spec=ModuleApi, server_name=SERVER, worker_name=None)
        self.api.is_mine = lambda user_id: user_id.endswith(f":{SERVER}")
        self.api.get_current_time_msec = lambda: NOW
        self.api.get_room_state = AsyncMock(side_effect=self._room_state)
        self.api.run_db_interaction = AsyncMock(side_effect=lambda *_: self.rows)
        config = ModuleConfig("postgresql://nowhere/none", rules=rules or Rules())
        # Made, never started: nothing connects, and facts come from `read`.
        self.runtime = runtime.Runtime(self.api, config)
        self.runtime.facts._read = read
        self.runtime.signals = Mock()
        runtime._runtimes[self.api] = self.runtime
        for module in (RoomsModule, FriendshipModule, PostingModule, ProfilesModule):
            module(config, self.api)
        self.callbacks: dict[str, Any] = {}
        for register in (
            self.api.register_spam_checker_callbacks,
            self.api.register_third_party_rules_callbacks,
            self.api.register_account_data_callbacks,
        ):
            for call in register.call_args_list:
                self.callbacks.update(call.kwargs)

    async def _room_state(
        self, room_id: str, event_filter: Sequence[tuple[str, str | None]]
    ) -> dict[tuple[str, str], EventBase]:
        state = self.state.get(room_id, {})
        return {
            key: event
            for key, event in state.items()
            if any(key[0] == kind and want in (None, key[1]) for kind, want in event_filter)
        }

    def room(self, room_id: str, creator: str, **content: Any) -> None:
        """Synapse knows this room, by its create event."""
        create = event(
            "m.room.create", content, sender=creator, room_id=room_id, state_key="", here=False
        )
        self.state[room_id] = {("m.room.create", ""): create}


def event(
    kind: str,
    content: Any,
    *,
    sender: str = f"@a:{SERVER}",
    room_id: str = "!r:hs.test",
    state_key: str | None = None,
    here: bool = True,
    at: int = NOW,
) -> EventBase:
    """An event as Synapse hands it to a callback; `here` means made by a client's request."""
    body = {
        "type": kind,
        "content": content,
        "sender": sender,
        "room_id": room_id,
        "origin_server_ts": at,
        "depth": 1,
        "auth_events": [],
        "prev_events": [],
        "hashes": {"sha256": "x"},
        "signatures": {},
        "unsigned": {},
    }
    if state_key is not None:
        body["state_key"] = state_key
    metadata = {"txn_id": "t", "device_id": "D"} if here else {}
    return make_event_from_dict(body, RoomVersions.V11, metadata)


def finished(call: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that really waits for nothing."""
    try:
        call.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it waits")
