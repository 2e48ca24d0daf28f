# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opaque positions in lists: where the next page goes on, by key and never by count."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from appservice.errors import KithError
from appservice.rest.codes import Code

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a position whose key alone counts."""

_LAST = datetime(9999, 1, 1, tzinfo=UTC)
_MAX_KEY = 255
_NUMBER = re.compile("[0-9]{1,19}")
_NO_BIGINT = 2**63
_TOKEN = re.compile(r"[!-~]{1,250}")


@dataclass(frozen=True, slots=True)
class Position:
    """After the row made at `at` whose key is `key`, in a list that runs from new to old."""

    at: datetime
    key: str


def encode(position: Position) -> str:
    """The position as the text given out."""
    micros = (position.at - EPOCH) // timedelta(microseconds=1)
    text = json.dumps([micros, position.key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(text: str | None) -> Position | None:
    """The position a client sent back; None for the first page.

    A position holds no secret and gives no right: it is only checked for its form.

    Raises:
        KithError: `invalid`, when it is none of ours.
    """
    if text is None:
        return None
    try:
        return _read(text)
    except (ValueError, TypeError, OverflowError, OSError, RecursionError):
        raise _not_a_cursor() from None


def decode_id(text: str | None) -> Position | None:
    """As `decode`, for lists whose keys are UUIDs."""
    found = decode(text)
    try:
        return found and Position(found.at, str(UUID(found.key)))
    except ValueError:
        raise _not_a_cursor() from None


def encode_rank(rank: int, key: str) -> str:
    """The position behind a row of that rank, in a list sorted by a whole number from 0."""
    return encode(Position(EPOCH + timedelta(microseconds=rank), key))


def decode_rank(text: str | None) -> tuple[int, str] | None:
    """As `decode`, for such a list: the rank, at most 2**31 - 1, and the key."""
    found = decode(text)
    if found is None:
        return None
    rank = (found.at - EPOCH) // timedelta(microseconds=1)
    if rank >= 2**31:
        raise _not_a_cursor()
    return rank, found.key


def decode_number(text: str | None) -> Position | None:
    """As `decode`, for lists whose keys are numbers a database counted up."""
    found = decode(text)
    if found is None or (_NUMBER.fullmatch(found.key) and int(found.key) < _NO_BIGINT):
        return found
    raise _not_a_cursor()


def encode_token(way: str, token: str) -> str:
    """A position that the homeserver gave, for a list that it keeps."""
    text = json.dumps([way, token], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_token(way: str, text: str | None, field: str = "cursor") -> str | None:
    """The homeserver's own position; None for the first page.

    Raises:
        KithError: `invalid`, when it is none of ours, or of another list.
    """
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        found = json.loads(base64.b64decode(padded.encode("ascii"), b"-_", validate=True))
        said, token = found
    except (ValueError, TypeError, RecursionError):
        raise _not_a_cursor(field) from None
    if said != way or not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise _not_a_cursor(field)
    return token


def bounds(after: Position | None, first_key: str = "") -> dict[str, Any]:
    """Parameters ``at`` and ``key`` of a page's statement.

    The first page is after "infinity": so the comparison stays plain, and an index answers it
    however far down the page lies.
    """
    if after is None:
        return {"at": "infinity", "key": first_key}
    return {"at": after.at, "key": after.key}


def _not_a_cursor(field: str = "cursor") -> KithError:
    return Code.INVALID.error(fields=[{"field": field, "problem": "not a cursor"}])


def _read(text: str) -> Position:
    padded = text + "=" * (-len(text) % 4)
    micros, key = json.loads(base64.b64decode(padded.encode("ascii"), b"-_", validate=True))
    if type(micros) is not int or not isinstance(key, str) or not key.isprintable():
        raise ValueError("not a position")
    at = EPOCH + timedelta(microseconds=micros)
    if not EPOCH <= at < _LAST or len(key) > _MAX_KEY:
        raise ValueError("not a position")
    return Position(at, key)
