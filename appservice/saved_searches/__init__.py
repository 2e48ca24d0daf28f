# SPDX-License-Identifier: AGPL-3.0-or-later
"""Searches over listings that somebody keeps (S4)."""
