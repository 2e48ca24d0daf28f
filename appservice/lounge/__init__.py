# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Lounge: the forums of this instance (L1)."""
