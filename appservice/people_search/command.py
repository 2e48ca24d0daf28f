# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m appservice search-rebuild`: everybody anew, with progress, while Kith runs."""

import sys

from appservice.database import Database
from appservice.people_search import parts
from appservice.settings import Settings


async def rebuild(settings: Settings) -> None:
    """Rebuild and print how many people were put in.

    Raises:
        Unavailable: the database does not answer; running it again begins anew.
    """
    async with Database(settings.database_url.get_secret_value(), size=2) as database:
        tell = _progress if sys.stderr.isatty() else _quiet
        done = await parts.indexer(database).rebuild(tell)
    sys.stdout.write(f"{done} people can be searched for.\n")


def _progress(done: int, of: int) -> None:
    sys.stderr.write(f"\rpeople: {done} of {of}\x1b[K" + ("\n" if done >= of else ""))
    sys.stderr.flush()


def _quiet(done: int, of: int) -> None:
    del done, of
