# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Kith bot: friendship by messages, for people who use any Matrix client (B3)."""
