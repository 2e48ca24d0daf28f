# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything about profile pictures, put together over one assembly."""

from dataclasses import dataclass

from aiohttp import web

from appservice.assembly import Assembly
from appservice.homeserver.media import MediaRepository
from appservice.homeserver.transport import Transport
from appservice.profile_media.delivery import Delivery
from appservice.profile_media.fetching import Fetching
from appservice.profile_media.folder import Folder
from appservice.profile_media.openness import ProfileOpenness
from appservice.profile_media.pipeline import Pipeline
from appservice.profile_media.review import Review
from appservice.profile_media.routes import ProfileMediaRoutes
from appservice.profile_media.scanning import HttpScanner, NoScanner, Scanner
from appservice.profile_media.service import ProfileMedia
from appservice.profile_media.signing import Signer
from appservice.profile_media.store import PictureStore
from appservice.untrusted.parent import Untrusted

MODULE = "appservice.profile_media.vary"


@dataclass(frozen=True)
class Parts:
    """What the doors and the worker call."""

    routes: ProfileMediaRoutes
    pipeline: Pipeline
    signer: Signer
    folder: Folder
    pictures: PictureStore
    repository: MediaRepository
    processes: Untrusted

    def add_to(self, app: web.Application) -> None:
        """Hold the processes as long as the application runs."""
        app.cleanup_ctx.append(self.processes.lifespan)


def build(assembly: Assembly) -> Parts:
    """All of it."""
    settings, clock, database = assembly.settings, assembly.clock, assembly.database
    limits = settings.media
    as_token = settings.appservice.as_token.get_secret_value()
    repository = MediaRepository(
        settings.synapse.url,
        as_token,
        Transport(assembly.session, settings.synapse.url, as_token, settings.synapse.timeout),
        assembly.session,
    )
    processes = Untrusted(MODULE, limits.pictures_at_once, limits.picture_seconds)
    pictures, folder = PictureStore(database), Folder(settings.profile_media.folder)
    signer = Signer(settings.secret_key.get_secret_value())
    pipeline = Pipeline(
        database,
        clock,
        pictures=pictures,
        folder=folder,
        processes=processes,
        scanner=_scanner(assembly),
        repository=repository,
        fetching=Fetching(repository, folder, clock, most_bytes=limits.max_bytes),
        most_pixels=limits.max_pixels,
    )
    service = ProfileMedia(
        database,
        clock,
        pictures=pictures,
        folder=folder,
        processes=processes,
        signer=signer,
        most_pixels=limits.max_pixels,
    )
    delivery = Delivery(pictures, folder, signer, ProfileOpenness(database), clock)
    routes = ProfileMediaRoutes(service, delivery, Review(database, clock, pictures, pipeline))
    return Parts(routes, pipeline, signer, folder, pictures, repository, processes)


def _scanner(assembly: Assembly) -> Scanner:
    own = assembly.settings.profile_media
    if own.scanner_url is None:
        return NoScanner()
    token = own.scanner_token.get_secret_value() if own.scanner_token else None
    return HttpScanner(assembly.session, own.scanner_url, token, own.scanner_seconds)
