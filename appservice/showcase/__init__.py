# SPDX-License-Identifier: AGPL-3.0-or-later
"""Showcases: the cards somebody puts on their profile (S1)."""
