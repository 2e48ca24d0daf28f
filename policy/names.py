# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which display names people may take (P1, D34): readable, and nobody else's.

Names need not be unique: Matrix clients add the id where two are written alike. What they cannot
tell apart is what only *looks* alike, so that is refused, and nobody comes near a name of staff.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from policy.lookalikes import bare, skeleton
from policy.reason import Reason
from policy.verdict import ALLOW, Deny, Verdict

SHORTEST, LONGEST = 3, 40
"""Characters of a display name, as a person counts them."""
_MOST_POINTS = 160
"""Code points: no name is longer than Synapse and the clients take, whatever it piles up."""
_MOST_MARKS = 3
"""Marks on one letter; Vietnamese and Thai need two, tall stacks hide what stands around."""

_JOINERS = "\u200c\u200d"
_JOINING = frozenset(
    {
        *("ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER"),
        *("MALAYALAM", "MONGOLIAN", "MYANMAR", "NKO", "ORIYA", "SINHALA", "SYRIAC", "TAMIL"),
        *("TELUGU", "TIBETAN"),
    }
)
"""Scripts in which a joiner changes how a word is written."""
_VARIATION = "\ufe0f"
_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
"""Characters that count as letters or marks and show nothing."""
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_TOGETHER = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)
"""Scripts that one word may mix (Unicode's technical standard 39, "highly restrictive")."""
_SHARED = frozenset({"COMMON", "INHERITED", "Unknown"})

_ANYWHERE = ("admin", "administrator", "moderator", "sysadmin")
_ALONE = (
    *("abuse", "anonymous", "bot", "everyone", "help", "helpdesk", "here", "host", "kith"),
    *("mod", "mods", "moderation", "official", "operator", "owner", "postmaster", "room", "root"),
    *("security", "server", "servernotices", "service", "staff", "support", "system", "team"),
    *("deleteduser", "webmaster", "admins", "administrators", "moderators", "administration"),
)
_OURS = "kith"
_WORDS = re.compile(r"[\W_]+")


def tidied(name: str) -> str:
    """The name as it is kept: composed (NFC), single blanks, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def folded(name: str) -> str:
    """The name as it is compared: compatibility forms and case do not count (NFKC)."""
    flat = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", flat).split())


def judge(
    name: str,
    *,
    guarded: Iterable[str] = (),
    alike: Iterable[str] = (),
    staff: bool = False,
) -> Verdict:
    """Whether somebody may take a name. Only a change is judged, never what one has already.

    Args:
        name: as it was typed.
        guarded: names of staff and of programs, the asking person's own left out.
        alike: names of other local people with the same `skeleton`.
        staff: the person is staff, to whom the reserved words belong.
    """
    kept = tidied(name)
    if not SHORTEST <= length(kept) <= LONGEST or len(kept) > _MOST_POINTS:
        return Deny(Reason.NAME_LENGTH)
    if not _readable(kept):
        return Deny(Reason.NAME_CHARACTERS)
    if _mixed(kept):
        return Deny(Reason.NAME_SCRIPTS)
    plain = bare(kept)
    if plain in {bare(other) for other in guarded} or (not staff and _reserved(kept, plain)):
        return Deny(Reason.NAME_RESERVED)
    if any(folded(other) != folded(kept) for other in alike):
        return Deny(Reason.NAME_POSING)
    return ALLOW


def look(name: str) -> str:
    """Under what a name is found by those that look like it."""
    return skeleton(tidied(name))


def length(text: str) -> int:
    """Characters as a person counts them: marks, joined pictures and flags are one."""
    count, joined, flag = 0, False, False
    for char in unicodedata.normalize("NFC", text):
        point = ord(char)
        if char == "\u200d":
            joined = True
            continue
        more = unicodedata.category(char)[0] == "M" or char == "\u200c" or point in _TONES
        second = flag and point in _FLAGS
        if not (more or joined or second):
            count += 1
        flag = point in _FLAGS and not second
        joined = False
    return count


def hides(text: str) -> bool:
    """Whether a text holds what cannot be seen or turns letters round; line breaks too."""
    return any(_unseen(text, at) for at in range(len(text)))


def _readable(name: str) -> bool:
    if hides(name) or not any(char.isalnum() for char in name):
        return False
    marks = 0
    for char in name:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks > _MOST_MARKS:
            return False
    return True


def _unseen(text: str, at: int) -> bool:
    char = text[at]
    if char in _JOINERS:
        return not _joins(text, at)
    if char == _VARIATION:
        return at == 0 or text[at - 1].isalpha()
    return char in _BLANKS or unicodedata.category(char) in _UNFIT


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands where one is written: in such a script, or within a picture."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not before or not after:
        return False
    if text[at] == "\u200d" and unicodedata.category(after) == "So":
        return before == _VARIATION or ord(before) in _TONES or not before.isalpha()
    return _script(before) in _JOINING and _script(after) in _JOINING


def _mixed(name: str) -> bool:
    # Each word for itself: a name in two alphabets is honest, a word in two is a trick.
    return any(not _one_script(word) for word in _words(unicodedata.normalize("NFKC", name)))


def _one_script(word: str) -> bool:
    scripts = {_script(char) for char in word if char.isalpha()} - _SHARED
    return len(scripts) <= 1 or any(scripts <= allowed for allowed in _TOGETHER)


def _script(char: str) -> str:
    from confusable_homoglyphs.categories import alias  # noqa: PLC0415 - loads its table

    return str(alias(char))


def _words(name: str) -> Iterator[str]:
    return (word for word in _WORDS.split(name) if word)


def _reserved(name: str, plain: str) -> bool:
    alone, anywhere, ours = _table()
    if plain in alone or plain in anywhere:
        return True
    if plain.startswith(ours) and plain.removeprefix(ours) in (*alone, *anywhere):
        return True
    return any(bare(word) in anywhere for word in _words(unicodedata.normalize("NFKC", name)))


@cache
def _table() -> tuple[Collection[str], Collection[str], str]:
    return frozenset(map(bare, _ALONE)), frozenset(map(bare, _ANYWHERE)), bare(_OURS)
