# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings one person's profile in Kith and in Matrix together, whichever side changed (P5).

A three-way merge against what both last agreed on: so nothing is ever answered for ever, what was
killed half-way is done the next time, and a signal that was lost costs time only.
"""

from datetime import timedelta

import structlog

from appservice.clock import Clock
from appservice.database import Database
from appservice.errors import HomeserverRefused, NotFound
from appservice.homeserver.port import Homeserver
from appservice.people.comparing import compare
from appservice.people.directory import Directory
from appservice.profile_media.shapes import Purpose
from appservice.profile_sync.fields import SHARED, Json, Values
from appservice.profile_sync.merge import Act, act, changed
from appservice.profile_sync.public import decided, open_to_all, public
from appservice.profile_sync.publishing import Publishing
from appservice.profile_sync.store import State, SyncStore
from appservice.profile_sync.taking import Taking
from appservice.profiles.store import Row, row
from policy.visibility import Field

_LOG = structlog.get_logger("kith.profile_sync")
AGAIN = timedelta(hours=6)
"""After how long a profile is compared again, whatever was heard."""
_COMPARED = 200
"""Profiles compared anew in one go; every five minutes that is 57,600 a day."""

_AVATAR, _BANNER = SHARED[Field.AVATAR].keys[0], SHARED[Field.BANNER].keys[0]
KEYS = tuple(key for shared in SHARED.values() for key in shared.keys)


class ProfileSync:
    """The job."""

    def __init__(
        self,
        database: Database,
        homeserver: Homeserver,
        clock: Clock,
        *,
        directory: Directory,
        store: SyncStore,
        publishing: Publishing,
        taking: Taking,
    ) -> None:
        """Take both sides, the time, what both agreed on, and who moves things over."""
        self._database = database
        self._homeserver = homeserver
        self._clock = clock
        self._directory = directory
        self._store = store
        self._publishing = publishing
        self._taking = taking

    async def sync(self, user_id: str, *, judge: bool = False) -> None:
        """Compare, take over, write; repeating it changes nothing.

        Args:
            user_id: a local person.
            judge: whether a name that stands there at the first comparison was just chosen.

        Raises:
            Unavailable: the homeserver or the database does not answer; to be repeated.
        """
        if user_id == self._homeserver.service_user or not await self._met(user_id):
            return
        state = await self._store.state(user_id)
        matrix = await self._homeserver.get_profile(user_id) if state else None
        if state is None or matrix is None:
            return
        name = matrix.get("displayname")
        first = judge and state.agreed is None and isinstance(name, str)
        judged = first and await self._taking.first_name(user_id, str(name))
        if await self._take(user_id, state, matrix, judged=judged) or judged:
            state = await self._store.state(user_id)
        if state is not None and await self._look_at_old(user_id, state, soon=judge):
            state = await self._store.state(user_id)
        found = await row(self._database, user_id, None)
        if found is None or state is None:
            return
        avatar, banner = await self._addresses(found, state)
        wanted = public(found, state.avatar.left or avatar, state.banner.left or banner)
        await self._publishing.tell(user_id, state, avatar=avatar, banner=banner)
        agreed = await self._write(user_id, wanted, matrix)
        await self._store.agree(user_id, agreed, self._clock.now())
        for name, shown in ((Field.AVATAR, state.avatar), (Field.BANNER, state.banner)):
            if not open_to_all(found, name):
                await self._publishing.take_back(shown)

    async def _met(self, user_id: str) -> bool:
        """Whether there is such a person; of a new one nothing else may have told yet."""
        try:
            await self._directory.meet(user_id)
        except NotFound:
            return False
        return True

    async def compare_old(self) -> None:
        """Compare those again that were longest not looked at: signals can be lost."""
        before = self._clock.now() - AGAIN
        people = await self._store.oldest(before, _COMPARED)
        async with self._database.transaction() as tx:
            for user_id in people:
                await compare(tx, user_id)

    async def _take(self, user_id: str, state: State, matrix: Values, *, judged: bool) -> bool:
        found = await row(self._database, user_id, None)
        if found is None:
            return False
        agreed = state.agreed or {}
        kith = public(
            found,
            state.avatar.wanted(agreed.get(_AVATAR), matrix.get(_AVATAR)),
            state.banner.wanted(agreed.get(_BANNER), matrix.get(_BANNER)),
        )
        taken = False
        for name, shared in SHARED.items():
            # What was closed or written here before both met must not be opened or written over.
            holds = state.edited and (decided(found, name) or bool(shared.of(kith)))
            what = act(shared, base=state.agreed, kith=kith, matrix=matrix, holds=holds)
            if what is Act.TAKE and not (judged and name == Field.DISPLAY_NAME):
                key = changed(shared, state.agreed, matrix)
                quiet = state.agreed is None
                await self._taking.take(user_id, name, key, matrix.get(key), quiet=quiet)
                taken = True
        return taken

    async def _look_at_old(self, user_id: str, state: State, *, soon: bool) -> bool:
        """Have pictures looked at that stood there before; whether there were such."""
        found = False
        for purpose, shown in ((Purpose.AVATAR, state.avatar), (Purpose.BANNER, state.banner)):
            if shown.told is not None and shown.media_id is None and shown.coming is None:
                await self._taking.look_at(user_id, purpose, shown.told, soon=soon)
                found = True
        return found

    async def _addresses(self, found: Row, state: State) -> tuple[str | None, str | None]:
        places = [
            await self._publishing.address(found.user_id, purpose, shown)
            if open_to_all(found, purpose)
            else None
            for purpose, shown in ((Purpose.AVATAR, state.avatar), (Purpose.BANNER, state.banner))
        ]
        return places[0], places[1]

    async def _write(self, user_id: str, wanted: Values, matrix: Values) -> dict[str, Json]:
        """Write what differs; what is in Matrix afterwards."""
        agreed: dict[str, Json] = {}
        for key in KEYS:
            value, there = wanted.get(key), matrix.get(key)
            if value != there:
                try:
                    if value is None:
                        await self._homeserver.clear_profile(user_id, key)
                    else:
                        await self._homeserver.set_profile(user_id, key, value)
                except HomeserverRefused as error:
                    # The others must not suffer: a name nobody may change is no reason to leak.
                    _LOG.warning("profile_refused", field=key, errcode=error.errcode)
                    value = there
            if value is not None:
                agreed[key] = value
        return agreed
