# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of showcases (S1)."""

from appservice.profiles.service import Profiles
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from appservice.showcase import wire
from appservice.showcase.service import Showcases
from policy.reason import Reason

_TAG = "Profiles"
_PATH = "/api/profile/{user}/showcase"
_LIMIT = Limit(60, 60)


class ShowcaseRoutes:
    """Handlers over the service."""

    def __init__(self, service: Showcases, profiles: Profiles) -> None:
        self._service = service
        self._profiles = profiles

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path=_PATH,
                access=Access.PUBLIC,
                tag=_TAG,
                summary="Somebody's showcase, as you may see it",
                description="Collections you may not see, and cards of what you may not know of,"
                " are absent. Your own also has cards whose thing is gone, with `unavailable`.",
                answers={200: wire.ShowcaseModel},
                reasons=(Reason.NOT_FOUND,),
                handler=self.shown,
            ),
            Route(
                method="PUT",
                path=_PATH,
                access=Access.LOCAL,
                tag=_TAG,
                summary="Put cards into a collection of your showcase",
                description="In place of what it held. What is not yours to show is refused; a"
                " card that was there already may stay.",
                body=wire.PutCards,
                answers={200: wire.ShowcaseModel},
                reasons=(Code.FORBIDDEN, Code.CARD_UNAVAILABLE),
                limit=_LIMIT,
                handler=self.put,
            ),
            Route(
                method="GET",
                path="/api/me/showcase/candidates",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="What you could still put into a collection",
                query=wire.CandidatesQuery,
                answers={200: wire.ShowcaseModel},
                handler=self.candidates,
            ),
        ]

    async def shown(self, call: Call[None, None]) -> Reply:
        """Somebody's."""
        viewer = call.caller.user_id if call.caller else None
        found = await self._profiles.seen(viewer, call.user)
        return Reply(wire.showcase_model(found.showcase))

    async def put(self, call: Call[wire.PutCards, None]) -> Reply:
        """One collection of the caller's."""
        if call.user != call.me:
            raise Code.FORBIDDEN.error()
        cards = await self._service.put(call.me, call.body.collection, call.body.chosen())
        return Reply(wire.showcase_model(cards))

    async def candidates(self, call: Call[None, wire.CandidatesQuery]) -> Reply:
        """What the caller could show."""
        query = call.query
        found = await self._service.candidates(call.me, query.collection, query.q)
        return Reply(wire.showcase_model(found))
