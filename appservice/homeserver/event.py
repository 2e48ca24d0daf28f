# SPDX-License-Identifier: AGPL-3.0-or-later
"""One accepted event, whichever way it came. Pure: JSON in, checked fields out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_USER_ID = re.compile(r"@[^\x00-\x20]+:[^\x00-\x20]+")
_MAX_ID = 255
_MAX_TYPE = 255
_MAX_TS = 2**53
LATE = "social.kith.late"
"""Key of an event in the inbox that was found afterwards: newer ones may be applied already."""


class MalformedError(ValueError):
    """The event cannot be applied; the message names the field."""


@dataclass(frozen=True, slots=True)
class Event:
    """What the projections need of an event.

    Attributes:
        ordering: Synapse's stream position; on a foreign Synapse, whose positions nobody tells,
            its time in ms, which orders a local server's events well enough.
        state_key: None for what is not state.
        content: empty for a soft-failed or redacted event; such an event counts for nothing.
        late: it was not pushed in its turn but found afterwards.
    """

    event_id: str
    room_id: str
    sender: str
    type: str
    state_key: str | None
    content: Mapping[str, Any]
    ts: int
    ordering: int
    late: bool = False

    @classmethod
    def parse(cls, body: Mapping[str, Any], ordering: int | None = None) -> "Event":
        """Check the fields of a client-format event.

        Raises:
            MalformedError: a field is absent or of the wrong kind.
        """
        state_key = body.get("state_key")
        content = body.get("content")
        if body.get("type") == "m.room.redaction" and isinstance(content, Mapping):
            # Before room version 11 it stood beside the content.
            content = {**_redacts(body), **content}
        ts = body.get("origin_server_ts")
        if not isinstance(ts, int) or isinstance(ts, bool) or abs(ts) > _MAX_TS:
            raise MalformedError("origin_server_ts")
        return cls(
            event_id=_text(body, "event_id"),
            room_id=_text(body, "room_id"),
            sender=_user(body),
            type=_text(body, "type", _MAX_TYPE),
            state_key=state_key if isinstance(state_key, str) else None,
            content=content if isinstance(content, Mapping) else {},
            ts=ts,
            ordering=ts if ordering is None else ordering,
            late=body.get(LATE) is True,
        )

    @property
    def placed(self) -> bool:
        """Whether `ordering` is a position and not the time in place of one."""
        return self.ordering != self.ts

    def text(self, key: str) -> str | None:
        """A text of the content; None when absent or anything else."""
        value = self.content.get(key)
        return value if isinstance(value, str) else None

    def group(self, key: str) -> Mapping[str, Any]:
        """A mapping of the content; empty when absent or anything else."""
        value = self.content.get(key)
        return value if isinstance(value, Mapping) else {}


def is_user_id(value: object) -> bool:
    """Whether a table of people takes the value as a key."""
    return isinstance(value, str) and len(value) <= _MAX_ID and bool(_USER_ID.fullmatch(value))


def _text(body: Mapping[str, Any], key: str, longest: int = _MAX_ID) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value or len(value) > longest or "\0" in value:
        raise MalformedError(key)
    return value


def _redacts(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"redacts": body["redacts"]} if "redacts" in body else {}


def _user(body: Mapping[str, Any]) -> str:
    value = body.get("sender")
    if not is_user_id(value):
        raise MalformedError("sender")
    return str(value)
