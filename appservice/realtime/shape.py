# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an accepted event to the frame that tells of it. Pure.

What an event points at (the message of an edit, the event of a redaction) is handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from appservice.homeserver.event import Event
from appservice.messages import model
from appservice.people.faces import Face
from appservice.realtime import frames
from appservice.realtime.envelope import Envelope
from appservice.registry.talk import thread_root
from appservice.text import one_line

_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Target:
    """An event that another one points at, as far as Kith knows it."""

    room_id: str
    sender: str
    type: str
    ts: int = 0
    position: int | None = None
    thread_root: str | None = None
    relates_to: str | None = None
    reaction_key: str | None = None


def points_at(event: Event) -> str | None:
    """The event that decides what this one means, if there is one."""
    if event.type == "m.room.redaction":
        return event.text("redacts")
    relates = event.group("m.relates_to")
    target = relates.get("event_id")
    edits = event.type in model.MESSAGES and relates.get("rel_type") == "m.replace"
    return target if edits and isinstance(target, str) else None


def envelope(
    event: Event,
    targets: Mapping[str, Target],
    faces: Mapping[str, Face] = MappingProxyType({}),
    *,
    position: int | None,
    previous: int | None = None,
) -> Envelope:
    """The event with its frame, or without one when there is nothing to show.

    Args:
        event: what was accepted.
        targets: what it points at, as far as that is known.
        faces: names and avatars of its sender.
        position: where it stands in its room.
        previous: where the room's event before it stands.
    """
    frame = _frame(event, targets, faces, position)
    return Envelope(
        body=frames.encoded(frame) if frame else b"",
        position=position,
        previous=previous,
        # Who is blocked is not read; what they do to the room, and removals, everybody must know.
        sender="" if event.state_key is not None or _removes(frame) else event.sender,
        subject=_subject(event),
    )


def _removes(frame: frames.Frame | None) -> bool:
    return isinstance(frame, frames.MessageRedacted | frames.ReactionRemoved)


def _subject(event: Event) -> tuple[str, str] | None:
    membership = event.text("membership")
    if event.type != "m.room.member" or not event.state_key or membership is None:
        return None
    return event.state_key, membership


def _frame(
    event: Event,
    targets: Mapping[str, Target],
    faces: Mapping[str, Face],
    position: int | None,
) -> frames.RoomFrame | None:
    base: dict[str, object] = {
        "room_id": event.room_id,
        "position": position,
        "event_id": event.event_id,
        "sender": event.sender,
        "ts": event.ts,
    }
    if event.state_key is not None:
        return _state(event, base)
    if event.type == "m.room.redaction":
        return _redaction(event, targets, base)
    # Soft-failed and removed events come without content; they are nobody's business.
    if not event.content:
        return None
    if event.type == "m.reaction":
        return _reaction(event, base)
    if event.type in model.MESSAGES:
        return _message(event, targets, faces, base)
    values = {"type": event.type, "content": event.content}
    return frames.EventNew.model_validate({**base, **values})


def _state(event: Event, base: dict[str, object]) -> frames.RoomFrame | None:
    if event.type != "m.room.member":
        values = {"type": event.type, "state_key": event.state_key, "content": event.content}
        return frames.RoomChanged.model_validate({**base, **values})
    subject = _subject(event)
    if subject is None:
        return None
    return frames.MemberChanged.model_validate(
        {
            **base,
            "user_id": subject[0],
            "membership": subject[1],
            "display_name": _line(event.text("displayname")),
            "avatar_url": _line(event.text("avatar_url")),
            "reason": _line(event.text("reason")),
        }
    )


def _line(text: str | None) -> str | None:
    return one_line(text) or None if text else None


def _redaction(
    event: Event, targets: Mapping[str, Target], base: dict[str, object]
) -> frames.RoomFrame | None:
    target = event.text("redacts")
    if target is None:
        return None
    known = targets.get(target)
    if known is not None and known.room_id != event.room_id:
        return None
    if known is not None and known.type == "m.reaction":
        of = {"message": known.relates_to, "key": known.reaction_key}
        return frames.ReactionRemoved.model_validate({**base, "target": target, **of})
    reason = _line(event.text("reason"))
    return frames.MessageRedacted.model_validate({**base, "target": target, "reason": reason})


def _reaction(event: Event, base: dict[str, object]) -> frames.RoomFrame | None:
    relates = event.group("m.relates_to")
    target, key = relates.get("event_id"), relates.get("key")
    if not isinstance(target, str) or not isinstance(key, str) or not key:
        return None
    values = {"target": target, "key": one_line(key, _LONGEST_KEY)}
    return frames.ReactionAdded.model_validate({**base, **values})


def _message(
    event: Event,
    targets: Mapping[str, Target],
    faces: Mapping[str, Face],
    base: dict[str, object],
) -> frames.RoomFrame | None:
    encrypted = event.type == "m.room.encrypted"
    target = points_at(event)
    if target is not None:
        known = targets.get(target)
        # Only its sender edits a message (spec 11.21.2); a homeserver lets any edit pass.
        if known is None or known.sender != event.sender or known.room_id != event.room_id:
            return None
        new = {} if encrypted else event.group("m.new_content")
        if not new and not encrypted:
            return None
        shown = model.message(
            _as_edited(event, target, known, new or event.content), faces, position=known.position
        )
        return frames.MessageEdited.model_validate(
            {
                **base,
                "target": target,
                "content": new,
                "message": shown.model_copy(update={"edited_at": event.ts}),
            }
        )
    reply = event.group("m.relates_to").get("m.in_reply_to")
    reply_to = reply.get("event_id") if isinstance(reply, Mapping) else None
    position = base["position"]
    return frames.MessageNew.model_validate(
        {
            **base,
            "type": event.type,
            "content": {} if encrypted else event.content,
            "encrypted": encrypted,
            "thread_root": thread_root(event),
            "reply_to": reply_to if isinstance(reply_to, str) else None,
            "message": model.message(
                _as_json(event), faces, position=position if isinstance(position, int) else None
            ),
        }
    )


def _as_json(event: Event) -> dict[str, object]:
    return {
        "event_id": event.event_id,
        "room_id": event.room_id,
        "sender": event.sender,
        "type": event.type,
        "content": event.content,
        "origin_server_ts": event.ts,
    }


def _as_edited(
    event: Event, target: str, known: Target, new: Mapping[str, object]
) -> dict[str, object]:
    thread = {"rel_type": "m.thread", "event_id": known.thread_root}
    return {
        **_as_json(event),
        "event_id": target,
        "origin_server_ts": known.ts,
        "content": {**new, "m.relates_to": thread if known.thread_root else {}},
    }
