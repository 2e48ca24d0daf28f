# SPDX-License-Identifier: AGPL-3.0-or-later
"""Friend requests and friendships (F1 to F5, F7, D39)."""
