# SPDX-License-Identifier: AGPL-3.0-or-later
"""A believable community for `kith up --demo`, made through the public doors only."""

from stack.demo.fill import fill

__all__ = ["fill"]
