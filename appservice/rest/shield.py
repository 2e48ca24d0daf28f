# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outermost middleware: every error becomes one shape, every answer gets safe headers.

It logs a line a request: method, route template, status, time, id. Never a query, header or body.
"""

import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from appservice.clock import Clock
from appservice.errors import KithError, NotFound
from appservice.rest import answers, metrics
from appservice.rest.codes import Code
from appservice.rest.dispatch import CALLER

_LOG = structlog.get_logger("kith.rest")
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_SERVER_ERROR = 500

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it a browser sends "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def shield(clock: Clock, *, secure: bool) -> Middleware:
    """The middleware; `secure` when people come over HTTPS."""
    headers = dict(HEADERS)
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"

    @web.middleware
    async def middleware(request: web.Request, handler: _Handler) -> web.StreamResponse:
        started = time.monotonic()
        request_id = clock.new_id().hex
        response = await _answer(request, handler, request_id)
        # What the homeserver answered is streamed, prepared already, and has its own headers.
        if not response.prepared:
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            response.headers["X-Request-Id"] = request_id
        _note(request, response.status, time.monotonic() - started, request_id)
        return response

    return middleware


async def _answer(request: web.Request, handler: _Handler, request_id: str) -> web.StreamResponse:
    try:
        return await handler(request)
    except KithError as error:
        metrics.REFUSALS.labels(error.code).inc()
        return answers.failure(error)
    except web.HTTPMethodNotAllowed as error:
        response = answers.failure(Code.METHOD_NOT_ALLOWED.error())
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response
    except web.HTTPNotFound:
        return answers.failure(NotFound())
    except web.HTTPException as error:
        if error.status < _SERVER_ERROR:
            return answers.failure(KithError("invalid", error.status, error.reason))
        raise
    except Exception:  # noqa: BLE001 - the last net: a person gets an answer, the log the trace
        # The trace names lines of code; values of variables, which may be secrets, are not in it.
        _LOG.exception("request_failed", route=_route(request), request_id=request_id)
        return answers.failure(Code.INTERNAL.error(request_id=request_id))


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"


def _note(request: web.Request, status: int, seconds: float, request_id: str) -> None:
    route = _route(request)
    method = request.method if request.method in _METHODS else "other"
    metrics.REQUESTS.labels(method, route, str(status)).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    _LOG.info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        request_id=request_id,
        caller=request.get(CALLER),
    )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
