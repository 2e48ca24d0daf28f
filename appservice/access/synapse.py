# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two doors of our own homeserver that are opened with a person's secrets, not with Kith's.

They are: signing up by its own flows, and asking whose OpenID token one is.
"""

from typing import Any

import aiohttp

from appservice.errors import HomeserverRefused, KithError, Unavailable
from appservice.rest.address import HEADER
from appservice.rest.codes import Code

_DUMMY = "m.login.dummy"
_TOKEN = "m.login.registration_token"  # noqa: S105 - the name of a stage
_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
_MAX_STAGES = 4
_OK, _UNAUTHORIZED, _TOO_MANY, _SERVER_ERROR = 200, 401, 429, 500


class SynapseDoors:
    """Speaks to one homeserver without the appservice's token."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/")

    async def openid_subject(self, token: str) -> object:
        """The `sub` the homeserver gives for a token; None when it knows none.

        Raises:
            Unavailable: it does not answer.
        """
        status, answer = await self._ask(
            "GET", "/_matrix/federation/v1/openid/userinfo", params={"access_token": token}
        )
        return answer.get("sub") if status == _OK else None

    async def sign_up(self, name: str, password: str, token: str | None, address: str) -> str:
        """Make an account through the homeserver's own rules; its user id (D42).

        Args:
            name: localpart.
            password: as chosen.
            token: registration token, where one is asked for.
            address: of the person, for the homeserver's own limits.

        Raises:
            KithError: `registration_closed`, `token_required`, `name_taken` or `invalid`.
            Unavailable: the homeserver does not answer or is too busy.
        """
        body: dict[str, Any] = {"username": name, "password": password, "inhibit_login": True}
        for _ in range(_MAX_STAGES):
            status, answer = await self._ask(
                "POST", "/_matrix/client/v3/register", json=body, headers={HEADER: address}
            )
            if status == _OK:
                return str(answer["user_id"])
            if status != _UNAUTHORIZED or "flows" not in answer:
                raise _refusal(answer)
            if "error" in answer and "auth" in body:
                raise Code.TOKEN_REQUIRED.error()
            body["auth"] = _next_stage(answer, token)
        raise Code.REGISTRATION_CLOSED.error()

    async def _ask(self, method: str, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
        try:
            async with self._session.request(
                method, self._url + path, timeout=_TIMEOUT, **options
            ) as response:
                answer = await response.json(content_type=None)
                status = response.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unavailable("homeserver") from error
        if status == _TOO_MANY:
            raise Unavailable("homeserver", int(answer.get("retry_after_ms") or 1000))
        if status >= _SERVER_ERROR or not isinstance(answer, dict):
            raise Unavailable("homeserver")
        return status, answer


def _next_stage(answer: dict[str, Any], token: str | None) -> dict[str, Any]:
    done = set(answer.get("completed", ()))
    known = {_DUMMY, _TOKEN}
    for flow in answer["flows"]:
        stages = flow.get("stages", [])
        if set(stages) <= known:
            stage = next((name for name in stages if name not in done), _DUMMY)
            if stage == _TOKEN and token is None:
                raise Code.TOKEN_REQUIRED.error()
            auth = {"type": stage, "session": answer.get("session")}
            return {**auth, "token": token} if stage == _TOKEN else auth
    raise Code.REGISTRATION_CLOSED.error("Signing up here needs steps that only an app can take.")


def _refusal(answer: dict[str, Any]) -> KithError:
    errcode, sentence = str(answer.get("errcode")), str(answer.get("error"))
    if errcode == "M_USER_IN_USE":
        return Code.NAME_TAKEN.error()
    if errcode in ("M_INVALID_USERNAME", "M_EXCLUSIVE"):
        return Code.INVALID.error(fields=[{"field": "name", "problem": sentence[:200]}])
    if errcode in ("M_WEAK_PASSWORD", "M_PASSWORD_TOO_SHORT"):
        return Code.INVALID.error(fields=[{"field": "password", "problem": sentence[:200]}])
    if errcode == "M_FORBIDDEN":
        return Code.REGISTRATION_CLOSED.error()
    return HomeserverRefused(400, errcode, sentence[:200], None)
