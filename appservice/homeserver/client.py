# SPDX-License-Identifier: AGPL-3.0-or-later
"""The homeserver over HTTP: the port's verbs as client-server requests (Matrix spec 1.11+).

`rooms_client` does the same for rooms; what an answer means for Kith is decided elsewhere.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from mautrix.api import ClientPath, Method, SynapseAdminPath

from appservice.errors import HomeserverRefused
from appservice.homeserver.port import Json, Login
from appservice.homeserver.rooms_client import RoomsClient
from appservice.homeserver.transport import Transport
from policy.ids import localpart as localpart_of


class HomeserverClient(RoomsClient):
    """Implements `port.Homeserver`."""

    def __init__(
        self, transport: Transport, service_user: str, registration_secret: str | None = None
    ) -> None:
        """Take the transport, who acts when nobody is named, and the secret for new accounts."""
        super().__init__(transport)
        self.service_user = service_user
        self._secret = registration_secret

    async def get_profile(self, user_id: str) -> Json | None:
        """All public profile fields; None for an account that does not exist."""
        return await self._found(Method.GET, ClientPath.v3.profile[user_id])

    async def set_profile(self, user_id: str, field: str, value: Any) -> None:
        """Set one profile field of a local account."""
        path = ClientPath.v3.profile[user_id][field]
        await self._transport.request(Method.PUT, path, {field: value}, as_user=user_id)

    async def clear_profile(self, user_id: str, field: str) -> None:
        """Remove one profile field of a local account; does nothing when it is not set."""
        path = ClientPath.v3.profile[user_id][field]
        await self._found(Method.DELETE, path, as_user=user_id)

    async def get_account_data(self, user_id: str, kind: str) -> Json | None:
        """One piece of a local account's global account data; None when never set."""
        path = ClientPath.v3.user[user_id].account_data[kind]
        return await self._found(Method.GET, path, as_user=user_id)

    async def set_account_data(self, user_id: str, kind: str, content: Mapping[str, Any]) -> None:
        """Replace one piece of a local account's global account data."""
        path = ClientPath.v3.user[user_id].account_data[kind]
        await self._transport.request(Method.PUT, path, content, as_user=user_id)

    async def account(self, user_id: str) -> Json:
        """Devices, pushers, e-mail addresses and telephone numbers of a local account."""
        found: Json = {}
        for name, path in (
            ("devices", ClientPath.v3.devices),
            ("pushers", ClientPath.v3.pushers),
            ("threepids", ClientPath.v3.account["3pid"]),
        ):
            answer = await self._transport.request(Method.GET, path, as_user=user_id)
            found[name] = answer.get(name, [])
        return found

    async def whoami(self, access_token: str) -> str:
        """User id behind a person's token."""
        path = ClientPath.v3.account.whoami
        answer = await self._transport.request(Method.GET, path, token=access_token)
        return str(answer["user_id"])

    async def login(self, user_id: str, password: str) -> Login:
        """Check a password by signing in."""
        answer = await self._transport.request(
            Method.POST,
            ClientPath.v3.login,
            {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": user_id},
                "password": password,
                "initial_device_display_name": "Kith",
            },
            token="",
        )
        return Login(str(answer["user_id"]), str(answer["access_token"]))

    async def logout(self, access_token: str) -> None:
        """End the session of a token."""
        await self._transport.request(Method.POST, ClientPath.v3.logout, token=access_token)

    async def deactivate(self, user_id: str) -> None:
        """Close a local account for good and erase it.

        Of whom an application service acts as, Synapse asks no password (and nothing else).
        """
        path = ClientPath.v3.account.deactivate
        await self._transport.request(Method.POST, path, {"erase": True}, as_user=user_id)

    async def register(self, localpart: str, password: str, *, admin: bool = False) -> str:
        """Make a local account by the registration secret (Synapse's admin API)."""
        if self._secret is None:
            raise HomeserverRefused(
                403, "M_FORBIDDEN", "synapse.registration_shared_secret is not set.", None
            )
        path = SynapseAdminPath.v1.register
        nonce = str((await self._transport.request(Method.GET, path, token=""))["nonce"])
        role = "admin" if admin else "notadmin"
        signed = f"{nonce}\0{localpart}\0{password}\0{role}".encode()
        # HMAC-SHA1 is what Synapse's shared-secret registration asks for.
        mac = hmac.new(self._secret.encode(), signed, hashlib.sha1).hexdigest()
        answer = await self._transport.request(
            Method.POST,
            path,
            {
                "nonce": nonce,
                "username": localpart,
                "password": password,
                "admin": admin,
                "mac": mac,
                "inhibit_login": True,
            },
            token="",
        )
        return str(answer["user_id"])

    async def register_service_user(self) -> None:
        """Make the service user's account; does nothing when it is there."""
        try:
            await self._transport.request(
                Method.POST,
                ClientPath.v3.register,
                {
                    "type": "m.login.application_service",
                    "username": localpart_of(self.service_user),
                    "inhibit_login": True,
                },
            )
        except HomeserverRefused as error:
            if error.errcode != "M_USER_IN_USE":
                raise
