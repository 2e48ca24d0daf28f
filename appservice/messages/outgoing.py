# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Kith's own clients send, as Matrix content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from appservice.errors import NotFound
from appservice.messages.asked import Mentions
from appservice.messages.markup import formatted
from appservice.text import many_lines
from schema.events import TXN_ID

Content = dict[str, Any]
_HTML = "org.matrix.custom.html"


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that is answered, as the sender sees it."""

    event_id: str
    sender: str


def text(typed: str, *, emote: bool, longest_html: int) -> Content:
    """A text message; formatted only when that says more."""
    body = many_lines(typed)
    content: Content = {"msgtype": "m.emote" if emote else "m.text", "body": body}
    html = formatted(body)
    if html is not None and len(html.encode()) <= longest_html:
        content |= {"format": _HTML, "formatted_body": html}
    return content


def captioned(file: Mapping[str, Any], caption: str, *, longest_html: int) -> Content:
    """A file with its caption; without one the body is the file's name (spec 11.2.1.7)."""
    if not caption.strip():
        return {**file, "body": file["filename"]}
    words = text(caption, emote=False, longest_html=longest_html)
    del words["msgtype"]
    return {**file, **words}


def meant(mentions: Mentions, *more: str, me: str) -> Content:
    """`m.mentions`, always set: without it old clients and push rules read names in the text."""
    users = [user for user in dict.fromkeys((*mentions.users, *more)) if user != me]
    found: Content = {}
    if users:
        found["user_ids"] = users
    if mentions.room:
        found["room"] = True
    return found


def related(answered: Answered | None, thread_root: str | None, latest: str | None) -> Content:
    """`m.relates_to` of a reply, of a message in a thread, or of both.

    Args:
        answered: what is answered.
        thread_root: the thread it belongs to.
        latest: the thread's last event, which clients without threads show as answered.
    """
    if thread_root is None:
        return {"m.in_reply_to": {"event_id": answered.event_id}} if answered else {}
    target = answered.event_id if answered else latest or thread_root
    return {
        "rel_type": "m.thread",
        "event_id": thread_root,
        "is_falling_back": answered is None,
        "m.in_reply_to": {"event_id": target},
    }


def new(content: Content, mentions: Content, relation: Content, txn_id: str) -> Content:
    """A whole message."""
    whole = {**content, "m.mentions": mentions, TXN_ID: txn_id}
    return {**whole, "m.relates_to": relation} if relation else whole


def edit(event_id: str, content: Content, mentions: Content, before: Iterable[str]) -> Content:
    """The replacement of a message's content.

    Outside stand only the people newly meant: nobody is called twice (spec 11.20.1, m.mentions).
    """
    known = frozenset(before)
    added = [user for user in mentions.get("user_ids", ()) if user not in known]
    outside: Content = {**content, "body": f"* {content['body']}"}
    if "formatted_body" in content:
        outside["formatted_body"] = f"* {content['formatted_body']}"
    return {
        **outside,
        "m.mentions": {"user_ids": added} if added else {},
        "m.new_content": {**content, "m.mentions": mentions},
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


class Uploads(Protocol):
    """Files that were uploaded before they are sent."""

    async def content(self, me: str, upload_id: str) -> Mapping[str, Any]:
        """The Matrix content of one: ``msgtype``, ``filename``, ``url``, ``info``.

        Raises:
            NotFound: there is none of this person.
        """


class NoUploads:
    """Knows no files."""

    async def content(self, me: str, upload_id: str) -> Mapping[str, Any]:
        """None is there."""
        del me, upload_id
        raise NotFound
