# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every route as everybody: the routes themselves are walked, so none is forgotten."""

import itertools
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from appservice.rest.route import AnyRoute
from tests.support.databases import Database
from tests.support.door import Door, Person, open_door

CALLERS = ("anonymous", "stranger", "friend", "blocked", "blocker", "admin", "remote")
ELSEWHERE = (401, 404, 404, 404, 404, 404, 403)
NOT_MINE = (401, 404, 404, 404, 404, 404, 404)
OWN = (401, 200, 200, 200, 200, 200, 200)
MADE = (401, 201, 201, 201, 201, 201, 201)
# Everybody sees a listing but those whom a block parts from its seller.
SELLERS = (401, 403, 403, 404, 404, 403, 403)
DONE = (401, 204, 204, 204, 204, 204, 204)


def everybody(status: int) -> tuple[int, ...]:
    return (status,) * 7


MESSAGES = (
    ("GET", "messages"),
    ("POST", "messages"),
    ("GET", "messages/{event}"),
    ("PUT", "messages/{event}"),
    ("DELETE", "messages/{event}"),
    ("GET", "messages/{event}/reactions"),
    ("PUT", "messages/{event}/reactions/{key}"),
    ("DELETE", "messages/{event}/reactions/{key}"),
    ("GET", "threads"),
    ("GET", "pins"),
    ("PUT", "pins/{event}"),
    ("DELETE", "pins/{event}"),
    ("GET", "search"),
    ("PUT", "typing"),
)


