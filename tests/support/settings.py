# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the settings of a test's stack in the test's own process."""

import os

from appservice.settings import Settings, load
from tests.support.stack import TestStack


def settings_of(stack: TestStack) -> Settings:
    """The settings the stack's own processes would read."""
    before = os.environ.get("KITH_CONFIG")
    os.environ["KITH_CONFIG"] = str(stack.kith_yaml)
    try:
        return load()
    finally:
        if before is None:
            del os.environ["KITH_CONFIG"]
        else:
            os.environ["KITH_CONFIG"] = before
