# SPDX-License-Identifier: AGPL-3.0-or-later
"""What strangers sent is decoded in processes of their own, which may crash, hang and swell."""
