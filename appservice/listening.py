# SPDX-License-Identifier: AGPL-3.0-or-later
"""One listener: open inside its block, closed first thing at the end of it."""

from aiohttp import web

_GRACE = 5.0
"""Seconds a request may take to end once the process is to stop."""


class Listening:
    """A listener that is open inside its block."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        self._place = (host, port)

    async def __aenter__(self) -> None:
        await self._runner.setup()
        host, port = self._place
        await web.TCPSite(self._runner, host, port, shutdown_timeout=_GRACE).start()

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
