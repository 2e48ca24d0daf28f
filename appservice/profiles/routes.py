# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of profiles and of what they are filled in with (P1-P3)."""

from appservice.clock import Clock
from appservice.friends import wire as friends_wire
from appservice.friends.lists import FriendLists
from appservice.places.gazetteer import Gazetteer
from appservice.profiles import asked, interests, wire
from appservice.profiles.service import Profile, Profiles
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy import profile
from policy.reason import Reason

_TAG = "Profiles"
_ADMIN = "admin"
_SUGGESTED = 20


class ProfileRoutes:
    """Handlers over the profiles."""

    def __init__(
        self, service: Profiles, lists: FriendLists, gazetteer: Gazetteer, clock: Clock
    ) -> None:
        self._service = service
        self._lists = lists
        self._gazetteer = gazetteer
        self._clock = clock

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._reading(), *self._changing(), *self._suggesting()]

    def _reading(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path="/api/profile/{user}",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="Somebody's profile, as you may see it",
                description=(
                    "What you may not see is absent. `as` shows you your own as another viewer"
                    " would see it; only you may ask for that."
                ),
                query=asked.AsQuery,
                answers={200: wire.ProfileModel},
                reasons=(Reason.NOT_FOUND, Code.FORBIDDEN),
                handler=self.seen,
            ),
            Route(
                method="GET",
                path="/api/profile/{user}/activity",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="What somebody did lately, as you may know of it",
                description="Ten a page. Places only while you may know of them.",
                query=asked.ActivityQuery,
                answers={200: wire.ActivityPage},
                reasons=(Reason.NOT_FOUND, Code.FORBIDDEN, Code.LIST_HIDDEN),
                handler=self.activity,
            ),
        ]

    def _changing(self) -> list[AnyRoute]:
        return [
            Route(
                method="PUT",
                path="/api/profile/{user}",
                access=Access.LOCAL,
                tag=_TAG,
                summary="Change your profile",
                description=(
                    "What is absent stays, null takes away. Admins may change those of others,"
                    " which is noted. With `revision`, a profile changed meanwhile is refused."
                ),
                body=asked.ProfileChange,
                answers={200: wire.ProfileModel},
                reasons=(
                    Reason.NOT_FOUND,
                    Code.FORBIDDEN,
                    Code.PROFILE_CHANGED,
                    Reason.NAME_LENGTH,
                    Reason.NAME_CHARACTERS,
                    Reason.NAME_SCRIPTS,
                    Reason.NAME_RESERVED,
                    Reason.NAME_POSING,
                    Reason.BIO_LENGTH,
                    Reason.WORDS_LENGTH,
                    Reason.WORDS_CHARACTERS,
                    Reason.INTERESTS_LIMIT,
                    Reason.PLACE_UNKNOWN,
                    Reason.TIMEZONE_UNKNOWN,
                ),
                limit=Limit(60, 60),
                handler=self.change,
            )
        ]

    def _suggesting(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path="/api/profile/interests",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Interests to choose from",
                query=asked.InterestQuery,
                answers={200: wire.InterestList},
                handler=self.interests,
            ),
            Route(
                method="GET",
                path="/api/profile/options",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Words suggested for gender and pronouns",
                answers={200: wire.OptionsModel},
                handler=self.options,
            ),
            Route(
                method="GET",
                path="/api/places",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Cities and countries by the beginning of a name, in any language",
                query=asked.PlaceQuery,
                answers={200: wire.PlaceList},
                limit=Limit(240, 60),
                handler=self.places,
            ),
        ]

    async def seen(self, call: Call[None, asked.AsQuery]) -> Reply:
        """One profile."""
        me = call.caller.user_id if call.caller else None
        pretend = asked.viewer_of(call.query)
        found = await self._service.seen(me, call.user, pretend=pretend)
        return Reply(await self._model(found, None if pretend else me))

    async def change(self, call: Call[asked.ProfileChange, None]) -> Reply:
        """Change one."""
        change = asked.change_of(call.body)
        staff = call.who.staff == _ADMIN
        found = await self._service.change(call.me, call.user, change, staff=staff)
        return Reply(await self._model(found, call.me))

    async def activity(self, call: Call[None, asked.ActivityQuery]) -> Reply:
        """What somebody did."""
        me = call.caller.user_id if call.caller else None
        after = cursor.decode_number(call.query.cursor)
        pretend = asked.viewer_of(call.query)
        rows = await self._service.activity(me, call.user, after, pretend=pretend)
        return Reply(wire.activity_page(rows))

    async def interests(self, call: Call[None, asked.InterestQuery]) -> Reply:
        """Interests."""
        return Reply(wire.interest_list(interests.search(call.query.q, _SUGGESTED)))

    async def options(self, call: Call[None, None]) -> Reply:
        """Words."""
        del call
        return Reply(
            wire.OptionsModel(genders=list(profile.GENDERS), pronouns=list(profile.PRONOUNS))
        )

    async def places(self, call: Call[None, asked.PlaceQuery]) -> Reply:
        """Places."""
        return Reply(wire.place_list(await self._gazetteer.search(call.query.q, call.query.limit)))

    async def _model(self, found: Profile, me: str | None) -> wire.ProfileModel:
        if me is None:
            return wire.profile_model(found, None)
        now = self._clock.now()
        between = await self._lists.between(me, found.user_id, now)
        relation = friends_wire.relationship_model(between, me, found.user_id, now)
        return wire.profile_model(found, relation)
