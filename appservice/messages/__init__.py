# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages: history, sending, editing, reactions, threads, pins, search (M1, M2, M9)."""
