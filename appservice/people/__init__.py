# SPDX-License-Identifier: AGPL-3.0-or-later
"""People: who Kith has met, their settings, and follows, blocks and mutes (F6, F9, D17)."""
