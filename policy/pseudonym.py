# SPDX-License-Identifier: AGPL-3.0-or-later
"""The name under which somebody stands in rows that outlive their account (D32). Pure.

It is made with a key of their own. While the key is there the same person always gets the same
name; once it is destroyed, nobody can find out whose name it was, not even by trying all ids.
"""

import hashlib
import hmac

_PREFIX = "erased:"
_LENGTH = 32
"""Hexadecimal digits: 128 bits, so that no two people ever meet."""


def pseudonym(key: bytes, user_id: str) -> str:
    """The name of one person under their own key.

    Args:
        key: at least 256 random bits.
        user_id: Matrix user id.
    """
    digest = hmac.new(key, user_id.encode(), hashlib.sha256).hexdigest()
    return _PREFIX + digest[:_LENGTH]


def is_pseudonym(name: str) -> bool:
    """Whether a name is one; no Matrix user id looks like it."""
    digits = name.removeprefix(_PREFIX)
    return digits != name and len(digits) == _LENGTH and set(digits) <= set("0123456789abcdef")
