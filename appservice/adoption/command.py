# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m appservice adopt`: the pass with its words, its progress and its report."""

import argparse
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import psycopg

from appservice.adoption.adopter import Adopter, AdoptionError, Dms
from appservice.adoption.synapse import Past
from appservice.clock import SystemClock
from appservice.database import Database
from appservice.settings import Settings


def parsed(arguments: Sequence[str]) -> Callable[[Settings], Coroutine[Any, Any, None]]:
    """What the words behind `adopt` ask for; wrong ones end the process with code 2."""
    words = argparse.ArgumentParser(prog="python -m appservice adopt")
    words.add_argument("--dms", type=Dms, choices=list(Dms), default=Dms.BEFRIEND)
    words.add_argument("--dry-run", action="store_true")
    asked = words.parse_args(arguments)
    return partial(adopt, dms=asked.dms, dry_run=asked.dry_run)


async def adopt(settings: Settings, *, dms: Dms, dry_run: bool) -> None:
    """Take over the Synapse of the settings and print what was done.

    Raises:
        AdoptionError: with what has to be mended first.
        Unavailable: Kith's database does not answer.
    """
    source = settings.synapse.database_url
    if source is None:
        raise AdoptionError(
            "Give KITH_SYNAPSE__DATABASE_URL, a read-only account on Synapse's database: "
            "what was there before can only be read there."
        )
    async with Database(settings.database_url.get_secret_value(), size=1) as database:
        adopter = Adopter(
            database,
            SystemClock(),
            settings.rules,
            server_name=settings.server_name,
            service_user=settings.service_user,
            tell=_progress if sys.stderr.isatty() else lambda *_: None,
        )
        try:
            async with Past(source.get_secret_value()) as past:
                report = await adopter.run(past, dms, dry_run=dry_run)
        except psycopg.errors.InsufficientPrivilege as error:
            raise AdoptionError(
                "The account of KITH_SYNAPSE__DATABASE_URL may not read all that is needed; run "
                f"reader.sql of the data folder on Synapse's database ({_line(error)})."
            ) from error
        except psycopg.OperationalError as error:
            raise AdoptionError(f"Synapse's database does not answer: {_line(error)}") from error
    sys.stdout.write("\n".join(report.lines(dry_run=dry_run)) + "\n")


def _progress(what: str, done: int, of: int) -> None:
    whole = f" of {of}" if of else ""
    sys.stderr.write(f"\r{what}: {done}{whole}\x1b[K" + ("\n" if of and done >= of else ""))
    sys.stderr.flush()


def _line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0]
