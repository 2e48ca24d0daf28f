# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real-time gateway: what Synapse accepted, on the sockets of those who may see it (M4-M6)."""
