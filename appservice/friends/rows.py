# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person in a list as one viewer may see them: what friends, suggestions and search share.

A page is chosen by a statement of its own; `about` puts it into a larger one that tells how the
viewer stands to each of its people, so that a page costs one statement however long it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from appservice.profiles.activity import NEEDS, TOLD_OF, in_sight
from policy.visibility import DEFAULTS, Field, Level
from schema.facts import COUNTS_AS_SHARED

I_BLOCK = """EXISTS (SELECT FROM blocks
  WHERE blocker = %(viewer)s AND blocked = p.user_id)"""
APART = f"""({I_BLOCK}
  OR EXISTS (SELECT FROM blocks WHERE blocker = p.user_id AND blocked = %(viewer)s))"""
"""Whether a block, whoever made it, parts the viewer from p: they never meet in a list (D17)."""

_HIDDEN = "EXISTS (SELECT FROM profiles h WHERE h.user_id = p.user_id AND h.hidden)"
_FRIENDS = """EXISTS (SELECT FROM friendships v
  WHERE v.user_id = %(viewer)s AND v.friend_id = p.user_id)"""

SEES = f"""(p.user_id = %(viewer)s OR ((p.connections_visibility = 'public'
  OR (p.connections_visibility = 'connections' AND {_FRIENDS})) AND NOT {_HIDDEN}))"""
"""Whether the viewer may see p's friends: p sets the level, and friends are "connections" (D2)."""


# Within a page it is known already who is a friend and what p's profile says: otherwise each row
# would look into these tables again for every field.
_KNOWN = """
  SELECT p.user_id, p.display_name, p.avatar_url, pr.visibility, pr.hidden IS TRUE AS hidden,
    mine.friend_id IS NOT NULL AS friend,
    (p.user_id = %(viewer)s OR (pr.hidden IS NOT TRUE AND (p.connections_visibility = 'public'
      OR (p.connections_visibility = 'connections' AND mine.friend_id IS NOT NULL)))) AS sees
  FROM page JOIN people p USING (user_id) LEFT JOIN profiles pr USING (user_id)
  LEFT JOIN mine ON mine.friend_id = p.user_id"""


def _shown(field: Field) -> str:
    """SQL: whether the viewer sees a field of p, as `policy.visibility` has it; hiding apart."""
    if field is Field.CONNECTIONS:
        return "p.sees"
    level = f"coalesce(p.visibility ->> '{field}', '{DEFAULTS[field]}')"
    return f"""(p.user_id = %(viewer)s OR {level} = '{Level.PUBLIC}'
  OR ({level} = '{Level.CONNECTIONS}' AND p.friend))"""


def _latest() -> str:
    """SQL: the newest thing p did that the viewer may be told of."""
    always = [f"'{kind}'" for kind, needs in NEEDS.items() if needs is None]
    kinds = [f"a.kind IN ({', '.join(always)})"]
    kinds += [f"(a.kind = '{kind}' AND {_shown(needs)})" for kind, needs in NEEDS.items() if needs]
    return f"""SELECT a.kind, a.created_at,
    CASE WHEN r.room_id IS NOT NULL THEN jsonb_build_object('id', r.id, 'room_id', r.room_id,
      'name', r.name, 'avatar_url', r.avatar_url) END AS room,
    CASE WHEN q.user_id IS NOT NULL THEN jsonb_build_object('user_id', q.user_id,
      'display_name', q.display_name) END AS person
  FROM profile_activity a {TOLD_OF}
  WHERE a.user_id = p.user_id AND ({" OR ".join(kinds)})
    AND {in_sight("(p.user_id = %(viewer)s)", listings="true")}
  ORDER BY a.created_at DESC, a.id DESC LIMIT 1"""  # noqa: S608 - constants


WITHDRAWN = f"({_HIDDEN} AND p.user_id <> %(viewer)s AND NOT {_FRIENDS})"
"""Whether p hides from the viewer: then others' lists do not name p either (D34)."""

