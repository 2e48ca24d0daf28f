# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of getting in: by password, by OpenID token, by signing up, by a set-up link."""

from datetime import timedelta

import structlog

from appservice.access import store
from appservice.access.openid import OpenId
from appservice.access.sessions import Sessions, Started
from appservice.access.synapse import SynapseDoors
from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused, KithError, Unauthenticated
from appservice.homeserver.port import Homeserver
from appservice.rest.codes import Code
from appservice.rest.limits import Counters
from appservice.rest.route import Limit
from policy.ids import UserId, is_local, parse_user_id

_LOG = structlog.get_logger("kith.access")
_GUESSES = Limit(10, 300)
"""Passwords tried for one account, from wherever."""


class AccessService:
    """Lets people in."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        homeserver: Homeserver,
        *,
        sessions: Sessions,
        openid: OpenId,
        doors: SynapseDoors,
        counters: Counters,
        server_name: str,
        registration: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._homeserver = homeserver
        self._sessions = sessions
        self._openid = openid
        self._doors = doors
        self._counters = counters
        self._server_name = server_name
        self.registration = registration

    async def login(self, user: str, password: str) -> tuple[UserId, Started]:
        """Check a Matrix password and start a session (D7).

        Raises:
            KithError: `bad_credentials`; `too_many_requests` for an account under attack.
        """
        user_id = parse_user_id(user, self._server_name)
        if user_id is None or not is_local(user_id, self._server_name):
            raise Code.BAD_CREDENTIALS.error()
        return await self._let_in(await self._by_password(user_id, password, Code.BAD_CREDENTIALS))

    async def check_password(self, me: UserId, password: str) -> None:
        """Ask somebody who is signed in for their password again.

        Raises:
            KithError: `wrong_password`; `too_many_requests` for an account under attack.
        """
        if await self._by_password(me, password, Code.WRONG_PASSWORD) != me:
            raise Code.WRONG_PASSWORD.error()

    async def is_fresh(self, session: bytes | None, age: timedelta) -> bool:
        """Whether a session began so lately; a Matrix token does not say when it did."""
        if session is None:
            return False
        began = await store.began(self._database, session)
        return began is not None and self._clock.now() - began <= age

    async def openid(self, matrix_server_name: str, token: str) -> tuple[UserId, Started]:
        """Start a session for whoever an OpenID token belongs to, local or remote (D7)."""
        return await self._let_in(await self._openid.check(matrix_server_name, token))

    async def register(
        self, name: str, password: str, token: str | None, address: str
    ) -> tuple[UserId, Started]:
        """Make an account as the instance allows it, and start its first session (D42)."""
        if self.registration == "closed":
            raise Code.REGISTRATION_CLOSED.error()
        if self.registration == "token" and token is None:
            raise Code.TOKEN_REQUIRED.error()
        user_id = await self._doors.sign_up(name, password, token, address)
        return await self._let_in(UserId(user_id))

    async def logout(self, session: bytes | None) -> None:
        """End a session; a Matrix access token is the homeserver's to end."""
        if session is not None:
            await self._sessions.end(session)

    async def card(self, user_id: str) -> tuple[str | None, str | None, str | None]:
        """Name, avatar and staff role of somebody signed in."""
        return await store.card(self._database, user_id)

    async def link_is_good(self, token: str) -> bool:
        """Whether a set-up link can still be used."""
        return await store.link_is_good(self._database, store.digest(token), self._clock.now())

    async def set_up(self, token: str, name: str, password: str) -> tuple[UserId, Started]:
        """Make the first administrator by a set-up link, which is then spent (D42).

        Raises:
            KithError: `link_used`, `name_taken` or `invalid`; the link then stays good.
            Unavailable: the homeserver does not answer.
        """
        token_hash, now = store.digest(token), self._clock.now()
        async with self._database.transaction() as tx:
            if not await store.hold_link(tx, token_hash, now):
                raise Code.LINK_USED.error()
            try:
                user_id = await self._homeserver.register(name, password, admin=True)
            except HomeserverRefused as error:
                if error.errcode == "M_USER_IN_USE":
                    raise Code.NAME_TAKEN.error() from None
                problem = {"field": "name", "problem": error.sentence[:200]}
                raise Code.INVALID.error(fields=[problem]) from None
            await store.use_link(tx, token_hash, user_id, now)
        return await self._let_in(UserId(user_id))

    async def _by_password(self, user_id: UserId, password: str, wrong: Code) -> UserId:
        wait = await self._counters.hit(f"login:{user_id}", _GUESSES)
        if wait:
            raise Code.TOO_MANY_REQUESTS.error(retry_after_ms=wait)
        try:
            found = await self._homeserver.login(user_id, password)
        except HomeserverRefused:
            raise wrong.error() from None
        # The token was only for the check: no device stays behind in the person's list.
        try:
            await self._homeserver.logout(found.access_token)
        except KithError as error:
            _LOG.warning("check_token_not_logged_out", user_id=user_id, code=error.code)
        return UserId(found.user_id)

    async def _let_in(self, user_id: UserId) -> tuple[UserId, Started]:
        try:
            return user_id, await self._sessions.start(user_id)
        except Unauthenticated:
            raise Code.BAD_CREDENTIALS.error() from None
