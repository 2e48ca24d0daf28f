# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people call themselves, as membership events say it."""

from collections.abc import Mapping
from typing import Any

from appservice.database import Plain
from appservice.people.comparing import compare

# At first a profile is what events say; once both were compared (P5), only the sync changes it.
_PROFILES = """
UPDATE people SET display_name = given.name, avatar_url = given.avatar
FROM unnest(%(people)s::text[], %(names)s::text[], %(avatars)s::text[])
  AS given(user_id, name, avatar)
WHERE people.user_id = given.user_id AND people.deactivated_at IS NULL
  AND (people.display_name, people.avatar_url) IS DISTINCT FROM (given.name, given.avatar)
  AND NOT EXISTS (SELECT FROM matrix_profile m WHERE m.user_id = people.user_id)
"""

# What local people call themselves is judged before it counts; also when the signal was lost.
_DRIFTED = """
SELECT given.user_id
FROM unnest(%(people)s::text[], %(names)s::text[], %(avatars)s::text[])
  AS given(user_id, name, avatar)
JOIN matrix_profile m ON m.user_id = given.user_id
WHERE (m.written->>'displayname', m.written->>'avatar_url')
  IS DISTINCT FROM (given.name, given.avatar)
"""


async def apply(tx: Plain, profiles: Mapping[str, tuple[str | None, str | None]]) -> None:
    """Take over names and avatars, or have them compared.

    Args:
        tx: the open transaction.
        profiles: user id → name and avatar.
    """
    if not profiles:
        return
    people = sorted(profiles)
    given: dict[str, Any] = {
        "people": people,
        "names": [profiles[user][0] for user in people],
        "avatars": [profiles[user][1] for user in people],
    }
    await tx.ask(_PROFILES, given)
    for (user_id,) in await tx.read(_DRIFTED, given):
        await compare(tx, user_id, judge=True)
