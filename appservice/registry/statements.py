# SPDX-License-Identifier: AGPL-3.0-or-later
"""The SQL of the projections: one statement a table and run, whatever the run's length.

Rows are sorted where several transactions could lock the same ones in another order.
"""

EVENTS = """
INSERT INTO events (event_id, room_id, sender, type, thread_root, stream_ordering,
                    origin_server_ts, counts_at, rel_type, relates_to, reaction_key, txn_id,
                    applied_at)
SELECT *, %(now)s FROM unnest(%(ids)s::text[], %(rooms)s::text[], %(senders)s::text[],
  %(types)s::text[], %(threads)s::text[], %(orderings)s::bigint[], %(times)s::bigint[],
  %(counts)s::bigint[], %(relations)s::text[], %(targets)s::text[], %(keys)s::text[],
  %(txns)s::text[])
ON CONFLICT DO NOTHING RETURNING event_id
"""

# A room met before its create event stands as foreign until the event says otherwise. Newcomers
# are welcomed by a job that is queued here: to read first who they are would be one wait more.
MET = """
WITH rooms_met AS (
  INSERT INTO rooms (room_id, id, kind, local, created_at)
  SELECT room_id, id, 'foreign', false, %(now)s
  FROM unnest(%(rooms)s::text[], %(ids)s::uuid[]) AS given(room_id, id)
  ON CONFLICT DO NOTHING
), met AS (
  INSERT INTO people (user_id, kind, local, created_at)
  SELECT user_id, CASE WHEN user_id = %(service)s THEN 'service' ELSE 'person' END,
         substr(user_id, strpos(user_id, ':') + 1) = %(server)s, %(now)s
  FROM unnest(%(people)s::text[]) AS given(user_id) ORDER BY user_id
  ON CONFLICT DO NOTHING RETURNING user_id, local AND kind = 'person' AS newcomer
), jobs AS (
  SELECT array_agg(('default', 'rooms.join_defaults', 0, NULL, NULL, jsonb_build_object(
    'user_id', user_id), NULL)::procrastinate_job_to_defer_v1 ORDER BY user_id) AS jobs
  FROM met WHERE newcomer AND %(welcome)s
)
SELECT procrastinate_defer_jobs_v1(jobs) FROM jobs WHERE jobs IS NOT NULL
"""

CREATED = """
INSERT INTO rooms (room_id, id, kind, creator, local, room_version, predecessor, managers,
                   creators, created_at)
SELECT room_id, id, kind, creator, local, version, predecessor,
       string_to_array(managers, ' '), string_to_array(creators, ' '), at
FROM unnest(%(rooms)s::text[], %(ids)s::uuid[], %(kinds)s::text[], %(creators)s::text[],
  %(local)s::boolean[], %(versions)s::text[], %(predecessors)s::text[], %(managers)s::text[],
  %(makers)s::text[], %(at)s::timestamptz[])
  AS given(room_id, id, kind, creator, local, version, predecessor, managers, creators, at)
ON CONFLICT (room_id) DO UPDATE SET kind = excluded.kind, creator = excluded.creator,
  local = excluded.local, room_version = excluded.room_version,
  predecessor = excluded.predecessor, managers = excluded.managers,
  creators = excluded.creators, created_at = excluded.created_at
WHERE rooms.kind = 'foreign' AND rooms.creator IS NULL
"""

NAMES = """
UPDATE rooms SET name = given.name
FROM unnest(%(rooms)s::text[], %(names)s::text[]) AS given(room_id, name)
WHERE rooms.room_id = given.room_id
"""

TOPICS = """
UPDATE rooms SET topic = given.topic
FROM unnest(%(rooms)s::text[], %(topics)s::text[]) AS given(room_id, topic)
WHERE rooms.room_id = given.room_id
"""

AVATARS = """
UPDATE rooms SET avatar_url = given.url
FROM unnest(%(rooms)s::text[], %(urls)s::text[]) AS given(room_id, url)
WHERE rooms.room_id = given.room_id
"""

SIGHTS = """
UPDATE rooms SET history_visibility = given.rule
FROM unnest(%(rooms)s::text[], %(rules)s::text[]) AS given(room_id, rule)
WHERE rooms.room_id = given.room_id
"""

