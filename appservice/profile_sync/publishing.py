# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives the homeserver the pictures everybody may see, and takes back those nobody may any more.

The address is reserved and written down before the file follows, so that a run that was killed
leaves nothing behind that nobody knows.
"""

import structlog

from appservice.errors import HomeserverRefused
from appservice.homeserver.media import MediaRepository, Stored
from appservice.profile_media.folder import Folder
from appservice.profile_media.shapes import FORMATS, SHAPES, Purpose
from appservice.profile_sync.store import Shown, State, SyncStore

_LOG = structlog.get_logger("kith.profile_sync")
_ATTEMPTS = 2


class Publishing:
    """Does it."""

    def __init__(self, store: SyncStore, folder: Folder, repository: MediaRepository) -> None:
        """Take what is remembered, the files, and the homeserver's media."""
        self._store = store
        self._folder = folder
        self._repository = repository

    async def address(self, user_id: str, purpose: Purpose, shown: Shown) -> str | None:
        """Where the homeserver has a picture everybody may see; it has it from now on."""
        if shown.media_id is None or shown.settled:
            return shown.told
        if shown.source is not None:
            return shown.source
        mxc = shown.mxc
        file = self._folder.variant(shown.media_id, f"{SHAPES[purpose].largest}.jpg")
        if not file.is_file():
            _LOG.warning("picture_missing", media_id=str(shown.media_id))
            return None
        for _ in range(_ATTEMPTS):
            if mxc is None:
                mxc = await self._repository.reserve(user_id)
                await self._store.set_mxc(shown.media_id, mxc)
            stored = Stored.parse(mxc)
            if stored is not None and await self._repository.fill(
                stored, file, kind=FORMATS["jpg"][1], as_user=user_id
            ):
                return mxc
            # The homeserver forgets a reserved address after a day.
            mxc = None
        return None

    async def tell(
        self, user_id: str, state: State, *, avatar: str | None, banner: str | None
    ) -> None:
        """Say what addresses others may be told; pictures set in a Matrix client keep theirs."""
        await self._store.show_addresses(
            user_id,
            avatar if state.avatar.media_id else state.avatar.told,
            banner if state.banner.media_id else state.banner.told,
        )

    async def take_back(self, shown: Shown) -> None:
        """Have the homeserver forget a picture that not everybody may see any more."""
        stored = Stored.parse(shown.mxc)
        if shown.media_id is None or stored is None:
            return
        try:
            gone = await self._repository.delete(stored)
        except HomeserverRefused:
            gone = False
        if not gone:
            _LOG.info("media_stays", media_id=stored.media_id)
        await self._store.set_mxc(shown.media_id, None)
