# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes what somebody wrote in a Matrix client into Kith, or says why not (P5, D34)."""

from datetime import timedelta

from appservice.clock import Clock
from appservice.database import Database, Transaction
from appservice.errors import Denied
from appservice.people.locks import lock_person
from appservice.profile_media import coming
from appservice.profile_media.shapes import Purpose
from appservice.profile_media.shown import show
from appservice.profile_media.tasks import forget
from appservice.profile_sync.fields import SHARED, Json
from appservice.profile_sync.public import open_to_all
from appservice.profiles import names, store
from appservice.profiles.editing import Change, Editing
from appservice.profiles.noting import note
from appservice.profiles.store import Row
from policy.ids import localpart
from policy.reason import Reason
from policy.verdict import Deny
from policy.visibility import Field, Level

_PICTURES = {Field.AVATAR: Purpose.AVATAR, Field.BANNER: Purpose.BANNER}
_SPREAD = 300
"""Seconds over which old pictures are looked at: as many come at once as are compared in those."""


class Taking:
    """Writes into Kith's profiles."""

    def __init__(self, database: Database, clock: Clock, editing: Editing) -> None:
        """Take the database, the time, and who judges and writes changes."""
        self._database = database
        self._clock = clock
        self._editing = editing

    async def take(self, user_id: str, name: str, key: str, there: Json, *, quiet: bool) -> None:
        """Take one field over; what cannot stand is told, and left as it was in Kith.

        Args:
            user_id: whose.
            name: which, of `policy.visibility.Field`.
            key: the Matrix field it was written to.
            there: what stands there; None when it was removed.
            quiet: whether nothing is said about it.
        """
        read = SHARED[name].read
        value = read(key, there) if read and there is not None else None
        try:
            async with self._database.transaction() as tx:
                await lock_person(tx, user_id)
                found = await store.row(tx, user_id, None)
                if found is None:
                    return
                _check_read(name, there, value)
                if name in _PICTURES:
                    opened = await self._picture(tx, found, Field(name), value, quiet=quiet)
                else:
                    opened = await self._open(tx, found, name, there=there is not None)
                    await self._write(tx, found, name, value)
                if opened and not quiet:
                    await self._note(tx, user_id, "opened", name, None)
        except Denied as error:
            async with self._database.transaction() as tx:
                what = "hidden" if error.reason is Reason.PROFILE_HIDDEN else "reverted"
                await self._note(tx, user_id, what, name, error.reason.code)

    async def first_name(self, user_id: str, name: str) -> bool:
        """Judge a name that was there before anybody looked; whether the id's own holds now."""
        own = localpart(user_id)
        if name == own:
            return False
        async with self._database.transaction() as tx:
            await lock_person(tx, user_id)
            verdict = await names.judge(tx, user_id, name)
            if not isinstance(verdict, Deny):
                return False
            await tx.read(
                "UPDATE people SET display_name = %(own)s WHERE user_id = %(user_id)s",
                {"own": own, "user_id": user_id},
            )
            await names.remember(tx, user_id, own)
            await self._note(tx, user_id, "reverted", _NAME, verdict.reason.code)
            return True

    async def _open(self, tx: Transaction, found: Row, name: str, *, there: bool) -> bool:
        """Make a field public that somebody wrote where everybody reads; whether it was not."""
        if not there or open_to_all(found, name):
            return False
        if found.hidden:
            raise Denied(Reason.PROFILE_HIDDEN)
        change = Change(levels={name: Level.PUBLIC})
        await self._editing.apply(tx, found, change, by=found.user_id)
        return True

    async def _write(self, tx: Transaction, found: Row, name: str, value: str | None) -> None:
        if name == _NAME and value == localpart(found.user_id):
            # What the homeserver gives everybody at first is nobody's choice to judge (D34).
            await store.save(tx, found.user_id, {"display_name": value}, self._clock.now())
            await names.remember(tx, found.user_id, value)
        else:
            again = await store.row(tx, found.user_id, None)
            change = Change(texts={name: value})
            await self._editing.apply(tx, again or found, change, by=found.user_id)

    async def look_at(self, user_id: str, purpose: Purpose, mxc: str, *, soon: bool) -> None:
        """Have a picture looked at that Kith shows as it stood before Kith came.

        Args:
            user_id: whose.
            purpose: what for.
            mxc: where it is.
            soon: at once, and hidden until then: somebody new may have just set it.
        """
        now, media_id = self._clock.now(), self._clock.new_id()
        at = None if soon else now + timedelta(seconds=media_id.int % _SPREAD)
        async with self._database.transaction() as tx:
            await lock_person(tx, user_id)
            await coming.begin(tx, media_id, user_id, purpose, mxc, now=now, quiet=True, at=at)
            if soon:
                await coming.hide(tx, user_id, purpose, mxc)

    async def _picture(
        self, tx: Transaction, found: Row, name: Field, mxc: str | None, *, quiet: bool
    ) -> bool:
        """Have a picture fetched, or take the one there is away; whether its field was opened."""
        purpose, user_id, now = _PICTURES[name], found.user_id, self._clock.now()
        if mxc is not None:
            await coming.check_known(tx, user_id, purpose, mxc)
        # Before the profile's row is locked: in this order everywhere.
        busy = await coming.drop(tx, user_id, purpose)
        opened = await self._open(tx, found, name, there=mxc is not None)
        if mxc is not None and await coming.is_shown(tx, user_id, purpose, mxc):
            return opened
        made = found.avatar_media if name == Field.AVATAR else found.banner_media
        if mxc is None or made is None or opened:
            # No picture comes back that nobody has looked at; and what was for some must not
            # become public because of another.
            before = await show(tx, user_id, purpose, None, now)
            if before is not None:
                await forget(tx, before)
        if mxc is not None:
            media_id = self._clock.new_id()
            at = now + coming.ANOTHER if busy else None
            await coming.begin(tx, media_id, user_id, purpose, mxc, now=now, quiet=quiet, at=at)
        return opened

    async def _note(
        self, tx: Transaction, user_id: str, what: str, name: str, reason: str | None
    ) -> None:
        mark = self._clock.new_id().hex
        await note(tx, user_id, what, name, reason=reason, mark=mark)


def _check_read(name: str, there: Json, value: str | None) -> None:
    """Refuse what is there and cannot be read, and a name that was taken away."""
    if value is None and (there is not None or name == _NAME):
        raise Denied(Reason.FIELD_UNREADABLE)


_NAME = Field.DISPLAY_NAME
