# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares what writers were told with what Synapse keeps and what Kith made of it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.chaos.listeners import Listener
from bench.chaos.writers import Writer

_APPLIED = "SELECT event_id, stream_ordering FROM events WHERE event_id = ANY (%s)"
_KEPT = """
SELECT sender, count(*) FROM events e JOIN event_json j USING (event_id)
WHERE e.room_id = %s AND e.type = 'm.room.message' AND e.rejection_reason IS NULL
  AND (j.json::jsonb) -> 'content' ->> 'body' NOT LIKE '!kith%%'
GROUP BY sender
"""
_SAID = """
SELECT event_id, stream_ordering FROM events WHERE room_id = %s AND type = 'm.room.message'
ORDER BY stream_ordering
"""
_COUNTED = "SELECT user_id, messages FROM people WHERE user_id = ANY (%s)"
_ANSWERS = """
SELECT b.user_id, count(*) FROM bot_rooms b
JOIN events e ON e.room_id = b.room_id AND e.type = 'm.room.message' AND e.sender <> b.user_id
WHERE b.user_id = ANY (%s) GROUP BY b.user_id
"""
_LEFT = """
SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM intake_failures),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'
          OR (status IN ('todo', 'doing') AND task_name <> 'upkeep.sweep'
              AND coalesce(scheduled_at, now()) <= now()))
"""


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        lost: acknowledged event ids that Kith has not applied.
        miscounted: by how much counted messages differ from the ones Synapse keeps.
        inversions: messages of one writer and room applied in another order than sent.
        unanswered: commands without an answer of the bot.
        answered_twice: answers of the bot beyond one a command.
        left: rows that wait or failed: inbox, failures, jobs.
        unheard: messages a socket did not hear, over all sockets.
        refetches: times a socket was told to read the history instead, over all.
        heard_twice: messages a socket heard again.
        shuffled: sockets that heard them in another order than they were accepted in.
        losses: connections the sockets lost and made anew.
        back_after: seconds from each restart until everything served again.
    """

    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    miscounted: int = 0
    inversions: int = 0
    unanswered: int = 0
    answered_twice: int = 0
    left: int = 0
    unheard: int = 0
    refetches: int = 0
    heard_twice: int = 0
    shuffled: int = 0
    losses: int = 0
    back_after: dict[str, list[float]] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (
            self.lost
            or self.miscounted
            or self.inversions
            or self.unanswered
            or self.answered_twice
            or self.left
            or self.unheard
            or self.heard_twice
            or self.shuffled
        )


def check(
    kith: str,
    synapse: str,
    writers: Sequence[Writer],
    listeners: Sequence[Listener],
    common: str,
) -> Outcome:
    """Look at both databases.

    Args:
        kith: URL of Kith's database.
        synapse: URL of Synapse's database.
        writers: with what they were told.
        listeners: with what they heard of the common room.
        common: the room in which messages count.
    """
    outcome = Outcome()
    people = [writer.user_id for writer in writers]
    with psycopg.connect(kith) as ours, psycopg.connect(synapse) as theirs:
        for writer in writers:
            for sent in (*writer.messages.values(), writer.commands):
                _compare(ours, sent, outcome)
        kept = dict(theirs.execute(_KEPT, (common,)).fetchall())
        counted = dict(ours.execute(_COUNTED, (people,)).fetchall())
        outcome.miscounted = sum(abs(kept.get(who, 0) - counted.get(who, 0)) for who in people)
        answers = dict(ours.execute(_ANSWERS, (people,)).fetchall())
        for writer in writers:
            missing = len(writer.commands) - answers.get(writer.user_id, 0)
            outcome.unanswered += max(0, missing)
            outcome.answered_twice += max(0, -missing)
        said = ours.execute(_SAID, (common,)).fetchall()
        for listener in listeners:
            _heard([row[0] for row in said if row[1] > (listener.first or 0)], listener, outcome)
        left: Any = ours.execute(_LEFT).fetchone()
        outcome.left = sum(left)
    return outcome


def _compare(ours: psycopg.Connection, sent: list[str], outcome: Outcome) -> None:
    applied = dict(ours.execute(_APPLIED, (sent,)).fetchall())
    outcome.acknowledged += len(sent)
    outcome.lost += [event_id for event_id in sent if event_id not in applied]
    orderings = [applied[event_id] for event_id in sent if event_id in applied]
    pairs = itertools.pairwise(orderings)
    outcome.inversions += sum(later < earlier for earlier, later in pairs)


def _heard(said: list[str], listener: Listener, outcome: Outcome) -> None:
    once = list(dict.fromkeys(listener.heard))
    outcome.heard_twice += len(listener.heard) - len(once)
    outcome.unheard += len(set(said) - set(once))
    wanted = set(once)
    outcome.shuffled += once != [event_id for event_id in said if event_id in wanted]
    outcome.losses += listener.losses
    outcome.refetches += listener.refetches
