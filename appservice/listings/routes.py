# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of listings (S3)."""

from typing import Any
from uuid import UUID

from appservice.listings import wire
from appservice.listings.filter import ListingsQuery
from appservice.listings.service import Listings, Who
from appservice.listings.store import Listing
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy.reason import Reason

AnyCall = Call[Any, Any]
_TAG = "Listings"
_PATH = "/api/listings"
_ONE = _PATH + "/{listing_id}"
_LIMIT = Limit(60, 60)
_CHANGING = (
    Reason.PLACE_UNKNOWN,
    Code.FORBIDDEN,
    Code.CLOSED_BY_STAFF,
    Code.LISTING_STATUS,
    Reason.LISTINGS_RUNNING_LIMIT,
)


class ListingRoutes:
    """Handlers over the service."""

    def __init__(self, service: Listings) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._reading(), *self._writing(), *self._opening()]

    def _reading(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Listings",
                description="Open ones, the newest first, unless you ask for something else."
                " Who is parted from a seller by a block finds nothing of theirs.",
                query=ListingsQuery,
                answers={200: wire.ListingsPage},
                handler=self.found,
            ),
            Route(
                method="GET",
                path=_ONE,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="One listing",
                answers={200: wire.ListingModel},
                handler=self.one,
            ),
        ]

    def _writing(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path=_PATH,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Post a listing, or keep a draft",
                body=wire.NewListing,
                answers={201: wire.ListingModel},
                reasons=(
                    Reason.LISTING_LIMIT,
                    Reason.LISTINGS_RUNNING_LIMIT,
                    Reason.PLACE_UNKNOWN,
                    Code.UNKNOWN_IMAGE,
                ),
                limit=_LIMIT,
                handler=self.post,
            ),
            Route(
                method="PATCH",
                path=_ONE,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Change a listing of yours, its status too",
                description="A published one does not become a draft again; a sold or closed one"
                " can be opened again.",
                body=wire.ChangeListing,
                answers={200: wire.ListingModel},
                reasons=(*_CHANGING, Code.LISTING_CHANGED, Code.UNKNOWN_IMAGE),
                limit=_LIMIT,
                handler=self.change,
            ),
            Route(
                method="DELETE",
                path=_ONE,
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Delete a listing of yours",
                answers={204: None},
                reasons=(Code.FORBIDDEN,),
                limit=_LIMIT,
                handler=self.delete,
            ),
        ]

    def _opening(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path=_ONE + "/close",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Close a listing of yours; staff close any",
                description="What staff has closed, its seller cannot open again. It is logged.",
                body=wire.CloseListing,
                body_optional=True,
                answers={200: wire.ListingModel},
                reasons=(Code.FORBIDDEN,),
                limit=_LIMIT,
                handler=self.close,
            ),
            Route(
                method="POST",
                path=_ONE + "/reopen",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Open a listing of yours again, or a draft",
                answers={200: wire.ListingModel},
                reasons=_CHANGING,
                limit=_LIMIT,
                handler=self.reopen,
            ),
        ]

    async def found(self, call: Call[None, ListingsQuery]) -> Reply:
        """A page of listings."""
        query = call.query
        wanted = self._service.wanted(query)
        rows, after = await self._service.find(call.me, wanted, query.cursor, query.limit)
        return Reply(await page(self._service, call.me, rows, after))

    async def one(self, call: Call[None, None]) -> Reply:
        """One listing."""
        return await self._told(call, await self._service.seen(_who(call), _id(call)))

    async def post(self, call: Call[wire.NewListing, None]) -> Reply:
        """Make one."""
        body = call.body
        made = await self._service.post(call.me, body.values(), body.txn_id)
        return await self._told(call, made, 201)

    async def change(self, call: Call[wire.ChangeListing, None]) -> Reply:
        """Change one."""
        body = call.body
        made = await self._service.change(_who(call), _id(call), body.values(), body.revision)
        return await self._told(call, made)

    async def delete(self, call: Call[None, None]) -> Reply:
        """Delete one."""
        await self._service.delete(_who(call), _id(call))
        return Reply(status=204)

    async def close(self, call: Call[wire.CloseListing, None]) -> Reply:
        """Close one."""
        made = await self._service.close(_who(call), _id(call), call.body.reason)
        return await self._told(call, made)

    async def reopen(self, call: Call[None, None]) -> Reply:
        """Open one."""
        return await self._told(call, await self._service.reopen(_who(call), _id(call)))

    async def _told(self, call: AnyCall, listing: Listing, status: int = 200) -> Reply:
        pictures = await self._service.pictures.shown(listing.images)
        return Reply(wire.model(listing, call.me, pictures), status=status)


async def page(
    service: Listings, me: str, rows: list[Listing], after: str | None
) -> wire.ListingsPage:
    """A page as it is sent, with the first picture of each that may be shown."""
    every = {one for row in rows for one in row.images}
    pictures = await service.pictures.shown(every)
    return wire.ListingsPage(
        listings=[wire.card(row, me, pictures) for row in rows], next_cursor=after
    )


def _who(call: AnyCall) -> Who:
    return Who(call.me, call.who.staff is not None)


def _id(call: AnyCall) -> UUID:
    return call.uuid("listing_id")
