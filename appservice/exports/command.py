# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m appservice export @user --to FILE`: an archive by the operator's hand.

Kith runs meanwhile. It is written where the operator says, and stands in no list of the person's.
"""

import argparse
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from appservice.assembly import assemble
from appservice.errors import KithError
from appservice.exports import parts
from appservice.exports.steps import STEPS
from appservice.settings import Settings
from policy.ids import parse_user_id

_KNOWN = "SELECT EXISTS (SELECT FROM people WHERE user_id = %(me)s)"


class ExportError(Exception):
    """There will be no archive; the message is one line that says why."""


def parsed(arguments: list[str]) -> Callable[[Settings], Coroutine[Any, Any, None]]:
    """The command for the words behind ``export``."""
    parser = argparse.ArgumentParser(prog="kith export")
    parser.add_argument("user")
    parser.add_argument("--to", type=Path, required=True)
    chosen = parser.parse_args(arguments)

    async def command(settings: Settings) -> None:
        await write(settings, chosen.user, chosen.to)

    return command


async def write(settings: Settings, user: str, path: Path) -> None:
    """Write an archive and print where it is.

    Raises:
        ExportError: nobody has that name, or the file is there already.
        Unavailable: a part of Kith or the homeserver does not answer.
    """
    me = parse_user_id(user, settings.server_name)
    if me is None:
        raise ExportError(f"{user} is no user id.")
    part = path.with_name(path.name + ".part")
    async with assemble(settings) as assembly:
        rows = await assembly.database.read(_KNOWN, {"me": me})
        if not rows[0][0]:
            raise ExportError(f"Kith does not know {me}.")
        if path.exists():  # noqa: ASYNC240 - nobody else is served by this process
            raise ExportError(f"{path} is there already.")
        try:
            made = await parts.build(assembly).maker.make(me, part, _tell)
            part.replace(path)
        except FileExistsError:
            raise ExportError(f"{part} is there: an export runs, or one was ended.") from None
        except KithError as error:
            part.unlink(missing_ok=True)
            raise ExportError(error.sentence) from error
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    lost = f", without {made.missing} files that could not be had" if made.missing else ""
    sys.stdout.write(f"{path}: {made.size} bytes, SHA-256 {made.sha256.hex()}{lost}\n")


async def _tell(step: str, done: int, total: int | None) -> None:
    if not sys.stderr.isatty():
        return
    much = f" {done} of {total}" if total else f" {done}" if done else ""
    sys.stderr.write(f"\r{STEPS.index(step) + 1}/{len(STEPS)} {step}{much}\x1b[K")
    sys.stderr.flush()
