# SPDX-License-Identifier: AGPL-3.0-or-later

from hypothesis import given
from hypothesis import strategies as st

from appservice.homeserver.position import Progress


def test_the_low_mark_stands_before_the_first_hole() -> None:
    progress = Progress(10)
    progress.saw([11, 13, 16], at=0.0)
    assert (progress.high, progress.low, sorted(progress.missing)) == (16, 11, [12, 14, 15])
    progress.saw([12], at=1.0)
    assert progress.low == 13
    progress.give_up(at=60.5)
    assert progress.low == 16


def test_a_hole_is_waited_for_a_minute() -> None:
    progress = Progress(0)
    progress.saw([2], at=100.0)
    progress.give_up(at=159.0)
    assert progress.low == 0


@given(st.lists(st.integers(1, 60), unique=True))
def test_nothing_at_or_below_the_low_mark_is_unseen(order: list[int]) -> None:
    progress, seen = Progress(0), set[int]()
    for position in order:
        progress.saw([position], at=0.0)
        seen.add(position)
        assert set(range(1, progress.low + 1)) <= seen
    assert progress.high == max(order, default=0)
