# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding listings: one statement, put together from constant parts for what is asked.

A part that is not asked for is not in the statement, so that the rest can use its index: with
"or the parameter is null" a prepared statement would read the whole table.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from appservice.database import Database
from appservice.errors import KithError
from appservice.listings.filter import Filter, ListingSort
from appservice.listings.store import COLUMNS, PARTED, Listing
from appservice.rest import cursor
from appservice.rest.codes import Code
from appservice.rest.cursor import EPOCH, Position
from policy.listing import SHOWN, ListingStatus

_MOST_WORDS = 8
_SHOWN = ", ".join(f"'{status}'" for status in sorted(SHOWN))

_GONE = """EXISTS (SELECT FROM people g
  WHERE g.user_id = l.seller AND g.deactivated_at IS NOT NULL)"""
_PARTS = {
    "words": "l.words @@ to_tsquery('simple', %(words)s)",
    "tags": "l.tags @> %(tags)s::text[]",
    "currency": "l.currency = %(currency)s",
    "min_price": "l.price_minor >= %(min_price)s",
    "max_price": "l.price_minor <= %(max_price)s",
    "country": "l.country_code = %(country)s",
    "city": "lower(l.city) = lower(%(city)s)",
    "seller": "l.seller = %(seller)s",
}
_ORDER = {
    ListingSort.NEW: "l.listed_at DESC, l.id DESC",
    ListingSort.CHEAPEST: "l.price_minor, l.id",
    ListingSort.DEAREST: "l.price_minor DESC, l.id DESC",
}
_AFTER = {
    ListingSort.NEW: "(l.listed_at, l.id) < (%(at)s::timestamptz, %(key)s::uuid)",
    ListingSort.CHEAPEST: "(l.price_minor, l.id) > (%(price)s::bigint, %(key)s::uuid)",
    ListingSort.DEAREST: "(l.price_minor, l.id) < (%(price)s::bigint, %(key)s::uuid)",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter whose seller is a full Matrix id.

    Attributes:
        offered: only what is open or reserved, whatever the filter says of the status.
    """

    filter: Filter
    seller: str | None = None
    offered: bool = False


async def page(
    database: Database, me: str, wanted: Wanted, after: str | None, limit: int
) -> tuple[list[Listing], str | None]:
    """A page of the listings somebody may see, and the cursor of the next one.

    Raises:
        KithError: `invalid`, when the cursor is none of this order.
    """
    sql, values = statement(me, wanted, after)
    found = [Listing.of(row) for row in await database.read(sql, {**values, "limit": limit + 1})]
    if len(found) <= limit:
        return found, None
    return found[:limit], _cursor(found[limit - 1], wanted.filter.sort)


def statement(me: str, wanted: Wanted, after: str | None) -> tuple[str, dict[str, Any]]:
    """The SQL and its parameters; ``limit`` is the caller's."""
    asked = wanted.filter
    values: dict[str, Any] = {
        "me": me,
        "words": _query(asked.q) if asked.q else None,
        "tags": asked.tags.split(",") if asked.tags else None,
        "currency": asked.currency,
        "min_price": asked.min_price,
        "max_price": asked.max_price,
        "country": asked.country,
        "city": asked.city,
        "seller": wanted.seller,
    }
    parts = [_status(me, wanted), f"NOT {PARTED}", f"NOT {_GONE}"]
    parts += [part for name, part in _PARTS.items() if values[name] is not None]
    if after is not None:
        parts.append(_AFTER[asked.sort])
        values |= _position(after, asked.sort)
    if asked.sort is not ListingSort.NEW:
        parts.append("l.price_minor IS NOT NULL")
    where, order = " AND ".join(parts), _ORDER[asked.sort]
    # Constant parts only; what people wrote goes as parameters. The page is found before its
    # sellers are looked up: a planner that misjudges people must not begin with them.
    sql = f"""
SELECT {COLUMNS} FROM (
  SELECT l.* FROM listings l WHERE {where} ORDER BY {order} LIMIT %(limit)s
) AS l JOIN people p ON p.user_id = l.seller ORDER BY {order}
"""  # noqa: S608 - constant parts only
    return sql, {name: value for name, value in values.items() if value is not None}


def _status(me: str, wanted: Wanted) -> str:
    mine = wanted.seller == me
    if wanted.offered:
        return "l.status IN ('open', 'reserved')"
    status = wanted.filter.status
    if status is None:
        return "true" if mine else "l.status = 'open'"
    if status in SHOWN or mine:
        return f"l.status = '{ListingStatus(status).value}'"
    return f"l.status = '{ListingStatus(status).value}' AND l.seller = %(me)s"


def _query(text: str) -> str:
    """Words as PostgreSQL reads them: every one of them, each perhaps only begun.

    Each is quoted, so that no character of it is an operator; it is taken apart there like the
    text it is looked for in.
    """
    words = "".join(" " if char in "'\\" else char for char in text).split()
    return " & ".join(f"'{word}':*" for word in words[:_MOST_WORDS])


def _cursor(last: Listing, sort: ListingSort) -> str:
    if sort is ListingSort.NEW:
        return cursor.encode(Position(last.listed_at, str(last.id)))
    return cursor.encode(Position(EPOCH, f"{last.price_minor} {last.id}"))


def _position(after: str, sort: ListingSort) -> dict[str, Any]:
    if sort is ListingSort.NEW:
        found = cursor.decode_id(after)
        return {"at": found.at, "key": found.key} if found else {}
    place = cursor.decode(after)
    try:
        price, key = place.key.split(" ") if place else ("", "")
        return {"price": _small(int(price)), "key": str(UUID(key))}
    except ValueError:
        raise _foreign() from None


def _small(price: int) -> int:
    if not 0 <= price < 2**63:
        raise ValueError("not a price")
    return price


def _foreign() -> KithError:
    problem = "not a cursor of this order"
    return Code.INVALID.error(fields=[{"field": "cursor", "problem": problem}])
