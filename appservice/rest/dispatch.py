# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a declared route to an aiohttp handler: identify, count, authorise, validate, call.

The order matters: nobody is told whether a body is good before it is known who asks, and the
address is counted before anything that costs.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ValidationError

from appservice.errors import NotFound, Unauthenticated, Unavailable
from appservice.rest import answers
from appservice.rest.access import Access, Authenticator, Caller, admits
from appservice.rest.address import client_address, network
from appservice.rest.codes import Code
from appservice.rest.limits import Counters, Limits
from appservice.rest.route import AnyRoute, Call, Limit
from policy.ids import UserId, parse_user_id

MAX_BODY = 64 * 1024
"""Bytes of a JSON body."""

CSRF_HEADER = "X-CSRF-Token"
CALLER = web.RequestKey("caller", str)
"""User id of the caller once known, for the log."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What every route shares.

    Attributes:
        server_name: a bare localpart in a path belongs to it (D30).
        origin: the only one a browser may send unsafe requests from.
    """

    authenticator: Authenticator
    counters: Counters
    limits: Limits
    server_name: str
    origin: str

    def handler(self, route: AnyRoute) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The aiohttp handler of a route."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                async with asyncio.timeout(route.timeout):
                    return await self._handle(route, request)
            except TimeoutError:
                raise Code.TIMEOUT.error() from None

        return handle

    async def _handle(self, route: AnyRoute, request: web.Request) -> web.StreamResponse:
        address = network(client_address(request))
        await self._charge(f"address:{address}", self.limits.address)
        caller = await self._caller(route, request)
        who = caller.user_id if caller else address
        await self._charge(f"{'write' if route.unsafe else 'read'}:{who}", self._general(route))
        if route.limit:
            own = Limit(route.limit.count * self.limits.scale, route.limit.seconds)
            await self._charge(f"{route.name}:{who}", own)
        self._authorise(route, caller, request)
        call = Call(
            request=request,
            caller=caller,
            path=self._path(route, request),
            body=await _body(route, request),
            query=_query(route, request),
        )
        answer = await route.handler(call)
        return answer if isinstance(answer, web.StreamResponse) else answers.success(answer)

    def _general(self, route: AnyRoute) -> Limit:
        return self.limits.writes if route.unsafe else self.limits.reads

    async def _charge(self, key: str, limit: Limit) -> None:
        wait = await self.counters.hit(key, limit)
        if wait:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=wait)

    async def _caller(self, route: AnyRoute, request: web.Request) -> Caller | None:
        if route.access in (Access.SETUP_LINK, Access.OPERATOR):
            return None
        try:
            caller = await self.authenticator.identify(request)
        except (Unauthenticated, Unavailable):
            # Neither an old cookie nor a sleeping database locks anybody out of a public page.
            if route.access is Access.PUBLIC:
                return None
            raise
        if caller:
            request[CALLER] = caller.user_id
        return caller

    def _authorise(self, route: AnyRoute, caller: Caller | None, request: web.Request) -> None:
        if not admits(route.access, caller):
            if caller is None:
                raise Unauthenticated
            raise (Code.LOCAL_ONLY if route.access is Access.LOCAL else Code.FORBIDDEN).error()
        if not route.unsafe:
            return
        origin = request.headers.get("Origin")
        by_browser = caller is None or caller.csrf_token is not None
        if by_browser and origin is not None and not self._ours(origin, request):
            raise Code.CSRF.error()
        if caller is not None and caller.csrf_token is not None:
            sent = request.headers.get(CSRF_HEADER, "")
            if not same_secret(sent, caller.csrf_token):
                raise Code.CSRF.error()

    def _ours(self, origin: str, request: web.Request) -> bool:
        """Whether a browser's page is ours: the public address, or the one it just asked."""
        return origin in (self.origin, f"{request.scheme}://{request.host}")

    def _path(self, route: AnyRoute, request: web.Request) -> dict[str, Any]:
        found = request.match_info.items()
        named = [(route.means.get(name, name), text) for name, text in found]
        return {name: self._part(name, text) for name, text in named}

    def _part(self, name: str, text: str) -> object:
        if name == "user":
            return named_person(text, self.server_name, field="user")
        if name.endswith("_id"):
            try:
                return UUID(text)
            except ValueError:
                raise NotFound from None
        return text


def named_person(text: str, server_name: str, *, field: str) -> UserId:
    """Whom a request names: a Matrix id, or the bare name of somebody here (D30).

    Raises:
        KithError: `invalid`.
    """
    # The rule's own reading forgives blanks around what a person types; an address has none.
    user_id = parse_user_id(text, server_name) if text == text.strip() else None
    if user_id is None:
        problem = "neither a Matrix id nor a local name"
        raise Code.INVALID.error(fields=[{"field": field, "problem": problem}])
    return user_id


def same_secret(sent: str, known: str) -> bool:
    """Compare without telling by the time taken; what was sent may hold bytes that are no text."""
    return hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), known.encode())


async def _body(route: AnyRoute, request: web.Request) -> BaseModel | None:
    if route.body is None:
        return None
    raw = await read_limited(request, MAX_BODY)
    if not raw and route.body_optional:
        raw = b"{}"
    elif request.content_type != answers.JSON:
        # Also keeps plain HTML forms of other sites out: they cannot send this type.
        raise Code.UNSUPPORTED_TYPE.error()
    try:
        parsed: BaseModel = route.body.model_validate_json(raw)
    except ValidationError as error:
        raise answers.invalid(error) from None
    return parsed


async def read_limited(request: web.Request, most: int) -> bytes:
    """The whole body.

    Raises:
        KithError: `too_large`, as soon as it is longer than `most` bytes.
    """
    if (request.content_length or 0) > most:
        raise Code.TOO_LARGE.error()
    raw = await request.content.read(most + 1)
    while not request.content.at_eof() and len(raw) <= most:
        raw += await request.content.read(most + 1 - len(raw))
    if len(raw) > most:
        raise Code.TOO_LARGE.error()
    return raw


def _query(route: AnyRoute, request: web.Request) -> BaseModel | None:
    given = request.rel_url.query
    if route.query is None:
        # A page may carry anything (a set-up token, a campaign mark); the API takes what it knows.
        if given and route.tag:
            raise Code.INVALID.error(
                fields=[{"field": "query", "problem": "this address takes no query"}]
            )
        return None
    if len(given) != len(set(given)):
        raise Code.INVALID.error(fields=[{"field": "query", "problem": "a name comes twice"}])
    try:
        parsed: BaseModel = route.query.model_validate(dict(given))
    except ValidationError as error:
        raise answers.invalid(error) from None
    return parsed
