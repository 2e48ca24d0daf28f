# SPDX-License-Identifier: AGPL-3.0-or-later
"""The local stack behind `kith up`: it starts processes and never imports what they run."""
