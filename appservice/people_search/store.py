# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine that needs nothing but PostgreSQL: full text without a dictionary, one GIN index.

Every word stands in a `tsvector` under a letter that says where in the profile it is, and again in
each form one wrong letter leaves of it; every trait is a term too. So beginnings of words, typing
errors and filters are all answered by the one index, and by what the viewer may see alone: by
`public_terms`, or of the viewer's friends, who are few, by `friend_terms`.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from appservice.database import Database
from appservice.people_search.engine import (
    COUNTED,
    FEWEST,
    VALUES,
    Count,
    Entry,
    Facets,
    Hit,
    Kind,
    Part,
    PlaceCount,
    Side,
    Trait,
    Wanted,
    rounded,
)
from appservice.people_search.words import all_mistyped, mistyped

_ANYBODY = "*"
"""A term of everybody, for searches that only a place narrows down."""
_FORGIVEN = (Part.NAME, Part.INTEREST, Part.LOCATION)
"""Where typing errors are forgiven: in a bio they would make anything fit."""
_PLACES = 50

_PUT = """
INSERT INTO people_search (user_id, public_terms, friend_terms, public_traits, friend_traits)
SELECT given.user_id, array_to_tsvector(given.public_terms), array_to_tsvector(given.friend_terms),
  given.public_traits, given.friend_traits
FROM jsonb_to_recordset(%(rows)s::jsonb) AS given(user_id text, public_terms text[],
  friend_terms text[], public_traits text[], friend_traits text[])
JOIN people USING (user_id) ORDER BY given.user_id
ON CONFLICT (user_id) DO UPDATE SET public_terms = excluded.public_terms,
  friend_terms = excluded.friend_terms, public_traits = excluded.public_traits,
  friend_traits = excluded.friend_traits
WHERE (people_search.public_terms, people_search.friend_terms, people_search.public_traits,
       people_search.friend_traits)
  IS DISTINCT FROM (excluded.public_terms, excluded.friend_terms, excluded.public_traits,
       excluded.friend_traits)
"""
_FORGET = "DELETE FROM people_search WHERE user_id = ANY (%(gone)s)"

# Who waits to be indexed anew is found by nobody: what they changed may be what hides it.
_FIT = """
WITH friends AS MATERIALIZED (
  SELECT friend_id AS user_id FROM friendships WHERE user_id = %(viewer)s
), within AS MATERIALIZED (
  SELECT r.room_id FROM memberships m JOIN rooms r USING (room_id)
  WHERE m.user_id = %(viewer)s AND m.membership = 'join' AND r.kind <> 'dm'
    AND (r.room_id = %(place)s OR r.id::text = %(place)s)
), found AS (
  SELECT s.user_id, s.public_terms AS terms, s.public_traits AS traits, 0 AS near
  FROM people_search s
  WHERE s.public_terms @@ %(query)s::tsquery
    AND NOT EXISTS (SELECT FROM friends f WHERE f.user_id = s.user_id)
  UNION ALL
  SELECT s.user_id, s.friend_terms, s.friend_traits, 1
  FROM friends JOIN people_search s USING (user_id)
  WHERE s.friend_terms @@ %(query)s::tsquery
), fit AS (
  SELECT * FROM found p WHERE p.user_id <> %(viewer)s
    AND NOT EXISTS (SELECT FROM people_search_waiting w WHERE w.user_id = p.user_id)
    AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = %(viewer)s AND b.blocked = p.user_id)
    AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = p.user_id AND b.blocked = %(viewer)s)
    AND (%(place)s::text IS NULL OR EXISTS (
      SELECT FROM within JOIN memberships t USING (room_id)
      WHERE t.user_id = p.user_id AND t.membership = 'join'))
)"""

_FIND = f"""{_FIT}, ranked AS MATERIALIZED (
  SELECT fit.near + 2 * coalesce((
      SELECT sum(CASE WHEN fit.terms @@ w.whole THEN 8 WHEN fit.terms @@ w.name THEN 6
                      WHEN fit.terms @@ w.about THEN 4 WHEN fit.terms @@ w.bio THEN 2 ELSE 1 END)
      FROM unnest(%(whole)s::text[]::tsquery[], %(name)s::text[]::tsquery[],
                  %(about)s::text[]::tsquery[], %(bio)s::text[]::tsquery[])
        AS w(whole, name, about, bio)), 0)::integer AS rank, fit.user_id, fit.near
  FROM fit
), page AS (
  SELECT rank, user_id, near FROM ranked
  WHERE rank <= %(rank)s AND (rank < %(rank)s OR user_id > %(key)s)
    AND (%(fewest)s = 0 OR (SELECT count(*) FROM (SELECT FROM ranked LIMIT %(fewest)s) AS first)
         >= %(fewest)s)
  ORDER BY rank DESC, user_id LIMIT %(limit)s
)
SELECT page.rank, page.user_id, CASE page.near WHEN 1 THEN s.friend_traits ELSE s.public_traits END
FROM page JOIN people_search s USING (user_id) ORDER BY page.rank DESC, page.user_id
"""  # noqa: S608 - constants

