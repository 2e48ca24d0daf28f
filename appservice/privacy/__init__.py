# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where something of a person is, and what export and erasure do with it. Plain data."""
