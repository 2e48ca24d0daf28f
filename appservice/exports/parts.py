# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything about exports, put together over one assembly."""

from dataclasses import dataclass

from appservice.assembly import Assembly
from appservice.exports.files import Files
from appservice.exports.folder import Folder
from appservice.exports.job import Making
from appservice.exports.making import Maker
from appservice.exports.said import FromApi, FromDatabase, Said
from appservice.exports.service import Exports
from appservice.homeserver.media import MediaRepository
from appservice.homeserver.transport import Transport
from appservice.profile_media.folder import Folder as PictureFolder


@dataclass(frozen=True)
class Parts:
    """What the doors, the worker and the command call."""

    service: Exports
    making: Making
    maker: Maker


def build(assembly: Assembly, said: Said | None = None) -> Parts:
    """All of it.

    Args:
        assembly: what it is made of.
        said: where Synapse's part comes from; None is its database, else its API.
    """
    settings, database, clock = assembly.settings, assembly.database, assembly.clock
    own, rules = settings.exports, settings.rules.privacy
    as_token = settings.appservice.as_token.get_secret_value()
    repository = MediaRepository(
        settings.synapse.url,
        as_token,
        Transport(assembly.session, settings.synapse.url, as_token, settings.synapse.timeout),
        assembly.session,
    )
    folder = Folder(own.folder)
    files = Files(
        database,
        assembly.homeserver,
        repository,
        PictureFolder(settings.profile_media.folder),
        server_name=settings.server_name,
        most_bytes=own.max_file_bytes,
    )
    maker = Maker(
        database,
        clock,
        assembly.homeserver,
        said or _said(assembly),
        files,
        keep_free=own.keep_free_bytes,
    )
    service = Exports(database, clock, rules, folder)
    return Parts(service, Making(database, clock, maker, folder, rules), maker)


def _said(assembly: Assembly) -> Said:
    if assembly.stream is not None:
        return FromDatabase(assembly.stream)
    return FromApi(assembly.homeserver, assembly.database)
