# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an erasure consists of, in its order; each step may be done twice and changes nothing then.

Ties end first, for others see them; then the account goes, so that nothing new comes from it; the
proof is last.
"""

from enum import Enum
from typing import Protocol

from appservice.erasure.store import Erasure


class Step(Enum):
    """One step, with what it does in words."""

    TIES = "friendships, requests and sign-ins end"
    ACCOUNT = "the account is deactivated and erased on the homeserver"
    PROFILE = "what is left of the Matrix profile is removed"
    FILES = "own files are deleted from the homeserver"
    PICTURES = "pictures and archives are deleted"
    SETTLED = "what the homeserver still tells of the account is waited for"
    TABLES = "Kith's tables are emptied"
    HINTS = "what Redis remembers is removed"
    PROOF = "the proof is made"

    @property
    def code(self) -> str:
        """The word on the wire."""
        return self.name.lower()


STEPS: tuple[Step, ...] = tuple(Step)


class Doing(Protocol):
    """Does one step."""

    async def __call__(self, erasure: Erasure, user_id: str) -> None:
        """Do it, again if it was done before.

        Raises:
            Unavailable: a part is away; to be repeated.
        """
