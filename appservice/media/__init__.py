# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files people send: taken in, looked at, kept by the homeserver, shown to who may see them."""
