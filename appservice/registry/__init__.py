# SPDX-License-Identifier: AGPL-3.0-or-later
"""The registry: rooms, memberships and people as accepted events tell them."""
