# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: RUF001 - characters that look alike are what is tested
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.lookalikes import bare, skeleton
from policy.names import folded, hides, judge, length, look, tidied
from policy.reason import Reason
from policy.verdict import ALLOW, Deny

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "René Müller",
        "O'Brien-Smith",
        "Jean Luc",
        "  Anna   Berg ",
        "Иван",
        "Анна Anna",
        "田中さくら",
        "김민수 Kim",
        "Ngô Thị Ái",
        "สมชาย",
        "मीना कुमारी",
        "محمد",
        "می\u200cخواهم",
        "שרה לוי",
        "anna_92",
        "Zoë 🌸",
        f"Fam {FAMILY}",
        f"Sam {RAINBOW}",
        "Ann 👍🏽",
        "𝓐𝓷𝓷𝓪",
        "x" * 40,
        "e\u0301" * 40,
        "Modest Petrovich",
        "Adminton Fan",
        "Kithara",
    ],
)
def test_honest_names_are_taken(name: str) -> None:
    assert judge(name) == ALLOW


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", Reason.NAME_LENGTH),
        ("Al", Reason.NAME_LENGTH),
        ("  A  ", Reason.NAME_LENGTH),
        ("e\u0301" * 2, Reason.NAME_LENGTH),
        ("x" * 41, Reason.NAME_LENGTH),
        ("Ann" + "\u0301" * 200, Reason.NAME_LENGTH),
        ("Ann\u200ba", Reason.NAME_CHARACTERS),
        ("Ann\u200da", Reason.NAME_CHARACTERS),
        ("Ann\u202ea", Reason.NAME_CHARACTERS),
        ("Ann\u2066a", Reason.NAME_CHARACTERS),
        ("Ann\x07a", Reason.NAME_CHARACTERS),
        ("Ann\u00ada", Reason.NAME_CHARACTERS),
        ("Ann\ufe0fa", Reason.NAME_CHARACTERS),
        ("Ann\U000e0061a", Reason.NAME_CHARACTERS),
        ("\u3164\u3164\u3164", Reason.NAME_CHARACTERS),
        ("\u2800\u2800\u2800", Reason.NAME_CHARACTERS),
        ("Ann\ue000a", Reason.NAME_CHARACTERS),
        ("---", Reason.NAME_CHARACTERS),
        ("🌸🌸🌸", Reason.NAME_CHARACTERS),
        ("Anna\u0301\u0302\u0303\u0304\u0305", Reason.NAME_CHARACTERS),
        ("\u200dAnna", Reason.NAME_CHARACTERS),
        ("Аlice", Reason.NAME_SCRIPTS),
        ("paypaΙ", Reason.NAME_SCRIPTS),
        ("Αnna Berg", Reason.NAME_SCRIPTS),
        ("admin", Reason.NAME_RESERVED),
        ("ADMIN", Reason.NAME_RESERVED),
        ("Adm1n", Reason.NAME_RESERVED),
        ("4dm!n", Reason.NAME_RESERVED),
        ("a d m i n", Reason.NAME_RESERVED),
        ("ádmín", Reason.NAME_RESERVED),
        ("ａｄｍｉｎ", Reason.NAME_RESERVED),
        ("Admin Anna", Reason.NAME_RESERVED),
        ("the-moderator", Reason.NAME_RESERVED),
        ("Kith", Reason.NAME_RESERVED),
        ("KlTH", Reason.NAME_RESERVED),
        ("Kith Support", Reason.NAME_RESERVED),
        ("KithAdmin", Reason.NAME_RESERVED),
        ("Support", Reason.NAME_RESERVED),
    ],
)
def test_what_is_refused_and_why(name: str, reason: Reason) -> None:
    assert judge(name) == Deny(reason)


@pytest.mark.parametrize(
    "name",
    ["Alice", "alice", "AIice", "A1ice", "Alíce", "Al ice", "Alice!", "аӏісе", "𝐀𝐥𝐢𝐜𝐞", "@lice"],
)
def test_nobody_comes_near_a_name_of_staff(name: str) -> None:
    assert judge(name, guarded=["Alice"]) == Deny(Reason.NAME_RESERVED)
    assert judge("Alicia", guarded=["Alice"]) == ALLOW


def test_the_reserved_words_belong_to_staff() -> None:
    assert judge("Admin Anna", staff=True) == ALLOW
    assert judge("Alice", staff=True, guarded=["Alice"]) == Deny(Reason.NAME_RESERVED)


@pytest.mark.parametrize(
    ("name", "held"),
    [("AIice", "Alice"), ("0scar", "Oscar"), ("роса", "poca"), ("Ame", "Arne")],
)
def test_what_only_looks_like_somebody_is_refused(name: str, held: str) -> None:
    assert look(name) == look(held)
    assert judge(name, alike=[held]) == Deny(Reason.NAME_POSING)


@pytest.mark.parametrize("name", ["Alice", "alice", "ALICE", " Alice"])
def test_names_need_not_be_unique(name: str) -> None:
    assert judge(name, alike=["Alice"]) == ALLOW


@pytest.mark.parametrize(("one", "other"), [("Rene", "René"), ("Ian", "Lan"), ("Meena", "Mona")])
def test_names_that_differ_on_the_screen_are_no_likeness(one: str, other: str) -> None:
    assert look(one) != look(other)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("e\u0301", 1),
        (FAMILY, 1),
        (RAINBOW, 1),
        ("🇳🇴🇸🇪", 2),
        ("👍🏽", 1),
        ("กำ", 2),
    ],
)
def test_characters_are_counted_as_people_count(text: str, count: int) -> None:
    assert length(text) == count


@given(st.text(max_size=60))
def test_judging_never_fails_and_what_is_kept_is_judged_alike(name: str) -> None:
    verdict = judge(name)
    assert judge(tidied(name)) == verdict
    if verdict == ALLOW:
        kept = tidied(name)
        assert kept == kept.strip()
        assert not hides(kept)
        assert not {unicodedata.category(char) for char in kept} & {"Cc", "Cs", "Zl", "Zp"}


@given(st.text(max_size=40))
def test_forms_for_comparing_are_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert bare(bare(text)) == bare(text)
    assert skeleton(text) == skeleton(unicodedata.normalize("NFC", text))
