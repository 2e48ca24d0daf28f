# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rooms as their members see them: details, people, coming and going."""
