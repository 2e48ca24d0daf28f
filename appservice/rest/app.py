# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public listener: all routes of all features, the pass-through, health and pages."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from aiohttp import web

from appservice import features
from appservice.access.routes import AccessRoutes
from appservice.access.setup_page import SetupPage
from appservice.assembly import Assembly
from appservice.dms.routes import DmRoutes
from appservice.erasure.routes import ErasureRoutes
from appservice.exports.routes import ExportRoutes
from appservice.features import Features
from appservice.friends.routes import FriendRoutes
from appservice.listings.routes import ListingRoutes
from appservice.lounge.routes import LoungeRoutes
from appservice.messages.routes import MessageRoutes
from appservice.outward import Outward
from appservice.people.routes import PeopleRoutes
from appservice.people_search.routes import PeopleSearchRoutes
from appservice.profiles.routes import ProfileRoutes
from appservice.quick_replies.routes import QuickReplyRoutes
from appservice.realtime.gateway import Gateway
from appservice.realtime.replay import Bodies
from appservice.rest import docs_page, openapi, wellknown
from appservice.rest.checks import checks
from appservice.rest.dispatch import Dispatch
from appservice.rest.health import Health
from appservice.rest.limits import Limits
from appservice.rest.proxy import PREFIXES, Proxy
from appservice.rest.route import AnyRoute
from appservice.rest.shield import shield
from appservice.rooms.routes import RoomRoutes
from appservice.saved_searches.routes import SavedSearchRoutes
from appservice.showcase.routes import ShowcaseRoutes
from appservice.suggestions.routes import SuggestionRoutes
from appservice.unread.routes import UnreadRoutes
from appservice.web import app as web_app
from appservice.web import pages
from appservice.web.site import Site
from appservice.web.thumbnails import Thumbnails

GATEWAY = web.AppKey("gateway", Gateway)
"""The real-time gateway, for the intake that feeds it."""

ROUTES = web.AppKey("routes", list[AnyRoute])
"""The whole table, for tests that walk it."""


def make_app(
    assembly: Assembly,
    *,
    limits: Limits | None = None,
    outward: Outward | None = None,
    built: Path | None = web_app.BUILT,
    bodies: Bodies | None = None,
    visits: Outward | None = None,
) -> web.Application:
    """Build the application.

    Args:
        assembly: what everything is made of.
        limits: general rate limits; None is the defaults.
        outward: how hosts that strangers name are asked; None is the guarded way.
        built: folder of the built web app; without a build the drawn pages stay.
        bodies: where the gateway reads bodies of events; None is Synapse's database.
        visits: how pages that links lead to are visited; None is the guarded way.
    """
    settings = assembly.settings
    secure = settings.public_url.startswith("https://")
    made = features.build(assembly, outward, bodies, visits=visits)
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    health = Health(*checks(assembly), token)
    spa = web_app.load(built)
    site = Site(settings, health, spa)
    routes = [*_routes(assembly, made, secure=secure), *health.routes(), *site.table()]
    document = openapi.describe(
        routes, title="Kith", version=_version(), origin=settings.public_url
    )
    site.describe(document, docs_page.view(document, routes))

    middlewares = [shield(assembly.clock, secure=secure)]
    if spa is not None:
        middlewares.append(spa.middleware())
    app = web.Application(middlewares=middlewares)
    app[ROUTES] = routes
    dispatch = Dispatch(
        authenticator=made.sessions,
        counters=made.counters,
        limits=limits or Limits(),
        server_name=settings.server_name,
        origin=settings.public_url,
    )
    for route in routes:
        handler = dispatch.handler(route)
        for address in route.addresses:
            app.router.add_route(route.method, address, handler)
            if address != "/":
                app.router.add_route(route.method, address + "/", handler)
    app[GATEWAY] = made.gateway
    made.gateway.add_to(app)
    made.media.add_to(app)
    made.profile_media.add_to(app)
    made.previews.add_to(app)
    wellknown.add(app, settings.public_url)
    most = settings.appservice.max_request_bytes
    _pass_through(app, Proxy(settings.synapse.url, most, secure=secure))
    return app


def _routes(assembly: Assembly, made: Features, *, secure: bool) -> list[AnyRoute]:
    settings = assembly.settings
    name = settings.server_name
    thumbnails = Thumbnails(
        assembly.database,
        assembly.session,
        settings.synapse.url,
        settings.appservice.as_token.get_secret_value(),
        settings.service_user,
    )
    return [
        *AccessRoutes(made.access, server_name=name, secure=secure).table(),
        *FriendRoutes(assembly.friends, made.lists, assembly.clock).table(),
        *PeopleRoutes(assembly.people).table(),
        *ErasureRoutes(made.erasures, made.access).table(),
        *SuggestionRoutes(made.suggestions).table(),
        *PeopleSearchRoutes(made.people_search).table(),
        *ProfileRoutes(made.profiles, made.lists, made.gazetteer, assembly.clock).table(),
        *RoomRoutes(made.rooms).table(),
        *UnreadRoutes(made.unread).table(),
        *LoungeRoutes(made.lounge).table(),
        *ListingRoutes(made.listings).table(),
        *SavedSearchRoutes(made.saved_searches).table(),
        *ShowcaseRoutes(made.showcases, made.profiles).table(),
        *ExportRoutes(made.exports).table(),
        *MessageRoutes(made.messages, made.dms, name).table(),
        *DmRoutes(made.dms, made.inbox, made.groups, made.coming, name).table(),
        *QuickReplyRoutes(made.quick_replies).table(),
        *made.media.routes.table(),
        *made.profile_media.routes.table(),
        *made.previews.routes.table(),
        *thumbnails.table(),
        *made.gateway.routes.table(),
        *SetupPage(made.access, server_name=name, secure=secure).table(),
        *pages.routes(),
    ]


def _pass_through(app: web.Application, proxy: Proxy) -> None:
    app.cleanup_ctx.append(proxy.lifespan)
    for prefix in PREFIXES:
        app.router.add_route("*", prefix + "{tail:.*}", proxy.handle)


def _version() -> str:
    try:
        return version("matrix-kith")
    except PackageNotFoundError:
        # Run from a clone, without being installed.
        return "0"
