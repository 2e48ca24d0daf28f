# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the readable API page shows, taken out of the OpenAPI description and the route table."""

from collections.abc import Iterable
from typing import Any

from appservice.rest.codes import Code
from appservice.rest.openapi import refusals
from appservice.rest.route import AnyRoute
from policy.reason import Reason

Json = dict[str, Any]
_TYPES = {"integer": "number", "number": "number", "boolean": "true/false", "string": "text"}


def view(document: Json, routes: Iterable[AnyRoute]) -> Json:
    """Values for the template: groups of routes and the table of codes."""
    listed = [route for route in routes if route.tag]
    schemas = document["components"]["schemas"]
    groups: dict[str, list[Json]] = {}
    for route in listed:
        operation = document["paths"][route.path][route.method.lower()]
        groups.setdefault(route.tag, []).append(_route(route, operation, schemas))
    used = {code for route in listed for found in refusals(route).values() for code in found}
    return {
        "groups": [
            {"name": name, "anchor": "tag-" + name.lower().replace(" ", "-"), "routes": found}
            for name, found in groups.items()
        ],
        "codes": sorted(map(_code, used), key=lambda code: (code["code"], code["status"])),
    }


def _code(code: Reason | Code) -> Json:
    return {"code": code.code, "status": code.status, "sentence": code.sentence}


def _route(route: AnyRoute, operation: Json, schemas: Json) -> Json:
    return {
        "name": route.name,
        "method": route.method,
        "path": route.path,
        "summary": route.summary,
        "description": route.description,
        "access": route.access.value,
        "inputs": [*_parameters(operation), *_body(operation, schemas)],
        "answers": [_answer(status, operation, schemas) for status in route.answers],
        "codes": [_code(code) for found in refusals(route).values() for code in found],
    }


def _parameters(operation: Json) -> list[Json]:
    return [
        {
            "name": parameter["name"],
            "place": parameter["in"],
            "required": parameter["required"],
            "type": _type(parameter["schema"]),
            "meaning": parameter.get("description", ""),
        }
        for parameter in operation["parameters"]
    ]


def _body(operation: Json, schemas: Json) -> list[Json]:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return []
    return [
        {**field, "place": "body"}
        for field in _fields(next(iter(content.values()))["schema"], schemas)
    ]


def _answer(status: int, operation: Json, schemas: Json) -> Json:
    answer = operation["responses"][str(status)]
    content = answer.get("content", {}).get("application/json")
    return {
        "status": status,
        "meaning": answer["description"],
        "fields": _fields(content["schema"], schemas) if content else [],
    }


def _resolved(schema: Json, schemas: Json) -> Json:
    found: Json = schemas[_name(schema)] if "$ref" in schema else schema
    return found


def _name(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _fields(schema: Json, schemas: Json) -> list[Json]:
    shape = _resolved(schema, schemas)
    required = shape.get("required", [])
    return [
        {
            "name": name,
            "required": name in required,
            "type": _type(field),
            "meaning": field.get("description", ""),
        }
        for name, field in shape.get("properties", {}).items()
    ]


def _type(schema: Json) -> str:
    if "$ref" in schema:
        return _name(schema).removesuffix("Model")
    if "anyOf" in schema:
        options = [_type(option) for option in schema["anyOf"] if option.get("type") != "null"]
        return " or ".join(options) + (" or null" if len(options) < len(schema["anyOf"]) else "")
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return _plain(schema)


def _plain(schema: Json) -> str:
    choices = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if choices:
        return " | ".join(map(str, choices))
    kind = str(schema.get("type"))
    text = str(schema.get("format") or _TYPES.get(kind, kind))
    longest = schema.get("maxLength")
    return f"{text}, at most {longest}" if longest else text
