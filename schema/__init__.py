# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the processes share: migrations, facts, channel names, tables. Imports only `policy`."""
