# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an erasure does on the homeserver: the account, its profile, its files.

Everything but the files can be done as the person, which an application service may. Files take a
server administrator; when the service user is none, the proof says what the operator has to do.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Any

from appservice.clock import Clock
from appservice.database import Database
from appservice.erasure import store
from appservice.erasure.store import Erasure
from appservice.errors import HomeserverRefused, Unavailable
from appservice.homeserver.media import MediaRepository
from appservice.homeserver.port import Homeserver
from appservice.homeserver.stream import SynapseStream

_PAGE = 100
_BOT_ROOM = "SELECT room_id FROM bot_rooms WHERE user_id = %(user_id)s"
_REACHED = "SELECT position FROM positions WHERE stream = 'events'"
_SAID = """
SELECT event_id FROM events WHERE stream_ordering > %(behind)s AND sender = %(user_id)s
  AND rejection_reason IS NULL
"""
_UNHEARD = """
SELECT count(*) FROM unnest(%(ids)s::text[]) AS said(event_id)
WHERE NOT EXISTS (SELECT FROM events e WHERE e.event_id = said.event_id)
  AND NOT EXISTS (SELECT FROM intake_failures f WHERE f.event_id = said.event_id)
"""
_PATIENCE = timedelta(minutes=5)
"""What is heard later only makes rows that are removed a second time (`runner.LATE`)."""

_ERASED = "SELECT true FROM erased_users WHERE user_id = %(user_id)s"
FILES_GONE = "Deleted."
FILES_STAY = (
    "Files of this account are still on the homeserver: the service user is no server"
    " administrator. Make it one (docs/media.md), then run `kith erase` with `--now` for the"
    " account again; or, as an administrator, repeat DELETE"
    " /_synapse/admin/v1/users/<account>/media until it answers that there is nothing more."
)


class OnHomeserver:
    """Acts there."""

    def __init__(
        self,
        database: Database,
        homeserver: Homeserver,
        repository: MediaRepository,
        stream: SynapseStream | None,
        clock: Clock,
    ) -> None:
        """Take Kith's database, the homeserver, its media and its database (None: foreign)."""
        self._clock = clock
        self._database = database
        self._homeserver = homeserver
        self._repository = repository
        self._stream = stream

    async def living(self, user_id: str) -> bool | None:
        """Whether the account is active; None when that cannot be told."""
        if self._stream is None:
            return None
        return not await self._stream.deactivated([user_id])

    async def account(self, erasure: Erasure, user_id: str) -> None:
        """Deactivate and erase it; the bot leaves the conversation it had with them."""
        if erasure.source == "homeserver":
            told = "The account had been deactivated there; Kith added nothing to that."
        else:
            told = "Deactivated and erased."
            try:
                await self._homeserver.deactivate(user_id)
            except HomeserverRefused as error:
                told = f"The homeserver refused ({error.errcode})."
                await self._for_operator(erasure, "account", f"Deactivate the account: {told}")
        await self._tell(erasure, "synapse_account", told)
        await self._leave_bots_room(user_id)

    async def profile(self, erasure: Erasure, user_id: str) -> None:
        """Remove what is left of the profile; erasing has usually taken all of it."""
        del erasure
        for field in list(await self._homeserver.get_profile(user_id) or ()):
            # Refused: somebody else's rule keeps a field that Kith never wrote.
            with contextlib.suppress(HomeserverRefused):
                await self._homeserver.clear_profile(user_id, field)

    async def files(self, erasure: Erasure, user_id: str) -> None:
        """Delete what the account uploaded, page by page."""
        if erasure.source == "homeserver" and not await self._erased_there(user_id):
            told = "Kept: the account was deactivated without erasing what it had sent."
            await self._tell(erasure, "synapse_media", told)
            await self._tell(erasure, "synapse_events", told)
            return
        said = "Synapse was asked to erase: who comes later does not see what was said."
        await self._tell(erasure, "synapse_events", said)
        while True:
            deleted = await self._repository.delete_of(user_id, _PAGE)
            if deleted is None:
                await self._tell(erasure, "synapse_media", "Kept, for want of rights.")
                await self._for_operator(erasure, "files", FILES_STAY)
                return
            async with self._database.transaction() as tx:
                await store.count(tx, erasure.id, "place synapse_media", "removed", deleted)
            if deleted == 0:
                await self._tell(erasure, "synapse_media", FILES_GONE)
                return

    async def late_files(self, user_id: str) -> None:
        """Delete what was still being uploaded when the others were deleted."""
        while await self._repository.delete_of(user_id, _PAGE):
            continue

    async def settled(self, erasure: Erasure, user_id: str) -> None:
        """Wait, but not for ever, until Kith has heard of what the account said at its end.

        Raises:
            Unavailable: not yet.
        """
        if self._stream is None:
            return
        now = self._clock.now()
        since = erasure.answers.get("settling")
        if since is None:
            await store.answer(self._database, erasure.id, {"settling": now.isoformat()})
        elif now - datetime.fromisoformat(since) > _PATIENCE:
            return
        reached = await self._database.read(_REACHED)
        behind = reached[0][0] if reached else 0
        said = await self._stream.read(_SAID, user_id=user_id, behind=behind)
        ids = [row[0] for row in said]
        if ids and (await self._database.read(_UNHEARD, {"ids": ids}))[0][0]:
            raise Unavailable("homeserver", 500)

    async def _erased_there(self, user_id: str) -> bool:
        """Whether the homeserver was asked to erase; unknown counts as no."""
        if self._stream is None:
            return False
        try:
            return bool(await self._stream.read(_ERASED, user_id=user_id))
        except Unavailable:
            # Most likely not granted yet (docs/operations.md).
            return False

    async def _leave_bots_room(self, user_id: str) -> None:
        for (room_id,) in await self._database.read(_BOT_ROOM, {"user_id": user_id}):
            # Refused: it has left.
            with contextlib.suppress(HomeserverRefused):
                await self._homeserver.leave(room_id, as_user=None)
                await self._homeserver.forget(room_id, as_user=None)

    async def _tell(self, erasure: Erasure, place: str, told: str) -> None:
        await self._remember(erasure, "places", {place: told})

    async def _for_operator(self, erasure: Erasure, name: str, told: str) -> None:
        await self._remember(erasure, "operator", {name: told})

    async def _remember(self, erasure: Erasure, under: str, more: dict[str, Any]) -> None:
        async with self._database.transaction() as tx:
            found = await store.find(tx, erasure.id)
            known = found.answers.get(under, {}) if found else {}
            await store.answer(tx, erasure.id, {under: {**known, **more}})
