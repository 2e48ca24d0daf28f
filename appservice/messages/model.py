# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an event to the message it is. Pure; what strangers sent may have any shape.

What depends on the reader (reactions, thread, pins, the excerpt of a reply) is filled in later.
"""

import re
from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import quote

from appservice.messages.wire import (
    AttachmentModel,
    Kind,
    MentionsModel,
    MessageModel,
    ReplyModel,
    ThreadModel,
)
from appservice.people.faces import NOBODY, Face
from appservice.text import many_lines, one_line
from policy.ids import parse_user_id
from policy.message import is_reply, without_fallback
from schema.events import TXN_ID

POLLS = frozenset({"m.poll.start", "org.matrix.msc3381.poll.start"})
MESSAGES = frozenset({"m.room.message", "m.sticker", "m.room.encrypted"}) | POLLS
FILES = frozenset({"image", "file", "audio", "video", "sticker"})
_LONGEST_BODY = 20_000
_LONGEST_HTML = 40_000
_LONGEST_NAME = 255
_LARGEST = 2**53
_MXC = re.compile(r"mxc://([A-Za-z0-9.\-:\[\]]{1,255})/([A-Za-z0-9_\-]{1,255})")
_KINDS = frozenset(get_args(Kind))
_QUOTATION = re.compile(r"^\s*<mx-reply>.*?</mx-reply>", re.DOTALL)

Json = Mapping[str, Any]


def message(
    event: Json,
    faces: Mapping[str, Face],
    *,
    room_id: str | None = None,
    position: int | None = None,
) -> MessageModel:
    """The message an event is.

    Args:
        event: in the client format, of a type in `MESSAGES`; an edit is bundled as the homeserver
            does it.
        faces: names and avatars of people known.
        room_id: when the event does not name it.
        position: where it stands in the room's order.
    """
    room = room_id or str(event.get("room_id", ""))
    event_id = str(event.get("event_id", ""))
    sender = str(event.get("sender", ""))
    original = _group(event, "content")
    edit = edit_of(event)
    shown = _group(_group(edit, "content"), "m.new_content") if edit else original
    face = faces.get(sender, NOBODY)
    kind = _kind(event, shown)
    replies = is_reply(original)
    deleted = not original
    return MessageModel(
        event_id=event_id,
        room_id=room,
        position=position,
        sender=sender,
        sender_name=face.name,
        sender_avatar=face.avatar,
        ts=_number(event, "origin_server_ts") or 0,
        kind=kind,
        body=_body(shown, kind, reply=replies),
        formatted_body=_html(shown, kind),
        attachment=_attachment(shown, room, event_id) if kind in FILES and not deleted else None,
        txn_id=_line(original.get(TXN_ID), 64),
        mentions=_mentions(shown),
        reply_to=_reply(original) if replies else None,
        thread_root=relation(original, "m.thread"),
        edited_at=_number(edit, "origin_server_ts") if edit else None,
        deleted=deleted,
        thread=_thread(event),
    )


def relation(content: Json, kind: str) -> str | None:
    """The event that a content relates to in this way."""
    relates = _group(content, "m.relates_to")
    target = relates.get("event_id")
    return target if relates.get("rel_type") == kind and isinstance(target, str) else None


def edit_of(event: Json) -> Json | None:
    """The newest edit bundled with an event, if its sender made it (spec 11.21.2)."""
    edit = _group(_group(_group(event, "unsigned"), "m.relations"), "m.replace")
    same = edit.get("sender") == event.get("sender") and edit.get("type") == event.get("type")
    new = _group(_group(edit, "content"), "m.new_content")
    return edit if same and new and event.get("content") else None


def edited(event: Json, new: Json) -> Json:
    """The event as it reads with an edit's content in its place."""
    edit = {
        "type": event.get("type"),
        "sender": event.get("sender"),
        "origin_server_ts": new.get("origin_server_ts"),
        "content": new.get("content"),
    }
    return {**event, "unsigned": {"m.relations": {"m.replace": edit}}}


def latest_in_thread(event: Json) -> str | None:
    """The last event of the thread below a message, as the homeserver bundles it."""
    thread = _group(_group(_group(event, "unsigned"), "m.relations"), "m.thread")
    return _text(_group(thread, "latest_event").get("event_id"))


def excerpt(found: MessageModel, longest: int = 140) -> str:
    """A line about a message, for a reply or a list."""
    text = found.body or (found.attachment.name if found.attachment else "")
    return one_line(text, longest)


def _group(value: Json | None, key: str) -> Json:
    found = value.get(key) if value else None
    return found if isinstance(found, Mapping) else {}


def _number(value: Json, key: str) -> int | None:
    found = value.get(key)
    good = isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found < _LARGEST
    return int(found) if good and found is not None else None


def _line(value: object, longest: int = _LONGEST_NAME) -> str | None:
    return one_line(value, longest) or None if isinstance(value, str) else None


