# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a state event to the row that tells of it in a history. Pure."""

from collections.abc import Mapping
from typing import Any

from appservice.messages.wire import SystemRow, What
from appservice.people.faces import NOBODY, Face
from appservice.text import one_line

KINDS = (
    "m.room.create",
    "m.room.encryption",
    "m.room.member",
    "m.room.name",
    "m.room.pinned_events",
    "m.room.tombstone",
    "m.room.topic",
)
_PLAIN: Mapping[str, tuple[What, str | None]] = {
    "m.room.create": ("created", None),
    "m.room.encryption": ("encrypted", None),
    "m.room.name": ("renamed", "name"),
    "m.room.pinned_events": ("pinned", None),
    "m.room.tombstone": ("other", "body"),
    "m.room.topic": ("topic", "topic"),
}
_LONGEST = 500


def row(
    event: Mapping[str, Any], faces: Mapping[str, Face], position: int | None = None
) -> SystemRow | None:
    """What a state event says; None when it is nothing to tell of (a new name or avatar)."""
    content = event.get("content")
    content = content if isinstance(content, Mapping) else {}
    kind = str(event.get("type"))
    subject: str | None = None
    if kind == "m.room.member":
        subject = str(event.get("state_key", ""))
        what = _member(event, content)
        text = _line(content.get("reason"))
    else:
        found = _PLAIN.get(kind)
        what, key = found or (None, None)
        text = _line(content.get(key)) if key else None
    if what is None:
        return None
    sender = str(event.get("sender", ""))
    ts = event.get("origin_server_ts")
    return SystemRow(
        event_id=str(event.get("event_id", "")),
        position=position,
        ts=ts if isinstance(ts, int) else 0,
        sender=sender,
        sender_name=faces.get(sender, NOBODY).name,
        what=what,
        subject=subject,
        subject_name=faces.get(subject, NOBODY).name if subject else None,
        text=text,
    )


def _member(event: Mapping[str, Any], content: Mapping[str, Any]) -> What | None:
    unsigned = event.get("unsigned")
    before = unsigned.get("prev_content") if isinstance(unsigned, Mapping) else None
    was = before.get("membership") if isinstance(before, Mapping) else None
    now, own = content.get("membership"), event.get("sender") == event.get("state_key")
    if now == "leave":
        if was == "ban":
            return "other"
        return "left" if own else "removed"
    told: Mapping[object, What] = {"join": "joined", "invite": "invited", "ban": "banned"}
    return told.get(now) if now != was else None


def _line(value: object) -> str | None:
    return one_line(value, _LONGEST) or None if isinstance(value, str) else None
