# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the demo's people say, where and when. Only data."""

from dataclasses import dataclass

_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """One message.

    Attributes:
        ago: minutes before now.
        name: who says it.
        text: what; within a room no two lines are the same.
        answers: the text it replies to.
        under: the text whose thread it stands in.
        liked: reactions, each with who gave it.
        better: what the sender made of it afterwards.
        mentions: whom it names.
        picture: which of `pictures` it shows.
    """

    ago: int
    name: str
    text: str
    answers: str = ""
    under: str = ""
    liked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    better: str = ""
    mentions: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A conversation of several; `waiting` have not answered the invitation."""

    name: str
    people: tuple[str, ...]
    lines: tuple[Line, ...]
    waiting: tuple[str, ...] = ()


_SHELF = "Does anybody have a spare bookshelf? The reading corner grows."
_RADIOS = "The repair café fixed nine radios last week. Nine!"
_POSTER = "First draft of the poster. Be honest, I can take it."
_LANTERNS = "The street festival from the bridge, just after nine."

TALK = (
    Line(3 * _DAY + 95, "erin", "Morning, everyone. The river path is open again."),
    Line(3 * _DAY + 91, "hiro", "Finally. Cycling to work is a joy once more."),
    Line(
        3 * _DAY + 40,
        "grace",
        _LANTERNS,
        picture="lanterns",
        liked=(("🏮", ("bob", "ines", "kemi", "noor")), ("😍", ("alice", "lena"))),
    ),
    Line(3 * _DAY + 33, "bob", "Wonderful. Is that one on the wall in the library?"),
    Line(3 * _DAY + 31, "grace", "From Friday on. Second floor, by the atlases."),
    Line(2 * _DAY + 7 * _HOUR, "ines", _SHELF),
    Line(
        2 * _DAY + 7 * _HOUR - 6,
        "mateo",
        "I have one, 80 cm, a bit crooked. Like its owner.",
        under=_SHELF,
        liked=(("😂", ("ines", "kemi")),),
    ),
    Line(
        2 * _DAY + 7 * _HOUR - 9,
        "ines",
        "Perfect. Crooked books need a home too.",
        under=_SHELF,
    ),
    Line(2 * _DAY + 7 * _HOUR - 22, "noor", "I can carry the other end.", under=_SHELF),
    Line(
        2 * _DAY + 5 * _HOUR,
        "farid",
        "Open kitchen on Thursday: **lentil soup**, and whatever you bring.",
        liked=(("🍲", ("kemi", "erin", "jonas")),),
    ),
    Line(2 * _DAY + 5 * _HOUR - 4, "kemi", "I bring plantain. And an appetite."),
    Line(_DAY + 8 * _HOUR, "carol", "New here! I print posters, by hand, slowly. Hello."),
    Line(
        _DAY + 8 * _HOUR - 3,
        "alice",
        "Welcome, Carol. We are in need of a poster for the seed swap.",
        answers="New here! I print posters, by hand, slowly. Hello.",
        liked=(("🌱", ("carol", "bob", "farid")),),
    ),
    Line(_DAY + 8 * _HOUR - 4, "carol", "Say no more. Which date?"),
    Line(
        _DAY + 8 * _HOUR - 6,
        "alice",
        "The first Saturday of the month, in the courtyard.",
        better="The first Sunday of the month, in the courtyard.",
    ),
    Line(_DAY + 3 * _HOUR, "jonas", _RADIOS, liked=(("🎉", ("lena", "noor", "erin", "hiro")),)),
    Line(
        _DAY + 3 * _HOUR - 2,
        "lena",
        "And one accordion, which we now all regret.",
        answers=_RADIOS,
        liked=(("🪗", ("jonas", "mateo")),),
    ),
    Line(_DAY + 3 * _HOUR - 5, "noor", "I heard it from across the street. No regrets."),
    Line(74, "carol", _POSTER, picture="poster", liked=(("💚", ("alice", "grace", "ines")),)),
    Line(70, "grace", "The radish has more charisma than I do."),
    Line(68, "alice", "It is perfect. Can we have twenty by Friday?", answers=_POSTER),
    Line(66, "carol", "Thirty. I already cut the paper."),
    Line(31, "dave", "Hi. Just moved here from the coast. Looking for people to play chess with."),
    Line(
        27,
        "hiro",
        "Thursdays, in the café by the bridge. Bring your own clock.",
        answers="Hi. Just moved here from the coast. Looking for people to play chess with.",
        liked=(("♟️", ("dave",)),),
    ),
    Line(
        14,
        "ines",
        "@Alice Moreau could you open the courtyard at eight on Sunday?",
        mentions=("alice",),
    ),
    Line(9, "farid", "I can bring the long tables, if somebody lends me a van."),
)

CONVERSATIONS = (
    (
        ("alice", "bob"),
        (
            Line(_DAY + 150, "alice", "Did the seedlings survive the night?"),
            Line(_DAY + 144, "bob", "All but two. The basil is furious with me."),
            Line(
                _DAY + 141,
                "alice",
                "Basil is always furious. Bring the tomatoes on Saturday?",
                liked=(("🍅", ("bob",)),),
            ),
            Line(22, "bob", "Saturday it is. I will bring the good bread too."),
            Line(21, "bob", "And the other bread, for people who are late."),
        ),
    ),
    (
        ("alice", "grace"),
        (
            Line(
                2 * _DAY + 30,
                "grace",
                "I scanned the negatives. Number 14 is the cover, no question.",
            ),
            Line(2 * _DAY + 24, "alice", "The one with the tram? Yes!"),
        ),
    ),
    (
        ("erin", "lena"),
        (
            Line(300, "lena", "Can you take the Tuesday slot at the repair café?"),
            Line(295, "erin", "I can, if somebody shows me the soldering station first."),
            Line(290, "lena", "I will be there at five."),
        ),
    ),
    (
        ("kemi", "noor"),
        (
            Line(500, "noor", "The ferry is at 8:10, not 8:40."),
            Line(496, "kemi", "You just saved the whole trip."),
        ),
    ),
)

GROUPS = (
    Group(
        "Seed swap crew",
        ("alice", "bob", "grace", "erin"),
        (
            Line(_DAY + 40, "alice", "Four of us, one courtyard, two hundred envelopes."),
            Line(_DAY + 36, "erin", "I fold faster with music. I bring the speaker."),
            Line(_DAY + 35, "bob", "No accordion.", liked=(("😂", ("alice", "grace", "erin")),)),
            Line(180, "grace", "Labels are printed. The squash looks like a planet."),
        ),
    ),
    Group(
        "Repair café helpers",
        ("erin", "farid", "lena"),
        (Line(120, "erin", "Alice has steady hands, I asked her to join us."),),
        waiting=("alice",),
    ),
)
