# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sent a request: a session (cookie or bearer) or a Matrix access token (D7)."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from appservice.access import store
from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused, NotFound, Unauthenticated
from appservice.homeserver.port import Homeserver
from appservice.people.directory import Directory
from appservice.rest.access import Caller
from appservice.rest.openapi import COOKIE
from policy.ids import UserId

_PREFIX = "kith_"
"""How a session token is told from a Matrix access token."""

_LIFE = timedelta(days=30)
_TRUST_WHOAMI = 60.0
"""Seconds for which a checked Matrix token is not checked again."""

_MAX_CACHED = 20_000
_OLD = "This sign-in is not, or no longer, good. Sign in again."


@dataclass(frozen=True, slots=True)
class Started:
    """A fresh session; the token exists nowhere else."""

    token: str
    csrf_token: str
    expires_at: datetime


class Sessions:
    """Starts, finds and ends sessions; implements `rest.access.Authenticator`."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        homeserver: Homeserver,
        directory: Directory,
        *,
        secret_key: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._directory = directory
        self._key = secret_key.encode()
        self._monotonic = monotonic
        self._checked: dict[bytes, tuple[str, float]] = {}

    async def identify(self, request: web.Request) -> Caller | None:
        """The caller, or None without any credential.

        Raises:
            Unauthenticated: the credential is not good.
            Unavailable: it cannot be checked now.
        """
        header = request.headers.get("Authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            token = token.strip()
            if scheme.lower() != "bearer" or not token or not token.isascii():
                raise Unauthenticated(_OLD)
            if token.startswith(_PREFIX):
                return await self._by_session(token, by_cookie=False)
            return await self._by_matrix(token)
        cookie = request.cookies.get(COOKIE)
        return await self._by_session(cookie, by_cookie=True) if cookie else None

    async def start(self, user_id: str) -> Started:
        """A session for somebody whose credential has just been checked.

        Raises:
            Unauthenticated: the account is deactivated or a program's.
        """
        await self._person(user_id)
        now = self._clock.now()
        token = _PREFIX + self._clock.token()
        started = Started(token, self._csrf(token), now + _LIFE)
        async with self._database.transaction() as tx:
            await store.start(
                tx,
                user_id,
                token_hash=store.digest(token),
                csrf_hash=store.digest(started.csrf_token),
                now=now,
                expires=started.expires_at,
            )
        return started

    async def end(self, token_hash: bytes) -> None:
        """End a session."""
        async with self._database.transaction() as tx:
            await store.end(tx, token_hash)

    async def _by_session(self, token: str, *, by_cookie: bool) -> Caller:
        token_hash = store.digest(token)
        found = await store.session(self._database, token_hash, self._clock.now())
        if found is None:
            raise Unauthenticated(_OLD)
        return Caller(
            user_id=UserId(found.user_id),
            local=found.local,
            staff=found.staff,
            csrf_token=self._csrf(token) if by_cookie else None,
            session=token_hash,
        )

    async def _by_matrix(self, token: str) -> Caller:
        key = store.digest(token)
        now = self._monotonic()
        user_id, until = self._checked.get(key, ("", 0.0))
        if until <= now:
            try:
                user_id = await self._homeserver.whoami(token)
            except HomeserverRefused:
                self._checked.pop(key, None)
                raise Unauthenticated(_OLD) from None
            if len(self._checked) >= _MAX_CACHED:
                self._checked = {k: v for k, v in self._checked.items() if v[1] > now}
            self._checked[key] = (user_id, now + _TRUST_WHOAMI)
        found = await self._person(user_id)
        return Caller(user_id=UserId(user_id), local=found.local, staff=found.staff)

    async def _person(self, user_id: str) -> store.Known:
        if user_id == self._homeserver.service_user:
            raise Unauthenticated(_OLD)
        found = await store.known(self._database, user_id)
        if found is None:
            try:
                await self._directory.meet(user_id)
            except NotFound:
                raise Unauthenticated(_OLD) from None
            found = await store.known(self._database, user_id)
        if found is None or not found.welcome:
            raise Unauthenticated(_OLD)
        return found

    def _csrf(self, token: str) -> str:
        # Made from the token, so that it need not be stored to be told again.
        return hmac.new(self._key, b"csrf:" + token.encode(), hashlib.sha256).hexdigest()
