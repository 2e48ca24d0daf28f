# SPDX-License-Identifier: AGPL-3.0-or-later
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from appservice.profile_media.motion import MOST_SEEN, chosen, frames, sheet

TYPES = {"GIF": "image/gif", "PNG": "image/png", "WEBP": "image/webp"}
PLENTY = 1_000_000


def animation(kind: str, colours: list[int], shown: int = 40) -> bytes:
    """Grey frames, one of each brightness."""
    made = [Image.new("RGB", (32, 24), (one, one, one)) for one in colours]
    out = io.BytesIO()
    rest = {"append_images": made[1:], "duration": shown}
    made[0].save(out, kind, save_all=True, lossless=True, **rest)
    return out.getvalue()


@given(st.lists(st.integers(20, 5000), min_size=1, max_size=300))
def test_frames_are_spread_over_the_whole(shown: list[int]) -> None:
    found = chosen(shown)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, len(shown) - 1)
    assert len(found) <= MOST_SEEN
    if len(shown) <= MOST_SEEN:
        assert len(found) == len(shown)
    # What stands for a tenth of the time is never missed.
    long = [number for number, one in enumerate(shown) if one * 10 >= sum(shown)]
    assert set(long) <= set(found)


@pytest.mark.parametrize("kind", TYPES)
def test_every_frame_of_a_short_one(kind: str) -> None:
    colours = [20 * one for one in range(12)]
    found = frames(animation(kind, colours), TYPES[kind], PLENTY)
    assert isinstance(found, list)
    assert [frame.getpixel((5, 5)) for frame in found] == [(one,) * 3 for one in colours]
    assert sheet(found).size == (32 * 4, 24 * 3)


@pytest.mark.parametrize("kind", TYPES)
def test_what_does_not_move_has_none_and_what_is_too_much_is_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Synapse, which other tests import, has cut pictures taken for whole ones.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    still = io.BytesIO()
    Image.new("RGB", (32, 24)).save(still, kind)
    assert frames(still.getvalue(), TYPES[kind], PLENTY) == []
    moving = animation(kind, list(range(0, 240, 5)))
    assert frames(moving, TYPES[kind], 32 * 24) == "pixels"
    # A cut that falls between two frames leaves a shorter animation, which is none the worse.
    half = len(moving) // 2
    cuts = [frames(moving[: half + 7 * one], TYPES[kind], PLENTY) for one in range(12)]
    assert cuts.count("broken") > len(cuts) // 2
    assert all(cut == "broken" or isinstance(cut, list) for cut in cuts)


def test_a_photograph_does_not_move() -> None:
    out = io.BytesIO()
    Image.new("RGB", (32, 24)).save(out, "JPEG")
    assert frames(out.getvalue(), "image/jpeg", PLENTY) == []