def _kind(event: Json, content: Json) -> Kind:
    kind = event.get("type")
    if kind == "m.room.encrypted":
        return "encrypted"
    if kind == "m.sticker":
        return "sticker"
    if kind in POLLS:
        return "poll"
    sort = str(content.get("msgtype", "")).removeprefix("m.")
    if not content:
        return "text"
    return sort if sort in _KINDS - {"sticker", "poll", "encrypted", "other"} else "other"  # type: ignore[return-value]


def _body(content: Json, kind: Kind, *, reply: bool) -> str:
    body = content.get("body")
    if kind == "encrypted":
        return ""
    if kind == "poll":
        body = _question(content) or body
    if not isinstance(body, str):
        return ""
    if kind in FILES and kind != "sticker" and not _captioned(content):
        # Without a name of its own the body is the file's (spec 11.2.1.7).
        return ""
    text = without_fallback(body) if reply else body
    return many_lines(text[:_LONGEST_BODY])


def _captioned(content: Json) -> bool:
    name = content.get("filename")
    return isinstance(name, str) and name != content.get("body")


def _question(content: Json) -> str | None:
    poll = _group(content, "m.poll") or _group(content, "org.matrix.msc3381.poll.start")
    question = _group(poll, "question")
    texts = question.get("m.text")
    if isinstance(texts, list) and texts and isinstance(texts[0], Mapping):
        return _text(texts[0].get("body"))
    return _text(question.get("org.matrix.msc1767.text")) or _text(question.get("body"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _html(content: Json, kind: Kind) -> str | None:
    html = content.get("formatted_body")
    plain = content.get("format") != "org.matrix.custom.html" or kind == "encrypted"
    if plain or not isinstance(html, str) or len(html) > _LONGEST_HTML:
        return None
    if kind in FILES and not _captioned(content):
        return None
    return _QUOTATION.sub("", html) or None


def _attachment(content: Json, room_id: str, event_id: str) -> AttachmentModel | None:
    info = _group(content, "info")
    name = _line(content.get("filename")) or _line(content.get("body")) or "file"
    return AttachmentModel(
        name=name,
        mime_type=_line(info.get("mimetype"), 100),
        size=_number(info, "size"),
        width=_number(info, "w"),
        height=_number(info, "h"),
        blurhash=_line(info.get("xyz.amorgan.blurhash"), 100),
        duration_ms=_number(info, "duration"),
        url=media_url(content.get("url"), room_id, event_id),
        thumbnail_url=_small(content, info, room_id, event_id),
    )


def media_url(mxc: object, room_id: str, event_id: str, form: str = "") -> str | None:
    """Where this origin gives out a file; None for what is no `mxc://` address.

    The address names the message, for who may see that may have the file.
    """
    found = _MXC.fullmatch(mxc) if isinstance(mxc, str) else None
    if found is None:
        return None
    room = quote(room_id, safe="")
    path = f"/api/v1/rooms/{room}/media/{quote(found[1], safe='')}/{found[2]}{form}"
    return f"{path}?event={quote(event_id, safe='')}"


def _small(content: Json, info: Json, room_id: str, event_id: str) -> str | None:
    own = media_url(info.get("thumbnail_url"), room_id, event_id)
    kind = info.get("mimetype")
    if own is not None or not isinstance(kind, str) or not kind.startswith("image/"):
        return own
    whole = media_url(content.get("url"), room_id, event_id, "/thumbnail")
    return f"{whole}&width=800&height=600" if whole else None


def _mentions(content: Json) -> MentionsModel:
    mentions = _group(content, "m.mentions")
    users = mentions.get("user_ids")
    named = [user for user in users if _is_user(user)] if isinstance(users, list) else []
    return MentionsModel(users=list(dict.fromkeys(named))[:50], room=mentions.get("room") is True)


def _is_user(value: object) -> bool:
    return isinstance(value, str) and parse_user_id(value) == value


def _reply(content: Json) -> ReplyModel | None:
    relates = _group(content, "m.relates_to")
    target = _group(relates, "m.in_reply_to").get("event_id")
    # In a thread, clients that know none are told to answer the last message (spec 11.21.4).
    pretended = relates.get("rel_type") == "m.thread" and relates.get("is_falling_back") is True
    if not isinstance(target, str) or not target or pretended:
        return None
    return ReplyModel(event_id=target)


def _thread(event: Json) -> ThreadModel | None:
    found = _group(_group(_group(event, "unsigned"), "m.relations"), "m.thread")
    count = _number(found, "count")
    if not count:
        return None
    latest = _group(found, "latest_event")
    return ThreadModel(
        count=count,
        latest_ts=_number(latest, "origin_server_ts"),
        latest_sender=_text(latest.get("sender")),
        participated=found.get("current_user_participated") is True,
    )
