# SPDX-License-Identifier: AGPL-3.0-or-later
"""The jobs that follow from a picture."""

from datetime import datetime
from uuid import UUID

from appservice.database import Transaction
from appservice.profile_media import store

PROCESS = "profile_media.process"
FORGET = "profile_media.forget"


async def queue(tx: Transaction, media_id: UUID, *, at: datetime | None = None) -> None:
    """Have a picture's variants made; not before a time that is given."""
    once = f"{PROCESS}:{media_id}"
    await tx.defer(PROCESS, at=at, lock=once, once=once, media_id=str(media_id))


async def forget(tx: Transaction, media_id: UUID) -> None:
    """Take a picture away with its files and what the homeserver has of it."""
    gone = await store.remove(tx, media_id)
    mxc = gone.mxc if gone else None
    await tx.defer(FORGET, media_id=str(media_id), mxc=mxc)
