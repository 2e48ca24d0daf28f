# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a row of a showcase to the card somebody sees: title, a line below it, where it leads."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from appservice.listings.filter import ListingSort
from appservice.listings.pictures import Urls
from appservice.profiles.parts import Card
from appservice.showcase.store import Item
from policy.listing import ListingStatus
from policy.money import amount
from policy.showcase import EntityKind, Missing

_BETWEEN = " · "
_MXC = "mxc://"


def card(item: Item, pictures: Mapping[str, Urls], *, signed_in: bool) -> Card:
    """A card whose thing is there.

    Args:
        item: the row.
        pictures: addresses of listings' pictures.
        signed_in: whether its reader may load avatars.
    """
    thing = item.thing or {}
    subtitle, thumbnail, href = _PARTS[item.kind](item, thing, pictures)
    return Card(
        collection=item.collection,
        entity_kind=item.kind,
        entity_id=item.entity_id,
        title=thing["title"],
        note=item.note,
        subtitle=subtitle or None,
        thumbnail_url=thumbnail if signed_in else None,
        href=href,
    )


def remains(item: Item, why: Missing) -> Card:
    """What its owner sees of a card whose thing is gone: what it was called."""
    return Card(
        collection=item.collection,
        entity_kind=item.kind,
        entity_id=item.entity_id,
        title=item.title,
        note=item.note,
        unavailable=why,
    )


def first_picture(item: Item) -> str | None:
    """The id of the picture it would show."""
    images = (item.thing or {}).get("images")
    return str(images[0]) if images else None


_Parts = tuple[str, str | None, str | None]


def _search(item: Item, thing: Mapping[str, Any], pictures: Mapping[str, Urls]) -> _Parts:
    del item, pictures
    query = {name: value for name, value in sorted(thing["query"].items()) if value is not None}
    if query.get("sort") == ListingSort.NEW:
        del query["sort"]
    return _asked(query), None, f"/listings?{urlencode(query)}"


def _asked(query: Mapping[str, Any]) -> str:
    tags = [f"#{tag}" for tag in str(query.get("tags", "")).split(",") if tag]
    currency = query.get("currency", "")
    low, high = query.get("min_price"), query.get("max_price")
    prices = [
        f"{sign} {amount(price, currency)}"
        for sign, price in (("≥", low), ("≤", high))
        if price is not None
    ]
    words = [query["q"]] if query.get("q") else []
    place = ", ".join(query[name] for name in ("city", "country") if query.get(name))
    return _BETWEEN.join([*words, *tags, *prices, *([place] if place else [])])


def _listing(item: Item, thing: Mapping[str, Any], pictures: Mapping[str, Urls]) -> _Parts:
    priced = thing["price_minor"] is not None
    parts = [
        amount(thing["price_minor"], thing["currency"]) if priced else "",
        thing["city"] or "",
        "Reserved" if thing["status"] is ListingStatus.RESERVED else "",
    ]
    first = first_picture(item)
    urls = pictures.get(first, {}) if first else {}
    small = min(urls, key=int) if urls else None
    return (
        _BETWEEN.join(part for part in parts if part),
        urls[small] if small else None,
        f"/listings/{item.entity_id}",
    )


def _server(item: Item, thing: Mapping[str, Any], pictures: Mapping[str, Urls]) -> _Parts:
    # Pages of communities do not exist yet, so it leads nowhere.
    del item, pictures
    members = thing["members"]
    avatar = thing["avatar_url"]
    thumbnail = None
    if avatar and avatar.startswith(_MXC):
        thumbnail = "/api/media/thumbnail/" + quote(avatar.removeprefix(_MXC))
    return f"{members} member{'' if members == 1 else 's'}", thumbnail, None


_PARTS = {
    EntityKind.SEARCH: _search,
    EntityKind.LISTING: _listing,
    EntityKind.SERVER: _server,
}
