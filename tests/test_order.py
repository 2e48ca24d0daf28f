# SPDX-License-Identifier: AGPL-3.0-or-later

import pytest

from stack.templates import ROOT
from tests.support import order


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/policy/test_words.py::test_a[x::y]", "tests/policy/test_words.py"),
        ("tests/journeys/people/test_a.py::test_b", "tests/journeys/people"),
        (
            "tests/journeys/enforcement/test_workers.py::test_b",
            "tests/journeys/enforcement/test_workers.py",
        ),
        ("tests/journeys/test_first_story.py::test_b", "tests/journeys/test_first_story.py"),
    ],
)
def test_files_that_share_a_server_stay_together(nodeid: str, unit: str) -> None:
    assert order.together(nodeid) == unit


@pytest.mark.parametrize("unit", order.LONGEST)
def test_what_is_begun_first_exists(unit: str) -> None:
    assert (ROOT / unit).exists()
    assert order.together(f"{unit}::x" if unit.endswith(".py") else f"{unit}/x.py::x") == unit
