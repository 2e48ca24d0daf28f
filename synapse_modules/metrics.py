# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the modules count. The figures stand among Synapse's own on its /metrics."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = Histogram(
    "kith_module_callback_seconds",
    "Time one callback of Kith's modules took, waiting for facts included.",
    ["callback"],
    buckets=(0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
REFUSED = Counter(
    "kith_module_refused", "Refusals by callback and reason.", ["callback", "reason"]
)
FAILED = Counter(
    "kith_module_failed",
    "Callbacks that could not judge, by cause: facts (the database), bug, slow (over budget).",
    ["callback", "cause"],
)
SIGNALS_LOST = Counter("kith_module_signals_lost", "Hints to the appservice that were not sent.")
LISTENING = Gauge("kith_module_listening", "1 while changes of facts are heard, else 0.")
COUNTERS_AWAY = Counter(
    "kith_module_counters_away", "Charges a store of counters could not take.", ["store"]
)
