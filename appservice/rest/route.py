# SPDX-License-Identifier: AGPL-3.0-or-later
"""One declaration a route: what aiohttp, validation, authorisation and OpenAPI are made from."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from appservice.errors import Unauthenticated
from appservice.rest.access import Access, Caller
from appservice.rest.codes import Code
from policy.ids import UserId
from policy.reason import Reason

_ROOMS = "/api/v1/rooms"
_COMMUNITY = "/api/v1/community/rooms"
BodyT = TypeVar("BodyT")
QueryT = TypeVar("QueryT")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests within `seconds`, counted for each person, else each address."""

    count: int
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a status its route declares, a model, perhaps cookies to set."""

    body: BaseModel | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    set_cookie: str | None = None
    """A whole Set-Cookie value."""


@dataclass(frozen=True, slots=True)
class Call(Generic[BodyT, QueryT]):
    """One authorised, validated request."""

    request: web.Request
    caller: Caller | None
    path: Mapping[str, Any]
    body: BodyT
    query: QueryT

    @property
    def who(self) -> Caller:
        """The caller of a route that is not public."""
        if self.caller is None:
            raise Unauthenticated
        return self.caller

    @property
    def me(self) -> UserId:
        """The caller's user id."""
        return self.who.user_id

    @property
    def user(self) -> UserId:
        """The person named in the path."""
        return UserId(self.path["user"])

    def uuid(self, name: str) -> UUID:
        """An id named in the path."""
        value = self.path[name]
        if not isinstance(value, UUID):
            raise TypeError(f"{name} is not declared as an id")
        return value


Handler = Callable[[Call[BodyT, QueryT]], Awaitable[Reply | web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Generic[BodyT, QueryT]):
    """One method of one path.

    Attributes:
        method: HTTP method.
        path: with ``{user}`` for a person, ``{…_id}`` for a UUID, anything else as text.
        means: what a placeholder named otherwise stands for: one of those names.
        access: who may call it.
        summary: one line for the API page.
        handler: what it does.
        tag: group on the API page; empty keeps a page of the web out of the API description.
        answers: model of each good status; None is an empty body.
        reasons: refusals beyond those every route has.
        body: model of the body; None takes none.
        body_optional: an absent body means the model's defaults.
        file: name of the one file of a `multipart/form-data` body, which the handler reads.
        raw: MIME types of a body that the handler reads as it is.
        query: model of the query string; None takes none.
        limit: beyond the general one.
        timeout: seconds until the request is given up.
        description: more for the API page.
        aliases: further paths to the same; those of `/api/v1/community/rooms` come by themselves.
    """

    method: str
    path: str
    access: Access
    summary: str
    handler: Handler[BodyT, QueryT]
    tag: str = ""
    answers: Mapping[int, type[BaseModel] | None] = field(default_factory=dict)
    reasons: tuple[Reason | Code, ...] = ()
    body: type[BodyT] | None = None
    body_optional: bool = False
    file: str | None = None
    raw: tuple[str, ...] = ()
    query: type[QueryT] | None = None
    limit: Limit | None = None
    timeout: float = 15.0
    means: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every path, the described one first (D30)."""
        if not self.path.startswith(_ROOMS):
            return (self.path, *self.aliases)
        return (self.path, _COMMUNITY + self.path.removeprefix(_ROOMS), *self.aliases)

    @property
    def unsafe(self) -> bool:
        """Whether the method changes something, so that a cookie alone does not do."""
        return self.method not in ("GET", "HEAD")

    @property
    def name(self) -> str:
        """Stable name, the OpenAPI operation id."""
        words = self.path.removeprefix("/api/").replace("{", "").replace("}", "")
        return f"{self.method.lower()}_{words.replace('/', '_').replace('-', '_')}"


AnyRoute = Route[Any, Any]
