# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything about files, put together over one assembly."""

from dataclasses import dataclass

from aiohttp import web

from appservice.assembly import Assembly
from appservice.homeserver.media import MediaRepository
from appservice.homeserver.transport import Transport
from appservice.media.incoming import Arrivals
from appservice.media.looker import MODULE, Looker
from appservice.media.room import RoomMedia
from appservice.media.routes import MediaRoutes
from appservice.media.service import MediaService
from appservice.media.store import UploadStore
from appservice.media.workroom import Workroom
from appservice.realtime.access import Access
from appservice.untrusted.parent import Untrusted


@dataclass(frozen=True)
class Media:
    """What the doors and the worker call."""

    service: MediaService
    routes: MediaRoutes
    repository: MediaRepository
    processes: Untrusted
    workroom: Workroom

    def add_to(self, app: web.Application) -> None:
        """Hold connections and processes as long as the application runs."""
        app.cleanup_ctx.append(self.repository.lifespan)
        app.cleanup_ctx.append(self.processes.lifespan)
        app.cleanup_ctx.append(self.workroom.lifespan)


def build(assembly: Assembly) -> Media:
    """All of it."""
    settings, limits = assembly.settings, assembly.settings.media
    as_token = settings.appservice.as_token.get_secret_value()
    repository = MediaRepository(
        settings.synapse.url,
        as_token,
        Transport(assembly.session, settings.synapse.url, as_token, settings.synapse.timeout),
    )
    processes = Untrusted(MODULE, limits.pictures_at_once, limits.picture_seconds)
    looker = Looker(processes, limits.max_pixels)
    service = MediaService(UploadStore(assembly.database), repository, looker, assembly.clock)
    workroom = Workroom()
    arrivals = Arrivals(limits.max_bytes, limits.uploads_at_once, limits.uploads_of_one, workroom)
    rooms = RoomMedia(Access(assembly.database), assembly.homeserver)
    routes = MediaRoutes(service, arrivals, rooms, repository)
    return Media(service, routes, repository, processes, workroom)
