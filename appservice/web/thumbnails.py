# SPDX-License-Identifier: AGPL-3.0-or-later
"""Avatars of people and rooms, small, on this origin, for people who are signed in.

The homeserver gives media to nobody without a token (MSC3916), and an `<img>` sends none. It gives
everything to everybody who knows the address, though: what is nobody's avatar is not shown here,
and files of messages have an address of their own (`media`).
"""

import re
from typing import Annotated

import aiohttp
from aiohttp import web
from pydantic import Field
from yarl import URL

from appservice.database import Database
from appservice.errors import NotFound, Unavailable
from appservice.rest.access import Access
from appservice.rest.route import AnyRoute, Call, Limit, Route
from appservice.rest.wire import QueryModel
from policy.reason import Reason

_SERVER = re.compile(r"[A-Za-z0-9.\-:\[\]]{1,255}")
_MEDIA = re.compile(r"[A-Za-z0-9_\-]{1,255}")
_KINDS = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_MOST = 1024 * 1024
"""Bytes of a thumbnail; those the homeserver makes are far smaller."""
_PATIENCE = aiohttp.ClientTimeout(total=10, connect=3)
_CACHE = "private, max-age=86400, immutable"
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500


_AVATAR = """
SELECT EXISTS (SELECT FROM people WHERE avatar_url = %(mxc)s)
  OR EXISTS (SELECT FROM rooms r WHERE r.avatar_url = %(mxc)s AND (r.visibility = 'public'
    OR EXISTS (SELECT FROM memberships m WHERE m.room_id = r.room_id AND m.user_id = %(me)s
                 AND m.membership IN ('join', 'invite'))))
"""


class ThumbnailQuery(QueryModel):
    """How large."""

    size: Annotated[int, Field(ge=16, le=512, description="Pixels of both sides.")] = 96


class Thumbnails:
    """The route, over the homeserver's authenticated media."""

    def __init__(
        self,
        database: Database,
        session: aiohttp.ClientSession,
        url: str,
        as_token: str,
        service_user: str,
    ) -> None:
        """Take who knows avatars, the session and how the homeserver is asked as somebody."""
        self._database = database
        self._session = session
        self._url = URL(url) / "_matrix/client/v1/media/thumbnail"
        self._as_token = as_token
        self._service_user = service_user

    def table(self) -> list[AnyRoute]:
        """The route."""
        return [
            Route(
                method="GET",
                path="/api/media/thumbnail/{server}/{media}",
                access=Access.SIGNED_IN,
                tag="Media",
                summary="The avatar at an `mxc://server/media` address",
                description="A square PNG, JPEG, WebP or GIF. Files of messages: see rooms.",
                query=ThumbnailQuery,
                answers={200: None},
                reasons=(Reason.NOT_FOUND,),
                limit=Limit(600, 60),
                handler=self.show,
            )
        ]

    async def show(self, call: Call[None, ThumbnailQuery]) -> web.Response:
        """One picture."""
        server, media = str(call.path["server"]), str(call.path["media"])
        if not (_SERVER.fullmatch(server) and _MEDIA.fullmatch(media)):
            raise NotFound
        asked = {"mxc": f"mxc://{server}/{media}", "me": call.me}
        if not (await self._database.read(_AVATAR, asked))[0][0]:
            raise NotFound
        # An account of another server is nobody at this homeserver: the service user looks.
        viewer = call.me if call.who.local else self._service_user
        size = str(call.query.size)
        query = {"width": size, "height": size, "method": "crop", "user_id": viewer}
        try:
            async with self._session.get(
                (self._url / server / media).with_query(query),
                headers={"Authorization": f"Bearer {self._as_token}"},
                timeout=_PATIENCE,
                allow_redirects=False,
            ) as answer:
                body = await _picture(answer)
        except (aiohttp.ClientError, TimeoutError):
            raise Unavailable("homeserver") from None
        return web.Response(
            body=body, content_type=answer.content_type, headers={"Cache-Control": _CACHE}
        )


async def _picture(answer: aiohttp.ClientResponse) -> bytes:
    if answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR:
        raise Unavailable("homeserver")
    if answer.status != _OK or answer.content_type not in _KINDS:
        raise NotFound
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > _MOST:
            raise NotFound
    return bytes(body)
