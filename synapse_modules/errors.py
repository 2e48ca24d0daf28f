# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong inside the modules, apart from refusals, which are verdicts.

FactsUnknownError   the database did not answer in time, or not at all (D9, D18)
CountersAwayError   one store of counters did not answer; the next one is asked
"""


class FactsUnknownError(Exception):
    """A fact a rule needs is not to be had now; each callback has its own direction (D18)."""


class CountersAwayError(Exception):
    """This store of counters cannot answer now."""
