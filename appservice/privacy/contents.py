# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people say, offer and upload, and the rooms they are in."""

from appservice.privacy.entry import (
    DERIVED,
    NOBODY,
    STAFF,
    Anonymise,
    Delete,
    Entry,
    Exported,
    Keep,
    LeftOut,
)

_MINE = "user_id = %(me)s"
_GOES = "It was yours."
_SHAPE = "Conversations of others keep their shape; what you said is gone from them."
_OF_THE_ROOM = dict.fromkeys(
    (
        "creator",
        "local",
        "parent",
        "predecessor",
        "successor",
        "is_default",
        "read_only",
        "slow_mode",
        "managers",
        "last_event_at",
        "kept",
        "avatar_url",
        "history_visibility",
        "powers",
        "creators",
        "description",
        "place",
        "min_trust",
        "admin",
    ),
    "About the room and not about you.",
)
# The other one of a direct conversation is told by their membership, whatever it is by now.
_TALKED = """EXISTS (SELECT FROM rooms r WHERE r.room_id = memberships.room_id AND r.kind = 'dm'
  AND memberships.user_id = ANY (r.people))"""

CONTENTS = (
    Entry(
        table="listings",
        what="Your listings",
        user_columns=("seller", "closed_by"),
        on_export=Exported(
            "seller = %(me)s",
            (
                "id",
                "seller",
                "txn_id",
                "title",
                "description",
                "price_minor",
                "currency",
                "tags",
                "city",
                "country_code",
                "place_id",
                "status",
                "images",
                "allow_messages",
                "revision",
                "listed_at",
                "created_at",
                "updated_at",
                "closed_at",
                "close_reason",
            ),
            {"closed_by": STAFF, "words": DERIVED},
        ),
        on_erase=(
            Delete("seller = %(me)s", _GOES),
            Anonymise(
                "closed_by = %(me)s",
                {"closed_by": "%(pseudonym)s"},
                "What staff closed stays closed.",
            ),
        ),
    ),
    Entry(
        table="listing_posts",
        what="When you posted listings, for two days",
        user_columns=("seller",),
        on_export=Exported("seller = %(me)s", ("id", "seller", "at")),
        on_erase=(Delete("seller = %(me)s", _GOES),),
    ),
    Entry(
        table="saved_searches",
        what="Searches you keep",
        user_columns=("owner", "query"),
        on_export=Exported(
            "owner = %(me)s",
            ("id", "owner", "name", "query", "alerts", "created_at", "updated_at"),
        ),
        on_erase=(
            Delete("owner = %(me)s", _GOES),
            Delete("query ->> 'seller' = %(me)s", "It looked for your listings, which are gone."),
        ),
    ),
    Entry(
        table="profile_media",
        what="Pictures of your profile and your listings",
        user_columns=("user_id", "judged_by"),
        on_export=Exported(
            _MINE,
            (
                "id",
                "user_id",
                "purpose",
                "status",
                "reason",
                "mime_type",
                "bytes",
                "width",
                "height",
                "hash",
                "crop",
                "blurhash",
                "labels",
                *("mxc", "source_mxc", "quiet"),
                "judged_at",
                "created_at",
                "updated_at",
            ),
            {"judged_by": STAFF},
        ),
        on_erase=(
            Delete(_MINE, _GOES),
            Anonymise(
                "judged_by = %(me)s",
                {"judged_by": "%(pseudonym)s"},
                "Pictures of others stay as they were judged.",
            ),
        ),
    ),
    Entry(
        table="uploads",
        what="Files you uploaded for messages, for a day",
        user_columns=("owner",),
        on_export=Exported(
            "owner = %(me)s",
            (
                "id",
                "owner",
                "mxc",
                "name",
                "mime_type",
                "size",
                "width",
                "height",
                "blurhash",
                "thumbnail",
                "created_at",
                "expires_at",
                "used_at",
            ),
        ),
        on_erase=(Delete("owner = %(me)s", _GOES),),
    ),
    Entry(
        table="link_previews",
        what="What links lead to; not who posted or opened them",
        on_export=LeftOut(NOBODY),
    ),
    Entry(
        table="rooms",
        what="The rooms you are or were in",
        user_columns=("creator", "people", "managers", "powers", "creators", "admin"),
        on_export=Exported(
            "room_id IN (SELECT m.room_id FROM memberships m WHERE m.user_id = %(me)s)",
            (
                "room_id",
                "id",
                "kind",
                "room_version",
                "name",
                "topic",
                "slug",
                "emoji",
                "visibility",
                "encrypted",
                "people",
                "created_at",
            ),
            _OF_THE_ROOM,
        ),
        on_erase=(
            Keep(
                "creator = %(me)s OR admin = %(me)s"
                " OR %(me)s = ANY (people || managers || creators)"
                " OR powers::text LIKE '%%' || to_json(%(me)s::text)::text || '%%'",
                "A room belongs to those who stay; it names your user id as Synapse does.",
            ),
        ),
    ),
    Entry(
        table="memberships",
        what="Your memberships of rooms",
        user_columns=("user_id", "sender"),
        on_export=Exported(
            _MINE,
            (
                "room_id",
                "user_id",
                "membership",
                "sender",
                "event_id",
                "stream_ordering",
                "since",
                "joined_at",
            ),
        ),
        on_erase=(
            Delete(_MINE + " AND membership <> 'ban' AND NOT " + _TALKED, _GOES),
            Keep(
                _MINE + " AND membership <> 'ban' AND " + _TALKED,
                "Whom you spoke with goes on seeing with whom: a deleted user.",
            ),
            Keep(
                _MINE + " AND membership = 'ban'",
                "Bans outlive accounts (D32); Synapse keeps them in the room as well.",
            ),
            Keep(
                "sender = %(me)s AND user_id <> %(me)s",
                "Memberships of others, which say whom they came in through.",
            ),
        ),
    ),
    Entry(
        table="room_mutes",
        what="Rooms you have muted",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("user_id", "room_id", "muted_at")),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="read_marks",
        what="Up to where you have read",
        user_columns=("user_id",),
        on_export=Exported(
            _MINE,
            (
                "user_id",
                "room_id",
                "thread",
                "event_id",
                "position",
                "shown_event_id",
                "shown_position",
                "shown_at",
            ),
        ),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="mentions",
        what="Where you were mentioned",
        user_columns=("user_id", "sender"),
        on_export=Exported(
            _MINE, ("user_id", "room_id", "position", "event_id", "sender", "thread_root")
        ),
        on_erase=(
            Delete(_MINE, _GOES),
            Keep("sender = %(me)s AND user_id <> %(me)s", _SHAPE),
        ),
    ),
    Entry(
        table="events",
        what="That you said something, where and when; the words are in Synapse's part",
        user_columns=("sender",),
        on_export=Exported(
            "sender = %(me)s",
            (
                "event_id",
                "room_id",
                "sender",
                "type",
                "thread_root",
                "stream_ordering",
                "origin_server_ts",
                "applied_at",
                "counts_at",
                "redacted",
                "rel_type",
                "relates_to",
                "reaction_key",
                "txn_id",
            ),
        ),
        on_erase=(Keep("sender = %(me)s", _SHAPE),),
    ),
)
