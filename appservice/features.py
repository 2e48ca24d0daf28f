# SPDX-License-Identifier: AGPL-3.0-or-later
"""The services that only the public door needs, made over one assembly."""

from dataclasses import dataclass

from appservice.access.openid import OpenId
from appservice.access.service import AccessService
from appservice.access.sessions import Sessions
from appservice.access.synapse import SynapseDoors
from appservice.assembly import Assembly
from appservice.dms.coming import Coming
from appservice.dms.excerpts import Excerpts
from appservice.dms.groups import Groups
from appservice.dms.inbox import Inbox
from appservice.dms.service import DmService
from appservice.erasure import parts as erasure
from appservice.erasure.service import Erasures
from appservice.exports import parts as exports
from appservice.exports.service import Exports
from appservice.friends.lists import FriendLists
from appservice.listings.service import Listings
from appservice.lounge.service import LoungeService
from appservice.media import parts as media
from appservice.media.parts import Media
from appservice.messages import service as messages
from appservice.messages.outgoing import Uploads
from appservice.messages.service import Messages
from appservice.outward import Outward
from appservice.people_search import parts as people_search
from appservice.people_search.service import PeopleSearch
from appservice.places.gazetteer import Gazetteer
from appservice.places.mapbox import Mapbox
from appservice.places.offline import Offline
from appservice.previews import parts as previews
from appservice.previews.parts import LinkPreviews
from appservice.profile_media import parts as profile_media
from appservice.profile_media.addresses import Addresses
from appservice.profile_media.for_listings import ListingPictures
from appservice.profile_media.parts import Parts as ProfilePictures
from appservice.profiles.service import Profiles
from appservice.quick_replies.service import QuickReplies
from appservice.realtime.gateway import Gateway
from appservice.realtime.hints import Hints
from appservice.realtime.online import Online
from appservice.realtime.replay import Bodies
from appservice.rest.limits import Counters
from appservice.rooms.service import RoomsService
from appservice.saved_searches.service import SavedSearches
from appservice.showcase.service import Showcases
from appservice.suggestions.service import Suggestions
from appservice.unread.service import UnreadService


@dataclass(frozen=True)
class Features:
    """What the doors call."""

    lists: FriendLists
    dms: DmService
    messages: Messages
    inbox: Inbox
    groups: Groups
    coming: Coming
    quick_replies: QuickReplies
    gazetteer: Gazetteer
    profiles: Profiles
    sessions: Sessions
    access: AccessService
    counters: Counters
    media: Media
    profile_media: ProfilePictures
    previews: LinkPreviews
    gateway: Gateway
    rooms: RoomsService
    unread: UnreadService
    lounge: LoungeService
    suggestions: Suggestions
    people_search: PeopleSearch
    listings: Listings
    saved_searches: SavedSearches
    showcases: Showcases
    erasures: Erasures
    exports: Exports


def build(
    assembly: Assembly,
    outward: Outward | None = None,
    bodies: Bodies | None = None,
    uploads: Uploads | None = None,
    visits: Outward | None = None,
) -> Features:
    """All services.

    Args:
        assembly: what they are made of.
        outward: how foreign hosts are asked; None is the guarded way.
        bodies: where the gateway reads bodies of events; None is Synapse's database.
        uploads: where files that were uploaded come from; None is the homeserver's media.
        visits: how pages that links lead to are visited; None is the guarded way.
    """
    settings, database, clock = assembly.settings, assembly.database, assembly.clock
    counters = Counters(assembly.redis)
    files = media.build(assembly)
    sessions = Sessions(
        database,
        clock,
        assembly.homeserver,
        assembly.directory,
        secret_key=settings.secret_key.get_secret_value(),
    )
    source = bodies or assembly.stream
    rooms = RoomsService(
        database,
        clock,
        assembly.homeserver,
        Online(Hints(assembly.redis), clock),
        rules=settings.rules,
    )
    unread = UnreadService(database, clock, assembly.homeserver, ordered=source is not None)
    doors = SynapseDoors(assembly.session, settings.synapse.url)
    dms = DmService(
        database,
        clock,
        assembly.homeserver,
        assembly.directory,
        rules=settings.rules,
        server_name=settings.server_name,
    )
    places = gazetteer(assembly)
    pictures = profile_media.build(assembly)
    offers = Listings(
        database,
        clock,
        settings.rules,
        settings.server_name,
        gazetteer=places,
        pictures=ListingPictures(database, pictures.signer, clock),
    )
    searches = SavedSearches(database, clock, offers)
    showcases = Showcases(database, clock, offers, searches)
    said = messages.build(assembly, uploads or files.service)
    gateway = Gateway(assembly, said, unread, bodies)
    said.tell(gateway.fleeting)
    return Features(
        lists=FriendLists(database),
        messages=said,
        dms=dms,
        inbox=Inbox(database, clock, dms, Excerpts(database, assembly.homeserver, source)),
        groups=Groups(database, clock, assembly.homeserver, assembly.directory, settings.rules),
        coming=Coming(database, clock, assembly.homeserver, settings.rules),
        quick_replies=QuickReplies(database, clock),
        gazetteer=places,
        profiles=Profiles(
            database,
            clock,
            assembly.directory,
            places,
            server_name=settings.server_name,
            pictures=Addresses(pictures.signer, clock),
            showcase=showcases,
        ),
        sessions=sessions,
        access=AccessService(
            database,
            clock,
            assembly.homeserver,
            sessions=sessions,
            openid=OpenId(settings.server_name, doors, outward or Outward()),
            doors=doors,
            counters=counters,
            server_name=settings.server_name,
            registration=settings.registration,
        ),
        counters=counters,
        media=files,
        profile_media=pictures,
        previews=previews.build(assembly, counters, visits),
        gateway=gateway,
        rooms=rooms,
        unread=unread,
        lounge=LoungeService(database, rooms, source),
        suggestions=Suggestions(database, clock, settings.rules.requests),
        people_search=people_search.search(database, clock),
        listings=offers,
        saved_searches=searches,
        showcases=showcases,
        erasures=erasure.erasures(assembly),
        exports=exports.build(assembly).service,
    )


def gazetteer(assembly: Assembly) -> Gazetteer:
    """Who knows places: the own tables, or a service for which there is a key."""
    offline = Offline()
    places = assembly.settings.places
    if places.mapbox_key is None:
        return offline
    key = places.mapbox_key.get_secret_value()
    return Mapbox(assembly.session, key, offline, url=places.mapbox_url)
