# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from tests.pixels.screens import SCREENS, Screen
from tests.pixels.studio import Studio


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_as_it_was(studio: Studio, screen: Screen) -> None:
    studio.check(screen, "wide")
