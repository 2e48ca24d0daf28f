# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sign-ins, the bot, staff's books, and what the processes keep for themselves."""

from appservice.privacy.entry import (
    SECRET,
    STAFF,
    Anonymise,
    Cascade,
    Delete,
    Entry,
    Exported,
    Keep,
    LeftOut,
)

_MINE = "user_id = %(me)s"
_GOES = "It was yours."
_UNDER_WAY = "Work that is under way; it goes with the work."
_OTHERS = "May tell of others; ask the operator."
_BOOK = "Staff's book of what was decided is kept for its time (D32), without your name."

MACHINERY = (
    Entry(
        table="sessions",
        what="Your sign-ins to Kith",
        user_columns=("user_id",),
        on_export=Exported(
            _MINE,
            ("user_id", "created_at", "last_seen_at", "expires_at"),
            {"token_hash": SECRET, "csrf_hash": SECRET},
        ),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(table="setup_links", what="Links that make the first administrator"),
    Entry(
        table="cases",
        what="Cases about you",
        user_columns=("subject", "target"),
        on_export=Exported(
            "subject = %(me)s",
            ("id", "kind", "subject", "state", "created_at"),
            dict.fromkeys(("target", "room_id", "event_id", "detail"), _OTHERS),
        ),
        on_erase=(
            Anonymise("subject = %(me)s", {"subject": "%(pseudonym)s"}, _BOOK),
            Anonymise("target = %(me)s", {"target": "%(pseudonym)s"}, _BOOK),
        ),
    ),
    Entry(
        table="audit_log",
        what="What was decided about you",
        user_columns=("actor", "target"),
        on_export=Exported(
            "target = %(me)s",
            ("id", "at", "act", "target", "reason", "source"),
            {"actor": STAFF, "detail": _OTHERS},
        ),
        on_erase=(
            Anonymise("actor = %(me)s", {"actor": "%(pseudonym)s"}, _BOOK),
            Anonymise(
                "target = %(me)s",
                {"target": "%(pseudonym)s", "detail": "detail - 'title'"},
                _BOOK,
            ),
        ),
    ),
    Entry(
        table="bot_rooms",
        what="Your conversation with Kith's bot",
        user_columns=("user_id",),
        on_export=Exported(_MINE, ("user_id", "room_id")),
        on_erase=(Delete(_MINE, _GOES),),
    ),
    Entry(
        table="bot_prompts",
        what="Questions the bot asked you",
        user_columns=("recipient",),
        on_export=Exported(
            "recipient = %(me)s", ("event_id", "recipient", "request_id", "room_id")
        ),
        on_erase=(
            Cascade("friend_requests", "recipient = %(me)s", "They go with their requests."),
        ),
    ),
    Entry(
        table="exports",
        what="Archives like this one that you asked for",
        user_columns=("user_id",),
        on_export=Exported(
            _MINE,
            (
                "id",
                "user_id",
                "state",
                "reason",
                "step",
                "done",
                "total",
                "size",
                "sha256",
                "missing",
                "asked_at",
                "changed_at",
                "ready_at",
                "expires_at",
            ),
            {"attempt": "A mark of the process that made it."},
        ),
        on_erase=(Delete(_MINE, "The archives go with it."),),
    ),
    Entry(
        table="inbox",
        what="Events that came from Synapse and wait for a moment",
        user_columns=("body",),
        on_export=LeftOut("Gone within seconds; what you said is in Synapse's part."),
        on_erase=(Keep("body ->> 'sender' = %(me)s", "Gone by itself within seconds."),),
    ),
    Entry(table="inbox_transactions", what="Numbers of Synapse's deliveries"),
    Entry(
        table="intake_failures",
        what="Events that could not be taken in, without their content",
        user_columns=("body",),
        on_export=Exported(
            "body ->> 'sender' = %(me)s",
            ("event_id", "body", "failed_at"),
            {"error": "About Kith and not about you.", "attempts": "About Kith, too."},
        ),
        on_erase=(Delete("body ->> 'sender' = %(me)s", _GOES),),
    ),
    Entry(table="positions", what="How far Synapse's streams were read"),
    Entry(
        table="rate_counters",
        what="When you last did what is limited, for a day at most",
        user_columns=("key",),
        on_export=LeftOut("Counters that are gone within a day."),
        on_erase=(Delete("position(%(me)s in key) > 0", _GOES),),
    ),
    Entry(table="schema_versions", what="Versions of the database"),
    Entry(
        table="procrastinate_jobs",
        what="Work that waits or failed",
        user_columns=("args", "lock", "queueing_lock"),
        on_export=LeftOut(_UNDER_WAY),
        on_erase=(
            Delete(
                "(status IN ('failed', 'cancelled', 'aborted', 'succeeded')"
                " AND position(%(me)s in args::text || coalesce(lock, '')"
                " || coalesce(queueing_lock, '')) > 0)"
                " OR (status = 'todo' AND args ->> 'user_id' = %(me)s"
                " AND task_name NOT LIKE 'erasure.%%')",
                "Work that was over, or for you alone.",
            ),
        ),
    ),
    Entry(
        table="erasures",
        what="Deletions of accounts, and their proofs",
        user_columns=("user_id",),
        on_export=Exported(
            _MINE,
            ("id", "user_id", "source", "state", "asked_at", "due_at", "began_at", "before"),
            {
                "token_hash": SECRET,
                **dict.fromkeys(
                    ("finished_at", "step", "counts", "answers", "report", "sha256"),
                    "Empty until your account is gone.",
                ),
            },
        ),
        on_erase=(
            Anonymise(
                _MINE, {"user_id": "NULL"}, "The proof stays for its time and names nobody."
            ),
        ),
    ),
    Entry(
        table="pseudonym_keys",
        what="The key of the name under which staff's book tells of you",
        user_columns=("user_id",),
        on_export=LeftOut(SECRET),
        on_erase=(Delete(_MINE, "Without it nobody can tell whose name it was."),),
    ),
    Entry(
        table="procrastinate_events",
        what="When work began and ended",
        on_export=LeftOut(_UNDER_WAY),
    ),
    Entry(table="procrastinate_periodic_defers", what="Work by the clock"),
    Entry(table="procrastinate_workers", what="Processes that do the work"),
)
