# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows of quick replies. Writers hold their owner's lock, so that places stay without gaps."""

from dataclasses import dataclass
from uuid import UUID

from appservice.database import Database, Transaction

MOST = 50
"""Quick replies one person may keep."""

_ALL = """
SELECT id, title, text FROM quick_replies WHERE user_id = %(me)s ORDER BY place, id
"""
_ADD = """
INSERT INTO quick_replies (id, user_id, place, title, text)
VALUES (%(id)s, %(me)s, %(place)s, %(title)s, %(text)s)
"""
_CHANGE = """
UPDATE quick_replies SET title = %(title)s, text = %(text)s WHERE id = %(id)s
"""
_ORDER = """
UPDATE quick_replies q SET place = given.place - 1
FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS given(id, place)
WHERE q.id = given.id AND q.place <> given.place - 1
"""


@dataclass(frozen=True, slots=True)
class QuickReply:
    """One text kept at hand."""

    id: UUID
    title: str
    text: str


async def mine(reader: Database | Transaction, me: str) -> list[QuickReply]:
    """All of somebody's, in their order."""
    return [QuickReply(*row) for row in await reader.read(_ALL, {"me": me})]


async def add(tx: Transaction, me: str, reply: QuickReply, place: int) -> None:
    """Keep one more."""
    values = {"id": reply.id, "me": me, "place": place, "title": reply.title, "text": reply.text}
    await tx.read(_ADD, values)


async def change(tx: Transaction, reply: QuickReply) -> None:
    """Write title and text."""
    await tx.read(_CHANGE, {"id": reply.id, "title": reply.title, "text": reply.text})


async def remove(tx: Transaction, reply_id: UUID) -> None:
    """Forget one."""
    await tx.read("DELETE FROM quick_replies WHERE id = %(id)s", {"id": reply_id})


async def order(tx: Transaction, ids: list[UUID]) -> None:
    """Put them into this order."""
    await tx.read(_ORDER, {"ids": ids})
