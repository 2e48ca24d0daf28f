# SPDX-License-Identifier: AGPL-3.0-or-later
"""Benchmarks: each measures Kith beside its peer or limit in one run and prints the ratio."""
