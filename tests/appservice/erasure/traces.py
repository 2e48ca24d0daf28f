# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of one person (``%(me)s``) in every table, with ``%(marker)s`` in all they wrote."""

PLANT = (
    """UPDATE people SET display_name = %(marker)s, avatar_url = 'mxc://hs.test/' || %(marker)s,
       dm_policy = 'everyone', trust = 2, messages = 9, active_days = 2,
       last_active_on = '2026-01-01'
       WHERE user_id = %(me)s""",
    """INSERT INTO profiles (user_id, bio, gender, pronouns, city, country_code, interests,
                             banner_mxc)
       VALUES (%(me)s, %(marker)s, %(marker)s, %(marker)s, %(marker)s, 'NO',
               jsonb_build_array(jsonb_build_object('id', 'own:x', 'label', %(marker)s::text)),
               'mxc://hs.test/' || %(marker)s)
       ON CONFLICT (user_id) DO UPDATE SET bio = excluded.bio""",
    """INSERT INTO profile_activity (user_id, kind, subject) VALUES
       (%(me)s, 'changed_bio', jsonb_build_object('was', %(marker)s::text)),
       (%(other0)s, 'became_friends', jsonb_build_object('user_id', %(me)s::text)),
       (%(other1)s, 'changed_by_staff', jsonb_build_object('by', %(me)s::text))""",
    """INSERT INTO profile_names (user_id, name, skeleton) VALUES (%(me)s, %(marker)s, %(marker)s)
       ON CONFLICT DO NOTHING""",
    """INSERT INTO matrix_profile (user_id, written, checked_at)
       VALUES (%(me)s, jsonb_build_object('displayname', %(marker)s::text), %(now)s)""",
    """INSERT INTO people_search (user_id, public_terms, friend_terms)
       VALUES (%(me)s, to_tsvector('simple', %(marker)s), to_tsvector('simple', %(marker)s))""",
    "INSERT INTO staff (user_id, role) VALUES (%(me)s, 'moderator')",
    "INSERT INTO follows (follower, followed) VALUES (%(me)s, %(other0)s), (%(other1)s, %(me)s)",
    "INSERT INTO blocks (blocker, blocked) VALUES (%(me)s, %(other2)s), (%(other2)s, %(me)s)",
    "INSERT INTO mutes (muter, muted) VALUES (%(me)s, %(other0)s), (%(other0)s, %(me)s)",
    """INSERT INTO ignore_mirror (user_id, ignored) VALUES (%(me)s, ARRAY[%(other2)s]),
       (%(other2)s, ARRAY[%(me)s])""",
    """INSERT INTO friend_requests (id, requester, recipient, status, message, created_at,
                                    expires_at)
       VALUES (gen_random_uuid(), %(me)s, %(other0)s, 'accepted', %(marker)s, %(now)s, %(later)s),
              (gen_random_uuid(), %(other1)s, %(me)s, 'pending', 'hi', %(now)s, %(later)s)""",
    """INSERT INTO friendships (user_id, friend_id, created_at, source_request_id)
       SELECT a, b, %(now)s, (SELECT id FROM friend_requests WHERE requester = %(me)s)
       FROM (VALUES (%(me)s, %(other0)s), (%(other0)s, %(me)s)) AS t(a, b)""",
    """INSERT INTO friendship_ends (ended_by, other, ended_at)
       VALUES (%(me)s, %(other1)s, %(now)s), (%(other1)s, %(me)s, %(now)s)""",
    """INSERT INTO bot_prompts (event_id, recipient, request_id, room_id)
       SELECT '$prompt' || %(tag)s, recipient, id, '!bot' FROM friend_requests
       WHERE recipient = %(me)s""",
    """INSERT INTO suggestions (user_id, other, score) VALUES (%(me)s, %(other1)s, 3),
       (%(other1)s, %(me)s, 3)""",
    "INSERT INTO suggestion_runs (user_id, made_at) VALUES (%(me)s, %(now)s)",
    """INSERT INTO suggestion_dismissals (user_id, other, dismissed_at)
       VALUES (%(me)s, %(other2)s, %(now)s), (%(other2)s, %(me)s, %(now)s)""",
    "INSERT INTO bot_contacts (bot, user_id) VALUES (%(other2)s, %(me)s)",
    "INSERT INTO active_days (user_id, day) VALUES (%(me)s, '2026-01-01'), (%(me)s, '2026-01-02')",
    """INSERT INTO quick_replies (id, user_id, place, title, text)
       VALUES (gen_random_uuid(), %(me)s, 0, %(marker)s, %(marker)s)""",
    """INSERT INTO showcase_items (user_id, collection, position, entity_kind, entity_id, title,
                                   note, added_at)
       VALUES (%(me)s, 'servers_joined', 0, 'server', %(room)s, %(marker)s, %(marker)s,
               %(now)s)""",
    """INSERT INTO listings (id, seller, title, description, status, listed_at, created_at,
                             updated_at, closed_by, close_reason)
       VALUES (gen_random_uuid(), %(me)s, %(marker)s, %(marker)s, 'open', %(now)s, %(now)s,
               %(now)s,
               NULL, NULL),
              (gen_random_uuid(), %(other0)s, 'a lamp', '', 'closed', %(now)s, %(now)s,
               %(now)s,
               %(me)s, 'broken rules')""",
    "INSERT INTO listing_posts (seller, at) VALUES (%(me)s, %(now)s)",
    """INSERT INTO saved_searches (id, owner, name, query, created_at, updated_at)
       VALUES (gen_random_uuid(), %(me)s, %(marker)s, '{}', %(now)s, %(now)s),
              (gen_random_uuid(), %(other1)s, 'their things',
               jsonb_build_object('seller', %(me)s::text), %(now)s, %(now)s)""",
    """INSERT INTO profile_media (id, user_id, purpose, status, bytes, judged_by, created_at,
                                  updated_at)
       VALUES (gen_random_uuid(), %(me)s, 'avatar', 'ready', 9, %(other2)s, %(now)s, %(now)s),
              (gen_random_uuid(), %(me)s, 'listing', 'ready', 9, NULL, %(now)s, %(now)s),
              (gen_random_uuid(), %(other1)s, 'avatar', 'ready', 9, %(me)s, %(now)s, %(now)s)""",
    """INSERT INTO uploads (id, owner, mxc, name, mime_type, size, created_at, expires_at)
       VALUES (gen_random_uuid(), %(me)s, 'mxc://hs.test/' || %(marker)s, %(marker)s,
               'image/png', 9,
               %(now)s, %(later)s)""",
    """INSERT INTO rooms (room_id, id, kind, local, created_at, creator, people, creators, admin)
       VALUES (%(room)s, gen_random_uuid(), 'dm', true, %(now)s, %(me)s,
               ARRAY[%(me)s, %(other0)s], ARRAY[%(me)s], NULL),
              (%(room)s || 'x', gen_random_uuid(), 'forum', true, %(now)s, %(other0)s, '{}', '{}',
               NULL)""",
    """INSERT INTO memberships (room_id, user_id, membership, sender, event_id, stream_ordering,
                                since)
       VALUES (%(room)s, %(me)s, 'leave', %(me)s, '$a', 1, %(now)s),
              (%(room)s, %(other0)s, 'join', %(me)s, '$b', 2, %(now)s),
              (%(room)s || 'x', %(me)s, 'leave', %(me)s, '$c', 3, %(now)s)""",
    "INSERT INTO room_mutes (user_id, room_id, muted_at) VALUES (%(me)s, %(room)s, %(now)s)",
    """INSERT INTO read_marks (user_id, room_id, event_id, position)
       VALUES (%(me)s, %(room)s, '$a', 1)""",
    """INSERT INTO mentions (user_id, room_id, position, event_id, sender)
       VALUES (%(me)s, %(room)s, 1, '$a', %(other0)s), (%(other0)s, %(room)s, 2, '$b', %(me)s)""",
    """INSERT INTO events (event_id, room_id, sender, type, origin_server_ts, applied_at)
       VALUES ('$' || %(tag)s, %(room)s, %(me)s, 'm.room.message', 1, %(now)s)""",
    """INSERT INTO sessions (token_hash, user_id, csrf_hash, created_at, last_seen_at, expires_at)
       VALUES (%(marker)s::text::bytea, %(me)s, '\\x01', %(now)s, %(now)s, %(later)s)""",
    """INSERT INTO cases (id, kind, subject, target, created_at)
       VALUES (gen_random_uuid(), 'request_spam', %(me)s, NULL, %(now)s),
              (gen_random_uuid(), 'ban_of_never_member', %(other2)s, %(me)s, %(now)s)""",
    """INSERT INTO audit_log (at, actor, act, target, source, detail)
       VALUES (%(now)s, %(me)s, 'picture_approved', %(other0)s, 'admin', '{}'),
              (%(now)s, %(other2)s, 'listing_closed', %(me)s, 'admin',
               jsonb_build_object('listing_id', 'x', 'title', %(marker)s::text))""",
    "INSERT INTO bot_rooms (user_id, room_id) VALUES (%(me)s, '!bot')",
    """INSERT INTO exports (id, user_id, state, asked_at, changed_at)
       VALUES (gen_random_uuid(), %(me)s, 'failed', %(now)s, %(now)s)""",
    """INSERT INTO intake_failures (event_id, body, error, failed_at)
       VALUES ('$failed' || %(tag)s, jsonb_build_object('sender', %(me)s::text), 'x',
               %(now)s)""",
    """INSERT INTO rate_counters (key, stamps, expires_at)
       VALUES ('messages:' || %(me)s, '{1}', %(later)s)""",
)
