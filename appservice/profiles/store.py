# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of profiles: one statement for all that a reader needs, one for a change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from appservice.database import Database, Transaction
from policy.visibility import Field

# Somebody without a row in `profiles` has the defaults of everything.
_ROW = """
SELECT p.user_id, p.local, p.kind, p.trust, p.display_name, p.avatar_url,
       p.connections_visibility, s.role, f.bio, f.gender, f.pronouns, f.city, f.country_code,
       f.place_id, coalesce(f.interests, '[]'), f.timezone, f.banner_mxc, f.avatar_media,
       f.banner_media, coalesce(f.hidden, false), coalesce(f.visibility, '{}'),
       coalesce(f.onboarding, '{}'), coalesce(f.revision, 0), coalesce(f.showcase_config, '{}'),
       EXISTS (SELECT FROM friendships WHERE user_id = %(viewer)s AND friend_id = p.user_id)
FROM people p LEFT JOIN profiles f USING (user_id) LEFT JOIN staff s USING (user_id)
WHERE p.user_id = %(user_id)s AND p.deactivated_at IS NULL
"""

COLUMNS = (
    *("bio", "gender", "pronouns", "city", "country_code", "place_id", "timezone", "hidden"),
    *("interests", "visibility", "onboarding"),
)
"""What a change may write."""
_JSON = frozenset({"interests", "visibility", "onboarding"})

_ENSURE = """
INSERT INTO profiles (user_id, updated_at) VALUES (%(user_id)s, %(now)s) ON CONFLICT DO NOTHING
"""
_PERSON = """
UPDATE people SET display_name = coalesce(%(display_name)s, display_name),
  connections_visibility = coalesce(%(connections)s, connections_visibility)
WHERE user_id = %(user_id)s
"""


_UNTOLD: Mapping[str, str] = {
    Field.AVATAR: """UPDATE people SET avatar_url = NULL WHERE user_id = %(user_id)s
      AND EXISTS (SELECT FROM profile_media WHERE user_id = %(user_id)s AND purpose = 'avatar')""",
    Field.BANNER: """UPDATE profiles SET banner_mxc = NULL WHERE user_id = %(user_id)s
      AND EXISTS (SELECT FROM profile_media WHERE user_id = %(user_id)s AND purpose = 'banner')""",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Everything kept about a profile, before anybody's rights are asked."""

    user_id: str
    local: bool
    kind: str
    trust: int
    display_name: str | None
    avatar_url: str | None
    connections: str
    staff: str | None
    bio: str | None
    gender: str | None
    pronouns: str | None
    city: str | None
    country_code: str | None
    place_id: int | None
    interests: Sequence[Mapping[str, str]]
    timezone: str | None
    banner_mxc: str | None
    avatar_media: UUID | None
    banner_media: UUID | None
    hidden: bool
    visibility: Mapping[str, str]
    onboarding: Mapping[str, Any]
    revision: int
    showcase: Mapping[str, Sequence[str]]
    friend: bool

    @property
    def settings(self) -> Mapping[str, str]:
        """The levels set by the owner, with the one that `people` keeps."""
        return {**self.visibility, Field.CONNECTIONS: self.connections}


async def tell_no_address(tx: Transaction, user_id: str, name: str) -> None:
    """Tell nobody the address at the homeserver of an ``avatar`` or ``banner`` any more.

    One that nobody has looked at yet stays: it is all that is known of that picture.
    """
    await tx.read(_UNTOLD[name], {"user_id": user_id})


async def row(reader: Database | Transaction, user_id: str, viewer: str | None) -> Row | None:
    """One profile; None for nobody known, or somebody gone."""
    found = await reader.read(_ROW, {"user_id": user_id, "viewer": viewer})
    return Row(*found[0]) if found else None


async def save(tx: Transaction, user_id: str, changes: Mapping[str, Any], now: datetime) -> None:
    """Write the columns that are given, of `COLUMNS`, `display_name` and `connections`.

    The caller holds the person's lock.
    """
    person = {name: changes.get(name) for name in ("display_name", "connections")}
    if any(value is not None for value in person.values()):
        await tx.read(_PERSON, {"user_id": user_id, **person})
    await tx.read(_ENSURE, {"user_id": user_id, "now": now})
    # One statement: city and country are checked together.
    columns = [name for name in COLUMNS if name in changes]
    values = {
        name: json.dumps(changes[name]) if name in _JSON else changes[name] for name in columns
    }
    sets = ", ".join(_SETS[name] for name in (*columns, "revision", "updated_at"))
    sql = f"UPDATE profiles SET {sets} WHERE user_id = %(user_id)s"  # noqa: S608 - constants
    await tx.read(sql, {**values, "user_id": user_id, "now": now})


_SETS: Mapping[str, str] = {
    **{name: f"{name} = %({name})s" for name in COLUMNS},
    **{name: f"{name} = %({name})s::jsonb" for name in _JSON},
    "revision": "revision = revision + 1",
    "updated_at": "updated_at = %(now)s",
}
