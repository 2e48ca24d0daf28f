# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the REST door counts. Labels are route templates, never what somebody typed."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("kith_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "kith_http_request_seconds",
    "Time until the answer stood.",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
REFUSALS = Counter("kith_http_refusals", "Refusals by code.", ["code"])
