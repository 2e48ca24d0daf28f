# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door the homeserver knocks on: `/_matrix/app/v1/*` on the internal listener.

Fail rather than be slow: Synapse keeps what was answered with an error and, when it is killed,
forgets what it was still waiting to send. But after an error it pushes nothing for two seconds.
"""

import asyncio
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from aiohttp import web

from appservice import metrics
from appservice.clock import Clock
from appservice.errors import Unavailable
from appservice.homeserver.inbox import Inbox
from appservice.text import storable_json

_LOG = structlog.get_logger("kith.door")
_MAX_BODY = 32 * 1024 * 1024
"""Bytes: 100 events of 64 KiB, ephemeral ones beside them, and room to spare."""
_RECEIPT = "m.receipt"
_PRIVATE = "m.read.private"

Ephemeral = Callable[[list[dict[str, Any]]], None]


class Door:
    """Checks the token, stores, answers."""

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        hs_token: str,
        *,
        budget: float,
        ephemeral: Ephemeral | None = None,
    ) -> None:
        """Take the inbox, the homeserver's token and how long storing may take.

        Args:
            inbox: where events go.
            clock: for the time of arrival.
            hs_token: what the homeserver must present.
            budget: seconds storing may take before the answer is 503.
            ephemeral: hears typing, public receipts and presence; None drops them.
        """
        self._inbox = inbox
        self._clock = clock
        self._expected = f"Bearer {hs_token}".encode()
        self._budget = budget
        self._ephemeral = ephemeral

    def app(self) -> web.Application:
        """The internal listener's application."""
        app = web.Application(client_max_size=_MAX_BODY, middlewares=[self._guarded])
        app.router.add_put("/_matrix/app/v1/transactions/{txn_id}", self._transaction)
        app.router.add_get("/_matrix/app/v1/users/{user_id}", _nobody)
        app.router.add_get("/_matrix/app/v1/rooms/{alias}", _nobody)
        app.router.add_post("/_matrix/app/v1/ping", _pong)
        return app

    @web.middleware
    async def _guarded(
        self, request: web.Request, handler: Callable[[web.Request], Any]
    ) -> web.StreamResponse:
        # The header only: a token in a query would stand in logs.
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._expected):
            status = 403 if given else 401
            return _matrix_error(status, "M_FORBIDDEN", "The homeserver's token is needed.")
        response: web.StreamResponse = await handler(request)
        return response

    async def _transaction(self, request: web.Request) -> web.Response:
        body = await _read(request)
        if body is None:
            metrics.TRANSACTIONS.labels("bad").inc()
            return _matrix_error(400, "M_BAD_JSON", "A transaction is a JSON object.")
        self._hear(body.get("ephemeral"))
        events = _objects(body.get("events"))
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._budget):
                await self._inbox.store(request.match_info["txn_id"], events, self._clock.now())
        except (TimeoutError, Unavailable):
            metrics.TRANSACTIONS.labels("refused").inc()
            _LOG.warning("transaction_refused", events=len(events))
            return _matrix_error(503, "M_UNKNOWN", "Not stored; send it again.")
        metrics.STORED_SECONDS.observe(time.monotonic() - started)
        metrics.TRANSACTIONS.labels("stored").inc()
        return web.json_response({})

    def _hear(self, found: object) -> None:
        # Synapse 1.163 still fills the key of the proposal beside the stable one; one is enough.
        events = [event for event in map(_public, _objects(found)) if event is not None]
        for event in events:
            kind = event.get("type")
            known = kind in ("m.typing", _RECEIPT, "m.presence")
            metrics.EPHEMERAL.labels(kind if known else "other").inc()
        if events and self._ephemeral is not None:
            self._ephemeral(events)


async def _read(request: web.Request) -> Mapping[str, Any] | None:
    raw = await request.read()
    try:
        text = raw.decode("utf-8", "replace")
        # Only a text that holds escapes pays for the search.
        body = json.loads(storable_json(text) if "\\u" in text else text)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _public(event: dict[str, Any]) -> dict[str, Any] | None:
    """The event without private receipts (D31); None when nothing is left."""
    content = event.get("content")
    if event.get("type") != _RECEIPT or not isinstance(content, dict):
        return event
    kept = {
        event_id: {kind: who for kind, who in kinds.items() if kind != _PRIVATE}
        for event_id, kinds in content.items()
        if isinstance(kinds, dict)
    }
    kept = {event_id: kinds for event_id, kinds in kept.items() if kinds}
    return {**event, "content": kept} if kept else None


async def _nobody(_request: web.Request) -> web.Response:
    return _matrix_error(404, "M_NOT_FOUND", "Kith makes nobody and nothing up.")


async def _pong(_request: web.Request) -> web.Response:
    return web.json_response({})


def _matrix_error(status: int, errcode: str, sentence: str) -> web.Response:
    return web.json_response({"errcode": errcode, "error": sentence}, status=status)
