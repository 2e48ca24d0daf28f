# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith config synapse` and `kith adopt`: the way in for a Synapse that was there before Kith."""

import asyncio
import os
import subprocess
import sys

import yaml

from stack.child import Child
from stack.credentials import Credentials
from stack.databases import Databases, EmbeddedDatabases, ExternalDatabases
from stack.errors import StackError
from stack.files import write_private
from stack.layout import Layout
from stack.lock import DataLock
from stack.options import Asked, Decided, decide
from stack.postgres import Postgres
from stack.python import child_environment, run_module
from stack.reader import reader_grants
from stack.synapse import MODULES, ApplicationService, registration
from stack.templates import ROOT

DMS = ("befriend", "keep", "freeze")


def instructions(layout: Layout) -> str:
    """Write the registration file and give the lines for homeserver.yaml.

    Raises:
        StackError: KITH_DATABASE_URL is missing: a foreign Synapse cannot reach the embedded one.
    """
    layout.make()
    env = _foreign()
    decided = decide(Asked(layout.data), layout, env)
    if not decided.external.database_url:
        raise StackError(
            "Set KITH_DATABASE_URL to a PostgreSQL that Synapse's modules can reach too, "
            "then run this again."
        )
    credentials = Credentials(layout.secrets)
    service = ApplicationService(
        url=f"http://127.0.0.1:{decided.internal_port}",
        as_token=credentials.get("as_token"),
        hs_token=credentials.get("hs_token"),
    )
    file, grants = layout.data / "registration.yaml", layout.data / "reader.sql"
    write_private(grants, f"{reader_grants().as_string()};\n")
    write_private(file, registration(decided.server_name, service))
    module = {
        # The operator's file: the modules need the rules of it, and no secret.
        "kith_config": str(layout.operator_settings),
        "database_url": ExternalDatabases(decided.external, credentials).module,
    }
    wanted = {
        "app_service_config_files": [str(file)],
        "modules": [{"module": name, "config": module} for name in MODULES],
        "allow_per_room_profiles": False,
        "require_auth_for_profile_requests": True,
        "encryption_enabled_by_default_for_room_type": "off",
        "room_list_publication_rules": [{"action": "allow"}],
    }
    return (
        "# The order matters: the modules take every room they do not know for a direct one.\n"
        "# 1. As an administrator of Synapse's PostgreSQL, in Synapse's database:\n"
        "#    CREATE ROLE kith_reader LOGIN PASSWORD '...'; and the statements of\n"
        f"#    {grants}; its address is KITH_SYNAPSE__DATABASE_URL below.\n"
        "# 2. Stop Synapse; its database stays up.\n"
        "# 3. KITH_SYNAPSE__DATABASE_URL=... kith adopt --dry-run, then without --dry-run\n"
        "# 4. Add these lines to Synapse's homeserver.yaml. Its account must be able to read\n"
        f"#    {file} and {layout.operator_settings};\n"
        "#    with workers, give every module's config a redis_url as well.\n"
        f"# 5. Start Synapse with PYTHONPATH={ROOT}\n"
        f"# 6. KITH_SYNAPSE__URL={env['KITH_SYNAPSE__URL']} KITH_SYNAPSE__DATABASE_URL=... \\\n"
        "#    kith up\n"
        f"{yaml.safe_dump(wanted, sort_keys=False)}"
    )


def run(layout: Layout, dms: str, *, dry_run: bool) -> None:
    """Take over Synapse's people and rooms, with the output on this terminal.

    Raises:
        StackError: Kith runs, or it failed; the line before says why.
    """
    layout.make()
    lock = DataLock(layout.lock)
    lock.take()
    try:
        asyncio.run(_run(layout, [f"--dms={dms}", *(["--dry-run"] if dry_run else [])]))
    finally:
        lock.free()


def _foreign() -> dict[str, str]:
    """The environment, with a Synapse that is not ours to make."""
    return {"KITH_SYNAPSE__URL": "http://127.0.0.1:8008", **os.environ}


async def _run(layout: Layout, words: list[str]) -> None:
    env = _foreign() if os.environ.get("KITH_DATABASE_URL") else dict(os.environ)
    decided = decide(Asked(layout.data), layout, env)
    credentials = Credentials(layout.secrets)
    if decided.external.database_url:
        if not decided.external.reader_database_url:
            raise StackError(
                "Set KITH_SYNAPSE__DATABASE_URL to a read-only account on Synapse's database; "
                "`kith config synapse` says how to make it."
            )
        databases = ExternalDatabases(decided.external, credentials)
        await _adopt(layout, decided, databases, words)
        return
    server = Postgres(layout.postgres, layout.logs / "postgres.log")
    server.prepare()
    child = Child(server.program())
    await child.start()
    try:
        await _adopt(layout, decided, EmbeddedDatabases(server), words)
    finally:
        await child.stop()


async def _adopt(layout: Layout, decided: Decided, databases: Databases, words: list[str]) -> None:
    databases.settle()
    await run_module("schema", "migrate", env={"KITH_DATABASE_URL": databases.kith})
    secret = Credentials(layout.secrets).get
    env = {
        **os.environ,
        **child_environment(layout.operator_settings),
        "KITH_SERVER_NAME": decided.server_name,
        "KITH_PUBLIC_URL": decided.public_url,
        "KITH_DATABASE_URL": databases.kith,
        "KITH_SECRET_KEY": secret("secret_key"),
        "KITH_APPSERVICE__AS_TOKEN": secret("as_token"),
        "KITH_APPSERVICE__HS_TOKEN": secret("hs_token"),
        "KITH_SYNAPSE__DATABASE_URL": databases.reader,
    }
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "appservice", "adopt", *words],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise StackError("Nothing was taken over.")
