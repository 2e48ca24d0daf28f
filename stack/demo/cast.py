# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is in the demo, and who knows whom. Only data."""

from dataclasses import dataclass

PASSWORD = "kith-demo"  # noqa: S105 - the documented password of the four demo accounts
OPEN_TO_VISITORS = ("alice", "bob", "carol", "dave")


@dataclass(frozen=True, slots=True)
class Person:
    """One account."""

    name: str
    display_name: str


PEOPLE = (
    Person("alice", "Alice Moreau"),
    Person("bob", "Bob Lindqvist"),
    Person("carol", "Carol Okafor"),
    Person("dave", "Dave Petrov"),
    Person("erin", "Erin Walsh"),
    Person("farid", "Farid Haddad"),
    Person("grace", "Grace Kim"),
    Person("hiro", "Hiro Tanaka"),
    Person("ines", "Inês Duarte"),
    Person("jonas", "Jonas Weber"),
    Person("kemi", "Kemi Adeyemi"),
    Person("lena", "Lena Novak"),
    Person("mateo", "Mateo Rossi"),
    Person("noor", "Noor Rahman"),
)

# Dave stays a stranger to all: he is the one a first message is refused to.
FRIENDS = (
    ("alice", "bob"),
    ("alice", "erin"),
    ("alice", "grace"),
    ("bob", "farid"),
    ("bob", "hiro"),
    ("bob", "grace"),
    ("carol", "kemi"),
    ("carol", "ines"),
    ("erin", "farid"),
    ("erin", "lena"),
    ("grace", "hiro"),
    ("ines", "mateo"),
    ("jonas", "lena"),
    ("jonas", "noor"),
    ("kemi", "noor"),
    ("mateo", "noor"),
)

PENDING = (
    ("carol", "alice", "We met at the print fair, the one with the broken press."),
    ("mateo", "alice", "Inês says you know where to find good film."),
    ("jonas", "bob", "Your sourdough post saved my weekend."),
    ("lena", "kemi", ""),
    ("hiro", "erin", "Shall we start that reading circle?"),
)