POWERS = """
UPDATE rooms SET powers = given.levels::jsonb
FROM unnest(%(rooms)s::text[], %(levels)s::text[]) AS given(room_id, levels)
WHERE rooms.room_id = given.room_id
"""

ENCRYPTED = "UPDATE rooms SET encrypted = true WHERE room_id = ANY (%(rooms)s)"

# Where content rules hold, who may remove messages is free of slow mode; a DM has no such rank.
MANAGERS = """
UPDATE rooms SET managers = (
  SELECT array_agg(DISTINCT u ORDER BY u)
  FROM unnest(array_append(string_to_array(given.managers, ' '), rooms.creator)) AS u
  WHERE u IS NOT NULL)
FROM unnest(%(rooms)s::text[], %(managers)s::text[]) AS given(room_id, managers)
WHERE rooms.room_id = given.room_id AND rooms.kind NOT IN ('dm', 'foreign')
"""

SLOW = """
UPDATE rooms SET slow_mode = given.seconds
FROM unnest(%(rooms)s::text[], %(seconds)s::integer[]) AS given(room_id, seconds)
WHERE rooms.room_id = given.room_id AND rooms.kind <> 'dm'
"""

# An upgrade counts when both rooms say so: a tombstone needs power in the old room, whereas
# anybody can claim a predecessor when creating one (D11).
TOMBSTONES = """
UPDATE rooms old SET successor = given.successor
FROM unnest(%(rooms)s::text[], %(successors)s::text[]) AS given(room_id, successor)
JOIN rooms new ON new.room_id = given.successor AND new.predecessor = given.room_id
WHERE old.room_id = given.room_id AND old.successor IS NULL
RETURNING old.room_id
"""

INHERIT = """
UPDATE rooms new SET id = old.id, kind = old.kind, people = old.people, parent = old.parent,
  slug = old.slug, visibility = old.visibility, is_default = old.is_default,
  slow_mode = old.slow_mode, read_only = old.read_only, kept = old.kept, admin = old.admin,
  min_trust = old.min_trust
FROM rooms old WHERE old.room_id = ANY (%(rooms)s) AND new.room_id = old.successor
"""

# Whoever heard only mentions of the old room hears no more of the new one; and what was unread in
# the old one is nobody's any more.
CONTINUED = """
WITH quiet AS (
  INSERT INTO room_mutes (user_id, room_id, muted_at)
  SELECT q.user_id, old.successor, q.muted_at
  FROM room_mutes q JOIN rooms old USING (room_id) WHERE old.room_id = ANY (%(rooms)s)
  ON CONFLICT DO NOTHING
)
SELECT pg_notify(%(channel)s, jsonb_build_array('room', room_id)::text)
FROM unnest(%(rooms)s::text[]) AS given(room_id)
"""

# Before the memberships are written: who is banned without ever having been in or asked in (D28).
NEVER_MEMBERS = """
SELECT given.event_id, given.room_id, given.sender, given.target, s.user_id IS NOT NULL
FROM unnest(%(ids)s::text[], %(rooms)s::text[], %(senders)s::text[], %(targets)s::text[])
  AS given(event_id, room_id, sender, target)
JOIN rooms r ON r.room_id = given.room_id AND r.kind = 'dm' AND NOT given.target = ANY (r.people)
JOIN people p ON p.user_id = given.sender AND p.local AND p.kind = 'person'
LEFT JOIN staff s ON s.user_id = given.sender
WHERE NOT EXISTS (SELECT FROM memberships m
                  WHERE m.room_id = given.room_id AND m.user_id = given.target)
"""

