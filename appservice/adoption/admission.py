# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the intake may begin: never on a Synapse whose past nobody has taken over (D41)."""

import asyncio

from appservice.database import Database
from appservice.errors import Unavailable
from appservice.homeserver.stream import SynapseStream

_PAUSE = 1.0
_KNOWN = "SELECT 1 FROM positions WHERE stream IN ('events', 'adopted') LIMIT 1"


class NotAdoptedError(Exception):
    """The homeserver has a past that Kith does not know."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "this Synapse was in use before Kith came; stop it and run `kith adopt` first"
        )


async def admitted(database: Database, stream: SynapseStream | None, service_user: str) -> None:
    """Return once the intake may begin.

    Without Synapse's database nothing can be known of its past, and the intake begins; while that
    database is away for the very first time, this waits.

    Raises:
        NotAdoptedError: `kith adopt` comes first.
        Unavailable: Kith's own database does not answer.
    """
    while True:
        try:
            if await database.read(_KNOWN) or stream is None:
                return
            if await stream.lived(service_user):
                raise NotAdoptedError
        except Unavailable as error:
            if error.part != "homeserver":
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return
