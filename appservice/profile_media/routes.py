# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of profile pictures (P4)."""

from collections.abc import AsyncIterator

from aiohttp import ClientError, web

from appservice.errors import NotFound
from appservice.profile_media import wire
from appservice.profile_media.delivery import Delivery
from appservice.profile_media.review import Review
from appservice.profile_media.service import ProfileMedia
from appservice.profile_media.shapes import Purpose
from appservice.profile_media.store import Picture
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from appservice.rest.wire import PageQuery
from policy.reason import Reason

_TAG = "Profiles"
_STAFF = "Moderation"
_BASE = "/api/profile/media"
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
_CHUNK = 64 * 1024


class ProfileMediaRoutes:
    """Handlers over the use cases."""

    def __init__(self, service: ProfileMedia, delivery: Delivery, review: Review) -> None:
        self._service = service
        self._delivery = delivery
        self._review = review

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._uploads(), *self._shown(), *self._staff()]

    def _uploads(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path=_BASE + "/sign",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Announce a picture and be told where to put it",
                description="2 MB and 512 x 512 pixels at least, the original; then crop it.",
                body=wire.Announce,
                answers={201: wire.PlaceModel},
                reasons=(Code.TOO_LARGE,),
                limit=Limit(30, 60),
                handler=self.sign,
            ),
            Route(
                method="PUT",
                path=_BASE + "/{media_id}/content",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Put the bytes of a picture that was announced",
                query=wire.SignedQuery,
                raw=wire.MIME_TYPES,
                answers={200: wire.PictureModel},
                reasons=(
                    Code.NOT_A_PICTURE,
                    Code.BROKEN_IMAGE,
                    Code.IMAGE_TOO_LARGE,
                    Code.IMAGE_TOO_SMALL,
                    Code.PICTURE_MOVED_ON,
                ),
                limit=Limit(30, 60),
                timeout=120.0,
                handler=self.put,
            ),
            Route(
                method="POST",
                path=_BASE + "/{media_id}/crop",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Choose the part that is shown",
                description="The rest happens by itself; `GET` it to see how far it is.",
                body=wire.CropModel,
                answers={202: wire.PictureModel},
                reasons=(Code.PICTURE_MOVED_ON,),
                handler=self.crop,
            ),
            Route(
                method="GET",
                path=_BASE + "/{media_id}",
                access=Access.LOCAL,
                tag=_TAG,
                summary="How far one of your pictures is",
                answers={200: wire.PictureModel},
                handler=self.status,
            ),
            Route(
                method="DELETE",
                path=_BASE + "/{purpose}",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Show no avatar, or no banner, any more",
                answers={204: None},
                handler=self.take_away,
            ),
        ]

    def _shown(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path=_BASE + "/{media_id}/{file}",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="A variant of a picture",
                description=(
                    "`512.webp`, `512.jpg`, … What everybody may see never changes and may be kept"
                    " for ever; everything else needs a link that profiles give to who may see it."
                ),
                query=wire.PictureQuery,
                answers={200: None},
                limit=Limit(1200, 60),
                handler=self.show,
            )
        ]

    def _staff(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path="/api/moderation/media",
                access=Access.STAFF,
                tag=_STAFF,
                summary="Pictures that wait for a decision",
                query=PageQuery,
                answers={200: wire.ReviewPage},
                handler=self.waiting,
            ),
            Route(
                method="POST",
                path="/api/moderation/media/{media_id}",
                access=Access.STAFF,
                tag=_STAFF,
                summary="Approve or reject a picture",
                body=wire.VerdictModel,
                answers={200: wire.PictureModel},
                reasons=(Code.PICTURE_MOVED_ON, Reason.NOT_FOUND),
                handler=self.decide,
            ),
        ]

    async def sign(self, call: Call[wire.Announce, None]) -> Reply:
        """Give a place."""
        purpose = Purpose(call.body.purpose)
        place = await self._service.announce(call.me, purpose, call.body.size)
        return Reply(
            wire.PlaceModel(
                media_id=place.media_id,
                upload_url=place.url,
                expires_at=place.expires_at,
                final_url=self._delivery.final(place.media_id, purpose),
            ),
            status=201,
        )

    async def put(self, call: Call[None, wire.SignedQuery]) -> Reply:
        """Take the bytes."""
        if call.request.content_type not in wire.MIME_TYPES:
            raise Code.UNSUPPORTED_TYPE.error("Send the picture as it is, with its type.")
        picture = await self._service.put(
            call.me,
            call.uuid("media_id"),
            call.query.expires,
            call.query.signature,
            _chunks(call.request),
        )
        return Reply(self._model(picture))

    async def crop(self, call: Call[wire.CropModel, None]) -> Reply:
        """Cut it."""
        picture = await self._service.crop(call.me, call.uuid("media_id"), call.body.crop())
        return Reply(self._model(picture), status=202)

    async def status(self, call: Call[None, None]) -> Reply:
        """Say how far it is."""
        return Reply(self._model(await self._service.own(call.me, call.uuid("media_id"))))

    async def take_away(self, call: Call[None, None]) -> Reply:
        """Show none."""
        purpose = str(call.path["purpose"])
        if purpose not in (Purpose.AVATAR, Purpose.BANNER):
            raise NotFound
        await self._service.take_away(call.me, Purpose(purpose))
        return Reply(status=204)

    async def show(self, call: Call[None, wire.PictureQuery]) -> web.StreamResponse:
        """Send a variant, which was made here and holds nothing else."""
        query = call.query
        signed = query.expires is not None and query.signature is not None
        link = (query.expires or 0, query.signature or "") if signed else None
        media_id, file = call.uuid("media_id"), str(call.path["file"])
        served = await self._delivery.find(call.caller, media_id, file, link)
        if not served.path.is_file():
            raise NotFound
        return web.FileResponse(
            served.path,
            headers={
                "Content-Type": served.kind,
                "Cache-Control": served.cache,
                "Content-Security-Policy": _POLICY,
                # Pictures everybody may see may stand on everybody's pages.
                "Cross-Origin-Resource-Policy": (
                    "cross-origin" if "immutable" in served.cache else "same-origin"
                ),
            },
        )

    async def waiting(self, call: Call[None, PageQuery]) -> Reply:
        """List what waits."""
        after = cursor.decode_id(call.query.cursor)
        rows = await self._review.waiting(after, call.query.limit)
        urls = {row.id: self._delivery.urls(row, public=False) for row in rows}
        return Reply(wire.review_page(rows, call.query.limit, urls))

    async def decide(self, call: Call[wire.VerdictModel, None]) -> Reply:
        """Decide."""
        picture = await self._review.decide(
            call.me,
            call.uuid("media_id"),
            approve=call.body.verdict == "approve",
            reason=call.body.reason,
        )
        return Reply(self._model(picture))

    def _model(self, picture: Picture) -> wire.PictureModel:
        return wire.picture_model(picture, self._delivery.urls(picture, public=False))


async def _chunks(request: web.Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.content.iter_chunked(_CHUNK):
            yield chunk
    except (ClientError, ConnectionError) as error:
        raise Code.BROKEN_IMAGE.error() from error
