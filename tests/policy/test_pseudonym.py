# SPDX-License-Identifier: AGPL-3.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from policy.ids import parse_user_id
from policy.pseudonym import is_pseudonym, pseudonym

KEYS = st.binary(min_size=32, max_size=64)


@given(KEYS, st.text())
def test_a_pseudonym_is_one_and_no_user_id(key: bytes, who: str) -> None:
    name = pseudonym(key, who)
    assert is_pseudonym(name)
    assert parse_user_id(name, "hs.test") in (None, f"@{name}:hs.test")
    assert pseudonym(key, who) == name


@given(KEYS, KEYS)
def test_without_the_key_nobody_finds_it(key: bytes, other: bytes) -> None:
    same = pseudonym(key, "@a:hs.test") == pseudonym(other, "@a:hs.test")
    # HMAC pads short keys with zeros, so that such two are one.
    assert same == (key.rstrip(b"\0") == other.rstrip(b"\0"))
    assert pseudonym(key, "@a:hs.test") != pseudonym(key, "@b:hs.test")


def test_what_is_none_is_told() -> None:
    for name in ("", "erased:", "@a:hs.test", "erased:" + "g" * 32, "erased:" + "a" * 31):
        assert not is_pseudonym(name)
