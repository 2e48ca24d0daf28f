# SPDX-License-Identifier: AGPL-3.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appservice.people_search.engine import rounded
from appservice.people_search.words import folded, mistyped, words

LETTERS = st.characters(categories=["Ll", "Lu", "Lo", "Nd"])
WORDS = st.text(st.sampled_from("abcdefgh"), min_size=5, max_size=19)


@given(WORDS, st.data())
def test_a_word_with_one_wrong_letter_has_a_form_in_common_with_it(
    word: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("xyz"))
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    for typed in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        swapped,
    ):
        assert mistyped(word) & mistyped(typed)


@given(st.text(max_size=60))
def test_folding_again_changes_nothing_and_words_hold_only_letters(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert all(word.isalnum() or word.isidentifier() for word in words(text) if word.isascii())
    assert not any(char.isspace() for word in words(text) for char in word)


@given(st.text(LETTERS, max_size=20))
def test_case_makes_no_difference(text: str) -> None:
    assert words(text.upper().casefold()) == words(text.upper())


def test_short_and_long_words_are_taken_as_they_are() -> None:
    assert mistyped("bob") == mistyped("x" * 21) == frozenset()
    assert mistyped("anna") == {"anna", "nna", "ana", "ann"}


def test_counts_are_rounded_down_to_steps() -> None:
    assert [rounded(n) for n in (0, 4, 5, 9, 10, 49, 50, 123)] == [0, 0, 5, 5, 10, 20, 50, 100]
