# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deleting an account: asked for, cancelled, done step by step, and proved (G1, D32)."""
