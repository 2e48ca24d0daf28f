# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking over a Synapse that lived before Kith came (D41)."""
