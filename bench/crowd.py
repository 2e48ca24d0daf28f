# SPDX-License-Identifier: AGPL-3.0-or-later
"""A large community written straight into the tables: people, friendships, what they show."""

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
_PROFILES = """
INSERT INTO profiles (user_id, bio, gender, pronouns, city, country_code, place_id, interests,
                      timezone, visibility)
SELECT user_id, 'I *like* [trains](https://trains.test), **tea** and ' || user_id, 'woman',
       'she/her', 'Oslo', 'NO', 3143244,
       '[{"id": "chess", "label": "Chess", "category": "games"},
         {"id": "trains", "label": "Trains", "category": "travel"}]', 'Europe/Oslo',
       '{"bio": "public", "gender": "private"}'
FROM people
"""
# Each is in five places of 250; the nearest friends share them, most others do not.
_PLACES = """
INSERT INTO rooms (room_id, id, kind, local, name, created_at)
SELECT '!s' || n, gen_random_uuid(), CASE n %% 2 WHEN 0 THEN 'server' ELSE 'forum' END, true,
       'Place ' || n, now()
FROM generate_series(0, %(people)s / 50 - 1) n
"""
_MEMBERS = """
INSERT INTO memberships (room_id, user_id, membership, sender, event_id, stream_ordering, since)
SELECT '!s' || (n / 50 + k * 37) %% (%(people)s / 50), format('@p%%s:%%s', n, %(server)s::text),
       'join', '', '', 0, now()
FROM generate_series(0, %(people)s - 1) n, generate_series(0, 4) k ON CONFLICT DO NOTHING
"""
_ACTIVITY = """
INSERT INTO profile_activity (user_id, kind, subject, room_id, created_at)
SELECT f.user_id, 'became_friends', jsonb_build_object('user_id', f.friend_id), NULL, f.created_at
FROM friendships f WHERE f.created_at > now() - make_interval(mins => 25000)
UNION ALL
SELECT user_id, 'changed_bio', '{}', NULL, now() - make_interval(mins => length(bio) * 97)
FROM profiles
UNION ALL
SELECT user_id, 'joined_' || kind, '{}', room_id, m.since
FROM memberships m JOIN rooms USING (room_id)
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


def furnish(url: str, *, people: int) -> None:
    """Give everybody of `fill` a profile, five places shared with others, and a past.

    Args:
        url: Kith's database, as its owner.
        people: how many there are.
    """
    tables = ("profiles", "rooms", "memberships")
    with psycopg.connect(url) as connection:
        for table in tables:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute(_PROFILES)
        connection.execute(_PLACES, {"people": people})
        connection.execute(_MEMBERS, {"people": people, "server": SERVER})
        connection.execute(_ACTIVITY)
        for table in tables:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
