# SPDX-License-Identifier: AGPL-3.0-or-later
"""The app's types are made from `web/openapi.json`, which must say what the API says.

After a change of the API: `KITH_WRITE=1 ./kith test tests/appservice/web/test_description.py`,
then `npm run types` in `web/`.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from stack.templates import ROOT
from tests.support.door import Door

PLACE: Path = ROOT / "web" / "openapi.json"
USED = {
    "Conversations",
    "Friends",
    "Listings",
    "Media",
    "Messages",
    "People",
    "Privacy",
    "Profiles",
    "Quick replies",
    "Rooms",
    "Real time",
    "Sign-in",
}
"""The parts of the API that the app uses; others may change without it."""


def used(document: dict[str, Any]) -> dict[str, Any]:
    """The description without what the app does not use, or where and when it was made."""
    paths = {
        path: operations
        for path, operations in document["paths"].items()
        if any(set(one["tags"]) & USED for one in operations.values())
    }
    schemas = document["components"]["schemas"]
    reached: set[str] = set()
    waiting = _references(paths)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= _references(schemas[name])
    return {
        "openapi": document["openapi"],
        "info": {**document["info"], "version": "0"},
        "paths": paths,
        "components": {"schemas": {name: schemas[name] for name in reached}},
    }


def _references(part: object) -> set[str]:
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))


def committed(current: str) -> str:
    """What is committed; the current description in its place when that was asked for."""
    if os.environ.get("KITH_WRITE"):
        PLACE.write_text(current, "utf-8")
    return PLACE.read_text("utf-8")


async def test_the_apps_types_are_those_of_the_api(door: Door) -> None:
    document = used((await door.ask("GET", "/api/openapi.json")).body)
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    assert committed(text) == text