EXPECTED: dict[str, tuple[int, ...]] = {
    "POST /api/auth/login": everybody(401),
    # The homeserver of this test cannot be asked about OpenID tokens.
    "POST /api/auth/openid": everybody(503),
    "GET /api/auth/registration": everybody(200),
    "POST /api/auth/register": everybody(403),
    "POST /api/auth/setup": everybody(403),
    "GET /api/auth/session": OWN,
    "POST /api/auth/logout": DONE,
    "POST /api/profile/{user}/friend-request": (401, 201, 409, 403, 403, 201, 201),
    "POST /api/friends/{request_id}/respond": NOT_MINE,
    "POST /api/friends/{request_id}/cancel": NOT_MINE,
    "PATCH /api/friends/{id}": NOT_MINE,
    "POST /api/friends/{request_id}/remind": NOT_MINE,
    "DELETE /api/friends/{id}": (401, 404, 204, 404, 404, 404, 404),
    "GET /api/profile/{user}/friends": (401, 403, 200, 403, 403, 403, 403),
    "GET /api/profile/{user}": everybody(200),
    "PUT /api/profile/{user}": (401, 403, 403, 403, 403, 200, 403),
    "GET /api/profile/{user}/activity": (403, 403, 200, 403, 403, 403, 403),
    "GET /api/profile/interests": OWN,
    "GET /api/profile/options": OWN,
    "GET /api/places": OWN,
    "GET /api/me/friends": OWN,
    "GET /api/me/friend-requests": OWN,
    "GET /api/profile/{user}/relationship": OWN,
    "POST /api/profile/{user}/follow": (401, 204, 204, 403, 403, 204, 204),
    "DELETE /api/profile/{user}/follow": DONE,
    "POST /api/profile/{user}/block": DONE,
    "DELETE /api/profile/{user}/block": DONE,
    "POST /api/profile/{user}/mute": DONE,
    "DELETE /api/profile/{user}/mute": DONE,
    "GET /api/me/following": OWN,
    "GET /api/me/followers": OWN,
    "GET /api/me/blocks": OWN,
    "GET /api/me/mutes": OWN,
    "GET /api/me": OWN,
    "GET /api/me/settings": OWN,
    "PATCH /api/me/settings": OWN,
    "POST /api/dm/conversations": (401, 409, 201, 409, 403, 409, 403),
    "GET /api/dm/conversations": (401, 200, 200, 200, 200, 200, 403),
    "GET /api/me/quick-replies": OWN,
    "POST /api/me/quick-replies": (401, 201, 201, 201, 201, 201, 201),
    "PATCH /api/me/quick-replies/{reply_id}": NOT_MINE,
    "DELETE /api/me/quick-replies/{reply_id}": NOT_MINE,
    "GET /api/listings": OWN,
    "POST /api/listings": MADE,
    "GET /api/listings/{listing_id}": (401, 200, 200, 404, 404, 200, 200),
    "PATCH /api/listings/{listing_id}": SELLERS,
    "DELETE /api/listings/{listing_id}": SELLERS,
    "POST /api/listings/{listing_id}/close": (401, 403, 403, 404, 404, 200, 403),
    "POST /api/listings/{listing_id}/reopen": SELLERS,
    "GET /api/profile/{user}/showcase": everybody(200),
    "PUT /api/profile/{user}/showcase": (401, 403, 403, 403, 403, 403, 403),
    "GET /api/me/showcase/candidates": OWN,
    "POST /api/me/erasure": (401, 202, 202, 202, 202, 202, 403),
    "GET /api/me/erasure": (401, 200, 200, 200, 200, 200, 403),
    "DELETE /api/me/erasure": (401, 204, 204, 204, 204, 204, 403),
    "GET /api/erasures/{token}": everybody(404),
    "GET /api/erasures/{token}/report.json": everybody(404),
    "POST /api/me/exports": MADE,
    "GET /api/me/exports": OWN,
    "GET /api/me/exports/{export_id}": NOT_MINE,
    "DELETE /api/me/exports/{export_id}": NOT_MINE,
    "GET /api/me/exports/{export_id}/archive": NOT_MINE,
    "GET /api/saved-searches": OWN,
    "POST /api/saved-searches": MADE,
    "PATCH /api/saved-searches/{search_id}": NOT_MINE,
    "DELETE /api/saved-searches/{search_id}": NOT_MINE,
    "GET /api/saved-searches/{search_id}/results": NOT_MINE,
    "PATCH /api/dm/conversations/{conversation}": ELSEWHERE,
    "POST /api/dm/conversations/{conversation}/accept": ELSEWHERE,
    "POST /api/dm/conversations/{conversation}/decline": ELSEWHERE,
    "POST /api/dm/conversations/{conversation}/leave": ELSEWHERE,
    "POST /api/dm/conversations/{conversation}/participants": ELSEWHERE,
    "DELETE /api/dm/conversations/{conversation}/participants/{user}": ELSEWHERE,
    "POST /api/dm/conversations/{conversation}/hand-over": ELSEWHERE,
    "GET /api/dm/conversations/{conversation}": (401, 404, 404, 404, 404, 404, 403),
    "POST /api/v1/auth/ws-connection-token": OWN,
    "GET /api/v1/events": OWN,
    "GET /api/v1/rooms/{room}/events": (401, 404, 404, 404, 404, 404, 404),
    "GET /api/v1/rooms": OWN,
    "GET /api/v1/rooms/{room}": NOT_MINE,
    "GET /api/v1/rooms/{room}/members": NOT_MINE,
    "GET /api/v1/rooms/{room}/removal": NOT_MINE,
    "POST /api/v1/rooms/{room}/join": (401, 404, 404, 404, 404, 404, 403),
    "POST /api/v1/rooms/{room}/leave": (401, 404, 404, 404, 404, 404, 403),
    "PUT /api/v1/rooms/{room}/mute": (401, 404, 404, 404, 404, 404, 403),
    "GET /api/v1/unread": OWN,
    "GET /api/v1/search": (401, 200, 200, 200, 200, 200, 403),
    "POST /api/v1/rooms/{room}/read": (401, 404, 404, 404, 404, 404, 403),
    "GET /api/v1/rooms/{room}/receipts": NOT_MINE,
    "GET /api/v1/lounge": OWN,
    "GET /api/people/suggestions": (401, 200, 200, 200, 200, 200, 403),
    "DELETE /api/people/suggestions/{user}": (401, 204, 204, 204, 204, 204, 403),
    "GET /api/people/search": (401, 200, 200, 200, 200, 200, 403),
    "GET /api/people/search/facets": (401, 200, 200, 200, 200, 200, 403),
    **{
        f"{name} /api/v1/rooms/{{room}}/{rest}": (401, *(404,) * 5, 403) for name, rest in MESSAGES
    },
    "POST /api/dm/messages": (401, 409, 201, 409, 403, 409, 403),
    "GET /api/frames.json": everybody(200),
    "GET /setup": everybody(403),
    "POST /setup": everybody(415),
    "GET /healthz": everybody(200),
    "GET /readyz": everybody(503),
    "GET /metrics": everybody(200),
    # Nobody's avatar.
    "GET /api/media/thumbnail/{server}/{media}": NOT_MINE,
    # Without a file; after who may, which is asked first.
    "POST /api/v1/media": (401, 415, 415, 415, 415, 415, 403),
    # Nowhere is a page to visit, and a link without a preview is no error.
    "GET /api/v1/previews": (401, 204, 204, 204, 204, 204, 403),
    "GET /api/v1/previews/{preview_id}/image": (401, 404, 404, 404, 404, 404, 403),
    "DELETE /api/v1/media/{upload_id}": (401, 404, 404, 404, 404, 404, 403),
    "GET /api/v1/media/{upload_id}/content": (401, 404, 404, 404, 404, 404, 403),
    "GET /api/v1/rooms/{room}/media/{server}/{media}": (401, 404, 404, 404, 404, 404, 403),
    "GET /api/v1/rooms/{room}/media/{server}/{media}/thumbnail": (
        *(401, 404, 404, 404, 404, 404, 403),
    ),
    "POST /api/profile/media/sign": (401, 201, 201, 201, 201, 201, 403),
    # Without a picture; after who may, which is asked first.
    "PUT /api/profile/media/{media_id}/content": (401, 415, 415, 415, 415, 415, 403),
    "POST /api/profile/media/{media_id}/crop": ELSEWHERE,
    "GET /api/profile/media/{media_id}": ELSEWHERE,
    "DELETE /api/profile/media/{purpose}": (401, 204, 204, 204, 204, 204, 403),
    "GET /api/profile/media/{media_id}/{file}": everybody(404),
    "GET /api/moderation/media": (401, 403, 403, 403, 403, 200, 403),
    "POST /api/moderation/media/{media_id}": (401, 403, 403, 403, 403, 404, 403),
    "GET /": everybody(200),
    "GET /about": everybody(200),
    "GET /api/docs": everybody(200),
    "GET /api/openapi.json": everybody(200),
}
BODIES = {
    "POST /api/auth/login": {"user": "x", "password": "y"},
    "POST /api/auth/openid": {"access_token": "x", "matrix_server_name": "hs.test"},
    "POST /api/auth/register": {"name": "x", "password": "long enough"},
    "POST /api/auth/setup": {"token": "x", "name": "x", "password": "long enough"},
    "POST /api/friends/{request_id}/respond": {"action": "accept"},
    "PATCH /api/friends/{id}": {"message": "mine now"},
    "PATCH /api/me/settings": {},
    "PUT /api/profile/{user}": {"bio": "mine now"},
    "PUT /api/v1/rooms/{room}/mute": {"muted": True},
    "POST /api/v1/rooms/{room}/read": {"event_id": "$event"},
    "POST /api/v1/rooms/{room}/messages": {"text": "hi", "txn_id": "one"},
    "PUT /api/v1/rooms/{room}/messages/{event}": {"text": "hi"},
    "PUT /api/v1/rooms/{room}/typing": {"typing": True},
    "PATCH /api/dm/conversations/{conversation}": {"name": "mine now"},
    "POST /api/dm/conversations/{conversation}/participants": {"user_id": "somebody"},
    "POST /api/dm/conversations/{conversation}/hand-over": {"user_id": "somebody"},
    "POST /api/me/erasure": {"password": "sesame-1"},
    "POST /api/me/quick-replies": {"title": "x", "text": "y"},
    "PATCH /api/me/quick-replies/{reply_id}": {"title": "mine now"},
    "POST /api/profile/media/sign": {"purpose": "avatar", "mime_type": "image/png", "size": 9},
    "POST /api/profile/media/{media_id}/crop": {"x": 0, "y": 0, "width": 512, "height": 512},
    "POST /api/moderation/media/{media_id}": {"verdict": "approve"},
    "POST /api/listings": {"title": "x"},
    "PATCH /api/listings/{listing_id}": {"title": "mine now"},
    "PUT /api/profile/{user}/showcase": {"collection": "servers_joined", "cards": []},
    "POST /api/saved-searches": {"name": "x", "query": {}},
    "PATCH /api/saved-searches/{search_id}": {"name": "mine now"},
}
QUERIES = {
    "PUT /api/profile/media/{media_id}/content": f"?expires=1&signature={'0' * 64}",
    "GET /api/places": "?q=os",
    "GET /api/me/showcase/candidates": "?collection=servers_joined",
    "GET /api/v1/previews": "?url=http%3A%2F%2F127.0.0.1%2F",
    "GET /api/v1/rooms/{room}/search": "?q=hi",
    "GET /api/v1/search": "?q=hi",
    "GET /api/people/search": "?q=third",
    "GET /api/people/search/facets": "?q=third",
    "GET /api/v1/rooms/{room}/media/{server}/{media}": "?event=%24none",
    "GET /api/v1/rooms/{room}/media/{server}/{media}/thumbnail": "?event=%24none",
}
NUMBERS = itertools.count(1)


