# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the Matrix profile and Kith's alike, whichever side changed; only what is public (P5)."""
