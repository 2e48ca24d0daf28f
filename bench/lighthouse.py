# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Lighthouse says of the sign-in page and of a room with people in it, desktop and phone.

Lighthouse loads each page once and reckons how it would have gone on a slower line; medians of
several loads, because a load is never like another. What it finds wrong is told on standard error.
Its phone has a quarter of this machine's speed whatever that is, so it says how fast it found it.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench import stage
from bench.chaos.driver import instance
from bench.peers.lighthouse import Lighthouse, ready
from bench.report import Report, median
from stack.demo.cast import PASSWORD
from stack.demo.fill import fill

_PAGES = {"sign-in page": ("/sign-in", False), "a room": ("/lounge/general", True)}
_JUDGED = {"accessibility": "accessibility", "best-practices": "best practices"}
_TIMES: dict[str, tuple[str, str, float, float | None]] = {
    "first-contentful-paint": ("first paint of content", "s", 1e3, 0.8),
    "largest-contentful-paint": ("largest paint of content", "s", 1e3, 1.2),
    "total-blocking-time": ("total blocking time", "ms", 1.0, 100.0),
    "cumulative-layout-shift": ("layout shift", "", 1.0, 0.02),
    "speed-index": ("speed index", "s", 1e3, None),
}
"""What the score is made of: words, unit, how many of Lighthouse's it has, bound on desktops."""

_DESKTOP, _PHONE = 95, 85

Run = dict[str, Any]


async def run(*, quick: bool = False) -> Report:
    """Load each page as often as said and put the medians together."""
    times = 1 if quick else 5
    program = await ready()
    report = Report("lighthouse", f"Lighthouse 12.2.3, medians of {times} loads a page")
    with stage.folder() as place:
        async with instance(place) as running:
            await fill(running.layout.settings, lambda _: None)
            url = f"http://127.0.0.1:{running.decided.port}"
            cookie = await _signed_in(url)
            for name, (path, known) in _PAGES.items():
                page = _Page(name, url + path, cookie if known else None)
                await _judge(report, program, page, times)
    return report


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    url: str
    cookie: str | None


async def _judge(report: Report, program: Lighthouse, page: _Page, times: int) -> None:
    runs: dict[bool, list[Run]] = {
        mobile: [
            await program.judge(page.url, mobile=mobile, cookie=page.cookie) for _ in range(times)
        ]
        for mobile in (False, True)
    }
    name, desktop, phone = page.name, runs[False], runs[True]
    report.at_least(f"{name}: performance", _score(desktop, "performance"), "of 100", _DESKTOP)
    for category, words in _JUDGED.items():
        report.at_least(f"{name}: {words}", _score(desktop, category), "of 100", 100)
    _times(report, name, desktop, bounds=True)
    report.at_least(f"{name}, phone: performance", _score(phone, "performance"), "of 100", _PHONE)
    for category, words in _JUDGED.items():
        report.at_least(f"{name}, phone: {words}", _score(phone, category), "of 100", 100)
    _times(report, f"{name}, phone", phone, bounds=False)
    speeds = [float(one["environment"]["benchmarkIndex"]) for one in (*desktop, *phone)]
    report.add(f"{name}: speed of the machine meanwhile", median(speeds), "benchmarkIndex")
    _tell(name, [*desktop, *phone])


def _times(report: Report, name: str, runs: Sequence[Run], *, bounds: bool) -> None:
    for audit, (words, unit, scale, bound) in _TIMES.items():
        value = median([float(one["audits"][audit]["numericValue"]) for one in runs]) / scale
        if bounds and bound is not None:
            report.at_most(f"{name}: {words}", value, unit, bound)
        else:
            report.add(f"{name}: {words}", value, unit)


def _score(runs: Sequence[Run], category: str) -> float:
    return median([float(one["categories"][category]["score"] or 0) * 100 for one in runs])


def _tell(name: str, runs: Sequence[Run]) -> None:
    """What did not pass in the categories that must be whole."""
    wrong = {
        audit["id"]: one["audits"][audit["id"]]["title"]
        for one in runs
        for category in _JUDGED
        for audit in one["categories"][category]["auditRefs"]
        if audit["weight"]
        and (one["audits"][audit["id"]]["score"] or 0) < 1
        and one["audits"][audit["id"]]["scoreDisplayMode"] == "binary"
    }
    for audit_id, title in wrong.items():
        print(f"{name}: {audit_id}: {title}", file=sys.stderr)


async def _signed_in(url: str) -> str:
    """The session cookie of one of the demo's people."""
    async with aiohttp.ClientSession() as session:
        body = {"user": "alice", "password": PASSWORD}
        async with session.post(f"{url}/api/auth/login", json=body) as answer:
            answer.raise_for_status()
            return "; ".join(f"{name}={one.value}" for name, one in answer.cookies.items())
