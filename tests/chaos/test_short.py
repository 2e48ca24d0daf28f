# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every process is killed once under load: nothing is lost, nothing happens twice, in order."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.chaos.driver import STALLED, VICTIMS, Plan, torment
from tests.support.folders import quick_folder

pytestmark = pytest.mark.chaos


@pytest.fixture
def short_folder() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


@pytest.mark.timeout(420)
async def test_nothing_is_lost_when_everything_is_killed_once(short_folder: Path) -> None:
    outcome = await torment(short_folder, Plan(kills=1, writers=3))
    assert set(outcome.back_after) == {*VICTIMS, STALLED}
    assert outcome.acknowledged > 0
    # Two hundred sockets lost their connection at least with the gateway and with the network.
    assert outcome.losses >= 400
    assert outcome.clean, outcome
