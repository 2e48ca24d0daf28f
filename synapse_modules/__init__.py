# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kith's rules inside Synapse: callbacks, and the facts they need. Runs on Twisted."""
