# SPDX-License-Identifier: AGPL-3.0-or-later
"""The few pages the server draws itself: the front page, set-up and the API page."""
