# SPDX-License-Identifier: AGPL-3.0-or-later
"""A homeserver's media repository on a local port: keeps what is uploaded, gives it out again."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Kept:
    """One file."""

    body: bytes
    kind: str
    name: str | None
    owner: str


@dataclass
class FakeMedia:
    """What a test may look at and decide.

    Attributes:
        files: by media id.
        refuse: status and errcode for the next uploads.
        as_token: the only token that opens it.
        asked: queries of downloads and thumbnails.
        broken: ids of files that it cannot read any more.
    """

    as_token: str
    files: dict[str, Kept] = field(default_factory=dict)
    refuse: tuple[int, str] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    deleted: list[str] = field(default_factory=list)
    administrator: bool = False
    reserved: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def app(self) -> web.Application:
        """The part of the client-server API it speaks."""
        app = web.Application(client_max_size=100 * 1024 * 1024)
        app.router.add_post("/_matrix/media/v3/upload", self._upload)
        app.router.add_post("/_matrix/media/v1/create", self._create)
        app.router.add_put("/_matrix/media/v3/upload/{server}/{media}", self._fill)
        media = "/_matrix/client/v1/media"
        app.router.add_get(media + "/download/{server}/{media}", self._download)
        app.router.add_get(media + "/thumbnail/{server}/{media}", self._download)
        app.router.add_delete("/_synapse/admin/v1/users/{user}/media", self._delete_of)
        app.router.add_delete("/_synapse/admin/v1/media/{server}/{media}", self._delete)
        return app

    def keep(self, body: bytes, kind: str, media_id: str | None = None) -> str:
        """Keep a file nobody uploaded here; its address."""
        media_id = media_id or f"kept{len(self.files)}"
        self.files[media_id] = Kept(body, kind, None, "@nobody:hs.test")
        return f"mxc://hs.test/{media_id}"

    async def _upload(self, request: web.Request) -> web.Response:
        self._check(request)
        body = await request.read()
        if self.gate is not None:
            await self.gate.wait()
        if self.refuse:
            status, errcode = self.refuse
            return web.json_response({"errcode": errcode, "error": "No."}, status=status)
        assert request.content_length == len(body)
        media_id = f"media{len(self.files)}"
        self.files[media_id] = Kept(
            body,
            request.headers["Content-Type"],
            request.query.get("filename"),
            request.query["user_id"],
        )
        return web.json_response({"content_uri": f"mxc://hs.test/{media_id}"})

    async def _create(self, request: web.Request) -> web.Response:
        self._check(request)
        media_id = f"reserved{len(self.reserved)}"
        self.reserved[media_id] = request.query["user_id"]
        return web.json_response({"content_uri": f"mxc://hs.test/{media_id}"})

    async def _fill(self, request: web.Request) -> web.Response:
        self._check(request)
        media_id, body = request.match_info["media"], await request.read()
        if self.refuse:
            status, errcode = self.refuse
            return web.json_response({"errcode": errcode, "error": "No."}, status=status)
        if media_id in self.files:
            return web.json_response({"errcode": "M_CANNOT_OVERWRITE_MEDIA"}, status=409)
        if self.reserved.get(media_id) != request.query["user_id"]:
            return web.json_response({"errcode": "M_FORBIDDEN"}, status=403)
        kind = request.headers["Content-Type"]
        self.files[media_id] = Kept(body, kind, None, request.query["user_id"])
        return web.json_response({})

    async def _download(self, request: web.Request) -> web.Response:
        self._check(request)
        self.asked.append(dict(request.query))
        if request.match_info["media"] in self.broken:
            return web.json_response({"errcode": "M_UNKNOWN"}, status=500)
        kept = self.files.get(request.match_info["media"])
        if kept is None:
            return web.json_response({"errcode": "M_NOT_FOUND"}, status=404)
        return web.Response(body=kept.body, headers={"Content-Type": kept.kind})

    async def _delete(self, request: web.Request) -> web.Response:
        self._check(request)
        if not self.administrator:
            return web.json_response({"errcode": "M_FORBIDDEN", "error": "No."}, status=403)
        self.deleted.append(request.match_info["media"])
        return web.json_response({"deleted_media": [], "total": 1})

    async def _delete_of(self, request: web.Request) -> web.Response:
        self._check(request)
        if not self.administrator:
            return web.json_response({"errcode": "M_FORBIDDEN", "error": "No."}, status=403)
        owner, limit = request.match_info["user"], int(request.query["limit"])
        gone = [name for name, kept in self.files.items() if kept.owner == owner][:limit]
        for name in gone:
            del self.files[name]
        return web.json_response({"deleted_media": gone, "total": len(gone)})

    def _check(self, request: web.Request) -> None:
        assert request.headers["Authorization"] == f"Bearer {self.as_token}"
