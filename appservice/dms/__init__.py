# SPDX-License-Identifier: AGPL-3.0-or-later
"""Direct conversations: found, made and described (M1, D15, D16)."""
