# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.limits import MessageRules, Rules
from policy.message import may_be_so_long, spoken, without_fallback
from policy.reason import Reason
from policy.verdict import ALLOW, Deny

RULES = Rules()
MOST = RULES.messages.characters
TOO_LONG = Deny(Reason.TOO_LONG)
REPLY = {"m.relates_to": {"m.in_reply_to": {"event_id": "$e"}}}
EDIT = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$e"}}
QUOTE = "> <@a:hs> " + "q" * 3000 + "\n\n"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        ({"body": "x" * MOST}, ALLOW),
        ({"body": "x" * (MOST + 1)}, TOO_LONG),
        # Code points, not bytes: as a person counts.
        ({"body": "𝄞" * MOST}, ALLOW),
        ({"body": "𝄞" * (MOST + 1)}, TOO_LONG),
        # The quotation of a reply is not the sender's; of one that answers nothing, it is.
        ({"body": QUOTE + "x" * MOST, **REPLY}, ALLOW),
        ({"body": QUOTE + "x" * (MOST + 1), **REPLY}, TOO_LONG),
        ({"body": QUOTE + "x" * MOST}, TOO_LONG),
        # A quotation may be no hiding place either.
        ({"body": "> " + "x" * 20_000, **REPLY}, TOO_LONG),
        # Edits: what is shown, and what stands outside for old clients.
        ({"body": "* " + "x" * MOST, "m.new_content": {"body": "x" * MOST}, **EDIT}, ALLOW),
        ({"body": "* x", "m.new_content": {"body": "x" * (MOST + 1)}, **EDIT}, TOO_LONG),
        ({"body": "x" * (MOST + 1), "m.new_content": {"body": "x"}, **EDIT}, TOO_LONG),
        (
            {"body": f"{QUOTE} * " + "x" * MOST, "m.new_content": {"body": "x" * MOST}, **EDIT},
            ALLOW,
        ),
        # Captions.
        ({"msgtype": "m.image", "filename": "a.png", "body": "x" * (MOST + 1)}, TOO_LONG),
        # HTML, in bytes.
        ({"body": "x", "formatted_body": "y" * 16_384}, ALLOW),
        ({"body": "x", "formatted_body": "y" * 16_385}, TOO_LONG),
        ({"body": "x", "formatted_body": "é" * 8_193}, TOO_LONG),
        ({"body": "x", "m.new_content": {"body": "x", "formatted_body": "y" * 16_385}}, TOO_LONG),
        # Whatever else it is.
        ({}, ALLOW),
        ({"body": 7, "m.new_content": [], "formatted_body": None}, ALLOW),
        ({"m.new_content": {"body": None}, "m.relates_to": "x"}, ALLOW),
        ({"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x" * 50_000}, ALLOW),
    ],
)
def test_what_is_too_long(content: dict[str, Any], verdict: object) -> None:
    assert may_be_so_long(content, RULES) == verdict


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        ("hello", "hello"),
        ("> quoted\n\nhello", "hello"),
        ("> quoted\n> more\n\nhello\n> mine", "hello\n> mine"),
        ("> quoted\nhello", "hello"),
        (">not a quotation", ">not a quotation"),
        ("> only", ""),
        ("", ""),
        ("\n> late", "\n> late"),
    ],
)
def test_the_quotation_before_a_reply(body: str, rest: str) -> None:
    assert without_fallback(body) == rest


@given(st.text(max_size=200), st.integers(0, 250))
def test_a_text_is_too_long_exactly_above_the_limit(body: str, most: int) -> None:
    rules = Rules(messages=MessageRules(characters=most, formatted_bytes=10_000))
    assert (may_be_so_long({"body": body}, rules) == ALLOW) == (len(body) <= most)


@given(JSON)
def test_any_content_gets_an_answer(content: Any) -> None:
    for key in ("body", "m.new_content", "formatted_body", "m.relates_to"):
        assert may_be_so_long({key: content}, RULES) in (ALLOW, TOO_LONG)
        assert isinstance(spoken({"body": "x", key: content}), str)
