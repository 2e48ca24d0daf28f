# SPDX-License-Identifier: AGPL-3.0-or-later
"""The declarations of the endpoints of messages."""

from typing import TYPE_CHECKING

from appservice.messages import asked, wire
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Limit, Route
from policy.reason import Reason

if TYPE_CHECKING:
    from appservice.messages.routes import MessageRoutes

_TAG = "Messages"
_ROOM = "/api/v1/rooms/{room}"
_ONE = f"{_ROOM}/messages/{{event}}"
_JUDGED = (
    Reason.READ_ONLY,
    Reason.FRIENDSHIP_REQUIRED,
    Reason.REQUEST_PENDING,
    Reason.REQUEST_RECEIVED,
    Reason.DM_POLICY,
    Reason.BLOCKED,
    Reason.RATE_LIMIT,
    Code.HOMESERVER_REFUSED,
    Reason.RULES_UNAVAILABLE,
)
_SENT = (Reason.TOO_LONG, Reason.SLOW_MODE, *_JUDGED)
_SENDS = Limit(120, 60)


def table(handlers: "MessageRoutes") -> list[AnyRoute]:
    """All of them."""
    return [*_reading(handlers), *_writing(handlers), *_reacting(handlers)]


def _reading(handlers: "MessageRoutes") -> list[AnyRoute]:
    return [
        Route(
            method="GET",
            path=f"{_ROOM}/messages",
            access=Access.LOCAL,
            tag=_TAG,
            summary="A room's history",
            description=(
                "The newest rows, or those before or after a cursor, around an event, or of one"
                " thread. Edits are in their messages; deleted ones stay as `deleted`."
            ),
            query=asked.HistoryQuery,
            answers={200: wire.HistoryModel},
            handler=handlers.history,
        ),
        Route(
            method="GET",
            path=_ONE,
            access=Access.LOCAL,
            tag=_TAG,
            summary="One message",
            answers={200: wire.MessageModel},
            handler=handlers.show,
        ),
        Route(
            method="GET",
            path=f"{_ONE}/reactions",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Who reacted to a message, and how",
            query=asked.PartQuery,
            answers={200: wire.ReactorsModel},
            handler=handlers.reactors,
        ),
        Route(
            method="GET",
            path=f"{_ROOM}/threads",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Messages with a thread, the one with the newest reply first",
            query=asked.PartQuery,
            answers={200: wire.MessagesModel},
            handler=handlers.threads,
        ),
        Route(
            method="GET",
            path=f"{_ROOM}/pins",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Pinned messages, the newest pin first",
            answers={200: wire.MessagesModel},
            reasons=(Code.HOMESERVER_REFUSED,),
            handler=handlers.pins,
        ),
        Route(
            method="GET",
            path=f"{_ROOM}/search",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Messages of a room by words, sender, time or file, newest first",
            description="Encrypted messages are never found: nobody here can read them.",
            query=asked.SearchQuery,
            answers={200: wire.MessagesModel},
            limit=Limit(60, 60),
            handler=handlers.search,
        ),
        Route(
            method="GET",
            path="/api/v1/search",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Messages of all rooms you are in, newest first",
            description=(
                "By words, and by sender, time, file or link among what has them; without words"
                " only in a `room`. A short page with a cursor goes on. Encrypted messages are"
                " never found."
            ),
            query=asked.SearchAllQuery,
            answers={200: wire.FoundMessagesModel},
            limit=Limit(60, 60),
            timeout=30.0,
            handler=handlers.search_all,
        ),
    ]


def _writing(handlers: "MessageRoutes") -> list[AnyRoute]:
    return [
        Route(
            method="POST",
            path=f"{_ROOM}/messages",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Send a message",
            description="Accepted by the homeserver before this answers. 429 says when to go on.",
            body=asked.Send,
            answers={201: wire.MessageModel},
            reasons=_SENT,
            limit=_SENDS,
            handler=handlers.send,
        ),
        Route(
            method="POST",
            path="/api/dm/messages",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Send a message into a conversation, or to a person",
            description="With `user_id` the 1:1 is opened first, with the 409s of opening one.",
            body=asked.SendDirect,
            answers={201: wire.MessageModel},
            reasons=(
                *_SENT,
                Reason.SELF,
                Reason.NOT_FOUND,
                Reason.CREATION_SUSPENDED,
                Reason.BOT_NOT_ASKED,
                Reason.INVITE_REQUIRED,
                Code.FRIENDSHIP_REQUIRED,
                Code.REQUEST_PENDING,
                Code.REQUEST_RECEIVED,
            ),
            limit=_SENDS,
            timeout=60.0,
            handler=handlers.send_direct,
        ),
        Route(
            method="PUT",
            path=_ONE,
            access=Access.LOCAL,
            tag=_TAG,
            summary="Edit one of your messages",
            body=asked.Edit,
            answers={200: wire.MessageModel},
            reasons=(Code.FORBIDDEN, Reason.TOO_LONG, *_JUDGED),
            handler=handlers.edit,
        ),
        Route(
            method="DELETE",
            path=_ONE,
            access=Access.LOCAL,
            tag=_TAG,
            summary="Delete a message: your own, or as a moderator",
            query=asked.ReasonQuery,
            answers={204: None},
            reasons=_JUDGED,
            handler=handlers.delete,
        ),
        Route(
            method="PUT",
            path=f"{_ROOM}/typing",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Say that you type (for six seconds), or stopped",
            body=asked.TypingState,
            answers={204: None},
            reasons=(Code.HOMESERVER_REFUSED,),
            handler=handlers.type,
        ),
    ]


def _reacting(handlers: "MessageRoutes") -> list[AnyRoute]:
    return [
        Route(
            method="PUT",
            path=f"{_ONE}/reactions/{{key}}",
            access=Access.LOCAL,
            tag=_TAG,
            summary="React to a message; doing it again changes nothing",
            answers={200: wire.MessageModel},
            reasons=_JUDGED,
            handler=handlers.react,
        ),
        Route(
            method="DELETE",
            path=f"{_ONE}/reactions/{{key}}",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Take a reaction back",
            answers={204: None},
            reasons=_JUDGED,
            handler=handlers.unreact,
        ),
        Route(
            method="PUT",
            path=f"{_ROOM}/pins/{{event}}",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Pin a message",
            answers={204: None},
            reasons=(Code.TOO_MANY_PINS, *_JUDGED),
            handler=handlers.pin,
        ),
        Route(
            method="DELETE",
            path=f"{_ROOM}/pins/{{event}}",
            access=Access.LOCAL,
            tag=_TAG,
            summary="Unpin a message",
            answers={204: None},
            reasons=_JUDGED,
            handler=handlers.unpin,
        ),
    ]
