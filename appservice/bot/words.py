# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody says to the bot, as words it understands. Pure."""

from dataclasses import dataclass
from urllib.parse import unquote

from appservice.text import one_line
from policy.ids import UserId, parse_user_id

_LINK = "https://matrix.to/#/"
_LONGEST = 400
# Variation selectors and skin tones that clients put behind an emoji.
_ORNAMENTS = dict.fromkeys([0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])
_YES = frozenset({"✅", "👍", "✔", "☑", "accept", "yes", "ok"})
_NO = frozenset({"❌", "👎", "✖", "✘", "decline", "no"})


@dataclass(frozen=True, slots=True)
class Command:
    """A command's name in lower case and what follows it, on one line without tricks."""

    name: str
    rest: str

    @property
    def first(self) -> str:
        """The first word behind the name."""
        return self.rest.partition(" ")[0]

    @property
    def note(self) -> str:
        """Everything behind the first word."""
        return self.rest.partition(" ")[2].strip()


def parse(words: str) -> Command:
    """Read a line; an empty one asks for help."""
    line = one_line(words, _LONGEST).removeprefix("!kith").strip()
    name, _, rest = line.partition(" ")
    return Command(name.lower() or "help", rest.strip())


def person(word: str, server_name: str) -> UserId | None:
    """The person a word names: Matrix id, bare name, or a link to them (D30)."""
    if word.startswith(_LINK):
        word = unquote(word.removeprefix(_LINK).partition("?")[0])
    return parse_user_id(word, server_name)


def yes_or_no(answer: str) -> bool | None:
    """Whether a reaction or reply agrees; None when it says neither."""
    word = answer.strip().translate(_ORNAMENTS).lower().rstrip(".!")
    if word in _YES:
        return True
    return False if word in _NO else None
