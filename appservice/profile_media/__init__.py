# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of profiles: signed uploads, crops, variants, scans, quarantine, delivery (P4)."""
