# SPDX-License-Identifier: AGPL-3.0-or-later
"""The homeserver's media repository: files in and out as streams, as the person who asks.

It has connections of its own: slow readers of large files must not use up those of everything
else.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from mautrix.api import ClientPath, MediaPath, Method, PathBuilder, SynapseAdminPath
from yarl import URL

from appservice.errors import HomeserverRefused, NotFound, Unavailable
from appservice.homeserver.transport import Transport, refusal

_CONNECTIONS = 64
_UPLOAD = aiohttp.ClientTimeout(total=120, sock_connect=5)
_DOWNLOAD = aiohttp.ClientTimeout(total=None, connect=30, sock_connect=5, sock_read=30)
"""Remote media is fetched by the homeserver first, which may take 20 s."""

_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
_MXC = "mxc://"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as the homeserver has it."""

    server: str
    media_id: str

    @classmethod
    def parse(cls, mxc: object) -> "Stored | None":
        """From ``mxc://server/media_id``; None for anything else."""
        if not isinstance(mxc, str) or not mxc.startswith(_MXC):
            return None
        server, slash, media_id = mxc.removeprefix(_MXC).partition("/")
        return cls(server, media_id) if server and slash and media_id else None


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way; `length` in bytes is None when the homeserver does not say."""

    kind: str
    length: int | None
    chunks: AsyncIterator[bytes]


class MediaRepository:
    """One homeserver's media; everything raises `Unavailable` while it does not answer."""

    def __init__(
        self,
        url: str,
        as_token: str,
        transport: Transport,
        session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Where and as whom the homeserver is asked.

        Args:
            url: its base URL.
            as_token: the appservice's token.
            transport: for what is no file.
            session: connections for files of somebody else's, which need no lifespan here.
        """
        self._url = URL(url)
        self._headers = {"Authorization": f"Bearer {as_token}"}
        self._transport = transport
        self._session = session

    async def lifespan(self, _: web.Application) -> AsyncIterator[None]:
        """Holds the connections; for `Application.cleanup_ctx`."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )
        yield
        await self._session.close()

    async def upload(self, path: Path, *, name: str | None, kind: str, as_user: str) -> str:
        """Hand over a file; its ``mxc://`` address.

        Raises:
            HomeserverRefused: ``M_TOO_LARGE``, a quota, or anything else it says.
        """
        query = {"user_id": as_user, **({"filename": name} if name else {})}
        with path.open("rb") as file:
            try:
                async with self._open.post(
                    self._at(MediaPath.v3.upload, query),
                    data=file,
                    headers={**self._headers, "Content-Type": kind},
                    timeout=_UPLOAD,
                    allow_redirects=False,
                ) as answer:
                    told = await _json(answer)
                    if answer.status != _OK:
                        raise refusal(answer.status, told)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise Unavailable("homeserver") from error
        return str(told["content_uri"])

    async def reserve(self, as_user: str) -> str:
        """An ``mxc://`` address for a file that follows (`fill`): so it is known before."""
        answer = await self._transport.request(Method.POST, MediaPath.v1.create, as_user=as_user)
        return str(answer["content_uri"])

    async def fill(self, stored: Stored, path: Path, *, kind: str, as_user: str) -> bool:
        """Hand over the file of an address that was reserved; done already is no error.

        Returns:
            False when the address is not (any more) to be filled: reserve another.
        """
        place = MediaPath.v3.upload[stored.server][stored.media_id]
        try:
            with path.open("rb") as file:
                async with self._open.put(
                    self._at(place, {"user_id": as_user}),
                    data=file,
                    headers={**self._headers, "Content-Type": kind},
                    timeout=_UPLOAD,
                    allow_redirects=False,
                ) as answer:
                    told = await _json(answer)
                    if answer.status == _OK:
                        return True
                    refused = refusal(answer.status, told)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable("homeserver") from error
        if isinstance(refused, HomeserverRefused):
            if refused.errcode == "M_CANNOT_OVERWRITE_MEDIA":
                return True
            if refused.errcode in ("M_NOT_FOUND", "M_FORBIDDEN"):
                return False
        raise refused

    @asynccontextmanager
    async def download(self, stored: Stored, *, as_user: str) -> AsyncIterator[Download]:
        """A whole file.

        Raises:
            NotFound: there is none, or not for them.
        """
        path = ClientPath.v1.media.download[stored.server][stored.media_id]
        async with self._get(path, {"user_id": as_user}) as found:
            yield found

    @asynccontextmanager
    async def thumbnail(
        self, stored: Stored, width: int, height: int, *, as_user: str
    ) -> AsyncIterator[Download]:
        """A small copy that the homeserver made; raises as `download`."""
        path = ClientPath.v1.media.thumbnail[stored.server][stored.media_id]
        size = {"width": str(width), "height": str(height), "method": "scale"}
        async with self._get(path, {**size, "user_id": as_user}) as found:
            yield found

    async def delete(self, stored: Stored) -> bool:
        """Take a local file away; False when the service user is no server administrator."""
        path = SynapseAdminPath.v1.media[stored.server][stored.media_id]
        try:
            await self._transport.request(Method.DELETE, path)
        except HomeserverRefused as error:
            return error.errcode == "M_NOT_FOUND"
        return True

    async def delete_of(self, user_id: str, limit: int) -> int | None:
        """Take some of the files away that a local account uploaded.

        Returns:
            How many, 0 when there are none left; None when the service user is no server
            administrator.
        """
        path = SynapseAdminPath.v1.users[user_id].media
        try:
            told = await self._transport.request(Method.DELETE, path, query={"limit": str(limit)})
        except HomeserverRefused as error:
            if error.errcode == "M_NOT_FOUND":
                return 0
            return None
        return len(told.get("deleted_media", ()))

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the repository is used outside its lifespan")
        return self._session

    def _at(self, path: PathBuilder, query: Mapping[str, str]) -> URL:
        return self._url.joinpath(str(path).lstrip("/"), encoded=True).with_query(query)

    @asynccontextmanager
    async def _get(self, path: PathBuilder, query: Mapping[str, str]) -> AsyncIterator[Download]:
        try:
            async with self._open.get(
                self._at(path, query),
                headers=self._headers,
                timeout=_DOWNLOAD,
                allow_redirects=False,
            ) as answer:
                if answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR:
                    raise Unavailable("homeserver")
                if answer.status != _OK:
                    raise NotFound
                yield Download(
                    answer.headers.get("Content-Type", ""),
                    answer.content_length,
                    answer.content.iter_any(),
                )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable("homeserver") from error


async def _json(answer: aiohttp.ClientResponse) -> dict[str, object]:
    try:
        told = await answer.json(content_type=None)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
