# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three equal homeservers on copies of one database: bare, with Kith, with the HTTP peer."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import yaml

from bench.load import Client
from bench.stage import migrate, running
from stack.child import Child
from stack.files import write_private
from stack.ports import free_port
from stack.postgres import Postgres
from stack.synapse import MODULES, Synapse, SynapseOptions

SERVER = "bench.test"
# Limits are raised so that nothing is refused; every rule stays on and every counter is charged.
_PLENTY = 10_000_000
_RULES = {
    "rates": {
        "messages_per_minute": _PLENTY,
        "messages_per_hour": _PLENTY,
    }
}
# All of the peer's that this Synapse has; its newest one is not in 1.163.
_PEER_CALLBACKS = [
    "user_may_join_room",
    "user_may_invite",
    "federated_user_may_invite",
    "user_may_create_room",
    "user_may_publish_room",
    "check_event_for_spam",
]
_NO_LIMITS = {
    name: {"per_second": 100_000, "burst_count": 100_000}
    for name in ("rc_message", "rc_registration", "rc_admin_redaction")
} | {
    "rc_joins": {"local": {"per_second": 100_000, "burst_count": 100_000}},
    "rc_joins_per_room": {"per_second": 100_000, "burst_count": 100_000},
    "rc_login": {"address": {"per_second": 100_000, "burst_count": 100_000}},
}


@dataclass(frozen=True, slots=True)
class Community:
    """What stands in the copied database: who sends, and into which rooms."""

    senders: list[str]
    rooms: Mapping[int, str]


Then = Callable[[Client, int, Community], Awaitable[None]]
"""Something to do while the server that was filled still runs; gets its process id."""


def _synapse(place: Path, database: str, postgres: Postgres, **more: Any) -> Synapse:
    options = SynapseOptions(
        server_name=SERVER,
        port=free_port(),
        public_url="http://127.0.0.1",
        database_url=postgres.url(database, "synapse"),
        bcrypt_rounds=4,
        log_level="WARNING",
        extra={**_NO_LIMITS, **more.pop("extra", {})},
        **more,
    )
    made = Synapse(place, place, options)
    made.prepare()
    return made


async def populate(
    place: Path, postgres: Postgres, sizes: tuple[int, ...], then: Then | None = None
) -> Community:
    """Fill the database `synapse` with ten senders and a room of each size."""
    home = _synapse(place, "synapse", postgres)
    async with running(home.program()) as child, aiohttp.ClientSession() as session:
        client = Client(home.url, session)
        secret = home.registration_shared_secret
        tokens = [await client.register(secret, f"member{n}") for n in range(max(sizes))]
        rooms = {}
        for size in sizes:
            body = {"preset": "public_chat", "creation_content": {"social.kith.kind": "forum"}}
            made = await client.call("POST", "/_matrix/client/v3/createRoom", tokens[0], body)
            rooms[size] = made["room_id"]
            for token in tokens[1:size]:
                await client.call("POST", f"/_matrix/client/v3/join/{made['room_id']}", token, {})
        community = Community(tokens[:10], rooms)
        if then is not None:
            await then(client, child.pid or 0, community)
    return community


def register_rooms(url: str, community: Community) -> None:
    """Tell Kith's registry what the intake would have told it: the rooms and their people."""
    with psycopg.connect(url) as connection:
        for size, room in community.rooms.items():
            connection.execute(
                "INSERT INTO rooms (room_id, id, kind, creator, local, slow_mode, created_at)"
                " VALUES (%s, gen_random_uuid(), 'forum', %s, true, 0, now())",
                (room, f"@member0:{SERVER}"),
            )
            connection.execute(
                "INSERT INTO people (user_id, local)"
                " SELECT format('@member%%s:%%s', n, %s::text), true"
                " FROM generate_series(0, %s) n ON CONFLICT DO NOTHING",
                (SERVER, size - 1),
            )


@asynccontextmanager
async def trio(
    place: Path, postgres: Postgres, community: Community, sink: str
) -> AsyncIterator[dict[str, tuple[Synapse, Child]]]:
    """The three servers by name, all running."""
    kith_yaml = place / "kith.yaml"
    kith_url = postgres.url("kith", "kith")
    migrate(kith_url)
    register_rooms(kith_url, community)
    settings = {
        "server_name": SERVER,
        "database_url": kith_url,
        "appservice": {"sender_localpart": "kith"},
        "rules": _RULES,
    }
    write_private(kith_yaml, yaml.safe_dump(settings))
    module = {"kith_config": str(kith_yaml), "database_url": postgres.url("kith", "kith_module")}
    asked = {"base_url": sink, "enabled_callbacks": _PEER_CALLBACKS}
    peer = {"module": "synapse_http_antispam.HTTPAntispam", "config": asked}
    kinds: dict[str, dict[str, Any]] = {
        "bare": {},
        "kith": {"modules": MODULES, "module_config": module},
        "peer": {"extra": {"modules": [peer]}},
    }
    async with AsyncExitStack() as stack:
        running_ones = {}
        for name, options in kinds.items():
            database = f"synapse_{name}"
            postgres.create_database(database, owner="synapse", template="synapse")
            own = place / name
            shutil.copytree(place / "origin", own)
            home = _synapse(own, database, postgres, **options)
            running_ones[name] = (home, await stack.enter_async_context(running(home.program())))
        yield running_ones
