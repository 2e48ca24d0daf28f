# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith bench chaos`: every process is killed again and again under load; nothing may be lost.

The short form of the same driver is a test (`tests/chaos`).
"""

from bench import stage
from bench.chaos.driver import Plan, torment
from bench.report import Report

_CUT = 30.0
_KILLS = 100
"""Of each process in the long form (quality Q1)."""
_TO_SERVICE, _TO_SYNAPSE = 10.0, 20.0


async def run(*, quick: bool = False) -> Report:
    """Kill, check, report."""
    plan = Plan(kills=2 if quick else _KILLS, cut=_CUT)
    with stage.folder() as place:
        outcome = await torment(place, plan)
    report = Report("chaos", f"{plan.kills} kills -9 of each process, {plan.writers} writers")
    report.add("messages acknowledged", outcome.acknowledged, "messages")
    report.at_most("acknowledged and not applied", len(outcome.lost), "messages", 0)
    report.at_most("counted twice or not at all", outcome.miscounted, "messages", 0)
    report.at_most("out of order", outcome.inversions, "messages", 0)
    report.at_most("commands not answered", outcome.unanswered, "commands", 0)
    report.at_most("commands answered twice", outcome.answered_twice, "commands", 0)
    report.at_most("events and jobs left behind", outcome.left, "rows", 0)
    report.add("connections of the sockets lost", outcome.losses, "")
    report.add("times a socket had to read the history", outcome.refetches, "")
    report.at_most("not heard by a socket", outcome.unheard, "messages", 0)
    report.at_most("heard twice by a socket", outcome.heard_twice, "messages", 0)
    report.at_most("sockets that heard another order", outcome.shuffled, "sockets", 0)
    for name, seconds in outcome.back_after.items():
        bound = _TO_SYNAPSE if name.startswith("Synapse") else _TO_SERVICE
        report.at_most(f"{name} back after, at worst", max(seconds), "s", bound)
    return report