# Synapse's position decides which of two memberships is newer. Where nobody tells it, they come in
# Synapse's order and are counted on, which a position that is told later is always above: the
# senders' clocks decide only about what was found afterwards. (Times once stood for positions.)
MEMBERS = """
INSERT INTO memberships AS m
  (room_id, user_id, membership, sender, event_id, stream_ordering, since, joined_at)
SELECT g.room_id, g.user_id, g.membership, g.sender, g.event_id,
  coalesce(g.position, known.stream_ordering + 1, 1), g.since,
  CASE WHEN g.membership = 'join' THEN coalesce(g.joined,
    (SELECT max(e.counts_at) FROM events e WHERE e.room_id = g.room_id AND NOT e.redacted)) END
FROM unnest(%(rooms)s::text[], %(people)s::text[], %(memberships)s::text[],
  %(senders)s::text[], %(ids)s::text[], %(positions)s::bigint[], %(joined)s::bigint[],
  %(times)s::bigint[], %(late)s::boolean[], %(since)s::timestamptz[])
  AS g(room_id, user_id, membership, sender, event_id, position, joined, at, late, since)
LEFT JOIN memberships known ON known.room_id = g.room_id AND known.user_id = g.user_id
LEFT JOIN events before ON before.event_id = known.event_id
WHERE NOT g.late OR coalesce(before.origin_server_ts <= g.at, true)
ON CONFLICT (room_id, user_id) DO UPDATE SET
  joined_at = CASE WHEN m.membership = excluded.membership AND m.event_id <> ''
                   THEN m.joined_at ELSE excluded.joined_at END,
  since = CASE WHEN m.membership = excluded.membership THEN m.since ELSE excluded.since END,
  membership = excluded.membership, sender = excluded.sender, event_id = excluded.event_id,
  stream_ordering = excluded.stream_ordering
WHERE m.stream_ordering < excluded.stream_ordering OR m.stream_ordering > 1000000000000
"""

JOINED = """
UPDATE rooms SET people = (
  SELECT array_agg(DISTINCT u ORDER BY u) FROM unnest(rooms.people || given.people) AS u)
FROM (SELECT j.room_id, array_agg(p.user_id) AS people
      FROM unnest(%(rooms)s::text[], %(people)s::text[]) AS j(room_id, user_id)
      JOIN people p ON p.user_id = j.user_id AND p.kind = 'person' GROUP BY j.room_id) AS given
WHERE rooms.room_id = given.room_id AND rooms.kind = 'dm'
  AND NOT rooms.people @> given.people
"""

# A group of ours has an admin: who made it, else who handed it on; when they have left, whoever
# has been in it longest. Two people alone have none (D16).
ADMINS = """
WITH touched AS (
  SELECT r.room_id, r.admin AS before, coalesce(r.admin, r.creator) AS first, r.people
  FROM rooms r
  WHERE r.room_id = ANY (%(rooms)s) AND r.kind = 'dm' AND r.local AND r.successor IS NULL
), found AS (
  SELECT t.room_id, t.before, (
    SELECT m.user_id FROM memberships m JOIN people p ON p.user_id = m.user_id
    WHERE m.room_id = t.room_id AND m.membership = 'join' AND p.kind = 'person' AND (
      SELECT count(*) FROM (
        SELECT unnest(t.people) UNION
        SELECT i.user_id FROM memberships i JOIN people q ON q.user_id = i.user_id
        WHERE i.room_id = t.room_id AND i.membership IN ('join', 'invite')
          AND q.kind = 'person') AS everybody) > 2
    ORDER BY m.user_id IS DISTINCT FROM t.first, m.since, m.user_id LIMIT 1) AS admin
  FROM touched t
)
UPDATE rooms SET admin = found.admin FROM found
WHERE rooms.room_id = found.room_id AND found.admin IS DISTINCT FROM found.before
RETURNING rooms.room_id, found.before, found.admin, rooms.creator
"""

# What people did lately (P3): the first time in a server or forum. Rooms everybody is brought into
# and rooms that go on under another id are no news.
JOINS_TOLD = """
INSERT INTO profile_activity (user_id, kind, room_id, created_at)
SELECT p.user_id, 'joined_' || r.kind, r.room_id, given.since
FROM unnest(%(rooms)s::text[], %(people)s::text[], %(since)s::timestamptz[])
  AS given(room_id, user_id, since)
JOIN people p ON p.user_id = given.user_id AND p.local AND p.kind = 'person'
JOIN rooms r ON r.room_id = given.room_id AND r.kind IN ('server', 'forum')
  AND NOT r.is_default AND r.predecessor IS NULL
WHERE NOT EXISTS (SELECT FROM profile_activity a
                  WHERE a.user_id = p.user_id AND a.room_id = r.room_id
                    AND a.kind = 'joined_' || r.kind)
"""

