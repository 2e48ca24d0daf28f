# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything between Kith and the homeserver: intents out, intake in."""
