# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hints to the appservice by NOTIFY: sent and forgotten, counted when they are lost."""

import json

from synapse.module_api import run_in_background

from schema.channels import SIGNALS
from synapse_modules import metrics
from synapse_modules.database import Connection
from synapse_modules.errors import FactsUnknownError
from synapse_modules.fact_reader import FactReader


class Signals:
    """Says that something about a person changed."""

    def __init__(self, reader: FactReader) -> None:
        """Args: whose threads and connections to use."""
        self._reader = reader

    def send(self, kind: str, user_id: str) -> None:
        """Send one hint; never waits and never fails."""
        run_in_background(self._send, json.dumps({"kind": kind, "user_id": user_id}))

    async def _send(self, payload: str) -> None:
        def notify(connection: Connection) -> None:
            connection.execute("SELECT pg_notify(%s, %s)", (SIGNALS, payload))

        try:
            await self._reader.run(notify)
        except FactsUnknownError:
            metrics.SIGNALS_LOST.inc()
