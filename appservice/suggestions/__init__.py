# SPDX-License-Identifier: AGPL-3.0-or-later
"""People one may know: by friends and by places in common (F3)."""