LOCAL_JOINS_OF_FOREIGN = """
SELECT DISTINCT r.room_id
FROM unnest(%(rooms)s::text[], %(people)s::text[]) AS j(room_id, user_id)
JOIN people p ON p.user_id = j.user_id AND p.local
JOIN rooms r ON r.room_id = j.room_id AND r.kind = 'foreign'
"""

LAST = """
UPDATE rooms SET last_event_at = given.at
FROM unnest(%(rooms)s::text[], %(at)s::timestamptz[]) AS given(room_id, at)
WHERE rooms.room_id = given.room_id
  AND (rooms.last_event_at IS NULL OR rooms.last_event_at < given.at)
"""

_CONTACTS = """
INSERT INTO bot_contacts (bot, user_id)
SELECT DISTINCT m.user_id, given.sender
FROM unnest(%(places)s::text[], %(speakers)s::text[]) AS given(room_id, sender)
JOIN rooms r ON r.room_id = given.room_id AND r.kind = 'dm'
JOIN memberships m ON m.room_id = given.room_id AND m.membership IN ('join', 'invite')
JOIN people bot ON bot.user_id = m.user_id AND bot.kind IN ('bot', 'ghost')
WHERE given.sender <> m.user_id
ON CONFLICT DO NOTHING
"""

# What follows from talk, in one statement because nearly every run is talk: when the room last
# heard something, how much people said where it counts, on which days, and whom they wrote to.
TALK = f"""
WITH told AS ({LAST}), wrote AS ({_CONTACTS}), fresh AS (
  INSERT INTO active_days (user_id, day)
  SELECT given.user_id, given.day
  FROM unnest(%(people)s::text[], %(days)s::date[]) AS given(user_id, day)
  JOIN people USING (user_id) WHERE people.kind = 'person'
  ON CONFLICT DO NOTHING RETURNING user_id, day
), days AS (
  SELECT user_id, count(*)::integer AS days, max(day) AS newest FROM fresh GROUP BY user_id
), said AS (
  SELECT c.sender AS user_id, sum(c.count)::integer AS messages
  FROM unnest(%(said_in)s::text[], %(said_by)s::text[], %(counts)s::integer[])
    AS c(room_id, sender, count)
  JOIN rooms r ON r.room_id = c.room_id
    AND r.kind IN ('channel', 'forum', 'circle') AND NOT r.encrypted
  GROUP BY c.sender
)
UPDATE people SET messages = people.messages + coalesce(found.messages, 0),
  active_days = people.active_days + coalesce(found.days, 0),
  last_active_on = greatest(people.last_active_on, found.newest)
FROM (SELECT * FROM said FULL JOIN days USING (user_id)) AS found
WHERE people.user_id = found.user_id AND people.kind = 'person'
"""  # noqa: S608 - constants

# Invites between friends need no second look; all others are judged again by a job, because
# Synapse asks no module about an invite a server admin sends (D28).
DOUBTFUL_INVITES = """
SELECT given.event_id, given.room_id, given.sender, given.invitee
FROM unnest(%(ids)s::text[], %(rooms)s::text[], %(senders)s::text[], %(invitees)s::text[])
  AS given(event_id, room_id, sender, invitee)
JOIN people p ON p.user_id = given.invitee AND p.local AND p.kind = 'person'
JOIN people i ON i.user_id = given.sender AND i.kind <> 'service'
WHERE NOT EXISTS (SELECT FROM friendships f
                  WHERE f.user_id = given.sender AND f.friend_id = given.invitee)
"""

PROMPTS = "SELECT event_id, recipient FROM bot_prompts WHERE event_id = ANY (%(ids)s)"

BOT_ROOMS = "SELECT room_id, user_id FROM bot_rooms WHERE room_id = ANY (%(rooms)s)"

SUSPEND = "UPDATE people SET may_create_rooms = false WHERE user_id = %(user_id)s"

CASE = """
INSERT INTO cases (id, kind, subject, target, room_id, event_id, created_at)
VALUES (%(id)s, 'ban_of_never_member', %(subject)s, %(target)s, %(room_id)s, %(event_id)s, %(now)s)
ON CONFLICT DO NOTHING
"""

NOTED = """
INSERT INTO audit_log (at, actor, act, target, reason, source, detail)
VALUES (%(now)s, 'kith', %(act)s, %(target)s, 'ban_of_never_member', 'system', %(detail)s::jsonb)
"""