def key(route: AnyRoute) -> str:
    path = "/assets" if route.path.startswith("/assets/") else route.path
    return f"{route.method} {path}"


class World:
    """One target and one caller who stands to them in one way, all fresh."""

    def __init__(self, door: Door) -> None:
        self.door = door
        number = next(NUMBERS)
        self.target = door.person(f"target{number}")
        self.third = door.person(f"third{number}")
        self.name = f"caller{number}"
        self.request = self.conversation = self.quick_reply = self.listing = self.search = ""
        self.export = ""

    async def caller(self, kind: str) -> Person | None:
        await self.door.befriend(self.target, self.third)
        talk = await self.target.post(
            "/api/dm/conversations", {"participants": [self.third.user_id]}
        )
        self.conversation = talk.body["id"]
        kept = await self.target.post("/api/me/quick-replies", {"title": "own", "text": "own"})
        self.quick_reply = kept.body["id"]
        listing = await self.target.post("/api/listings", {"title": "own"})
        self.listing = listing.body["id"]
        search = await self.target.post("/api/saved-searches", {"name": "own", "query": {}})
        self.search = search.body["id"]
        self.export = (await self.target.post("/api/me/exports")).body["id"]
        other = self.door.person(f"{self.name}x")
        asked = await self.target.post(f"/api/profile/{other.user_id}/friend-request")
        self.request = asked.body["id"]
        if kind == "anonymous":
            return None
        caller = self.door.person(self.name, server="far.test" if kind == "remote" else None)
        await caller.get("/api/me")
        if kind == "friend":
            await self.door.befriend(caller, self.target)
        elif kind == "blocked":
            await self.target.post(f"/api/profile/{caller.user_id}/block")
        elif kind == "blocker":
            await caller.post(f"/api/profile/{self.target.user_id}/block")
        elif kind == "admin":
            await self.door.sql(
                "INSERT INTO staff (user_id, role) VALUES (%(who)s, 'admin')", who=caller.user_id
            )
        return caller

    def path(self, route: AnyRoute) -> str:
        meant = route.means.get("id", "id")
        values = {
            "user": self.target.user_id,
            "request_id": self.request,
            "reply_id": self.quick_reply,
            "listing_id": self.listing,
            "search_id": self.search,
            "export_id": self.export,
            "conversation": self.conversation,
            "server": "hs.test",
            "media": "picture",
            "room": self.conversation,
            "upload_id": str(UUID(int=0)),
            "preview_id": str(UUID(int=0)),
            "media_id": str(UUID(int=0)),
            "purpose": "avatar",
            "file": "512.webp",
            "token": "nobodys",
            "event": "$event",
            "key": "%F0%9F%91%8D",
        }
        return route.path.format_map({**values, "id": values.get(meant)})


