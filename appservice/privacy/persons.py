# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who people are and how they stand to each other: what is declared of those tables."""

from appservice.privacy.entry import (
    DERIVED,
    Anonymise,
    Delete,
    Entry,
    Exported,
    Keep,
    LeftOut,
)

_MINE = "user_id = %(me)s"
_GOES = "It was yours."
_TIE = "A tie needs two."
# As `FriendRequest.seen_by`: a decline is silent, so whoever asked must not find it here (D39).
_SEEN = """CASE
  WHEN requester = %(me)s AND status = 'declined' THEN
    CASE WHEN withdrawn_at IS NOT NULL THEN 'cancelled'
         WHEN expires_at > %(now)s THEN 'pending' ELSE 'expired' END
  WHEN status = 'pending' AND expires_at <= %(now)s THEN 'expired'
  ELSE status END"""

PERSONS = (
    Entry(
        table="people",
        what="Your account in Kith: name, picture, settings, trust",
        user_columns=("user_id",),
        on_export=Exported(
            _MINE,
            (
                "user_id",
                "kind",
                "local",
                "display_name",
                "avatar_url",
                "trust",
                "dm_policy",
                "request_policy",
                "auto_decline_strangers",
                "connections_visibility",
                "presence_visibility",
                "presence_kept_since",
                "may_create_rooms",
                "requests_suspended_until",
                "messages",
                "active_days",
                "last_active_on",
                "deactivated_at",
                "created_at",
            ),
        ),
        on_erase=(
            Anonymise(
                _MINE,
                {
                    "display_name": "'Deleted user'",
                    "avatar_url": "NULL",
                    "trust": "DEFAULT",
                    "dm_policy": "DEFAULT",
                    "request_policy": "DEFAULT",
                    "auto_decline_strangers": "DEFAULT",
                    "connections_visibility": "DEFAULT",
                    "presence_visibility": "DEFAULT",
                    "presence_kept_since": "NULL",
                    "may_create_rooms": "DEFAULT",
                    "requests_suspended_until": "NULL",
                    "messages": "0",
                    "active_days": "0",
                    "last_active_on": "NULL",
                    "deactivated_at": "coalesce(deactivated_at, %(now)s)",
                },
                "The user id stays, so that conversations of others show a deleted user where you"
                " spoke, and nobody else can take it.",
            ),
        ),
    ),
    Entry(
        table="profiles",
        what="Your profile",
        user_columns=("user_id",),
        on_export=Exported(
            _MINE,
            (
                "user_id",
                "bio",
                "gender",
                "pronouns",
                "city",
                "country_code",
                "place_id",
                "interests",
                "timezone",
                "banner_mxc",
                "avatar_media",
                "banner_media",
                "hidden",
                "visibility",
                "showcase_config",
                "onboarding",
                "revision",
                "updated_at",
            ),
        ),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="profile_activity",
        what="What you did lately, with the log of your visibility settings",
        user_columns=("user_id", "subject"),
        on_export=Exported(_MINE, ("id", "user_id", "kind", "subject", "room_id", "created_at")),
        on_erase=(
            Delete(_MINE, _GOES),
            Delete("subject ->> 'user_id' = %(me)s", "It told others of a tie to you."),
            Anonymise(
                "subject ->> 'by' = %(me)s",
                {"subject": "jsonb_set(subject, '{by}', to_jsonb(%(pseudonym)s::text))"},
                "Its owner keeps the log of what staff changed.",
            ),
        ),
    ),
    Entry(
        table="profile_names",
        what="Your display name in the form that is compared with those of staff",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("user_id", "name"), {"skeleton": DERIVED}),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="matrix_profile",
        what="What Kith wrote into your Matrix profile",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("user_id", "written", "checked_at")),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="people_search",
        what="The words by which you are found",
        user_columns=("user_id",),
        on_export=LeftOut(DERIVED),
        on_erase=(Delete(_MINE, "Nobody finds you any more."),),
    ),
    Entry(
        table="people_search_waiting",
        what="Whose words are to be made anew",
        user_columns=("user_id",),
        on_export=LeftOut("A note that lives for seconds."),
        on_erase=(Delete(_MINE, "Nobody finds you any more."),),
    ),
    Entry(
        table="staff",
        what="Your role on this instance",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("user_id", "role", "granted_at")),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="follows",
        what="Whom you follow, and who follows you",
        user_columns=("follower", "followed"),
        on_export=Exported(
            "follower = %(me)s OR followed = %(me)s", ("follower", "followed", "created_at")
        ),
        on_erase=(Delete("follower = %(me)s OR followed = %(me)s", _TIE),),
    ),
    Entry(
        table="blocks",
        what="Whom you have blocked",
        user_columns=("blocker", "blocked"),
        on_export=Exported("blocker = %(me)s", ("blocker", "blocked", "created_at")),
        on_erase=(Delete("blocker = %(me)s OR blocked = %(me)s", _TIE),),
    ),
    Entry(
        table="mutes",
        what="Whom you have muted",
        user_columns=("muter", "muted"),
        on_export=Exported("muter = %(me)s", ("muter", "muted", "created_at")),
        on_erase=(Delete("muter = %(me)s OR muted = %(me)s", _TIE),),
    ),
    Entry(
        table="ignore_mirror",
        what="Whom you ignore in Matrix clients",
        user_columns=("user_id", "ignored"),
        on_export=Exported(_MINE, ("user_id", "ignored")),
        on_erase=(
            Delete(_MINE, _GOES),
            Keep(
                "user_id <> %(me)s AND %(me)s = ANY (ignored)",
                "The ignore list of somebody else, as their Matrix account has it.",
            ),
        ),
    ),
    Entry(
        table="friend_requests",
        what="Friend requests you sent and got",
        user_columns=("requester", "recipient"),
        on_export=Exported(
            "requester = %(me)s OR recipient = %(me)s",
            (
                "id",
                "requester",
                "recipient",
                "status",
                "message",
                "created_at",
                "expires_at",
                "responded_at",
                "reminded_at",
                "withdrawn_at",
            ),
            shown={
                "status": _SEEN,
                "message": "CASE WHEN requester = %(me)s THEN message END",
                "responded_at": "CASE WHEN status = 'accepted' OR recipient = %(me)s"
                " THEN responded_at END",
                "withdrawn_at": "CASE WHEN requester = %(me)s THEN withdrawn_at END",
            },
        ),
        on_erase=(Delete("requester = %(me)s OR recipient = %(me)s", _TIE),),
    ),
    Entry(
        table="friendships",
        what="Your friends",
        user_columns=("user_id", "friend_id"),
        on_export=Exported(_MINE, ("user_id", "friend_id", "created_at", "source_request_id")),
        on_erase=(Delete("user_id = %(me)s OR friend_id = %(me)s", _TIE),),
    ),
    Entry(
        table="friendship_ends",
        what="Friendships you ended",
        user_columns=("ended_by", "other"),
        on_export=Exported("ended_by = %(me)s", ("ended_by", "other", "ended_at")),
        on_erase=(Delete("ended_by = %(me)s OR other = %(me)s", _TIE),),
    ),
    Entry(
        table="suggestions",
        what="Whom Kith suggested to you",
        user_columns=("user_id", "other"),
        on_export=Exported(_MINE, ("user_id", "other", "score")),
        on_erase=(Delete("user_id = %(me)s OR other = %(me)s", _TIE),),
    ),
    Entry(
        table="suggestion_runs",
        what="When your suggestions were made",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("user_id", "made_at")),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="suggestion_dismissals",
        what="Suggestions you waved away",
        user_columns=("user_id", "other"),
        on_export=Exported(_MINE, ("user_id", "other", "dismissed_at")),
        on_erase=(Delete("user_id = %(me)s OR other = %(me)s", _TIE),),
    ),
    Entry(
        table="bot_contacts",
        what="Programs you spoke with first",
        user_columns=("bot", "user_id"),
        on_export=Exported(_MINE, ("bot", "user_id")),
        on_erase=(Delete("user_id = %(me)s OR bot = %(me)s", _TIE),),
    ),
    Entry(
        table="active_days",
        what="Days on which you said something",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("user_id", "day")),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="quick_replies",
        what="Your quick replies",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("id", "user_id", "place", "title", "text")),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="showcase_items",
        what="The cards on your profile",
        user_columns=("user_id",),
        on_export=Exported(
            _MINE,
            (
                "user_id",
                "collection",
                "position",
                "entity_kind",
                "entity_id",
                "title",
                "note",
                "added_at",
            ),
        ),
        on_erase=(Delete(_MINE, _GOES),),
    ),
)
