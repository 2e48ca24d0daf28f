# SPDX-License-Identifier: AGPL-3.0-or-later
"""Use cases of profiles: read one as somebody, change one, read what its owner did (P1-P3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import NotFound
from appservice.people.directory import Directory
from appservice.people.locks import lock_person
from appservice.places.gazetteer import Gazetteer
from appservice.profiles import activity, store
from appservice.profiles.activity import Entry
from appservice.profiles.editing import Change, Editing
from appservice.profiles.parts import COLLECTIONS, Card, NoPictures, NoShowcase
from appservice.profiles.parts import Pictures as PicturesPort
from appservice.profiles.parts import Showcase as ShowcasePort
from appservice.profiles.store import Row
from appservice.rest.codes import Code
from appservice.rest.cursor import Position
from policy.ids import is_local
from policy.person import Trust
from policy.profile import completeness
from policy.visibility import DEFAULTS, Field, Level, Viewer, level_of, visible


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a profile: how it is named, and where each size is."""

    media_id: UUID | None
    mxc: str | None
    urls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Own:
    """What only the owner is told."""

    hidden: bool
    visibility: Mapping[str, str]
    percent: int
    missing: Sequence[str]
    onboarding: Mapping[str, Any]
    revision: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as one viewer sees it.

    Attributes:
        user_id: whose.
        viewer: what the viewer is to them.
        fields: by the names of `policy.visibility.Field`; what may not be seen is absent.
        links: whether links in the bio may be clicked (D21).
        showcase: cards of the collections the viewer sees.
        own: for the owner only.
    """

    user_id: str
    viewer: Viewer
    fields: Mapping[str, Any]
    links: bool
    showcase: Sequence[Card] = ()
    own: Own | None = None


class Profiles:
    """The profiles of one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        directory: Directory,
        gazetteer: Gazetteer,
        *,
        server_name: str,
        pictures: PicturesPort | None = None,
        showcase: ShowcasePort | None = None,
    ) -> None:
        """Say what they are made of; without `pictures` and `showcase` there are none."""
        self._database = database
        self._clock = clock
        self._directory = directory
        self._server_name = server_name
        self._editing = Editing(clock, gazetteer)
        self._gazetteer = gazetteer
        self._pictures = pictures or NoPictures()
        self._showcase = showcase or NoShowcase()

    async def seen(
        self, viewer: str | None, user_id: str, *, pretend: Viewer | None = None
    ) -> Profile:
        """A profile as somebody sees it.

        Args:
            viewer: who looks; None is nobody known.
            user_id: whose.
            pretend: show the owner what such a viewer would see.

        Raises:
            NotFound: nobody here knows such a person.
            KithError: `forbidden`, for pretending about somebody else's profile.
        """
        found = await self._known(viewer, user_id)
        kind = self._judged(found, viewer, pretend)
        return await self._profile(found, None if pretend else viewer, kind)

    async def viewer(self, viewer: str | None, user_id: str) -> Viewer:
        """What somebody is to the owner of a profile."""
        found = await store.row(self._database, user_id, viewer)
        if found is None:
            raise NotFound
        return self._judged(found, viewer, None)

    async def change(self, me: str, user_id: str, change: Change, *, staff: bool) -> Profile:
        """Change what is given of a profile.

        Args:
            me: who asks.
            user_id: whose profile.
            change: what is given.
            staff: whether the asking person may change those of others.

        Raises:
            KithError: `forbidden` for somebody else's profile; `profile_changed`, when it is no
                longer the revision that was meant; and the reasons of `policy.names` and
                `policy.profile`, with the field in the details.
            NotFound: there is no such person here.
        """
        if me != user_id and not staff:
            raise Code.FORBIDDEN.error()
        if not is_local(user_id, self._server_name):
            raise NotFound
        await self._directory.meet(user_id)
        async with self._database.transaction() as tx:
            await lock_person(tx, user_id)
            found = await store.row(tx, user_id, me)
            if found is None:
                raise NotFound
            if change.revision is not None and change.revision != found.revision:
                raise Code.PROFILE_CHANGED.error(revision=found.revision)
            await self._editing.apply(tx, found, change, by=me)
        return await self.seen(me, user_id)

    async def activity(
        self,
        viewer: str | None,
        user_id: str,
        after: Position | None,
        *,
        pretend: Viewer | None = None,
    ) -> list[Entry]:
        """What somebody did lately, newest first (one row more than a page if there is more).

        Raises:
            NotFound, KithError: as for `seen`; `list_hidden`, when it is not shown to the viewer.
        """
        found = await self._known(viewer, user_id)
        kind = self._judged(found, viewer, pretend)
        every = dict.fromkeys(DEFAULTS, True)
        sees = visible(every, found.settings, kind, hidden=found.hidden)
        if Field.ACTIVITY not in sees:
            raise Code.LIST_HIDDEN.error()
        who = None if pretend else viewer
        return await activity.page(
            self._database, user_id, who, kind=kind, fields=sees, after=after
        )

    async def _known(self, viewer: str | None, user_id: str) -> Row:
        found = await store.row(self._database, user_id, viewer)
        if found is None and viewer is not None and is_local(user_id, self._server_name):
            # An account that nothing has brought to Kith yet; nobody unknown starts a look-up.
            await self._directory.meet(user_id)
            found = await store.row(self._database, user_id, viewer)
        if found is None:
            raise NotFound
        return found

    def _judged(self, found: Row, viewer: str | None, pretend: Viewer | None) -> Viewer:
        if pretend is not None:
            if viewer != found.user_id:
                raise Code.FORBIDDEN.error("Only your own profile can be seen as another.")
            return pretend
        if viewer is None:
            return Viewer.ANONYMOUS
        if viewer == found.user_id:
            return Viewer.SELF
        # A block ends a friendship, so whom the owner blocks is a stranger here too (D17).
        if found.friend:
            return Viewer.FRIEND
        return Viewer.SIGNED_IN if is_local(viewer, self._server_name) else Viewer.REMOTE

    async def _profile(self, found: Row, viewer: str | None, kind: Viewer) -> Profile:
        everything = self._fields(found)
        fields = visible(everything, found.settings, kind, hidden=found.hidden)
        for name in (Field.AVATAR, Field.BANNER):
            if name in fields:
                fields[name] = await self._picture(fields[name], name, found)
        # Their values are elsewhere; they stand among the fields only for their levels. Most
        # people show nothing, which their own row says.
        seen = [name for name in COLLECTIONS if fields.pop(name, None) is not None]
        collections = [name for name in seen if name in found.showcase]
        cards = (
            await self._showcase.cards(viewer, kind, found.user_id, collections)
            if collections
            else ()
        )
        own = self._own(found, everything) if kind is Viewer.SELF else None
        return Profile(found.user_id, kind, fields, found.trust != Trust.NEW, tuple(cards), own)

    def _fields(self, found: Row) -> dict[str, Any]:
        return {
            Field.DISPLAY_NAME: found.display_name,
            Field.AVATAR: Picture(found.avatar_media, found.avatar_url),
            Field.BANNER: Picture(found.banner_media, found.banner_mxc),
            Field.BIO: found.bio,
            Field.GENDER: found.gender,
            Field.PRONOUNS: found.pronouns,
            Field.LOCATION: self._location(found),
            Field.TIMEZONE: found.timezone,
            Field.SEARCH_INTERESTS: found.interests,
            **dict.fromkeys(COLLECTIONS, True),
        }

    def _location(self, found: Row) -> Mapping[str, Any] | None:
        if found.country_code is None:
            return None
        country = self._gazetteer.country(found.country_code)
        label = ", ".join(part for part in (found.city, country) if part)
        return {
            "city": found.city,
            "country_code": found.country_code,
            "country": country,
            "label": label,
            "place_id": found.place_id,
        }

    async def _picture(self, picture: Picture, name: str, found: Row) -> Picture:
        if picture.media_id is None:
            return picture
        public = level_of(name, found.settings) == Level.PUBLIC and (
            not found.hidden or name == Field.AVATAR
        )
        urls = await self._pictures.urls(picture.media_id, name, public=public)
        return Picture(picture.media_id, picture.mxc, urls)

    def _own(self, found: Row, fields: Mapping[str, Any]) -> Own:
        there = dict(fields)
        there[Field.AVATAR] = found.avatar_url or found.avatar_media
        there[Field.BANNER] = found.banner_mxc or found.banner_media
        percent, missing = completeness(there)
        levels = {name: level_of(name, found.settings) for name in DEFAULTS}
        return Own(found.hidden, levels, percent, missing, found.onboarding, found.revision)
