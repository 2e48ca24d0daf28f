# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything Kith has of people, in one list: export and erasure both go by it (G1, D32).

A new table or column belongs here; a test compares this with a migrated database.
"""

from collections.abc import Mapping

from appservice.privacy.contents import CONTENTS
from appservice.privacy.entry import Entry
from appservice.privacy.machinery import MACHINERY
from appservice.privacy.persons import PERSONS

TABLES: Mapping[str, Entry] = {entry.table: entry for entry in (*PERSONS, *CONTENTS, *MACHINERY)}
"""By name, in the order in which an archive tells of them."""
