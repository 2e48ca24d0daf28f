# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people may say of themselves (P1), and how complete a profile is."""

from collections.abc import Mapping, Sequence
from typing import Any

from policy.names import hides, length
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict

BIO = 280
"""Characters of a bio, as they are read: what Markdown hides does not count."""
WORDS = 30
"""Characters of gender, pronouns and an interest of one's own."""
INTERESTS = 12
"""Chips of interest."""
CITY = 100
"""Characters of a city's name."""

GENDERS: Sequence[str] = (
    *("woman", "man", "non-binary", "agender", "genderfluid", "trans woman", "trans man"),
    *("intersex", "questioning"),
)
PRONOUNS: Sequence[str] = (
    *("she/her", "he/him", "they/them", "she/they", "he/they", "ze/zir", "it/its", "any pronouns"),
)

COMPLETE: Sequence[str] = (
    *("display_name", "avatar", "bio", "pronouns", "location", "search_interests", "banner"),
)
"""What makes a profile complete, the most telling first."""


def judge_bio(text: str) -> Verdict:
    """Whether a bio is short enough; `text` is what its reader reads."""
    return ALLOW if length(text) <= BIO else Deny(Reason.BIO_LENGTH)


def judge_words(text: str) -> Verdict:
    """Whether a gender, a pronoun or an interest can stand in one's own words."""
    if length(text) > WORDS:
        return Deny(Reason.WORDS_LENGTH)
    return Deny(Reason.WORDS_CHARACTERS) if hides(text) else ALLOW


def judge_interests(ids: Sequence[str]) -> Verdict:
    """Whether there are few enough of them."""
    return ALLOW if len(ids) <= INTERESTS else Deny(Reason.INTERESTS_LIMIT)


def completeness(fields: Mapping[str, Any]) -> tuple[int, list[str]]:
    """How much of a profile is there: percent, and what is missing, the most telling first."""
    missing = [name for name in COMPLETE if not fields.get(name)]
    return round(100 * (len(COMPLETE) - len(missing)) / len(COMPLETE)), missing
