# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order in which the parts of one instance start and stop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from stack import settings, webapp
from stack.certificate import federation
from stack.child import Child, Program
from stack.credentials import Credentials
from stack.databases import Databases, EmbeddedDatabases, ExternalDatabases
from stack.errors import StackError
from stack.layout import Layout
from stack.options import Decided
from stack.postgres import Postgres
from stack.python import child_environment, module_program, run_module
from stack.redis import Redis
from stack.scanner import LocalScanner, wanted
from stack.synapse import MODULES, ApplicationService, Synapse, SynapseOptions

Result = TypeVar("Result")


class Stack:
    """One running instance; an async context manager that stops what it started."""

    def __init__(
        self, layout: Layout, decided: Decided, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Args: the data folder, what this start is to be, whom to tell what happens."""
        self.layout = layout
        self.decided = decided
        self.children: dict[str, Child] = {}
        self.matrix_url = (
            decided.external.synapse_url or f"http://127.0.0.1:{decided.asked.matrix_port}"
        )
        self.kith_database = ""
        self._tell = tell
        self._exit = AsyncExitStack()
        self._credentials = Credentials(layout.secrets)
        self._redis_url = decided.external.redis_url or ""

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    async def _start(self) -> None:
        await self._redis()
        databases = await self._databases()
        self.kith_database = databases.kith
        synapse = None if self.decided.external.synapse_url else self._synapse(databases)
        scanner = self._scanner()
        self._write_settings(databases, synapse, scanner)
        await self._timed(
            "Migrations",
            run_module("schema", "migrate", env={"KITH_DATABASE_URL": databases.kith}),
        )
        if synapse:
            await self._run(synapse.program(child_environment(self.layout.settings)))
            await asyncio.to_thread(databases.grant_reader)
        await self._timed("Web app", webapp.ensure(self._tell))
        if scanner:
            await self._scan(scanner)
        # The worker first: what the appservice waits for when it starts may be a job.
        await self._run(
            module_program(
                "Worker",
                *("appservice", "work"),
                settings=self.layout.settings,
                log=self.layout.logs / "worker.log",
            )
        )
        await self._run(
            module_program(
                "Appservice",
                *("appservice", "serve"),
                settings=self.layout.settings,
                log=self.layout.logs / "appservice.log",
                ready_url=f"http://127.0.0.1:{self.decided.port}/readyz",
            )
        )

    async def _databases(self) -> Databases:
        databases: Databases
        if self.decided.external.database_url:
            databases = ExternalDatabases(self.decided.external, self._credentials)
        else:
            server = Postgres(self.layout.postgres, self.layout.logs / "postgres.log")
            await asyncio.to_thread(server.prepare)
            await self._run(server.program())
            databases = EmbeddedDatabases(server)
        await asyncio.to_thread(databases.settle)
        return databases

    async def _redis(self) -> None:
        if not self._redis_url:
            server = Redis(self.layout.redis, self.layout.logs / "redis.log")
            server.prepare()
            self._redis_url = server.url()
            await self._run(server.program())

    def _synapse(self, databases: Databases) -> Synapse:
        asked = self.decided.asked
        name = self.decided.server_name
        synapse = Synapse(
            self.layout.synapse,
            self.layout.logs,
            SynapseOptions(
                server_name=name,
                port=asked.matrix_port,
                public_url=self.decided.public_url,
                database_url=databases.synapse,
                registration=self.decided.registration,
                modules=MODULES,
                module_config={
                    "kith_config": str(self.layout.settings),
                    "database_url": databases.module,
                },
                appservice=ApplicationService(
                    url=f"http://127.0.0.1:{self.decided.internal_port}",
                    as_token=self._credentials.get("as_token"),
                    hs_token=self._credentials.get("hs_token"),
                ),
                federation=federation(self.layout.data / "tls", name, asked.federation_port)
                if asked.federation_port
                else None,
                extra=self.decided.extra,
            ),
        )
        synapse.prepare()
        return synapse

    def _scanner(self) -> LocalScanner | None:
        if not wanted(self.decided.operator):
            return None
        log = self.layout.logs / "scanner.log"
        return LocalScanner(self.layout.scanner, log, self._credentials.get("scanner_token"))

    async def _scan(self, scanner: LocalScanner) -> None:
        """Start it; without it Kith comes up all the same, and pictures wait for staff."""
        if await scanner.ensure(self._tell):
            try:
                await self._run(scanner.program())
            except StackError as problem:
                self._tell(f"Scanner: not started ({problem})")

    def _write_settings(
        self, databases: Databases, synapse: Synapse | None, scanner: LocalScanner | None
    ) -> None:
        secret = self._credentials.get
        made = settings.generated(
            settings.Places(
                server_name=self.decided.server_name,
                public_url=self.decided.public_url,
                database_url=databases.kith,
                redis_url=self._redis_url,
                synapse_url=self.matrix_url,
                synapse_database_url=databases.reader if synapse else None,
                port=self.decided.port,
                internal_port=self.decided.internal_port,
                media_folder=str(self.layout.media),
                exports_folder=str(self.layout.exports),
            ),
            settings.Tokens(
                as_token=secret("as_token"),
                hs_token=secret("hs_token"),
                registration_shared_secret=synapse.registration_shared_secret if synapse else None,
                secret_key=secret("secret_key"),
                metrics_token=secret("metrics_token"),
            ),
        )
        whole = settings.merged(made, self.decided.operator)
        if scanner:
            whole["profile_media"].update(scanner.settings)
        whole["registration"] = self.decided.registration
        whole["appservice"]["port"] = self.decided.port
        settings.write(self.layout.settings, whole)

    async def _run(self, program: Program) -> None:
        child = Child(program, tell=self._tell)
        await self._timed(program.name, child.start())
        self._exit.push_async_callback(child.stop)
        self.children[program.name] = child

    async def _timed(self, name: str, work: Awaitable[Result]) -> Result:
        began = time.monotonic()
        result = await work
        self._tell(f"{name}: ready after {time.monotonic() - began:.1f} s")
        return result
