# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pure rules: what is allowed. Standard library only; no clock, no I/O, no Matrix library."""
