# SPDX-License-Identifier: AGPL-3.0-or-later
"""Profiles: what people say of themselves, who may see it, and what they did lately (P1-P3)."""
