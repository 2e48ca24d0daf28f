# SPDX-License-Identifier: AGPL-3.0-or-later

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.bot.words import parse, person, yes_or_no


@pytest.mark.parametrize(
    ("words", "name", "first", "note"),
    [
        ("", "help", "", ""),
        ("!kith", "help", "", ""),
        ("  Befriend   @bob  hello   there ", "befriend", "@bob", "hello there"),
        ("!kith accept @bob:x", "accept", "@bob:x", ""),
        ("befriend\n@bob\r\nhi", "befriend", "@bob", "hi"),
    ],
)
def test_a_line_is_read_as_name_and_rest(words: str, *, name: str, first: str, note: str) -> None:
    command = parse(words)
    assert (command.name, command.first, command.note) == (name, first, note)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("bob", "@bob:hs.test"),
        ("@Bob", "@bob:hs.test"),
        ("@bob:else.test", "@bob:else.test"),
        ("https://matrix.to/#/@bob:else.test?via=x", "@bob:else.test"),
        ("https://matrix.to/#/%40bob%3Aelse.test", "@bob:else.test"),
        ("", None),
        ("!room:x", None),
    ],
)
def test_people_are_named_in_several_ways(word: str, found: str | None) -> None:
    assert person(word, "hs.test") == found


@given(st.text())
def test_any_words_can_be_read(words: str) -> None:
    command = parse(words)
    assert "\n" not in command.name + command.rest
    person(command.first, "hs.test")
    yes_or_no(words)
