# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the bot says. Everything people wrote is put on one line without tricks before. Pure."""

from collections.abc import Sequence
from datetime import datetime

from appservice.bot.store import Named
from appservice.text import one_line

HELP = """\
I look after friendship here. Write to me in this conversation, or "!kith …" in any room:
friends — your friends
requests — friend requests that wait
befriend @name:server [a few words] — ask somebody to be your friend
accept [@name:server] · decline [@name:server] — answer a request
unfriend @name:server · block @name:server · unblock @name:server
dm everyone | connections | following | none — who may start a conversation with you
keep my account — call off its deletion, while it waits
slowmode <seconds> | off — for staff, in the room it is written in"""

KEPT = "Your account stays, and your profile is as it was. Nothing was deleted."
NOT_ENDING = "Your account stays: it is not going to be deleted."

_LONGEST_NAME = 60
_LONGEST_NOTE = 140
_LONGEST_TITLE = 120
_LONGEST_REASON = 300


def who(person: Named) -> str:
    """Name and Matrix id; a name alone could be anybody's."""
    name = one_line(person.display_name or "", _LONGEST_NAME)
    return f"{name} ({person.user_id})" if name else person.user_id


def friends(found: Sequence[Named]) -> str:
    """The list of friends."""
    if not found:
        return 'You have no friends here yet. Ask somebody with "befriend @name:server".'
    return "Your friends:\n" + "\n".join(f"• {who(person)}" for person in found)


def requests(received: Sequence[Named], sent: Sequence[Named]) -> str:
    """The list of requests."""
    parts = [
        "\n".join([title, *(f"• {who(person)}{_note(person)}" for person in found)])
        for title, found in (("Waiting for your answer:", received), ("You asked:", sent))
        if found
    ]
    return "\n".join(parts) or "No friend request is waiting."


def prompt(requester: Named) -> str:
    """A request brought to its recipient."""
    return (
        f"{who(requester)} would like to be your friend{_note(requester)}.\n"
        f'React with ✅ or ❌, or write "accept {requester.user_id}" '
        f'or "decline {requester.user_id}".'
    )


def accepted(friend: Named) -> str:
    """Told to whoever asked."""
    return f"{who(friend)} accepted your friend request. You can talk to each other now."


def profile(note: str, field: str, why: str) -> str:
    """What became of something written into the Matrix profile.

    Args:
        note: ``reverted``, ``hidden``, ``opened`` or ``placed``.
        field: which, of `policy.visibility.Field`.
        why: the sentence of the rule that took it back.
    """
    name = field.replace("_", " ")
    if note == "reverted":
        return f"Your {name} could not stay as you set it in a Matrix client: {why}"
    if note == "hidden":
        return (
            f"Your profile is hidden, so I took back the {name} you set in a Matrix client:"
            " everybody could have read it there."
        )
    if note == "placed":
        return (
            f"The file of the {name} you set in a Matrix client says where it was taken. I put a"
            " copy that does not in its place, here and in Matrix. Your file itself is still on"
            " the homeserver, under its old address, until an administrator deletes it."
        )
    return (
        f"You set your {name} in a Matrix client, where everybody can read it, so it is public"
        " now. Who may see it can be chosen in your profile here."
    )


def erasure(note: str, at: datetime, page: str) -> str:
    """That an account is to be deleted, and how to keep it; or that it stays.

    Args:
        note: ``asked``, by the person; ``operator``, who was asked outside; or ``cancelled``.
        at: when it will be deleted, in UTC.
        page: where it can be cancelled.
    """
    if note == "cancelled":
        return KEPT
    begun = "You asked for your account to be deleted."
    if note == "operator":
        begun = "The operator of this server was asked to delete your account."
    return (
        f"{begun} That happens on {at:%Y-%m-%d} at {at:%H:%M} UTC; until then your profile is"
        ' hidden. To keep your account, answer "keep my account", or sign in and cancel at'
        f" {page}. If it was not you who asked: cancel it, and change your password at once."
    )


def listing_closed(title: str, reason: str | None, page: str) -> str:
    """Told to whoever sells what staff has closed.

    Args:
        title: of the listing.
        reason: what the moderator wrote.
        page: where its seller reads it.
    """
    why = one_line(reason or "", _LONGEST_REASON)
    return (
        f"A moderator has closed your listing “{one_line(title, _LONGEST_TITLE)}”"
        f"{f': “{why}”' if why else ''}. It cannot be opened again; you still see it at {page}."
    )


def _note(person: Named) -> str:
    note = one_line(person.note or "", _LONGEST_NOTE)
    return f": “{note}”" if note else ""
