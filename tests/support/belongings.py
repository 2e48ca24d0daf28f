# SPDX-License-Identifier: AGPL-3.0-or-later
"""Something of a person in every table of Kith, with a mark in everything that is free text."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from appservice.database import Database

# Placeholders: who, friend (both exist), mark, id, room, now. In an order that foreign keys take.
FILL: Mapping[str, str] = {
    "people": """UPDATE people SET display_name = %(mark)s || '-people', messages = 7
        WHERE user_id = %(who)s""",
    "staff": "INSERT INTO staff (user_id, role) VALUES (%(who)s, 'moderator')",
    "profiles": """INSERT INTO profiles (user_id, bio, interests, city, country_code)
        VALUES (%(who)s, %(mark)s || '-profiles', '["rowing"]', 'Oslo', 'NO')""",
    "profile_activity": """INSERT INTO profile_activity (user_id, kind, subject)
        VALUES (%(who)s, 'changed_bio', jsonb_build_object('note', %(mark)s || '-activity'))""",
    "profile_names": """INSERT INTO profile_names
        VALUES (%(who)s, %(mark)s || '-names', %(mark)s || '-skeleton')""",
    "matrix_profile": """INSERT INTO matrix_profile VALUES
        (%(who)s, jsonb_build_object('displayname', %(mark)s || '-matrix'), %(now)s)""",
    "follows": "INSERT INTO follows VALUES (%(who)s, %(friend)s)",
    "blocks": "INSERT INTO blocks VALUES (%(who)s, %(friend)s)",
    "mutes": "INSERT INTO mutes VALUES (%(who)s, %(friend)s)",
    "ignore_mirror": "INSERT INTO ignore_mirror VALUES (%(who)s, ARRAY[%(friend)s])",
    "friend_requests": """INSERT INTO friend_requests
        (id, requester, recipient, status, message, created_at, expires_at)
        VALUES (%(id)s, %(who)s, %(friend)s, 'accepted', %(mark)s || '-request', %(now)s,
                %(now)s::timestamptz + interval '30 days')""",
    "friendships": """INSERT INTO friendships (user_id, friend_id, created_at, source_request_id)
        VALUES (%(who)s, %(friend)s, %(now)s, %(id)s), (%(friend)s, %(who)s, %(now)s, %(id)s)""",
    "friendship_ends": "INSERT INTO friendship_ends VALUES (%(who)s, %(friend)s, %(now)s)",
    "suggestions": "INSERT INTO suggestions VALUES (%(who)s, %(friend)s, 3)",
    "suggestion_runs": "INSERT INTO suggestion_runs VALUES (%(who)s, %(now)s)",
    "suggestion_dismissals": """INSERT INTO suggestion_dismissals
        VALUES (%(who)s, %(friend)s, %(now)s)""",
    "bot_contacts": "INSERT INTO bot_contacts VALUES (%(friend)s, %(who)s)",
    "active_days": "INSERT INTO active_days VALUES (%(who)s, %(now)s::date)",
    "quick_replies": """INSERT INTO quick_replies
        VALUES (%(id)s, %(who)s, 0, %(mark)s || '-title', %(mark)s || '-reply')""",
    "showcase_items": """INSERT INTO showcase_items
        VALUES (%(who)s, 'servers_joined', 0, 'server', 'x', %(mark)s || '-card',
                %(mark)s || '-note', %(now)s)""",
    "listings": """INSERT INTO listings
        (id, seller, title, description, status, listed_at, created_at, updated_at)
        VALUES (%(id)s, %(who)s, %(mark)s || '-listing', 'old', 'open', %(now)s, %(now)s,
                %(now)s)""",
    "listing_posts": "INSERT INTO listing_posts (seller, at) VALUES (%(who)s, %(now)s)",
    "saved_searches": """INSERT INTO saved_searches
        VALUES (%(id)s, %(who)s, %(mark)s || '-search', '{"q": "boat"}', false, %(now)s,
                %(now)s)""",
    "profile_media": """INSERT INTO profile_media
        (id, user_id, purpose, status, bytes, labels, created_at, updated_at)
        VALUES (%(id)s, %(who)s, 'avatar', 'ready', 5, ARRAY[%(mark)s || '-label'], %(now)s,
                %(now)s)""",
    "uploads": """INSERT INTO uploads
        (id, owner, mxc, name, mime_type, size, created_at, expires_at)
        VALUES (%(id)s, %(who)s, 'mxc://hs.test/' || %(mark)s, %(mark)s || '-upload.txt',
                'text/plain', 5, %(now)s, %(now)s::timestamptz + interval '1 day')""",
    "rooms": """INSERT INTO rooms (room_id, id, kind, creator, local, name, people, created_at)
        VALUES (%(room)s, %(id)s, 'dm', %(who)s, true, %(mark)s || '-room',
                ARRAY[%(who)s, %(friend)s], %(now)s)""",
    "memberships": """INSERT INTO memberships
        (room_id, user_id, membership, sender, event_id, stream_ordering, since, joined_at)
        VALUES (%(room)s, %(who)s, 'join', %(who)s, '$' || %(mark)s || '-member', 1, %(now)s,
                1)""",
    "room_mutes": "INSERT INTO room_mutes VALUES (%(who)s, %(room)s, %(now)s)",
    "read_marks": """INSERT INTO read_marks (user_id, room_id, event_id, position)
        VALUES (%(who)s, %(room)s, '$' || %(mark)s || '-mark', 1)""",
    "mentions": """INSERT INTO mentions (user_id, room_id, position, event_id, sender)
        VALUES (%(who)s, %(room)s, 1, '$' || %(mark)s || '-mention', %(friend)s)""",
    "events": """INSERT INTO events
        (event_id, room_id, sender, type, origin_server_ts, applied_at, txn_id)
        VALUES ('$' || %(mark)s || '-event', %(room)s, %(who)s, 'm.room.message', 1, %(now)s,
                %(mark)s || '-txn')""",
    "sessions": """INSERT INTO sessions
        VALUES (decode(md5(%(mark)s), 'hex'), %(who)s, '\\x02', %(now)s, %(now)s,
                %(now)s::timestamptz + interval '1 day')""",
    "cases": """INSERT INTO cases (id, kind, subject, target, detail, created_at)
        VALUES (%(id)s, 'request_spam', %(who)s, %(friend)s, '{}', %(now)s)""",
    "audit_log": """INSERT INTO audit_log (at, actor, act, target, reason, source)
        VALUES (%(now)s, %(friend)s, 'listing_closed', %(who)s, %(mark)s || '-audit',
                'admin')""",
    "bot_rooms": "INSERT INTO bot_rooms VALUES (%(who)s, '!' || %(mark)s || '-bot')",
    "bot_prompts": """INSERT INTO bot_prompts
        VALUES ('$' || %(mark)s || '-prompt', %(who)s, %(id)s, %(room)s)""",
    "exports": """INSERT INTO exports (id, user_id, state, reason, asked_at, changed_at)
        VALUES (%(id)s, %(who)s, 'failed', %(mark)s || '-export', %(now)s, %(now)s)""",
    "intake_failures": """INSERT INTO intake_failures (event_id, body, error, failed_at)
        VALUES ('$' || %(mark)s || '-failure', jsonb_build_object('sender', %(who)s::text), 'E',
                %(now)s)""",
    "people_search": """INSERT INTO people_search (user_id, public_terms, friend_terms)
        VALUES (%(who)s, to_tsvector('simple', %(mark)s), '') ON CONFLICT DO NOTHING""",
    "erasures": """INSERT INTO erasures (id, user_id, source, asked_at, due_at)
        VALUES (%(id)s, %(who)s, 'person', %(now)s, %(now)s)""",
    "inbox": """INSERT INTO inbox (event_id, body, received_at)
        VALUES ('$' || %(mark)s || '-inbox', jsonb_build_object('sender', %(who)s::text),
                %(now)s)""",
    "rate_counters": """INSERT INTO rate_counters
        VALUES ('messages:' || %(who)s, '{1}', %(now)s::timestamptz + interval '1 hour')""",
}


async def fill(
    database: Database, who: str, friend: str, *, mark: str, number: int, now: Any
) -> None:
    """Give somebody a row in every table.

    Args:
        database: Kith's.
        who: whose rows; known already, as is `friend`.
        friend: whom they name.
        mark: stands in everything that is free text.
        number: tells the ids of two people apart.
        now: when all of it was.
    """
    values = {
        "who": who,
        "friend": friend,
        "mark": mark,
        "id": UUID(int=number),
        "room": f"!room{number}:hs.test",
        "now": now,
    }
    async with database.transaction() as tx:
        for statement in FILL.values():
            await tx.read(statement, values)
