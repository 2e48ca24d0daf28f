# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding people by what they let be seen of themselves (P6)."""
