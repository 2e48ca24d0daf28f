# SPDX-License-Identifier: AGPL-3.0-or-later
"""The web app stays light: bytes after gzip, as the build holds them. Skipped without a build."""

import pytest

from bench.weight import Weight

KB = 1000
ENTRY = 170 * KB
ROOM = 90 * KB
STYLES = 25 * KB
LARGEST = 250 * KB
ALL = 900 * KB


@pytest.fixture
def weight() -> Weight:
    try:
        return Weight()
    except FileNotFoundError:
        pytest.skip("needs the built web app (./kith web)")


def test_every_page_waits_for_little(weight: Weight) -> None:
    assert 0 < weight.entry <= ENTRY
    assert 0 < weight.styles <= STYLES


def test_a_conversation_adds_little(weight: Weight) -> None:
    assert 0 < weight.room <= ROOM


def test_no_script_is_heavy(weight: Weight) -> None:
    assert max(weight.scripts) <= LARGEST
    assert sum(weight.scripts) <= ALL
