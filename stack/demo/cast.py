# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is in the demo, who knows whom, and what they say. Only data."""

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

CONVERSATIONS = (
    (
        ("alice", "bob"),
        (
            ("alice", "Did the seedlings survive the night?"),
            ("bob", "All but two. The basil is furious with me."),
            ("alice", "Basil is always furious. Bring the tomatoes on Saturday?"),
            ("bob", "Saturday it is. I will bring the good bread too."),
        ),
    ),
    (
        ("alice", "grace"),
        (
            ("grace", "I scanned the negatives. Number 14 is the cover, no question."),
            ("alice", "The one with the tram? Yes!"),
        ),
    ),
    (
        ("erin", "lena"),
        (
            ("lena", "Can you take the Tuesday slot at the repair café?"),
            ("erin", "I can, if somebody shows me the soldering station first."),
            ("lena", "I will be there at five."),
        ),
    ),
    (
        ("kemi", "noor"),
        (
            ("noor", "The ferry is at 8:10, not 8:40."),
            ("kemi", "You just saved the whole trip."),
        ),
    ),
)

TALK = (
    ("erin", "Morning, everyone. The river path is open again."),
    ("hiro", "Finally. Cycling to work is a joy once more."),
    ("grace", "I put the photos of the street festival on the wall in the library."),
    ("bob", "Went to see them yesterday. The lantern one is wonderful."),
    ("ines", "Does anybody have a spare bookshelf? The reading corner grows."),
    ("mateo", "I have one, 80 cm, a bit crooked. Like its owner."),
    ("ines", "Perfect. Crooked books need a home too."),
    ("farid", "Open kitchen on Thursday: lentil soup, and whatever you bring."),
    ("kemi", "I bring plantain. And an appetite."),
    ("carol", "New here! I print posters, by hand, slowly. Hello."),
    ("alice", "Welcome, Carol. We are in need of a poster for the seed swap."),
    ("carol", "Say no more. Which date?"),
    ("alice", "The first Sunday of the month, in the courtyard."),
    ("jonas", "The repair café fixed nine radios last week. Nine!"),
    ("lena", "And one accordion, which we now all regret."),
    ("noor", "I heard it from across the street. No regrets."),
    ("dave", "Hi. Just moved here from the coast. Looking for people to play chess with."),
    ("hiro", "Thursdays, in the café by the bridge. Bring your own clock."),
)
