# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names and avatars, which are public (P2), for whatever shows somebody beside something else."""

from collections.abc import Collection
from dataclasses import dataclass

from appservice.database import Database, Question, Rows

_FACES = """
SELECT user_id, display_name, avatar_url FROM people WHERE user_id = ANY (%(people)s)
"""


@dataclass(frozen=True, slots=True)
class Face:
    """How somebody is shown beside what they wrote."""

    name: str | None = None
    avatar: str | None = None


NOBODY = Face()


async def faces(database: Database, people: Collection[str]) -> dict[str, Face]:
    """Those of them whom Kith knows, by user id.

    Raises:
        Unavailable: the database is away.
    """
    return told(await database.read(*asked(people))) if people else {}


def asked(people: Collection[str]) -> Question:
    """What `faces` asks, for whoever asks more at once."""
    return _FACES, {"people": list(people)}


def told(rows: Rows) -> dict[str, Face]:
    """What is answered to it."""
    return {row[0]: Face(row[1], row[2]) for row in rows}
