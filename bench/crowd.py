# SPDX-License-Identifier: AGPL-3.0-or-later
"""A large community written straight into the tables: people and their friendships."""

import psycopg

SERVER = "bench.test"
NEAREST = 8
"""How far round the circle everybody's nearest friend stands (the formula below for d = 1)."""

_PEOPLE = """
INSERT INTO people (user_id, local, display_name)
SELECT format('@p%%s:%%s', n, %(server)s::text), true, format('Person %%s', n)
FROM generate_series(0, %(people)s - 1) n
"""
# Everybody befriends whoever stands at a few fixed distances round a circle, so that the number of
# friends is even and two neighbours share some. The odd factors spread the rows over the table.
_FRIENDSHIPS = """
WITH pairs AS (
  SELECT format('@p%%s:%%s', n, %(server)s::text) AS one,
         format('@p%%s:%%s', (n + d * d * 7 + d) %% %(people)s, %(server)s::text) AS other,
         now() - make_interval(mins => (n * 31 + d * 17) %% 500000) AS at
  FROM generate_series(0, %(people)s - 1) n, generate_series(1, %(each)s) d)
INSERT INTO friendships (user_id, friend_id, created_at)
SELECT one, other, at FROM pairs UNION ALL SELECT other, one, at FROM pairs
"""


def name(number: int) -> str:
    """The user id of the n-th person."""
    return f"@p{number}:{SERVER}"


def fill(url: str, *, people: int, friends: int) -> int:
    """Write the community.

    Args:
        url: Kith's database, as its owner.
        people: how many.
        friends: of each; an even number.

    Returns:
        Rows in `friendships`.
    """
    values = {"server": SERVER, "people": people, "each": friends // 2}
    with psycopg.connect(url) as connection:
        # Millions of deferred checks and notifications would only measure the filling.
        connection.execute("ALTER TABLE friendships DROP CONSTRAINT friendships_mirrored")
        connection.execute("ALTER TABLE friendships DISABLE TRIGGER USER")
        connection.execute("ALTER TABLE people DISABLE TRIGGER USER")
        connection.execute(_PEOPLE, values)
        written = connection.execute(_FRIENDSHIPS, values).rowcount
        connection.execute("ALTER TABLE people ENABLE TRIGGER USER")
        connection.execute("ALTER TABLE friendships ENABLE TRIGGER USER")
        connection.execute(
            "ALTER TABLE friendships ADD CONSTRAINT friendships_mirrored"
            " FOREIGN KEY (friend_id, user_id) REFERENCES friendships (user_id, friend_id)"
            " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return written
