# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.profile_media.shapes import SHAPES, Crop, Purpose, centre

SIDES = st.integers(1, 20_000)


@pytest.mark.parametrize(
    ("purpose", "size", "expected"),
    [
        (Purpose.AVATAR, (64, 64), Crop(0, 0, 64, 64)),
        (Purpose.AVATAR, (300, 200), Crop(50, 0, 200, 200)),
        (Purpose.AVATAR, (200, 301), Crop(0, 50, 200, 200)),
        (Purpose.BANNER, (900, 200), Crop(150, 0, 600, 200)),
        (Purpose.BANNER, (600, 600), Crop(0, 200, 600, 200)),
        (Purpose.LISTING, (640, 320), Crop(0, 0, 640, 320)),
    ],
)
def test_the_middle(purpose: Purpose, size: tuple[int, int], expected: Crop) -> None:
    assert centre(purpose, *size) == expected


@given(st.sampled_from(Purpose), SIDES, SIDES)
def test_of_any_picture_there_is_a_middle(purpose: Purpose, width: int, height: int) -> None:
    found = centre(purpose, width, height)
    assert found.x >= 0
    assert found.y >= 0
    assert 1 <= found.width <= width - found.x
    assert 1 <= found.height <= height - found.y
    ratio = SHAPES[purpose].ratio
    if ratio is not None and min(width, height) > 2:
        assert abs(found.width - found.height * ratio) <= ratio
