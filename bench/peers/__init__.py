# SPDX-License-Identifier: AGPL-3.0-or-later
"""Servers of others that Kith is measured beside; `channels_app` runs without Kith's packages."""
