# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door: a table of routes, and what is made of it. Knows no feature's rules."""