_ABOUT = f"""
WITH page AS MATERIALIZED ({{page}}
), mine AS MATERIALIZED (
  SELECT friend_id FROM friendships WHERE user_id = %(viewer)s
), known AS MATERIALIZED ({_KNOWN}
), shared AS MATERIALIZED (
  SELECT b.user_id, count(*) AS friends FROM known JOIN friendships b USING (user_id)
  JOIN mine ON mine.friend_id = b.friend_id
  WHERE known.sees AND known.user_id <> %(viewer)s GROUP BY b.user_id
), places AS MATERIALIZED (
  SELECT r.room_id, r.id, r.name, r.avatar_url FROM memberships m JOIN rooms r USING (room_id)
  WHERE m.user_id = %(viewer)s AND m.membership = 'join' AND r.successor IS NULL
    AND {COUNTS_AS_SHARED}
), spaces AS MATERIALIZED (
  SELECT t.user_id, count(*) AS number, (array_agg(jsonb_build_object('id', r.id,
    'room_id', r.room_id, 'name', r.name, 'avatar_url', r.avatar_url)
    ORDER BY r.name, r.room_id))[1:3] AS first
  FROM page JOIN memberships t ON t.user_id = page.user_id AND t.membership = 'join'
  JOIN places r ON r.room_id = t.room_id
  WHERE t.user_id <> %(viewer)s GROUP BY t.user_id
)
SELECT {{own}}, p.user_id, p.display_name, CASE WHEN {_shown(Field.AVATAR)} THEN p.avatar_url END,
  CASE WHEN p.user_id = %(viewer)s THEN 'self'
       WHEN p.friend THEN 'friends'
       WHEN EXISTS (SELECT FROM friend_requests WHERE requester = %(viewer)s
            AND recipient = p.user_id AND status IN ('pending', 'declined')
            AND withdrawn_at IS NULL AND expires_at > %(now)s) THEN 'request_sent'
       WHEN EXISTS (SELECT FROM friend_requests WHERE requester = p.user_id
            AND recipient = %(viewer)s AND status = 'pending'
            AND expires_at > %(now)s) THEN 'request_received'
       ELSE 'none' END,
  CASE WHEN p.user_id <> %(viewer)s AND p.sees THEN coalesce(shared.friends, 0) END,
  coalesce(to_jsonb(spaces.first), '[]'), coalesce(spaces.number, 0),
  CASE WHEN latest.kind IS NOT NULL THEN jsonb_build_object('kind', latest.kind,
    'created_at', latest.created_at, 'room', latest.room, 'person', latest.person) END
FROM page JOIN known p USING (user_id) LEFT JOIN shared USING (user_id)
LEFT JOIN spaces USING (user_id) LEFT JOIN LATERAL ({_latest()}) AS latest
  ON {_shown(Field.ACTIVITY)} AND (p.user_id = %(viewer)s OR NOT p.hidden)
ORDER BY {{order}}
"""  # noqa: S608 - constants


def about(page: str, own: str, order: str) -> str:
    """The statement of a page.

    Args:
        page: a SELECT of the people of the page, `user_id` among its columns.
        own: columns of it that come first in each row, as ``page.x, page.y``.
        order: what the rows are sorted by, in the same way.

    Returns:
        SQL that takes ``viewer`` and ``now`` besides what the page takes. Behind the page's own
        columns each row has those of `Row`.
    """
    return _ABOUT.format(page=page, own=own, order=order)


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in a list.

    Attributes:
        user_id: who.
        display_name: always public (D34).
        avatar_url: ``mxc://`` URI.
        friendship_status: how the viewer stands to them.
        mutual_friends: how many friends they share; None when they show the viewer no list.
        spaces: the first three places both are in, each ``{id, room_id, name, avatar_url}``.
        spaces_count: how many there are.
        latest: the newest thing they did that the viewer may be told of: ``{kind, created_at,
            room, person}``; `room` as one of `spaces`, `person` ``{user_id, display_name}``.
    """

    user_id: str
    display_name: str | None
    avatar_url: str | None
    friendship_status: str
    mutual_friends: int | None
    spaces: Sequence[dict[str, Any]]
    spaces_count: int
    latest: dict[str, Any] | None

    @classmethod
    def of(cls, columns: Sequence[Any]) -> Self:
        """From the columns behind the page's own."""
        return cls(*columns)


@dataclass(frozen=True, slots=True)
class Friend:
    """One row of a friend list."""

    since: datetime
    row: Row
