# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the core counts for Prometheus. Labels come from short fixed lists, never from people."""

from prometheus_client import Counter, Gauge, Histogram

TRANSACTIONS = Counter(
    "kith_intake_transactions", "Transactions of the homeserver by answer.", ["answer"]
)
EPHEMERAL = Counter("kith_intake_ephemeral", "Ephemeral events by type.", ["type"])
STORED_SECONDS = Histogram(
    "kith_intake_store_seconds",
    "Time until a transaction was stored.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1),
)
APPLIED = Counter("kith_intake_events_applied", "Events applied for the first time.")
FILLED = Counter(
    "kith_intake_events_read", "Events read from the homeserver before or without its push."
)
FAILED = Counter("kith_intake_events_failed", "Events that could not be applied and were kept.")
LAG = Gauge("kith_intake_lag_seconds", "Age of the oldest event known and not yet applied.")
BATCH_SECONDS = Histogram(
    "kith_intake_batch_seconds",
    "Time one batch took.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)
ERRORS = Counter("kith_background_errors", "Faults of background parts, by part.", ["part"])
JOBS = Counter("kith_jobs", "Jobs by name and outcome.", ["job", "outcome"])
JOBS_KEPT = Gauge("kith_jobs_kept", "Jobs in the database by status.", ["status"])
COMMANDS = Counter("kith_bot_commands", "Commands of the bot by name.", ["command"])
SOCKETS = Gauge("kith_realtime_sockets", "Open sockets of this process.")
ROOMS = Gauge("kith_realtime_rooms", "Rooms somebody listens to in this process.")
DELIVERED = Counter("kith_realtime_delivered", "Frames of rooms handed to sockets.")
CAUGHT_UP = Counter(
    "kith_realtime_caught_up",
    "Events read from the database because the bus had not brought them.",
)
CLOSED = Counter("kith_realtime_closed", "Sockets closed by the gateway, by close code.", ["code"])
