# SPDX-License-Identifier: AGPL-3.0-or-later
"""What kind of talk an event is: counted, a command, an answer to the bot. Pure (D19)."""

from typing import NamedTuple

from appservice.homeserver.event import Event
from appservice.text import one_line, storable_text
from schema.events import TXN_ID

PREFIX = "!kith"
_LONGEST_COMMAND = 1000
_LONGEST_ID = 255
_LONGEST_KEY = 64
_POLLS = frozenset({"m.poll.start", "org.matrix.msc3381.poll.start"})
_MESSAGES = frozenset({"m.room.message", "m.sticker"}) | _POLLS
_ACTIVE = _MESSAGES | {"m.room.encrypted"}


class Relation(NamedTuple):
    """How an event relates to another, as it is stored."""

    kind: str | None
    target: str | None
    key: str | None = None


def relation(event: Event) -> Relation:
    """The relation a message or reaction has; of state it means nothing."""
    relates = event.group("m.relates_to")
    if not relates or event.state_key is not None:
        return Relation(None, None)
    key = relates.get("key") if event.type == "m.reaction" else None
    return Relation(
        _storable(relates.get("rel_type")),
        _storable(relates.get("event_id")),
        one_line(key, _LONGEST_KEY) if isinstance(key, str) else None,
    )


def txn_id(event: Event) -> str | None:
    """What the sending client called it."""
    return _storable(event.content.get(TXN_ID), _LONGEST_KEY)


def _storable(value: object, longest: int = _LONGEST_ID) -> str | None:
    good = isinstance(value, str) and len(value) <= longest
    return storable_text(value) if good and isinstance(value, str) else None


def thread_root(event: Event) -> str | None:
    """The thread an event belongs to."""
    found = relation(event)
    return found.target if found.kind == "m.thread" else None


def edits(event: Event) -> bool:
    """Whether it replaces another event."""
    return relation(event).kind == "m.replace"


def active(event: Event) -> bool:
    """Whether it makes the day one on which its sender took part."""
    return event.type in _ACTIVE and bool(event.content)


def accepted(event: Event) -> bool:
    """Whether it is an accepted message, the room permitting: no edit, no notice, not empty."""
    return (
        event.type in _MESSAGES
        and bool(event.content)
        and event.text("msgtype") != "m.notice"
        and relation(event).kind != "m.replace"
    )


def plain_text(event: Event) -> str | None:
    """What somebody typed; None for anything a program sends or that is not text."""
    body = event.text("body")
    typed = event.type == "m.room.message" and event.text("msgtype") == "m.text"
    if not typed or body is None or relation(event).kind == "m.replace":
        return None
    return body[:_LONGEST_COMMAND]


def command(event: Event) -> str | None:
    """The words after ``!kith``; None when it is no command."""
    text = (plain_text(event) or "").strip()
    word, _, rest = text.partition(" ")
    return rest.strip() if word.lower() == PREFIX else None


def answered(event: Event) -> tuple[str, str] | None:
    """The event it answers and with what: the key of a reaction, or the text of a reply."""
    relates = event.group("m.relates_to")
    if event.type == "m.reaction":
        target, key = relation(event).target, relates.get("key")
        return (target, key[:32]) if target and isinstance(key, str) else None
    reply = relates.get("m.in_reply_to")
    target = reply.get("event_id") if isinstance(reply, dict) else None
    text = plain_text(event)
    return (target, _unquoted(text)) if isinstance(target, str) and text is not None else None


def _unquoted(text: str) -> str:
    """Without the quotation older clients put before a reply (spec 11.20.1)."""
    lines = text.split("\n")
    while lines and (lines[0].startswith("> ") or lines[0] == ">"):
        lines.pop(0)
    return "\n".join(lines).strip()
