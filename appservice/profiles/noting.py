# SPDX-License-Identifier: AGPL-3.0-or-later
"""Has the bot tell somebody what became of what they wrote in a Matrix client."""

from appservice.database import Transaction

NOTE = "bot.profile_note"
"""Name of the job."""


async def note(
    tx: Transaction, user_id: str, what: str, name: str, *, reason: str | None, mark: str
) -> None:
    """Queue it.

    Args:
        tx: what it follows from.
        user_id: whom.
        what: ``opened``, ``reverted``, ``hidden`` or ``placed``.
        name: the field, of `policy.visibility.Field`.
        reason: code of the rule that took it back.
        mark: tells this note from every other.
    """
    await tx.defer(NOTE, user_id=user_id, note=what, field=str(name), reason=reason, mark=mark)
