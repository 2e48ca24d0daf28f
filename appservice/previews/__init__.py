# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a link leads to, in a few words and a small picture, asked once for everybody."""
