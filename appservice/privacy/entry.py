# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words in which personal data is declared. Plain data, no logic.

Conditions and new values are SQL over one table. They take ``%(me)s``, the person's user id; those
of erasure also ``%(pseudonym)s``, which stands for the person where acts of theirs are kept, and
``%(now)s``. They are written here and nowhere else, so that the statements of export and erasure
may be put together from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OWN_ONLY = "Tells what somebody else did; it is in their archive, not in yours."
DERIVED = "Made by Kith from what is exported."
SECRET = "Would let whoever has it in."  # noqa: S105 - a sentence
STAFF = "Tells who of the staff decided."
NOBODY = "Names nobody."


@dataclass(frozen=True, slots=True)
class Exported:
    """What a person gets.

    Attributes:
        mine: which rows.
        columns: what of them; as they are stored unless `shown` has something else.
        kept_back: the other columns, each with the reason.
        shown: columns of which a person gets something else: SQL instead of the column.
    """

    mine: str
    columns: tuple[str, ...]
    kept_back: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person gets nothing of it; `reason` is a sentence for them."""

    reason: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Rows that go."""

    rows: str
    reason: str


@dataclass(frozen=True, slots=True)
class Anonymise:
    """Rows that stay without the person: column to its new value, as SQL."""

    rows: str
    to: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Rows that stay as they are, with the person's user id."""

    rows: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cascade:
    """Rows that go with those of another table."""

    of: str
    rows: str
    reason: str


Step = Delete | Anonymise | Keep | Cascade


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One table of Kith's database.

    Attributes:
        table: its name.
        what: what it holds, in words for the person.
        user_columns: columns with user ids of people, as text, list or inside JSON.
        on_export: what the export does.
        on_erase: what erasure does, in this order; each step with its reason for the person.
    """

    table: str
    what: str
    user_columns: tuple[str, ...] = ()
    on_export: Exported | LeftOut = LeftOut(NOBODY)
    on_erase: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere else than in Kith's database.

    Attributes:
        name: stable word for programs.
        what: what is there.
        on_export: what the export does, as a sentence.
        on_erase: what erasure does, as a sentence.
        keys: patterns of keys, ``{user}`` standing for the user id.
    """

    name: str
    what: str
    on_export: str
    on_erase: str
    keys: tuple[str, ...] = ()