_FACETS = f"""{_FIT}, counted AS MATERIALIZED (
  SELECT user_id, traits FROM fit LIMIT {COUNTED}
), traits AS (
  SELECT trait, count(*) AS people FROM counted CROSS JOIN LATERAL unnest(traits) AS trait
  GROUP BY trait
), first AS (
  SELECT trait, people, row_number() OVER (
    PARTITION BY trait::jsonb ->> 0 ORDER BY people DESC, trait) AS place FROM traits
), places AS (
  SELECT r.room_id, r.id, r.name, r.avatar_url FROM memberships m JOIN rooms r USING (room_id)
  WHERE m.user_id = %(viewer)s AND m.membership = 'join'
    AND r.kind IN ('server', 'forum', 'circle') AND NOT r.is_default AND r.successor IS NULL
  ORDER BY r.last_event_at DESC NULLS LAST, r.room_id LIMIT {_PLACES}
), members AS (
  SELECT t.room_id, count(*) AS people FROM places JOIN memberships t USING (room_id)
  JOIN counted USING (user_id) WHERE t.membership = 'join' GROUP BY t.room_id
)
SELECT (SELECT count(*) FROM counted),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(trait::jsonb, people) ORDER BY people DESC, trait),
                   '[]') FROM first WHERE place <= {VALUES}),
  (SELECT coalesce(jsonb_agg(jsonb_build_array(p.id, p.room_id, p.name, p.avatar_url, m.people)
                             ORDER BY m.people DESC, p.name, p.room_id), '[]')
   FROM members m JOIN places p USING (room_id))
"""  # noqa: S608 - constants


class PostgresEngine:
    """Keeps entries beside the tables they were made from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        """Keep entries, forget who is gone."""
        if entries:
            rows = json.dumps([_row(entry) for entry in entries])
            await self._database.run(_PUT, {"rows": rows})
        if gone:
            await self._database.run(_FORGET, {"gone": list(gone)})

    async def find(
        self, viewer: str, wanted: Wanted, after: tuple[int, str] | None, limit: int
    ) -> Sequence[Hit]:
        """People the viewer may find, best first."""
        if wanted.nothing:
            return []
        values = question(viewer, wanted, after, limit)
        return [
            Hit(rank, user_id, tuple(_read(json.loads(text)) for text in traits))
            for rank, user_id, traits in await self._database.read(_FIND, values)
        ]

    async def facets(self, viewer: str, wanted: Wanted) -> Facets:
        """What can narrow a search down."""
        if wanted.nothing:
            return Facets(0, (), ())
        rows = await self._database.read(_FACETS, _asked(viewer, wanted))
        people, traits, places = rows[0]
        if wanted.by_pronouns and people < FEWEST:
            return Facets(0, (), ())
        counts = [Count(_read(trait), number) for trait, number in traits]
        return Facets(people, _few(counts), [PlaceCount(*place) for place in places])


def _read(trait: Sequence[str]) -> Trait:
    kind, value, label = trait
    return Trait(Kind(kind), value, label)


def _few(counts: Iterable[Count]) -> list[Count]:
    """Counts as they may be told."""
    told = (
        Count(one.trait, rounded(one.people)) if one.trait.kind is Kind.PRONOUNS else one
        for one in counts
    )
    return [one for one in told if one.people]


def question(
    viewer: str, wanted: Wanted, after: tuple[int, str] | None, limit: int
) -> dict[str, Any]:
    """What the statement of a page is given."""
    rank, key = after or (2**31 - 1, "")
    return {
        **_asked(viewer, wanted),
        "whole": [_term(Part.NAME, word) for word in wanted.words],
        "name": [_start(Part.NAME, word) for word in wanted.words],
        "about": [
            f"{_start(Part.INTEREST, word)} | {_start(Part.LOCATION, word)}"
            for word in wanted.words
        ],
        "bio": [_start(Part.BIO, word) for word in wanted.words],
        "fewest": FEWEST if wanted.by_pronouns else 0,
        "rank": rank,
        "key": key,
        "limit": limit,
    }


def _asked(viewer: str, wanted: Wanted) -> dict[str, Any]:
    terms = [_word(word) for word in wanted.words]
    terms += [_quoted(_trait_term(kind, value)) for kind, value in wanted.traits]
    query = " & ".join(terms) or _quoted(_ANYBODY)
    return {"viewer": viewer, "query": query, "place": wanted.place}


def _word(word: str) -> str:
    """Any of the ways in which a word may be met."""
    ways = [_start(part, word) for part in Part]
    ways += [_quoted(f"~{form}") for form in sorted(mistyped(word))]
    return f"({' | '.join(ways)})"


def _term(part: Part, word: str) -> str:
    return _quoted(part + word)


def _start(part: Part, word: str) -> str:
    # One letter alone begins far too many words to be worth anything.
    single = len(word) == 1 and word.isascii()
    return _quoted(part + word) + ("" if single else ":*")


def _quoted(term: str) -> str:
    """A term as a query writes it."""
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _trait_term(kind: Kind, value: str) -> str:
    return f"={kind}|{value}"


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "user_id": entry.user_id,
        "public_terms": _terms(entry.everybody),
        "friend_terms": _terms(entry.friends),
        "public_traits": [_trait(one) for one in entry.everybody.traits],
        "friend_traits": [_trait(one) for one in entry.friends.traits],
    }


def _terms(side: Side) -> list[str]:
    terms = {_ANYBODY, *(_trait_term(one.kind, one.value) for one in side.traits)}
    for part, words in side.words.items():
        terms.update(part + word for word in words)
        if part in _FORGIVEN:
            terms.update(f"~{form}" for form in all_mistyped(words))
    return sorted(terms)


def _trait(trait: Trait) -> str:
    return json.dumps([trait.kind, trait.value, trait.label], ensure_ascii=False)
