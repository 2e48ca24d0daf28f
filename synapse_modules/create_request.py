# SPDX-License-Identifier: AGPL-3.0-or-later
"""The body of a createRoom: checked, read, and written back in the form Kith wants.

Decides nothing about people; knows the shape of the request only.
"""

from dataclasses import dataclass
from typing import Any

from policy.groups import without_ranks
from policy.limits import Rules
from policy.rooms import STAMP, Room, RoomKind, may_set_state
from policy.verdict import ALLOW, Deny, Verdict
from schema.events import REMOTE_INVITES
from synapse_modules.answers import bad_request

_MORE_CREATORS = "additional_creators"
_ADMIN, _ABOVE = 100, 1_000
_MOST_INVITEES = 100
"""People one createRoom may invite; each is a question to the database."""

# Element asks for guest access in every room, and guests need an invite like everybody.
_HARMLESS = frozenset({"m.room.guest_access", "m.room.canonical_alias"})


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A createRoom with its parts of the right types.

    Attributes:
        body: the request itself, changed by `normalise`.
        invitees: whom it brings, each once, the creator left out.
    """

    body: dict[str, Any]
    invitees: tuple[str, ...]

    @classmethod
    def read(cls, body: dict[str, Any], creator: str) -> "CreateRequest":
        """Check what Kith relies on; Synapse checks the rest.

        Raises:
            SynapseError: 400 for a part of a wrong type.
        """
        content = body.setdefault("creation_content", {})
        if not isinstance(content, dict):
            raise bad_request("creation_content must be an object")
        for key in ("invite_3pid", "initial_state"):
            if not isinstance(body.get(key) or [], list):
                raise bad_request(f"{key} must be a list")
        invite = body.get("invite") or []
        if not isinstance(invite, list) or not all(_is_user_id(entry) for entry in invite):
            raise bad_request("invite must be a list of Matrix user ids")
        if len(invite) > _MOST_INVITEES:
            raise bad_request(f"createRoom invites at most {_MOST_INVITEES} people at once")
        people = tuple(dict.fromkeys(entry for entry in invite if entry != creator))
        return cls(body, people)

    def normalise(self, kind: RoomKind, *, remote_invites: bool) -> None:
        """Write Kith's marks over whatever the client put there."""
        content = self.body["creation_content"]
        content[STAMP] = kind.value
        content.pop(REMOTE_INVITES, None)
        if remote_invites:
            content[REMOTE_INVITES] = True
        # Only Synapse's own upgrade makes a successor: a claim would carry kind and people over.
        content.pop("predecessor", None)
        if "invite" in self.body:
            self.body["invite"] = list(self.invitees)

    def lead(self, creator: str, service_user: str, *, creators_rule: bool) -> None:
        """Let a group have one admin, and leave Kith a key with which the role passes on (D16).

        The key is power without membership: the service user is asked in only when the admin has
        left.

        Args:
            creator: who makes the room, its first admin.
            service_user: who keeps the key.
            creators_rule: whether creators stand above all levels (room version 12 on).
        """
        content = self.body["creation_content"]
        content.pop(_MORE_CREATORS, None)
        if self.body.get("preset") == "trusted_private_chat":
            # Only in that it makes everybody invited an admin does it differ from the other.
            self.body["preset"] = "private_chat"
        wishes = self.body.get("power_level_content_override") or {}
        if not isinstance(wishes, dict):
            raise bad_request("power_level_content_override must be an object")
        levels = without_ranks(wishes)
        if creators_rule:
            content[_MORE_CREATORS] = [service_user]
        else:
            levels["users"] = {creator: _ADMIN, service_user: _ABOVE}
        self.body["power_level_content_override"] = levels
        if self.body.get("initial_state"):
            self.body["initial_state"] = [
                event
                for event in self.body["initial_state"]
                if event.get("type") != "m.room.power_levels"
            ]


def initial_state(room: Room, body: dict[str, Any], rules: Rules) -> Verdict:
    """Whether `initial_state` keeps the shape of a room of that kind.

    Synapse writes these events without asking about each (probes 3.2).
    """
    for event in body.get("initial_state") or []:
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise bad_request("initial_state must be a list of events")
        content = event.get("content")
        if not isinstance(content, dict):
            raise bad_request("initial_state must be a list of events with content")
        if event["type"] in _HARMLESS or event.get("state_key", "") != "":
            continue
        verdict = may_set_state(room, event["type"], content, rules)
        if isinstance(verdict, Deny):
            return verdict
    return ALLOW


def _is_user_id(entry: Any) -> bool:
    return isinstance(entry, str) and entry.startswith("@") and ":" in entry
