# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read marks: how far somebody has read a room or a thread. They only move forward.

What a private receipt says is known to its owner alone: `shown` keeps apart what others may know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from appservice.database import Plain

_MARK = """
INSERT INTO read_marks AS r (user_id, room_id, thread, event_id, position,
                             shown_event_id, shown_position, shown_at)
SELECT u, o, t, e, p, CASE WHEN shown THEN e END, CASE WHEN shown THEN p END,
       CASE WHEN shown THEN at END
FROM unnest(%(people)s::text[], %(rooms)s::text[], %(threads)s::text[], %(ids)s::text[],
  %(positions)s::bigint[], %(shown)s::boolean[], %(at)s::timestamptz[])
  AS given(u, o, t, e, p, shown, at)
ORDER BY u, o, t
ON CONFLICT (user_id, room_id, thread) DO UPDATE SET
  event_id = CASE WHEN excluded.position > r.position THEN excluded.event_id
                  ELSE r.event_id END,
  position = greatest(r.position, excluded.position),
  shown_event_id = CASE WHEN excluded.shown_position > coalesce(r.shown_position, -1)
                        THEN excluded.shown_event_id ELSE r.shown_event_id END,
  shown_at = CASE WHEN excluded.shown_position > coalesce(r.shown_position, -1)
                  THEN excluded.shown_at ELSE r.shown_at END,
  shown_position = greatest(r.shown_position, excluded.shown_position)
WHERE excluded.position > r.position
  OR excluded.shown_position > coalesce(r.shown_position, -1)
RETURNING r.user_id, r.room_id, r.thread, r.position
"""
# Marks of threads that the room's own mark has passed say nothing any more. One that is set beside
# it, in the same run, stays until the next time, and says nothing meanwhile.
_MOVE = f"""
WITH moved AS ({_MARK})
DELETE FROM read_marks t USING moved r
WHERE r.thread = '' AND t.user_id = r.user_id AND t.room_id = r.room_id AND t.thread <> ''
  AND t.position <= r.position
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody has read a room (thread '') or a thread up to an event.

    Attributes:
        shown: whether others may know it.
    """

    user_id: str
    room_id: str
    thread: str
    event_id: str
    position: int
    shown: bool
    at: datetime


async def move(tx: Plain, marks: Sequence[Mark]) -> None:
    """Move marks forward; an older one changes nothing."""
    newest: dict[tuple[str, str, str, bool], Mark] = {}
    for one in sorted(marks, key=lambda found: found.position):
        newest[one.user_id, one.room_id, one.thread, one.shown] = one
    for shown in (True, False):
        given = [one for one in newest.values() if one.shown is shown]
        if given:
            await _move(tx, given)


async def _move(tx: Plain, marks: Sequence[Mark]) -> None:
    await tx.ask(
        _MOVE,
        {
            "people": [one.user_id for one in marks],
            "rooms": [one.room_id for one in marks],
            "threads": [one.thread for one in marks],
            "ids": [one.event_id for one in marks],
            "positions": [one.position for one in marks],
            "shown": [one.shown for one in marks],
            "at": [one.at for one in marks],
        },
    )
