# SPDX-License-Identifier: AGPL-3.0-or-later
"""One request to the homeserver: time-out, bounded retries, errors sorted into final and not.

Paths and errcodes are mautrix's. Its `HTTPAPI` is not used: it logs bodies, waits 4 s before the
first retry and has no time-out of its own.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
from mautrix.api import Method, PathBuilder
from yarl import URL

from appservice.errors import HomeserverRefused, Unavailable
from policy.reason import FIELD, Reason

_SERVER_ERROR = 500
_TOO_MANY = 429
_OK = 200
_ATTEMPTS = 3
_PAUSE = 0.2
"""Seconds before the second attempt; doubled each time."""

Json = dict[str, Any]


class Transport:
    """Speaks to one homeserver with the appservice's token, or with a person's own."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, as_token: str, timeout: float
    ) -> None:
        """Take the session (owned by the assembly) and the homeserver's base URL."""
        self._session = session
        self._url = URL(url)
        self._as_token = as_token
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=5.0)

    async def request(
        self,
        method: Method,
        path: PathBuilder,
        body: Mapping[str, Any] | None = None,
        *,
        as_user: str | None = None,
        token: str | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        """Send and read the JSON answer.

        Args:
            method: the HTTP method; only GET, PUT and DELETE are sent again after a lost answer.
            path: below the homeserver's origin.
            body: JSON body; None sends ``{}`` with POST and PUT.
            as_user: local account to act as, by the appservice's right; None is the service user.
            token: a person's own access token instead of the appservice's; "" for none at all.
            query: further query parameters.

        Raises:
            HomeserverRefused: it said no; asking again changes nothing.
            Unavailable: it does not answer, is too busy, or its rules cannot be read.
        """
        parameters = dict(query or {})
        if as_user is not None and token is None:
            parameters["user_id"] = as_user
        bearer = self._as_token if token is None else token
        url = self._url.joinpath(str(path).lstrip("/"), encoded=True).with_query(parameters)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._once(method, url, body, bearer)
            except (aiohttp.ClientError, TimeoutError, Unavailable) as error:
                final = attempt == _ATTEMPTS or not _may_repeat(method, error)
                if isinstance(error, Unavailable) and (final or error.retry_after_ms):
                    raise
                if final:
                    raise Unavailable("homeserver") from error
            await asyncio.sleep(_PAUSE * 2 ** (attempt - 1))
        raise Unavailable("homeserver")

    async def _once(
        self, method: Method, url: URL, body: Mapping[str, Any] | None, token: str
    ) -> Json:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        payload = None if method is Method.GET else (body or {})
        async with self._session.request(
            str(method), url, json=payload, headers=headers, timeout=self._timeout
        ) as response:
            answer = await _json(response)
            if response.status != _OK:
                raise refusal(response.status, answer)
            return answer


async def _json(response: aiohttp.ClientResponse) -> Json:
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _may_repeat(method: Method, error: Exception) -> bool:
    # A POST may have been done although its answer was lost; refused connections never arrived.
    return method is not Method.POST or isinstance(error, aiohttp.ClientConnectorError)


def refusal(status: int, answer: Mapping[str, Any]) -> HomeserverRefused | Unavailable:
    """The error for an answer that is not 200."""
    reason = answer.get(FIELD)
    if status == _TOO_MANY:
        wait = answer.get("retry_after_ms")
        known = reason if isinstance(reason, str) else None
        return Unavailable("homeserver", wait if isinstance(wait, int) else 1000, known)
    if status >= _SERVER_ERROR:
        return Unavailable("rules" if reason == Reason.RULES_UNAVAILABLE.code else "homeserver")
    return HomeserverRefused(
        status,
        str(answer.get("errcode", "M_UNKNOWN")),
        str(answer.get("error", "The homeserver refused.")),
        reason if isinstance(reason, str) else None,
    )
