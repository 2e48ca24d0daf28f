# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sign-in, sign-up and set-up (D7, D42). Passwords are only ever checked by the homeserver."""
