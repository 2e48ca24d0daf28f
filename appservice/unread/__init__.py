# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has read how far, and what is therefore unread: the server owns these counts (M2)."""
