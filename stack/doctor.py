# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith doctor`: looks at every part and says how to mend what is wrong. Changes nothing."""

import asyncio
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.markup import escape
from rich.table import Table

from stack import screen, settings
from stack.errors import StackError
from stack.health import answers
from stack.layout import Layout
from stack.lock import DataLock
from stack.programs import find_postgres, find_redis

_LEAST_SPACE = 1_000_000_000
_LIMIT = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` says what to do when it is not well."""

    part: str
    well: bool
    what: str
    mend: str = ""


def run(layout: Layout) -> bool:
    """Look, print a table, and say whether all is well."""
    findings = [*_machine(), *_folder(layout)]
    if DataLock(layout.lock).holder():
        findings += asyncio.run(_running(settings.read(layout.settings)))
    else:
        findings.append(Finding("Instance", False, "does not run", "kith up"))  # noqa: FBT003
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for found in findings:
        mark = "[green]well[/green]" if found.well else "[bold red]mend[/bold red]"
        mend = "" if found.well else f" → {found.mend}"
        table.add_row(mark, found.part, escape(found.what + mend))
    screen.out.print(table)
    return all(found.well for found in findings)


def _machine() -> Iterator[Finding]:
    yield Finding("Python", well=sys.version_info >= (3, 11), what=sys.version.split()[0])
    for part, find in (("PostgreSQL", find_postgres), ("Redis", find_redis)):
        try:
            found = find()
        except StackError as problem:
            yield Finding(part, well=False, what="no program", mend=str(problem))
        else:
            yield Finding(part, well=True, what=str(getattr(found, "bin", found)))


def _folder(layout: Layout) -> Iterator[Finding]:
    if not layout.data.exists():
        yield Finding("Data", well=False, what=f"{layout.data} is absent", mend="kith up")
        return
    free = shutil.disk_usage(layout.data).free
    yield Finding(
        "Disk",
        well=free > _LEAST_SPACE,
        what=f"{free // 1_000_000} MB free",
        mend="make room: PostgreSQL stops when the disk is full",
    )
    open_files = [
        path
        for path in (
            *layout.data.glob("*.json"),
            *layout.data.glob("*.yaml"),
            *(layout.data / "run").glob("*"),
            *layout.synapse.glob("*.yaml"),
            *layout.synapse.glob("*.key"),
        )
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    names = " ".join(str(path) for path in open_files)
    yield Finding(
        "Secrets", well=not open_files, what=names or "private", mend=f"chmod 600 {names}"
    )
    try:
        settings.read(layout.operator_settings)
    except StackError as problem:
        yield Finding("kith.yaml", well=False, what=str(problem), mend="mend that line")


async def _running(found: dict[str, Any]) -> list[Finding]:
    synapse = str(found["synapse"]["url"])
    port = found["appservice"]["port"]
    findings = [
        await _database("Kith's database", str(found["database_url"])),
        await _redis(str(found.get("redis_url", ""))),
        Finding(
            "Synapse",
            well=await answers(f"{synapse}/health"),
            what=synapse,
            mend="look into logs/synapse.log",
        ),
        Finding(
            "Appservice",
            well=await answers(f"http://127.0.0.1:{port}/readyz"),
            what=f"port {port}",
            mend=f"http://127.0.0.1:{port}/readyz says which part; logs/appservice.log says why",
        ),
    ]
    if "database_url" in found["synapse"]:
        reader = str(found["synapse"]["database_url"])
        findings.append(await _database("Synapse's database", reader))
        service = f"@{found['appservice']['sender_localpart']}:{found['server_name']}"
        findings.append(await _files_in_synapse(reader, service))
    name = str(found["server_name"])
    if name == "localhost" or name.endswith(".localhost"):
        findings.append(Finding("Federation", well=True, what="off: localhost has no peers"))
    elif urlsplit(str(found["public_url"])).scheme != "https":
        findings.append(
            Finding(
                "Federation",
                well=False,
                what=f"public_url of {name} is not https",
                mend="put a TLS proxy in front and set public_url in kith.yaml",
            )
        )
    return findings


async def _database(part: str, url: str) -> Finding:
    try:
        async with (
            asyncio.timeout(_LIMIT),
            await psycopg.AsyncConnection.connect(url, connect_timeout=_LIMIT) as connection,
        ):
            version = connection.info.server_version // 10_000
    except (psycopg.Error, TimeoutError) as problem:
        why = (str(problem) or "no answer").strip().splitlines()[0]
        return Finding(part, well=False, what=why, mend="look into logs/postgres.log")
    return Finding(part, well=True, what=f"PostgreSQL {version}")


async def _files_in_synapse(url: str, service_user: str) -> Finding:
    """Whether Kith may delete files there: of deleted accounts, closed pictures, unused ones."""
    part = "Unwanted files"
    try:
        async with (
            asyncio.timeout(_LIMIT),
            await psycopg.AsyncConnection.connect(url, connect_timeout=_LIMIT) as connection,
        ):
            cursor = await connection.execute(
                "SELECT admin = 1 FROM users WHERE name = %s", (service_user,)
            )
            row = await cursor.fetchone()
    except (psycopg.Error, TimeoutError):
        return Finding(part, well=True, what="cannot be told: Synapse's users cannot be read")
    if row is not None and row[0]:
        return Finding(part, well=True, what="are deleted from Synapse")
    what = (
        "stay in Synapse when their account is deleted, a picture stops being public or no"
        f" message carries them: {service_user} is no server administrator (docs/media.md)"
    )
    return Finding(part, well=True, what=what)


async def _redis(url: str) -> Finding:
    client = Redis.from_url(url, socket_timeout=_LIMIT, socket_connect_timeout=_LIMIT)
    try:
        await client.ping()
    except (RedisError, OSError):
        return Finding("Redis", well=False, what="no answer", mend="look into logs/redis.log")
    finally:
        await client.aclose()
    return Finding("Redis", well=True, what="answers")
