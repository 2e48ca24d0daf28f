# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether this process lives, whether it can serve, and what it has counted (O4)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import prometheus_client
from aiohttp import web
from pydantic import BaseModel, Field

from appservice.rest.access import Access
from appservice.rest.address import HEADER, is_loopback
from appservice.rest.codes import Code
from appservice.rest.dispatch import same_secret
from appservice.rest.route import AnyRoute, Call, Reply, Route
from appservice.rest.wire import Model

Check = Callable[[], Awaitable[bool]]
"""Answers whether a part is well; an exception or two seconds of silence is a no."""

_PATIENCE = 2.0


class HealthModel(Model):
    """This process lives."""

    status: str = Field(examples=["ok"])


class ReadyModel(Model):
    """Whether everything needed is there, and which part is not."""

    status: str = Field(description="`ready`, `degraded` (only a hint is missing), `not_ready`.")
    parts: dict[str, bool]


class Health:
    """The three doors of the operator."""

    def __init__(
        self, needed: Mapping[str, Check], hints: Mapping[str, Check], metrics_token: str | None
    ) -> None:
        """Prepare.

        Args:
            needed: without one of these the process is not ready.
            hints: parts whose absence is told but borne.
            metrics_token: opens /metrics from elsewhere; None keeps it to this machine.
        """
        self._needed = needed
        self._hints = hints
        self._token = metrics_token

    def routes(self) -> list[AnyRoute]:
        """The table."""
        return [
            _route("/healthz", self.alive, "Whether the process lives", {200: HealthModel}),
            _route(
                "/readyz", self.ready, "Whether it can serve", {200: ReadyModel, 503: ReadyModel}
            ),
            Route(
                method="GET",
                path="/metrics",
                access=Access.OPERATOR,
                summary="Prometheus metrics",
                handler=self.metrics,
            ),
        ]

    async def alive(self, _: Call[None, None]) -> Reply:
        """Always well, or no answer at all."""
        return Reply(HealthModel(status="ok"))

    async def ready(self, _: Call[None, None]) -> Reply:
        """Ask every part."""
        parts = await self.parts()
        if not all(parts[name] for name in self._needed):
            return Reply(ReadyModel(status="not_ready", parts=parts), status=503)
        status = "ready" if all(parts.values()) else "degraded"
        return Reply(ReadyModel(status=status, parts=parts))

    async def parts(self) -> dict[str, bool]:
        """Which part is well."""
        checks = {**self._needed, **self._hints}
        found = await asyncio.gather(*(_is_well(check) for check in checks.values()))
        return dict(zip(checks, found, strict=True))

    async def metrics(self, call: Call[None, None]) -> web.Response:
        """Everything counted, for this machine or whoever has the token."""
        request = call.request
        near = is_loopback(request.remote) and HEADER not in request.headers
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        known = self._token is not None and same_secret(sent, self._token)
        if not near and not known:
            raise Code.FORBIDDEN.error()
        return web.Response(
            body=prometheus_client.generate_latest(),
            headers={"Content-Type": prometheus_client.CONTENT_TYPE_LATEST},
        )


def _route(
    path: str,
    handler: Callable[[Call[None, None]], Awaitable[Reply]],
    summary: str,
    answers: Mapping[int, type[BaseModel] | None],
) -> AnyRoute:
    return Route(
        method="GET",
        path=path,
        access=Access.PUBLIC,
        summary=summary,
        handler=handler,
        answers=answers,
    )


async def _is_well(check: Check) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await check()
    except Exception:  # noqa: BLE001 - whatever is wrong with a part, it is not well
        return False