@pytest.fixture
async def closed_door(database: Database) -> AsyncIterator[Door]:
    async with open_door(database.url) as opened:
        yield opened


async def test_every_route_stands_in_the_table(closed_door: Door) -> None:
    routes = {key(route) for route in closed_door.routes} - {"GET /assets"}
    assert routes == set(EXPECTED)
    assert all(route.summary and route.access for route in closed_door.routes)


@pytest.mark.parametrize("kind", CALLERS)
async def test_every_route_answers_as_it_must(closed_door: Door, kind: str) -> None:
    wrong: list[str] = []
    reading = World(closed_door)
    reader = await reading.caller(kind)
    # Reading changes nothing, so one world does for all of it; it comes first.
    for route in sorted(closed_door.routes, key=lambda one: one.unsafe):
        expected = EXPECTED.get(key(route), everybody(200))[CALLERS.index(kind)]
        world, caller = reading, reader
        if route.unsafe and "{" in route.path + str(BODIES.get(key(route), "{")):
            world = World(closed_door)
            caller = await world.caller(kind)
        body: object = BODIES.get(key(route))
        if key(route) == "POST /api/dm/conversations":
            body = {"participants": [world.target.user_id]}
        if key(route) == "POST /api/dm/messages":
            body = {"user_id": world.target.user_id, "text": "hi", "txn_id": "one"}
        path = world.path(route) + QUERIES.get(key(route), "")
        answer = (
            await caller.ask(route.method, path, body)
            if caller
            else await closed_door.ask(route.method, path, body)
        )
        if answer.status != expected:
            wrong.append(f"{key(route)} as {kind}: {answer.status}, not {expected}: {answer.text}")
        if route.tag and answer.status != 503:
            assert answer.status in (*route.answers, 400, 401, 403, 404, 409, 415, 429)
        if kind == "blocked" and route.tag and "block" in answer.text.lower():
            wrong.append(f"{key(route)} tells the blocked person: {answer.text}")
        # What only the target may know of: their waiting request, their talk, who else they know.
        secrets = (world.request, world.conversation, world.name + "x")
        if any(secret in answer.text for secret in secrets):
            wrong.append(f"{key(route)} as {kind} leaks: {answer.text}")
        if kind != "friend" and route.path != "/metrics" and world.third.user_id in answer.text:
            wrong.append(f"{key(route)} as {kind} tells a friend of the target: {answer.text}")
    assert not wrong, "\n".join(wrong)
