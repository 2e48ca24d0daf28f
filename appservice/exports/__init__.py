# SPDX-License-Identifier: AGPL-3.0-or-later
"""One archive of everything about a person: Kith's tables, Synapse's data, their files (G1)."""
