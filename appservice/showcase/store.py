# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of showcases, with everything that the rules ask about what they point at.

One statement for a whole showcase, whoever looks at it; the same for what is not in it yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appservice.database import Database, Transaction
from policy.listing import ListingStatus
from policy.showcase import (
    KINDS,
    Collection,
    EntityKind,
    Facts,
    ListingFacts,
    SearchFacts,
    ServerFacts,
)


def _parted(who: str) -> str:
    return f"""EXISTS (SELECT FROM blocks b WHERE (b.blocker = {who} AND b.blocked = l.seller)
                   OR (b.blocker = l.seller AND b.blocked = {who}))"""


def _joined(who: str) -> str:
    return f"""EXISTS (SELECT FROM memberships m WHERE m.room_id = r.room_id
                   AND m.user_id = {who} AND m.membership = 'join')"""


# `i` is what the parts before it name: rows of a showcase, or things that might become some. Every
# id is a UUID; of a draft only its seller knows, and what is foreign or unknown has no row at all.
_FACTS = f"""
SELECT i.collection, i.entity_id, i.title, i.note,
  s.id IS NOT NULL, s.name, s.query,
  l.status, l.title, l.price_minor, l.currency, l.city, l.images,
  {_parted("i.user_id")}, {_parted("%(viewer)s")},
  r.visibility, r.name, r.avatar_url, {_joined("i.user_id")}, {_joined("%(viewer)s")},
  (SELECT count(*) FROM memberships m WHERE m.room_id = r.room_id AND m.membership = 'join')
FROM i
LEFT JOIN saved_searches s ON i.kind = 'search' AND s.id = i.entity_id AND s.owner = i.user_id
LEFT JOIN (listings l JOIN people p ON p.user_id = l.seller AND p.deactivated_at IS NULL)
  ON i.kind = 'listing' AND l.id = i.entity_id AND (l.status <> 'draft' OR l.seller = i.user_id)
LEFT JOIN rooms r ON i.kind = 'server' AND r.kind = 'server' AND r.id = i.entity_id
  AND r.successor IS NULL
ORDER BY i.place
"""  # noqa: S608 - constants
_SHOWN = f"""
WITH i AS MATERIALIZED (
  SELECT user_id, collection, entity_kind AS kind, entity_id::uuid AS entity_id, title, note,
    row_number() OVER (ORDER BY collection, position) AS place
  FROM showcase_items WHERE user_id = %(owner)s AND collection = ANY (%(collections)s)
) {_FACTS}
"""  # noqa: S608 - constants
_MEANT = f"""
WITH i AS MATERIALIZED (
  SELECT %(owner)s::text AS user_id, %(collection)s::text AS collection, %(kind)s::text AS kind,
    given.id AS entity_id, ''::text AS title, NULL::text AS note, given.place
  FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS given(id, place)
) {_FACTS}
"""  # noqa: S608 - constants
_CLEAR = """
DELETE FROM showcase_items WHERE user_id = %(owner)s AND collection = %(collection)s
"""
_ADD = """
INSERT INTO showcase_items
  (user_id, collection, position, entity_kind, entity_id, title, note, added_at)
VALUES (%(owner)s, %(collection)s, %(position)s, %(kind)s, %(id)s, %(title)s, %(note)s, %(now)s)
"""
# The profile's own copy of the order, which tells without another look that there is nothing.
_CACHE = """
INSERT INTO profiles (user_id, showcase_config, updated_at)
SELECT %(owner)s, config, %(now)s FROM (
  SELECT coalesce(jsonb_object_agg(collection, ids), '{}') AS config FROM (
    SELECT collection, jsonb_agg(entity_id ORDER BY position) AS ids
    FROM showcase_items WHERE user_id = %(owner)s GROUP BY collection) AS rows) AS made
ON CONFLICT (user_id) DO UPDATE SET showcase_config = excluded.showcase_config,
  updated_at = excluded.updated_at
"""
_SERVERS = """
SELECT r.id FROM memberships m JOIN rooms r USING (room_id)
WHERE m.user_id = %(me)s AND m.membership = 'join' AND r.kind = 'server' AND r.successor IS NULL
  AND (%(q)s = '' OR strpos(lower(coalesce(r.name, '')), lower(%(q)s)) > 0)
ORDER BY lower(r.name), r.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A card of a showcase, or what might become one.

    Attributes:
        title: what it was called when it was put up; empty while it is not.
        thing: what the entity says of itself now, by kind; None when it is not there.
        facts: what the rules ask; None when it is not there.
    """

    collection: Collection
    entity_id: str
    title: str
    note: str | None
    thing: Mapping[str, Any] | None
    facts: Facts | None

    @property
    def kind(self) -> EntityKind:
        """What it points at."""
        return KINDS[self.collection]


async def shown(
    reader: Database | Transaction, owner: str, viewer: str | None, collections: Sequence[str]
) -> list[Item]:
    """Everything in these collections, in order; the collections in that of their names."""
    values = {"owner": owner, "viewer": viewer, "collections": list(collections)}
    return [_item(row) for row in await reader.read(_SHOWN, values)]


async def meant(
    reader: Database | Transaction, owner: str, collection: Collection, ids: Sequence[str]
) -> list[Item]:
    """What these ids name, as the owner may show it."""
    values = {
        "owner": owner,
        "viewer": owner,
        "collection": collection,
        "kind": KINDS[collection],
        "ids": list(ids),
    }
    return [_item(row) for row in await reader.read(_MEANT, values)] if ids else []


async def replace(
    tx: Transaction, owner: str, collection: Collection, items: Sequence[Item], now: datetime
) -> None:
    """Put these in place of what the collection held, and the order into the profile."""
    values = {"owner": owner, "collection": collection, "kind": KINDS[collection], "now": now}
    await tx.read(_CLEAR, values)
    for position, item in enumerate(items):
        row = {"position": position, "id": item.entity_id, "title": item.title, "note": item.note}
        await tx.read(_ADD, {**values, **row})
    await tx.read(_CACHE, values)


async def servers(database: Database, me: str, text: str, limit: int) -> list[str]:
    """Communities somebody is in whose name holds a text."""
    rows = await database.read(_SERVERS, {"me": me, "q": text, "limit": limit})
    return [str(row[0]) for row in rows]


def _item(row: Sequence[Any]) -> Item:
    collection = Collection(row[0])
    thing, facts = _READ[KINDS[collection]](row)
    return Item(collection, str(row[1]), row[2], row[3], thing, facts)


_Read = tuple[Mapping[str, Any] | None, Facts | None]


def _search(row: Sequence[Any]) -> _Read:
    exists, name, query = row[4:7]
    return ({"title": name, "query": query}, SearchFacts()) if exists else (None, None)


def _listing(row: Sequence[Any]) -> _Read:
    status, title, price, currency, city, images, owner_parted, viewer_parted = row[7:15]
    if status is None:
        return None, None
    known = ListingStatus(status)
    thing = {
        "title": title,
        "status": known,
        "price_minor": price,
        "currency": currency,
        "city": city,
        "images": images,
    }
    return thing, ListingFacts(known, owner_parted=owner_parted, viewer_parted=viewer_parted)


def _server(row: Sequence[Any]) -> _Read:
    visibility, name, avatar, owner_in, viewer_in, members = row[15:21]
    if visibility is None:
        return None, None
    thing = {"title": name or "", "avatar_url": avatar, "members": members}
    return thing, ServerFacts(visibility == "public", owner_in, viewer_in)


_READ = {
    EntityKind.SEARCH: _search,
    EntityKind.LISTING: _listing,
    EntityKind.SERVER: _server,
}
