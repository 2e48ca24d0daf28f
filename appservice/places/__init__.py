# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places: which cities and countries there are, without asking anybody unless told to (P1)."""
