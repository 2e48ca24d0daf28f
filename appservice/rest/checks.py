# SPDX-License-Identifier: AGPL-3.0-or-later
"""The questions behind /readyz: which parts are needed, which are only missed."""

from collections.abc import Mapping
from typing import cast

import aiohttp

from appservice.assembly import Assembly
from appservice.rest.health import Check

_PATIENCE = aiohttp.ClientTimeout(total=2)
_OK = 200


def checks(assembly: Assembly) -> tuple[Mapping[str, Check], Mapping[str, Check]]:
    """What is needed, and what is a hint; the first grows with `assembly.checks`."""

    async def database() -> bool:
        return bool(await assembly.database.read("SELECT 1"))

    async def homeserver() -> bool:
        url = assembly.settings.synapse.url.rstrip("/") + "/_matrix/client/versions"
        async with assembly.session.get(url, timeout=_PATIENCE) as answer:
            return answer.status == _OK

    async def redis() -> bool:
        if assembly.redis is None:
            return True
        return bool(await cast("Check", assembly.redis.ping)())

    # `server` adds its own parts (the intake) to the same mapping once they run.
    assembly.checks.setdefault("database", database)
    assembly.checks.setdefault("homeserver", homeserver)
    return assembly.checks, {} if assembly.redis is None else {"redis": redis}
