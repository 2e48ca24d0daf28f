# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listings: what people offer, found by words, tags, price and place (S3)."""
