# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m appservice erase @user`: an operator's way to delete an account, and its proof.

The worker does it; the command asks for it and, with ``--now``, waits for the proof and prints it.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from appservice.assembly import Assembly, assemble
from appservice.erasure import parts, store
from appservice.erasure.service import Progress
from appservice.errors import KithError, NotFound
from appservice.settings import Settings
from policy.ids import is_local, parse_user_id

_LOOK_EVERY = 0.5
"""Seconds between two looks: the worker that does it is another process and tells nobody."""

_PATIENCE = 600.0
"""Seconds until the command stops waiting; the erasure goes on."""

_KNOWN = "SELECT 1 FROM people WHERE user_id = %(user_id)s"


class ErasureError(Exception):
    """It cannot be done; the message says why."""


def parsed(arguments: Sequence[str]) -> Callable[[Settings], Coroutine[Any, Any, None]]:
    """What the words behind `erase` ask for; wrong ones end the process with code 2."""
    words = argparse.ArgumentParser(prog="python -m appservice erase")
    words.add_argument("who", help="Matrix id or bare name; with --proof the id of a proof")
    act = words.add_mutually_exclusive_group()
    act.add_argument("--now", action="store_true")
    act.add_argument("--cancel", action="store_true")
    act.add_argument("--proof", action="store_true")
    asked = words.parse_args(arguments)
    return partial(erase, who=asked.who, now=asked.now, cancel=asked.cancel, proof=asked.proof)


async def erase(settings: Settings, *, who: str, now: bool, cancel: bool, proof: bool) -> None:
    """Do what was asked and print what came of it.

    Raises:
        ErasureError: there is no such person or proof, or it is too late.
        Unavailable: the database does not answer.
    """
    async with assemble(settings) as assembly:
        if proof:
            await _print_proof(assembly, who)
            return
        user_id = parse_user_id(who, settings.server_name)
        if user_id is None or not is_local(user_id, settings.server_name):
            raise ErasureError(f"{who} is nobody of {settings.server_name}.")
        try:
            await _erase(assembly, user_id, now=now, cancel=cancel)
        except NotFound:
            raise ErasureError(f"There is no person {user_id} here.") from None
        except KithError as error:
            raise ErasureError(error.sentence) from error


async def _erase(assembly: Assembly, user_id: str, *, now: bool, cancel: bool) -> None:
    erasures = parts.erasures(assembly)
    if cancel:
        await erasures.cancel(user_id)
        _say(f"{user_id} stays.")
        return
    if not await assembly.database.read(_KNOWN, {"user_id": user_id}):
        await assembly.directory.meet(user_id)
    begun = await erasures.ask(user_id, source="operator", at_once=now)
    found = begun.progress.erasure
    if found is None:
        raise NotFound
    _say(f"Proof: {assembly.settings.public_url}/api/erasures/{begun.token}")
    _say(f"Again: kith erase {found.id} --proof")
    if not now:
        _say(f"{user_id} will be deleted on {found.due_at:%Y-%m-%d %H:%M} UTC.")
        return
    await _wait(assembly, found.id)
    await _print_proof(assembly, str(found.id))


async def _wait(assembly: Assembly, erasure_id: UUID) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                found = await store.find(assembly.database, erasure_id)
                _progress(Progress.of(found))
                if found is None or found.state == "done":
                    return
                await asyncio.sleep(_LOOK_EVERY)
    except TimeoutError:
        raise ErasureError(
            "It is not done yet: a part is away, or no worker runs. It goes on by itself;"
            f" `kith erase {erasure_id} --proof` shows the proof once it is."
        ) from None


async def _print_proof(assembly: Assembly, erasure_id: str) -> None:
    try:
        found = await store.find(assembly.database, UUID(erasure_id))
    except ValueError:
        raise ErasureError(f"{erasure_id} is not the id of a proof.") from None
    if found is None:
        raise ErasureError("There is no proof with this id.")
    if found.report is None:
        raise ErasureError(f"It is not done yet: {Progress.of(found).step or found.state}.")
    sys.stdout.write(found.report)
    _say(f"SHA-256: {found.sha256}")


def _progress(progress: Progress) -> None:
    if sys.stderr.isatty():
        doing = progress.step or ""
        sys.stderr.write(f"\r{progress.done} of {progress.total} {doing}\x1b[K")
        sys.stderr.write("\n" if progress.done == progress.total else "")
        sys.stderr.flush()


def _say(line: str) -> None:
    # The proof alone goes to standard output, so that it can be kept as a file.
    sys.stderr.write(line + "\n")
