# SPDX-License-Identifier: AGPL-3.0-or-later
"""The OpenAPI 3.1 description, made from the route table alone."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.dispatch import CSRF_HEADER
from appservice.rest.route import AnyRoute
from appservice.rest.wire import ErrorBody
from policy.reason import Reason

_REF = "#/components/schemas/{model}"
_PLACE = re.compile(r"\{(\w+)\}")
_PERSON = "A Matrix user id (percent-encoded), or the bare name of somebody here."
COOKIE = "kith_session"

Json = dict[str, Any]


def describe(routes: Iterable[AnyRoute], *, title: str, version: str, origin: str) -> Json:
    """The whole document.

    Args:
        routes: the table; routes without a tag are pages and left out.
        title: name of the API.
        version: version of this Kith.
        origin: public address.
    """
    listed = [route for route in routes if route.tag]
    schemas, references = _schemas(listed)
    paths: dict[str, Json] = defaultdict(dict)
    for route in listed:
        paths[route.path][route.method.lower()] = _operation(route, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "license": _LICENSE},
        "servers": [{"url": origin}],
        "paths": dict(paths),
        "components": {"schemas": schemas, "securitySchemes": _SECURITY},
    }


_LICENSE = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}
_SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"Set by signing in. Unsafe methods also need the header {CSRF_HEADER}.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A Matrix access token of this homeserver, or a session token.",
    },
}
_Mode = Literal["validation", "serialization"]


def _schemas(routes: Sequence[AnyRoute]) -> tuple[Json, dict[tuple[type, _Mode], Json]]:
    wanted: dict[tuple[type[BaseModel], _Mode], None] = {(ErrorBody, "serialization"): None}
    for route in routes:
        for model in route.answers.values():
            if model is not None:
                wanted[model, "serialization"] = None
        if route.body is not None:
            wanted[route.body, "validation"] = None
    references, document = models_json_schema(list(wanted), ref_template=_REF)
    return document.get("$defs", {}), dict(references)


def _operation(route: AnyRoute, references: dict[tuple[type, _Mode], Json]) -> Json:
    operation: Json = {
        "operationId": route.name,
        "summary": route.summary,
        "description": "\n\n".join(filter(None, [route.description, route.access.value])),
        "tags": [route.tag],
        "x-kith-access": route.access.name.lower(),
        "parameters": _parameters(route),
        "responses": _responses(route, references),
        "security": [] if route.access is Access.PUBLIC else [{"session": []}, {"bearer": []}],
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": not route.body_optional,
            "content": {"application/json": {"schema": references[route.body, "validation"]}},
        }
    if route.file is not None:
        operation["requestBody"] = {"required": True, "content": _form(route.file)}
    if route.raw:
        binary = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(route.raw, binary)}
    return operation


def _form(name: str) -> Json:
    schema = {
        "type": "object",
        "properties": {name: {"type": "string", "format": "binary"}},
        "required": [name],
        "additionalProperties": False,
    }
    return {"multipart/form-data": {"schema": schema}}


def _parameters(route: AnyRoute) -> list[Json]:
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, **_place(route.means.get(name, name))}
        for name in _PLACE.findall(route.path)
    ]
    if route.query is not None:
        schema = route.query.model_json_schema(ref_template=_REF)
        required = schema.get("required", [])
        for name, field in schema["properties"].items():
            plain = _inlined(field, schema.get("$defs", {}))
            text = plain.pop("description", "")
            found.append(
                {"name": name, "in": "query", "required": name in required, "schema": plain}
                | ({"description": text} if text else {})
            )
    return found


def _inlined(field: Json, definitions: Json) -> Json:
    """A query field's schema without references and without null: absent is how to say nothing."""
    if "$ref" in field:
        rest = {key: value for key, value in field.items() if key != "$ref"}
        return {**definitions[field["$ref"].rpartition("/")[2]], **rest}
    options = [option for option in field.get("anyOf", []) if option.get("type") != "null"]
    if len(options) == 1:
        rest = {key: value for key, value in field.items() if key not in ("anyOf", "default")}
        return {**_inlined(options[0], definitions), **rest}
    return dict(field)


def _place(name: str) -> Json:
    if name == "user":
        schema: Json = {"type": "string", "minLength": 1, "maxLength": 255}
        return {"schema": schema, "description": _PERSON, "example": "alice"}
    if name.endswith("_id"):
        return {"schema": {"type": "string", "format": "uuid"}}
    return {"schema": {"type": "string", "minLength": 1, "maxLength": 255}}


def refusals(route: AnyRoute) -> dict[int, list[Reason | Code]]:
    """All refusals of a route by status: those it declares and those every such route has."""
    found: list[Reason | Code] = [Code.INVALID, Code.TOO_MANY_REQUESTS]
    if route.access is not Access.PUBLIC:
        found.append(Code.UNAUTHENTICATED)
    if route.access is Access.LOCAL:
        found.append(Code.LOCAL_ONLY)
    if route.access is Access.STAFF:
        found.append(Code.FORBIDDEN)
    if route.unsafe:
        found.append(Code.CSRF)
    if route.body is not None:
        found += [Code.BAD_JSON, Code.TOO_LARGE, Code.UNSUPPORTED_TYPE]
    if route.file is not None or route.raw:
        found += [Code.TOO_LARGE, Code.UNSUPPORTED_TYPE]
    if _PLACE.search(route.path):
        found.append(Reason.NOT_FOUND)
    found += [*route.reasons, Code.DATABASE_UNAVAILABLE, Code.HOMESERVER_UNAVAILABLE, Code.TIMEOUT]
    by_status: dict[int, list[Reason | Code]] = defaultdict(list)
    for reason in dict.fromkeys(found):
        by_status[reason.status].append(reason)
    return dict(sorted(by_status.items()))


def _responses(route: AnyRoute, references: dict[tuple[type, _Mode], Json]) -> Json:
    found: Json = {}
    for status, model in sorted(route.answers.items()):
        answer: Json = {"description": "Done." if model is None else _summary(model)}
        if model is not None:
            schema = references[model, "serialization"]
            answer["content"] = {"application/json": {"schema": schema}}
        found[str(status)] = answer
    for status, reasons in refusals(route).items():
        codes = [reason.code for reason in reasons]
        narrowed = {"properties": {"error": {"properties": {"code": {"enum": codes}}}}}
        error = references[ErrorBody, "serialization"]
        found[str(status)] = {
            "description": "\n".join(f"- `{r.code}`: {r.sentence}" for r in reasons),
            "content": {"application/json": {"schema": {"allOf": [error, narrowed]}}},
        }
    return found


def _summary(model: type[BaseModel]) -> str:
    return (model.__doc__ or model.__name__).strip().partition("\n")[0]
