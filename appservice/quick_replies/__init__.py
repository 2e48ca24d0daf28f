# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quick replies: texts a person keeps at hand for their composer (M3)."""
