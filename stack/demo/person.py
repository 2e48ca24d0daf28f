# SPDX-License-Identifier: AGPL-3.0-or-later
"""One demo account behind the public doors: Matrix client API and Kith's REST."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp

from stack.accounts import Doors, register
from stack.demo.cast import OPEN_TO_VISITORS, PASSWORD, Person
from stack.demo.goods import SIZE, Good, draw
from stack.demo.portrait import portrait
from stack.errors import StackError

_PATIENCE = 6
_LOOKS = 240
_OK, _TOO_MANY = 200, 429


class DemoPerson:
    """A signed-in person of the demo."""

    def __init__(
        self, http: aiohttp.ClientSession, doors: Doors, person: Person, token: str
    ) -> None:
        """Args: the connections, where the instance is, who it is, their access token."""
        self.person = person
        self.user_id = f"@{person.name}:{doors.server_name}"
        self._http, self._doors, self._token = http, doors, token

    async def matrix(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer of the Matrix client API."""
        return await self._ask(method, f"{self._doors.matrix}/_matrix/client/v3{path}", body)

    async def kith(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer of Kith's REST API."""
        return await self._ask(method, f"{self._doors.web}/api{path}", body)

    async def must(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of the Matrix client API.

        Raises:
            StackError: it was refused.
        """
        status, answer = await self.matrix(method, path, body)
        if status >= 400:  # noqa: PLR2004 - HTTP
            raise StackError(f"The demo's {self.person.name} was refused: {answer}")
        return answer

    async def dress(self) -> None:
        """Give the account its display name and its picture, unless it has one."""
        path = f"/profile/{quote(self.user_id)}"
        _, profile = await self.matrix("GET", path)
        shown = self.person.display_name
        if profile.get("displayname") != shown:
            await self.must("PUT", f"{path}/displayname", {"displayname": shown})
        if not profile.get("avatar_url"):
            picture = await asyncio.to_thread(portrait, self.person.name, shown[0])
            where = await self.upload(f"{self.person.name}.png", "image/png", picture)
            await self.must("PUT", f"{path}/avatar_url", {"avatar_url": where})

    async def introduce(self, said: Mapping[str, Any]) -> None:
        """Say something of oneself, unless there is something already.

        Raises:
            StackError: it was refused.
        """
        path = f"/profile/{quote(self.user_id, safe='')}"
        status, profile = await self.kith("GET", path)
        if status == _OK and not profile.get("bio"):
            status, answer = await self.kith("PUT", path, said)
            if status != _OK:
                raise StackError(f"The demo's {self.person.name} was refused: {answer}")

    async def said(self, room: str) -> dict[str, str]:
        """The newest messages of a room: event ids by text."""
        path = f"/rooms/{quote(room)}/messages?dir=b&limit=200"
        answer = await self.must("GET", path)
        found = (one for one in answer["chunk"] if "body" in one["content"])
        return {str(one["content"]["body"]): one["event_id"] for one in found}

    async def send(self, room: str, kind: str, content: dict[str, Any], ts: int) -> str:
        """Send an event that was made at some time (ms since 1970); its id.

        Raises:
            StackError: it was refused.
        """
        # The same content in the same room is the same transaction: a second try sends nothing.
        key = hashlib.sha256(f"{room} {self.user_id} {content}".encode()).hexdigest()[:24]
        where = f"{self._doors.matrix}/_matrix/client/v3/rooms/{quote(room)}/send/{kind}/demo{key}"
        # Only an application service may say when; the rules judge it like the person's own.
        url = f"{where}?{urlencode({'user_id': self.user_id, 'ts': ts})}"
        bearer = {"Authorization": f"Bearer {self._doors.as_token}"}
        status, answer = await self._ask("PUT", url, content, bearer)
        if status != 200:  # noqa: PLR2004 - HTTP
            raise StackError(f"The demo's {self.person.name} was refused: {answer}")
        return str(answer["event_id"])

    async def upload(self, name: str, kind: str, content: bytes) -> str:
        """Put a file into the media repository; its `mxc://` URI."""
        url = f"{self._doors.matrix}/_matrix/media/v3/upload?filename={quote(name)}"
        headers = {**self._bearer, "Content-Type": kind}
        async with self._http.post(url, data=content, headers=headers) as answer:
            return str((await answer.json())["content_uri"])

    async def picture(self, purpose: str, kind: str, content: bytes, size: tuple[int, int]) -> str:
        """Give Kith a picture, whole, and wait until it may be shown; its id.

        Raises:
            StackError: it was refused.
        """
        path = "/profile/media"
        told = {"purpose": purpose, "mime_type": kind, "size": len(content)}
        place = await self._kith_must("POST", f"{path}/sign", told)
        # By the door that the demo knows, whatever the world calls this instance.
        sent = urlsplit(place["upload_url"])
        url = f"{self._doors.web}{sent.path}?{sent.query}"
        headers = {**self._bearer, "Content-Type": kind}
        async with self._http.put(url, data=content, headers=headers) as answer:
            await answer.read()
        where = f"{path}/{place['media_id']}"
        whole = {"x": 0, "y": 0, "width": size[0], "height": size[1]}
        made = await self._kith_must("POST", f"{where}/crop", whole)
        for _ in range(_LOOKS):
            if made["status"] == "ready":
                return str(place["media_id"])
            await asyncio.sleep(0.25)
            made = await self._kith_must("GET", where)
        raise StackError(f"A picture of the demo's {self.person.name} came to nothing: {made}")

    async def offer(self, good: Good) -> None:
        """Put a listing up, unless there is one.

        Raises:
            StackError: it was refused.
        """
        found = await self._kith_must("GET", f"/listings?seller={self.person.name}&limit=1")
        if found["listings"]:
            return
        images = []
        if good.picture:
            drawing = await asyncio.to_thread(draw, good.picture)
            images = [await self.picture("listing", "image/jpeg", drawing, SIZE)]
        mark = {"txn_id": f"demo-{self.person.name}", "images": images}
        made = await self._kith_must("POST", "/listings", {**good.said, **mark})
        if good.reserved:
            await self._kith_must("PATCH", f"/listings/{made['id']}", {"status": "reserved"})

    async def _kith_must(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.kith(method, path, body)
        if status >= 400:  # noqa: PLR2004 - HTTP
            raise StackError(f"The demo's {self.person.name} was refused: {answer}")
        return answer

    async def server_time(self) -> int:
        """What Synapse's clock says, ms since 1970."""
        async with self._http.get(f"{self._doors.matrix}/_matrix/client/versions") as answer:
            return round(parsedate_to_datetime(answer.headers["Date"]).timestamp() * 1000)

    async def leave_device(self) -> None:
        """Sign out, so that no device is left which nobody uses."""
        await self.matrix("POST", "/logout", {})

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _ask(
        self, method: str, url: str, body: Any, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        for turn in range(_PATIENCE):
            async with self._http.request(
                method, url, json=body, headers=headers or self._bearer
            ) as response:
                answer = await response.json(content_type=None)
                if response.status != _TOO_MANY or turn == _PATIENCE - 1:
                    return response.status, answer
                pause = _pause(response, answer)
            # The rules hold for the demo too: it waits like anybody.
            await asyncio.sleep(pause)
        raise StackError(f"{url} stayed closed.")


async def sign_in(http: aiohttp.ClientSession, doors: Doors, person: Person) -> DemoPerson:
    """The account, made when it does not exist yet.

    Raises:
        StackError: an account of that name exists and is not the demo's.
    """
    password = _password(doors, person.name)
    try:
        made = await register(http, doors, person.name, password)
    except StackError as problem:
        if "M_USER_IN_USE" not in str(problem):
            raise
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": person.name},
            "password": password,
        }
        nobody = DemoPerson(http, doors, person, "")
        status, made = await nobody.matrix("POST", "/login", body)
        if status != 200:  # noqa: PLR2004 - HTTP
            raise StackError(
                f"{person.name} exists and is not of the demo; use another folder with --data."
            ) from problem
    return DemoPerson(http, doors, person, str(made["access_token"]))


def _password(doors: Doors, name: str) -> str:
    if name in OPEN_TO_VISITORS:
        return PASSWORD
    key = (doors.shared_secret or "").encode()
    return hmac.new(key, f"demo {name}".encode(), hashlib.sha256).hexdigest()


def _pause(response: aiohttp.ClientResponse, answer: Any) -> float:
    wait = answer.get("retry_after_ms") if isinstance(answer, dict) else None
    if isinstance(wait, int | float):
        return min(max(wait / 1000, 0.2), 60.0)
    header = response.headers.get("Retry-After", "")
    return min(float(header), 60.0) if header.isdigit() else 1.0
