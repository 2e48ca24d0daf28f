# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL of an adoption on Kith's side: each statement may run again and then changes nothing."""

HORIZON = "SELECT position FROM positions WHERE stream = 'adopted'"

# The consumer's own lock: while an intake applies events, nothing is taken over.
LEASE = "SELECT pg_try_advisory_xact_lock(%(lease)s)"

PEOPLE = """
INSERT INTO people (user_id, kind, local, display_name, avatar_url, deactivated_at, created_at)
SELECT user_id, kind, true, name, avatar,
       CASE WHEN gone THEN %(now)s::timestamptz END, to_timestamp(made)
FROM unnest(%(ids)s::text[], %(kinds)s::text[], %(names)s::text[], %(avatars)s::text[],
  %(gone)s::boolean[], %(made)s::bigint[]) AS given(user_id, kind, name, avatar, gone, made)
ON CONFLICT DO NOTHING
"""

KNOWN = """
SELECT room_id FROM rooms
WHERE room_id = ANY (%(rooms)s) AND NOT (kind = 'foreign' AND creator IS NULL)
"""

VISIBILITY = """
UPDATE rooms SET visibility = given.visibility
FROM unnest(%(rooms)s::text[], %(visibilities)s::text[]) AS given(room_id, visibility)
WHERE rooms.room_id = given.room_id AND rooms.visibility <> given.visibility
"""

WRITERS = """
CREATE TEMP TABLE adoption_writers (room_id text, sender text, PRIMARY KEY (room_id, sender))
ON COMMIT DROP
"""

WROTE = """
INSERT INTO adoption_writers
SELECT given.room_id, given.sender
FROM unnest(%(rooms)s::text[], %(senders)s::text[]) AS given(room_id, sender)
JOIN rooms r ON r.room_id = given.room_id AND r.kind = 'dm'
ON CONFLICT DO NOTHING
"""

# Oldest upgrade first: whoever was in a direct room counts in everything that continues it (D16).
INHERIT_PEOPLE = """
UPDATE rooms new SET people = (
  SELECT array_agg(DISTINCT u ORDER BY u) FROM unnest(old.people || new.people) AS u)
FROM rooms old
WHERE old.room_id = %(old)s AND new.room_id = %(new)s AND new.predecessor = old.room_id
  AND old.successor IS NULL AND old.kind = 'dm' AND new.kind = 'dm'
  AND NOT new.people @> old.people
"""

# Newest first: an upgrade moves address and listing, so the newest room says what all of them are.
CONTINUE = """
UPDATE rooms old SET successor = new.room_id, id = new.id, kind = new.kind,
  visibility = new.visibility, people = CASE WHEN new.kind = 'dm' THEN new.people ELSE '{}' END
FROM rooms new
WHERE old.room_id = %(old)s AND new.room_id = %(new)s AND new.predecessor = old.room_id
  AND old.successor IS NULL AND new.room_id <> old.room_id
"""

# Ignored strangers of whom Kith knows nothing stay ignored, as the mirror leaves them (D17).
IGNORED = """
WITH given AS (
  SELECT g.me, g.them FROM unnest(%(me)s::text[], %(them)s::text[]) AS g(me, them)
  JOIN people mine ON mine.user_id = g.me AND mine.local AND mine.deactivated_at IS NULL
  JOIN people theirs ON theirs.user_id = g.them
  WHERE g.me <> g.them AND NOT EXISTS (SELECT FROM ignore_mirror m WHERE m.user_id = g.me)
), mirrored AS (
  INSERT INTO ignore_mirror (user_id, ignored)
  SELECT me, array_agg(them ORDER BY them) FROM given GROUP BY me
)
INSERT INTO blocks (blocker, blocked, created_at) SELECT me, them, %(now)s FROM given
ON CONFLICT DO NOTHING RETURNING blocker
"""

# A conversation is all rooms of one line of upgrades.
PAIRS = """
CREATE TEMP TABLE adoption_pairs ON COMMIT DROP AS
SELECT r.id, r.people[1] AS one, r.people[2] AS other,
  coalesce(bool_or(w.sender = r.people[1]) AND bool_or(w.sender = r.people[2]), false) AS mutual
FROM rooms r LEFT JOIN adoption_writers w USING (room_id)
WHERE r.kind = 'dm' AND cardinality(r.people) = 2
GROUP BY r.id, r.people
"""

