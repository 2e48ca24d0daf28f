# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sync of profiles, put together over one assembly."""

from appservice.assembly import Assembly
from appservice.places.gazetteer import Gazetteer
from appservice.profile_media.parts import Parts
from appservice.profile_sync.publishing import Publishing
from appservice.profile_sync.service import ProfileSync
from appservice.profile_sync.store import SyncStore
from appservice.profile_sync.taking import Taking
from appservice.profiles.editing import Editing


def build(assembly: Assembly, pictures: Parts, gazetteer: Gazetteer) -> ProfileSync:
    """All of it."""
    database, clock = assembly.database, assembly.clock
    store = SyncStore(database)
    return ProfileSync(
        database,
        assembly.homeserver,
        clock,
        directory=assembly.directory,
        store=store,
        publishing=Publishing(store, pictures.folder, pictures.repository),
        taking=Taking(database, clock, Editing(clock, gazetteer)),
    )
