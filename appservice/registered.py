# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of all jobs: which name runs what. The only place that knows every feature's jobs."""

from appservice.assembly import Assembly
from appservice.bot.bot import Bot
from appservice.bot.commands import Commands
from appservice.bot.conversations import Conversations
from appservice.bot.store import BotStore
from appservice.dms.direct import MARK, DirectMarks
from appservice.dms.empowering import Empowering
from appservice.erasure import parts as erasure
from appservice.erasure.leaving import Leaving
from appservice.erasure.runner import LATE as ERASE_LATE
from appservice.erasure.service import NOTE as ERASURE_NOTE
from appservice.erasure.service import RUN as ERASE
from appservice.exports import parts as exports
from appservice.exports.service import JOB as MAKE_EXPORT
from appservice.features import gazetteer
from appservice.listings.service import NOTE as LISTING_NOTE
from appservice.media import parts as media
from appservice.people.comparing import DRIFTED, SYNC
from appservice.people.farewell import Farewell
from appservice.people.ignored import Ignored
from appservice.people_search import parts as people_search
from appservice.people_search.index import JOB as INDEX_PEOPLE
from appservice.profile_media import parts as profile_media
from appservice.profile_media.for_listings import ListingPictures
from appservice.profile_sync import parts as profile_sync
from appservice.profile_sync.drifting import Drift
from appservice.profiles.names import NameBook
from appservice.registry.defaults import Defaults
from appservice.registry.effects import Effects
from appservice.rooms.muting import Muting
from appservice.suggestions.service import JOB as MAKE_SUGGESTIONS
from appservice.suggestions.service import Suggestions
from appservice.work.jobs import Jobs
from appservice.work.upkeep import Upkeep


def register(jobs: Jobs, assembly: Assembly) -> None:
    """Register every job of this Kith."""
    database, homeserver, clock = assembly.database, assembly.homeserver, assembly.clock
    settings = assembly.settings
    effects = Effects(
        database,
        homeserver,
        clock,
        settings.rules,
        stream=assembly.stream,
        server_name=settings.server_name,
    )
    ignored = Ignored(database, homeserver, assembly.people, settings.server_name)
    defaults = Defaults(database, homeserver, clock)
    jobs.add("rooms.ensure_defaults", defaults.ensure)
    jobs.add("rooms.join_defaults", defaults.join)
    jobs.add("rooms.check_invite", effects.check_invite)
    jobs.add("rooms.clear_half_made", effects.clear_half_made)
    jobs.add("rooms.survey", effects.survey)
    jobs.add("rooms.mirror_mute", Muting(database, homeserver, clock).mirror)
    jobs.add("people.mirror_ignored", ignored.mirror)
    jobs.add(MARK, DirectMarks(homeserver).mark)
    jobs.add("dms.empower", Empowering(database, homeserver).empower)
    leaving = Leaving(Farewell(database, clock, assembly.friends), erasure.erasures(assembly))
    jobs.add("people.deactivate", leaving.deactivate)
    suggestions = Suggestions(database, clock, settings.rules.requests)
    jobs.add(MAKE_SUGGESTIONS, suggestions.make)
    jobs.add(INDEX_PEOPLE, people_search.indexer(database).drain)
    bot = _bot(assembly)
    jobs.add("bot.command", bot.command)
    jobs.add("bot.answer", bot.answer)
    jobs.add("bot.notify_request", bot.notify_request)
    jobs.add("bot.notify_accepted", bot.notify_accepted)
    jobs.add("bot.profile_note", bot.profile_note)
    jobs.add(ERASURE_NOTE, bot.erasure_note)
    jobs.add(LISTING_NOTE, bot.listing_note)
    pictures = profile_media.build(assembly)
    jobs.add("profile_media.process", pictures.pipeline.process)
    jobs.add("profile_media.forget", pictures.pipeline.forget)
    jobs.every("*/10 * * * *", "profile_media.sweep", pictures.pipeline.sweep)
    eraser = erasure.runner(assembly, pictures)
    jobs.add(ERASE, eraser.run)
    jobs.add(ERASE_LATE, eraser.late)
    jobs.every("*/5 * * * *", "erasure.wake", eraser.wake)
    offered = ListingPictures(database, pictures.signer, clock)
    jobs.every("*/10 * * * *", "listings.sweep_pictures", offered.sweep)
    archives = exports.build(assembly).making
    jobs.add(MAKE_EXPORT, archives.make)
    jobs.every("*/10 * * * *", "exports.sweep", archives.sweep)
    profiles = profile_sync.build(assembly, pictures, gazetteer(assembly))
    jobs.add(SYNC, profiles.sync)
    jobs.add(DRIFTED, Drift(database, assembly.stream, clock).find)
    jobs.every("*/5 * * * *", "profiles.compare_old", profiles.compare_old)
    jobs.every("*/5 * * * *", "upkeep.sweep", Upkeep(database, clock).sweep)
    jobs.every("*/5 * * * *", "profiles.names", NameBook(database).catch_up)
    jobs.every("*/10 * * * *", "media.sweep", media.build(assembly).service.sweep)


def _bot(assembly: Assembly) -> Bot:
    settings, homeserver = assembly.settings, assembly.homeserver
    store = BotStore(assembly.database)
    commands = Commands(
        store,
        assembly.friends,
        assembly.people,
        homeserver,
        erasures=erasure.erasures(assembly),
        clock=assembly.clock,
        rules=settings.rules,
        server_name=settings.server_name,
    )
    return Bot(
        store,
        commands,
        Conversations(assembly.database, homeserver, settings.server_name),
        homeserver,
        directory=assembly.directory,
        clock=assembly.clock,
        public_url=settings.public_url,
    )
