# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names messages have on `/ws/community/dm/<id>/` (M4): the same frames, another `event`."""

import json
from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "message:new": "dm_message:new",
    "message:edited": "dm_message:edited",
    "message:redacted": "dm_message:redacted",
}


def renamed(body: bytes) -> bytes:
    """A frame as those sockets get it; any other frame stays what it is."""
    # Not by the models: a process of a newer version may have published fields unknown here.
    frame = json.loads(body)
    event = frame.get("event")
    name = NAMES.get(event) if isinstance(event, str) else None
    if name is None:
        return body
    return json.dumps({**frame, "event": name}, ensure_ascii=False, separators=(",", ":")).encode()
