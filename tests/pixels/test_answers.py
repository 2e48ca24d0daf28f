# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the screens are shown with is what the API says it answers, to the last field."""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from appservice.realtime import described
from stack.templates import ROOT
from tests.pixels import tape

API = ROOT / "web" / "openapi.json"
ANSWERS = [(who, key) for who in tape.people() for key in tape.load(who).answers]
FRAMES = [(who, name) for who in tape.people() for name in tape.load(who).frames]


@cache
def kept(who: str) -> tape.Tape:
    return tape.load(who)


@cache
def api() -> dict[str, Any]:
    found: dict[str, Any] = _closed(json.loads(API.read_text("utf-8")))
    return found


def _closed(schema: Any, *, part: bool = False) -> Any:
    """The schema, in which a model has no field it does not name; parts of an `allOf` may."""
    if isinstance(schema, list):
        return [_closed(one, part=part) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(one, part=part or name == "allOf") for name, one in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and not part:
        made.setdefault("additionalProperties", False)
    return made


def _fitting(template: str, path: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path.rstrip("/")))


def _operation(method: str, path: str) -> dict[str, Any]:
    """What is said of a question; of two that fit, the one with fewer parameters."""
    fitting = [
        (template.count("{"), operations[method])
        for template, operations in api()["paths"].items()
        if method in operations and _fitting(template, path)
    ]
    assert fitting, f"{method} {path} is not in {API.name}"
    return min(fitting, key=lambda one: one[0])[1]


def _fits(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> None:
    # References are looked up from the root.
    problems = list(Draft202012Validator({**root, **schema}).iter_errors(value))
    assert not problems, "\n".join(
        f"{'/'.join(map(str, one.absolute_path))}: {one.message[:300]}" for one in problems[:5]
    )


@pytest.mark.parametrize(("who", "key"), ANSWERS)
def test_a_recorded_answer_is_one_the_api_gives(who: str, key: str) -> None:
    answer = kept(who).answers[key]
    method, _, address = key.partition(" ")
    said = _operation(method.lower(), urlsplit(address).path)["responses"][str(answer.status)]
    if answer.file:
        assert (tape.FOLDER / "files" / answer.file).stat().st_size
        assert answer.kind.startswith("image/")
        return
    content = said.get("content", {}).get("application/json")
    if content is None:
        assert answer.body is None
        return
    _fits(content["schema"], answer.body, {"components": api()["components"]})


@pytest.mark.parametrize(("who", "name"), FRAMES)
def test_a_recorded_frame_is_one_the_gateway_sends(who: str, name: str) -> None:
    frame = kept(who).frames[name]
    schema = _closed(described.schema())
    _fits({"$ref": f"#/$defs/{_model(schema, frame['event'])}"}, frame, {"$defs": schema["$defs"]})


def _model(schema: dict[str, Any], event: str) -> str:
    where = str(schema["discriminator"]["mapping"][event])
    return where.removeprefix("#/$defs/")


def test_an_answer_that_is_not_as_described_is_found() -> None:
    right = kept("alice").answers["GET /api/auth/session"].body
    said = _operation("get", "/api/auth/session")["responses"]["200"]
    schema = said["content"]["application/json"]["schema"]
    root = {"components": api()["components"]}
    for wrong in ({**right, "more": 1}, {"user": right["user"]} if len(right) > 1 else {}):
        with pytest.raises(AssertionError):
            _fits(schema, wrong, root)


def test_every_file_belongs_to_an_answer() -> None:
    named = {answer.file for who in tape.people() for answer in kept(who).answers.values()}
    assert {path.name for path in (tape.FOLDER / "files").iterdir()} == named - {""}