# Whatever the two have done in Kith since weighs more than what they once wrote.
OPEN = """
CREATE TEMP TABLE adoption_open ON COMMIT DROP AS
SELECT t.id, t.one, t.other FROM adoption_pairs t
JOIN people a ON a.user_id = t.one AND a.kind = 'person' AND a.deactivated_at IS NULL
JOIN people b ON b.user_id = t.other AND b.kind = 'person' AND b.deactivated_at IS NULL
WHERE t.mutual
  AND NOT EXISTS (SELECT FROM memberships m JOIN rooms r USING (room_id)
                  WHERE r.id = t.id AND m.membership = 'ban' AND m.user_id IN (t.one, t.other))
  AND NOT EXISTS (SELECT FROM friendships WHERE user_id = t.one AND friend_id = t.other)
  AND NOT EXISTS (SELECT FROM blocks WHERE (blocker = t.one AND blocked = t.other)
                                        OR (blocker = t.other AND blocked = t.one))
  AND NOT EXISTS (SELECT FROM friendship_ends e
                  WHERE (e.ended_by = t.one AND e.other = t.other)
                     OR (e.ended_by = t.other AND e.other = t.one))
  AND NOT EXISTS (SELECT FROM friend_requests
                  WHERE (requester = t.one AND recipient = t.other)
                     OR (requester = t.other AND recipient = t.one))
"""

BEFRIEND = """
WITH pairs AS (SELECT DISTINCT one, other FROM adoption_open)
INSERT INTO friendships (user_id, friend_id, created_at)
SELECT one, other, %(now)s::timestamptz FROM pairs
UNION ALL SELECT other, one, %(now)s::timestamptz FROM pairs
ON CONFLICT DO NOTHING RETURNING user_id
"""

KEEP = """
UPDATE rooms SET kept = true FROM adoption_open o WHERE rooms.id = o.id AND NOT kept
RETURNING rooms.room_id
"""

CONTACTS = """
INSERT INTO bot_contacts (bot, user_id)
SELECT DISTINCT m.user_id, w.sender FROM adoption_writers w
JOIN people p ON p.user_id = w.sender AND p.kind = 'person'
JOIN memberships m ON m.room_id = w.room_id AND m.membership IN ('join', 'invite')
JOIN people bot ON bot.user_id = m.user_id AND bot.kind IN ('bot', 'ghost')
ON CONFLICT DO NOTHING
"""

# Only before the intake has applied anything: from then on it knows better how far it is.
POSITIONS = """
INSERT INTO positions (stream, position)
SELECT * FROM unnest(%(streams)s::text[], %(positions)s::bigint[])
ON CONFLICT (stream) DO UPDATE SET position = excluded.position
WHERE NOT EXISTS (SELECT FROM events)
"""

KINDS = "SELECT kind, count(*) FROM rooms WHERE successor IS NULL GROUP BY kind"
MET = "SELECT count(*) FILTER (WHERE local), count(*) FROM people WHERE kind = 'person'"

# Of the conversations in which both still are: which are open, and which nobody may write in.
STANDING = """
SELECT count(*) FILTER (WHERE r.kept AND NOT t.frozen), count(*) FILTER (WHERE t.frozen),
  count(*) FILTER (WHERE t.frozen AND t.blocked), count(*) FILTER (WHERE t.frozen AND t.one_sided)
FROM rooms r
JOIN LATERAL (
  SELECT NOT p.mutual AND NOT b.blocked AS one_sided, b.blocked,
    b.blocked OR (%(friendship)s AND NOT r.kept AND NOT EXISTS (
      SELECT FROM friendships WHERE user_id = p.one AND friend_id = p.other)) AS frozen
  FROM adoption_pairs p,
  LATERAL (SELECT EXISTS (
    SELECT FROM blocks WHERE (blocker = p.one AND blocked = p.other)
                          OR (blocker = p.other AND blocked = p.one)) AS blocked) b
  WHERE p.id = r.id) t ON true
WHERE r.successor IS NULL AND (
  SELECT count(*) FROM memberships m
  WHERE m.room_id = r.room_id AND m.membership = 'join' AND m.user_id = ANY (r.people)) = 2
"""
