# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outside worlds: listing feeds, webhooks, bots, importers. They use Kith's doors only."""
