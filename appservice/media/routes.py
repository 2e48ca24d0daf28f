# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of files (M3): one's own uploads, and what a room's messages carry."""

import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web

from appservice.errors import NotFound
from appservice.homeserver.media import Download, MediaRepository, Stored
from appservice.media import wire
from appservice.media.incoming import FIELD, Arrivals
from appservice.media.room import RoomMedia
from appservice.media.serve import etag, serve, unchanged
from appservice.media.service import MediaService
from appservice.media.turns import Turns
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route

_TAG = "Media"
_SERVER = re.compile(r"[A-Za-z0-9.\-:\[\]]{1,255}")
_MEDIA = re.compile(r"[A-Za-z0-9_\-]{1,255}")
_ROOM = "/api/v1/rooms/{room}/media/{server}/{media}"
_AT_ONCE = 8
"""Files of one person on their way; a browser asks for about six."""

_SLOW = 600.0
"""Seconds a transfer may take on a bad line."""


class MediaRoutes:
    """Handlers over uploads and rooms' files."""

    def __init__(
        self,
        service: MediaService,
        arrivals: Arrivals,
        rooms: RoomMedia,
        repository: MediaRepository,
    ) -> None:
        # Slow readers hold connections to the homeserver, of which there are few.
        self._turns = Turns(_AT_ONCE)
        self._service = service
        self._arrivals = arrivals
        self._rooms = rooms
        self._repository = repository

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._uploads(), *self._of_rooms()]

    def _uploads(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path="/api/v1/media",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Upload a file for a message",
                description=(
                    "One file, 25 MB at most. What it is follows from its content. Pictures are"
                    " checked, and lose place, camera and whatever else is not the picture."
                ),
                file=FIELD,
                answers={201: wire.UploadModel},
                reasons=(
                    Code.BROKEN_IMAGE,
                    Code.IMAGE_TOO_LARGE,
                    Code.HOMESERVER_REFUSED,
                    Code.UPLOADS_BUSY,
                ),
                limit=Limit(40, 60),
                timeout=_SLOW,
                handler=self.upload,
            ),
            Route(
                method="DELETE",
                path="/api/v1/media/{upload_id}",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Take back a file that was not sent",
                answers={204: None},
                handler=self.drop,
            ),
            Route(
                method="GET",
                path="/api/v1/media/{upload_id}/content",
                access=Access.LOCAL,
                tag=_TAG,
                summary="One of your own files",
                answers={200: None, 206: None, 304: None},
                reasons=(Code.RANGE_NOT_SATISFIABLE,),
                timeout=_SLOW,
                handler=self.own,
            ),
        ]

    def _of_rooms(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path=_ROOM,
                access=Access.LOCAL,
                tag=_TAG,
                summary="A file that a message of the room carries",
                description=(
                    "For members who may see the message. Pictures, sound and films are shown;"
                    " everything else is downloaded. Takes `Range`."
                ),
                query=wire.MediaQuery,
                answers={200: None, 206: None, 304: None},
                reasons=(Code.ENCRYPTED_MEDIA, Code.RANGE_NOT_SATISFIABLE),
                timeout=_SLOW,
                handler=self.whole,
            ),
            Route(
                method="GET",
                path=_ROOM + "/thumbnail",
                access=Access.LOCAL,
                tag=_TAG,
                summary="A small copy of a picture that a message of the room carries",
                description="About as large as asked for, by the homeserver.",
                query=wire.ThumbnailQuery,
                answers={200: None, 206: None, 304: None},
                reasons=(Code.ENCRYPTED_MEDIA, Code.RANGE_NOT_SATISFIABLE),
                timeout=60.0,
                handler=self.small,
            ),
        ]

    async def upload(self, call: Call[None, None]) -> Reply:
        """Take a file."""
        await self._service.check_room(call.me)
        async with self._arrivals.receive(call.request, call.me) as arrived:
            upload = await self._service.take(call.me, arrived)
        return Reply(wire.upload_model(upload), status=201)

    async def drop(self, call: Call[None, None]) -> Reply:
        """Take one back."""
        await self._service.drop(call.me, call.uuid("upload_id"))
        return Reply(status=204)

    async def own(self, call: Call[None, None]) -> web.StreamResponse:
        """Show one's own."""
        opening = self._service.open(call.me, call.uuid("upload_id"))
        async with self._turns.of(call.me), opening as (upload, download):
            tag = f'"{upload.id.hex}"'
            return unchanged(call.request, tag) or await serve(
                call.request, download, name=upload.name, tag=tag
            )

    async def whole(self, call: Call[None, wire.MediaQuery]) -> web.StreamResponse:
        """Show a room's."""
        stored = _stored(call.path)
        return await self._show(
            call, stored, etag(stored), self._repository.download(stored, as_user=call.me)
        )

    async def small(self, call: Call[None, wire.ThumbnailQuery]) -> web.StreamResponse:
        """Show a small copy of a room's."""
        stored = _stored(call.path)
        width, height = call.query.width, call.query.height
        return await self._show(
            call,
            stored,
            etag(stored, f"?{width}x{height}"),
            self._repository.thumbnail(stored, width, height, as_user=call.me),
        )

    async def _show(
        self,
        call: Call[Any, Any],
        stored: Stored,
        tag: str,
        opening: AbstractAsyncContextManager[Download],
    ) -> web.StreamResponse:
        room = str(call.path["room"])
        name = await self._rooms.name_of(call.me, room, call.query.event, stored)
        same = unchanged(call.request, tag)
        if same is not None:
            return same
        async with self._turns.of(call.me), opening as download:
            return await serve(call.request, download, name=name, tag=tag)


def _stored(path: Mapping[str, Any]) -> Stored:
    server, media = str(path["server"]), str(path["media"])
    if not (_SERVER.fullmatch(server) and _MEDIA.fullmatch(media)):
        raise NotFound
    return Stored(server, media)
