# SPDX-License-Identifier: AGPL-3.0-or-later

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.text import many_lines, one_line, storable_json, storable_text

_ANY_TEXT = st.text(st.characters())


@given(st.text(st.characters(exclude_categories=())))
def test_one_line_is_one_line_without_tricks(text: str) -> None:
    line = one_line(text, 100)
    assert len(line) <= 100
    assert not set(line) & set("\r\n\0\x1b\u2028\u202e\u2066\x85")
    assert one_line(line, 100) == line


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        (r'"a\u0000b"', "a\ufffdb"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\ud83d!"', "\ufffd!"),
        (r'"\ude00"', "\ufffd"),
        (r'"\\u0000"', r"\u0000"),
        (r'"\\\u0000"', "\\\ufffd"),
        (r'"\u00e9"', "é"),
    ],
)
def test_json_loses_only_what_cannot_be_stored(raw: str, mended: str) -> None:
    assert json.loads(storable_json(raw)) == mended


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_stays_json_and_can_be_stored(value: Any) -> None:
    mended = storable_json(json.dumps(value))
    json.loads(mended)
    storable_text(str(json.loads(mended))).encode("utf-8")
    assert "\0" not in str(json.loads(mended).__repr__())


def test_only_controls_and_turns_are_taken_from_lines() -> None:
    every = "".join(map(chr, range(0x110000))).replace("\r", "")
    gone = set(every) - set(many_lines(every))
    turns = set("\u202a\u202b\u202c\u202d\u202e")
    unprintable = {char for char in every if unicodedata.category(char) in ("Cc", "Cs")}
    assert gone == (unprintable | turns) - set("\n\t")
    marks = set("\u061c\u200e\u200f\u2066\u2067\u2068\u2069")
    spaces = {char for char in every if char.isspace()} - {" "}
    assert set(every) - set(one_line(every, len(every))) == unprintable | turns | marks | spaces
