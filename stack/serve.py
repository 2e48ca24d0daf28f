# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith up`: takes the lock, starts the stack, shows it, waits for a signal."""

import asyncio
import signal
from pathlib import Path

import aiohttp
import psycopg

from stack import demo, screen
from stack.errors import StackError
from stack.layout import Layout
from stack.lock import DataLock
from stack.options import Asked, check_ports, decide
from stack.python import child_environment, run_module
from stack.up import Stack

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(asked: Asked) -> None:
    """Run until a signal comes.

    Raises:
        StackError: it cannot start; everything that had started is stopped again.
    """
    layout = Layout(asked.data.expanduser().resolve())
    layout.make()
    lock = DataLock(layout.lock)
    lock.take()
    try:
        decided = decide(asked, layout)
        check_ports(decided)
        asyncio.run(_until_signal(Stack(layout, decided, screen.say), asked))
    except (OSError, psycopg.Error, aiohttp.ClientError) as problem:
        raise StackError(" ".join(str(problem).split()) or type(problem).__name__) from problem
    finally:
        lock.free()


async def _until_signal(stack: Stack, asked: Asked) -> None:
    running = asyncio.create_task(_run(stack, asked))
    loop = asyncio.get_running_loop()
    ended: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        # A second Ctrl-C must not cut the stopping short: it would leave children behind.
        if not ended:
            running.cancel()
        ended.append(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, end, number)
    try:
        await running
    except asyncio.CancelledError:
        if not ended:
            raise
        screen.say("Stopped.")


async def _run(stack: Stack, asked: Asked) -> None:
    async with stack:
        if asked.demo:
            await demo.fill(stack.layout.settings, screen.say)
        screen.overview(
            web=stack.decided.public_url,
            matrix=stack.matrix_url,
            admin=await admin_link(stack.layout.settings, stack.kith_database),
            data=stack.layout.data,
            logs=stack.layout.logs,
        )
        await asyncio.Event().wait()


async def admin_link(settings: Path, database: str) -> str:
    """A fresh one-time link while there is no administrator, else a line that there is one."""
    async with await psycopg.AsyncConnection.connect(database, connect_timeout=10) as connection:
        found = await connection.execute("SELECT 1 FROM staff WHERE role = 'admin' LIMIT 1")
        if await found.fetchone():
            return "exists; add more by `kith user create NAME --admin --password-stdin`"
    printed = await run_module("appservice", "setup-link", env=child_environment(settings))
    return printed.strip().splitlines()[-1]
