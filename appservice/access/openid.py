# SPDX-License-Identifier: AGPL-3.0-or-later
"""Matrix OpenID tokens: who a person of this or another homeserver is (D7, spec "OpenID").

The answer counts only for people of the very server that gave it: a server may not speak for
another's people.
"""

import re

from yarl import URL

from appservice.access.synapse import SynapseDoors
from appservice.outward import Outward, OutwardError
from appservice.rest.codes import Code
from policy.ids import UserId, parse_user_id, server_of

_SERVER_NAME = re.compile(
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,228}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_PORT = 8448
_MAX_PORT = 65535
_USERINFO = "/_matrix/federation/v1/openid/userinfo"


class OpenId:
    """Checks OpenID tokens."""

    def __init__(self, server_name: str, doors: SynapseDoors, outward: Outward) -> None:
        self._server_name = server_name
        self._doors = doors
        self._outward = outward

    async def check(self, matrix_server_name: str, token: str) -> UserId:
        """Whose token it is.

        Raises:
            KithError: `bad_credentials`, for every way in which it does not hold.
            Unavailable: our own homeserver does not answer.
        """
        if matrix_server_name == self._server_name:
            subject = await self._doors.openid_subject(token)
        else:
            subject = await self._remote(matrix_server_name, token)
        user_id = parse_user_id(subject) if isinstance(subject, str) else None
        if user_id is None or server_of(user_id) != matrix_server_name:
            raise Code.BAD_CREDENTIALS.error("This OpenID token does not hold.")
        return user_id

    async def _remote(self, server_name: str, token: str) -> object:
        try:
            base, host = await self._discover(server_name)
            answer = await self._outward.get(
                base.with_path(_USERINFO).with_query(access_token=token),
                {"Host": host},
                redirects=0,
            )
        except OutwardError:
            raise Code.BAD_CREDENTIALS.error(
                "The homeserver of this OpenID token does not confirm it."
            ) from None
        return answer.get("sub")

    async def _discover(self, server_name: str) -> tuple[URL, str]:
        """Where a server's federation API is, and the Host header for it (spec: server discovery).

        SRV records are not asked for: they were deprecated by well-known.
        """
        host, port = _parse(server_name)
        if port is not None or _literal(host):
            return _base(host, port or _PORT), server_name
        delegated = await self._delegated(host)
        if delegated is not None:
            host, port = _parse(delegated)
            return _base(host, port or _PORT), delegated
        return _base(host, _PORT), server_name

    async def _delegated(self, host: str) -> str | None:
        try:
            found = await self._outward.get(URL(f"https://{host}/.well-known/matrix/server"))
        except OutwardError:
            return None
        delegated = found.get("m.server")
        return delegated if isinstance(delegated, str) else None


def _parse(server_name: str) -> tuple[str, int | None]:
    match = _SERVER_NAME.fullmatch(server_name)
    port = int(match["port"]) if match and match["port"] else None
    if match is None or (port is not None and not 0 < port <= _MAX_PORT):
        raise OutwardError("not a server name")
    return match["host"], port


def _literal(host: str) -> bool:
    return host.startswith("[") or _IPV4.fullmatch(host) is not None


def _base(host: str, port: int) -> URL:
    return URL.build(scheme="https", host=host.strip("[]"), port=port)
