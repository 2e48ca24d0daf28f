# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of signing in and up (D7, D42)."""

from appservice.access import wire
from appservice.access.service import AccessService
from appservice.access.sessions import Started
from appservice.rest.access import Access, Caller
from appservice.rest.address import client_address
from appservice.rest.codes import Code
from appservice.rest.openapi import COOKIE
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy.ids import UserId, is_local

_TAG = "Sign-in"
_THIRTY_DAYS = 30 * 24 * 3600


class AccessRoutes:
    """Handlers over the access service."""

    def __init__(self, service: AccessService, *, server_name: str, secure: bool) -> None:
        self._service = service
        self._server_name = server_name
        self._secure = secure

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._entering(), *self._inside()]

    def _entering(self) -> list[AnyRoute]:
        entry = Limit(20, 60)
        return [
            Route(
                method="POST",
                path="/api/auth/login",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="Sign in with a Matrix password",
                body=wire.LoginRequest,
                answers={200: wire.SessionModel},
                reasons=(Code.BAD_CREDENTIALS,),
                limit=entry,
                timeout=40.0,
                handler=self.login,
            ),
            Route(
                method="POST",
                path="/api/auth/openid",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="Sign in with a Matrix OpenID token, of this or another homeserver",
                description="The token must belong to a person of the server that is named.",
                body=wire.OpenIdRequest,
                answers={200: wire.SessionModel},
                reasons=(Code.BAD_CREDENTIALS,),
                limit=entry,
                timeout=40.0,
                handler=self.openid,
            ),
            Route(
                method="GET",
                path="/api/auth/registration",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="How one gets an account here",
                answers={200: wire.RegistrationModel},
                handler=self.registration,
            ),
            Route(
                method="POST",
                path="/api/auth/register",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="Make an account, where that is allowed",
                body=wire.RegisterRequest,
                answers={201: wire.SessionModel},
                reasons=(
                    Code.REGISTRATION_CLOSED,
                    Code.TOKEN_REQUIRED,
                    Code.NAME_TAKEN,
                    Code.BAD_CREDENTIALS,
                ),
                limit=Limit(10, 300),
                timeout=40.0,
                handler=self.register,
            ),
            Route(
                method="POST",
                path="/api/auth/setup",
                access=Access.SETUP_LINK,
                tag=_TAG,
                summary="Make the first administrator by a set-up link",
                body=wire.SetupRequest,
                answers={201: wire.SetupModel},
                reasons=(Code.LINK_USED, Code.NAME_TAKEN),
                limit=Limit(10, 60),
                timeout=40.0,
                handler=self.setup,
            ),
        ]

    def _inside(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path="/api/auth/session",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Who is signed in, and the CSRF token",
                answers={200: wire.SessionModel},
                handler=self.session,
            ),
            Route(
                method="POST",
                path="/api/auth/logout",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Sign out",
                description="Ends the session; a Matrix access token stays as it is.",
                answers={204: None},
                handler=self.logout,
            ),
        ]

    async def login(self, call: Call[wire.LoginRequest, None]) -> Reply:
        """By password."""
        body = call.body
        user_id, started = await self._service.login(body.user, body.password)
        return await self._entered(user_id, started, body.session)

    async def openid(self, call: Call[wire.OpenIdRequest, None]) -> Reply:
        """By OpenID token."""
        body = call.body
        user_id, started = await self._service.openid(body.matrix_server_name, body.access_token)
        return await self._entered(user_id, started, body.session)

    async def registration(self, _: Call[None, None]) -> Reply:
        """The policy."""
        return Reply(wire.RegistrationModel.model_validate({"policy": self._service.registration}))

    async def register(self, call: Call[wire.RegisterRequest, None]) -> Reply:
        """By signing up."""
        body = call.body
        user_id, started = await self._service.register(
            body.name, body.password, body.token, client_address(call.request)
        )
        return await self._entered(user_id, started, body.session, status=201)

    async def setup(self, call: Call[wire.SetupRequest, None]) -> Reply:
        """By set-up link."""
        body = call.body
        user_id, started = await self._service.set_up(body.token, body.name, body.password)
        cookie = session_cookie(started.token, secure=self._secure)
        return Reply(wire.SetupModel(user_id=user_id), status=201, set_cookie=cookie)

    async def session(self, call: Call[None, None]) -> Reply:
        """The session behind the request."""
        user = await self._account(call.who)
        return Reply(wire.SessionModel(user=user, csrf_token=call.who.csrf_token))

    async def logout(self, call: Call[None, None]) -> Reply:
        """Out."""
        await self._service.logout(call.who.session)
        return Reply(status=204, set_cookie=session_cookie("", secure=self._secure, seconds=0))

    async def _entered(
        self, user_id: UserId, started: Started, how: wire.How, status: int = 200
    ) -> Reply:
        caller = Caller(user_id, local=is_local(user_id, self._server_name))
        by_cookie = how == "cookie"
        model = wire.SessionModel(
            user=await self._account(caller),
            csrf_token=started.csrf_token if by_cookie else None,
            session_token=None if by_cookie else started.token,
            expires_at=started.expires_at,
        )
        cookie = session_cookie(started.token, secure=self._secure) if by_cookie else None
        return Reply(model, status=status, set_cookie=cookie)

    async def _account(self, caller: Caller) -> wire.AccountModel:
        name, avatar, staff = await self._service.card(caller.user_id)
        return wire.AccountModel(
            user_id=caller.user_id,
            display_name=name,
            avatar_url=avatar,
            local=caller.local,
            staff=staff,
        )


def session_cookie(token: str, *, secure: bool, seconds: int = _THIRTY_DAYS) -> str:
    """The Set-Cookie value of a session; seconds of life, 0 takes it away."""
    flags = "; Secure" if secure else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{flags}"
