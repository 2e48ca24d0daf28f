# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Synapse with Kith around it, on free ports, for one test or a module of tests."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stack import settings
from stack.child import Child, Program
from stack.credentials import Credentials
from stack.health import answers
from stack.ports import free_port
from stack.postgres import Postgres
from stack.redis import Redis
from stack.synapse import (
    MODULES,
    ApplicationService,
    Federation,
    RedisPlace,
    Synapse,
    SynapseOptions,
)
from stack.templates import ROOT
from tests.support.databases import Database, fresh_kith, fresh_synapse
from tests.support.matrix import Matrix, MatrixUser


@dataclass(frozen=True, slots=True)
class Wish:
    """What a test wants to run.

    `rules` and `registration` go to kith.yaml; `extra` to Synapse's own configuration.
    """

    server_name: str = "hs.test"
    modules: Sequence[str] = MODULES
    appservice: bool = True
    worker: bool = True
    synapse_workers: int = 0
    room_version: str = "12"
    registration: str = "closed"
    federation: Federation | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


BARE = Wish(modules=(), appservice=False, worker=False)


class TestStack:
    """Runs a `Wish`; use it as an async context manager.

    Children are by name in `children` ("Synapse", "appservice", "worker", …), so that a test
    can kill one: `stack.children["Synapse"].kill()`; the supervisor starts it again.
    """

    __test__ = False

    def __init__(
        self, postgres: Postgres, redis: Redis, folder: Path, wish: Wish | None = None
    ) -> None:
        """Args: running servers (`migrated`, `redis_server`), a folder (`tmp_path`), the wish."""
        self.wish = wish or Wish()
        self.folder = folder
        self.postgres = postgres
        self.redis = redis
        self.port, self.internal_port = free_port(), free_port()
        self.public_url = f"http://127.0.0.1:{self.port}"
        self.kith_yaml = folder / "kith.yaml"
        self.children: dict[str, Child] = {}
        self.restarts: list[str] = []
        self._exit = AsyncExitStack()
        secrets = Credentials(folder / "secrets.json")
        self.as_token, self.hs_token = secrets.get("as_token"), secrets.get("hs_token")
        self.metrics_token = secrets.get("metrics_token")
        self._secret_key = secrets.get("secret_key")
        self.database: Database
        self.synapse: Synapse
        self.matrix: Matrix

    async def __aenter__(self) -> Self:
        kith = await asyncio.to_thread(fresh_kith, self.postgres)
        self._exit.callback(self.postgres.drop_database, kith.name)
        synapse = await asyncio.to_thread(fresh_synapse, self.postgres)
        self._exit.callback(self.postgres.drop_database, synapse)
        self.describe(kith.name, synapse)
        try:
            await self._run()
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

    async def register(self, name: str, *, admin: bool = False) -> MatrixUser:
        """A new account on Synapse's own port, signed in."""
        return await self.matrix.register(name, admin=admin)

    async def run(self, program: Program) -> Child:
        """Start one more process of this stack, stopped at its end."""
        child = Child(program, tell=self.restarts.append)
        await child.start()
        self._exit.push_async_callback(child.stop)
        self.children[program.name] = child
        return child

    def python(self, name: str, *arguments: str, ready: str | None = None) -> Program:
        """`python -m …` with this stack's settings; `ready` is a URL that answers when well."""

        async def well() -> bool:
            return ready is None or await answers(ready)

        return Program(
            name=name,
            argv=(sys.executable, "-m", *arguments),
            log=self.folder / f"{name}.log",
            ready=well,
            env=self.env,
            cwd=ROOT,
        )

    @property
    def env(self) -> dict[str, str]:
        """The environment of every part of Kith here."""
        return {"KITH_CONFIG": str(self.kith_yaml), "PYTHONPATH": str(ROOT)}

    async def _run(self) -> None:
        await self.run(self.synapse.program(self.env))
        for program in self.synapse.worker_programs(self.env):
            await self.run(program)
        await asyncio.to_thread(self.postgres.grant_reader, self.synapse_database)
        self.matrix = await self._exit.enter_async_context(
            Matrix(
                self.synapse.url, self.wish.server_name, self.synapse.registration_shared_secret
            )
        )
        if self.wish.worker:
            await self.run(self.python("worker", "appservice", "work"))
        if self.wish.appservice:
            ready = f"{self.public_url}/readyz"
            await self.run(self.python("appservice", "appservice", "serve", ready=ready))

    def describe(self, database: str, synapse_database: str) -> None:
        """Write every configuration file; entering the stack does this."""
        self.database = Database(database, self.postgres)
        self.synapse_database = synapse_database
        wish = self.wish
        workers = wish.synapse_workers
        module_config = {
            "kith_config": str(self.kith_yaml),
            "database_url": self.database.module_url,
        }
        if workers:
            module_config["redis_url"] = self.redis.url()
        self.synapse = Synapse(
            self.folder / "synapse",
            self.folder,
            SynapseOptions(
                server_name=wish.server_name,
                port=free_port(),
                public_url=self.public_url,
                database_url=self.postgres.url(self.synapse_database, "synapse"),
                registration=wish.registration,
                room_version=wish.room_version,
                modules=wish.modules,
                module_config=module_config,
                appservice=ApplicationService(
                    url=f"http://127.0.0.1:{self.internal_port}",
                    as_token=self.as_token,
                    hs_token=self.hs_token,
                ),
                federation=wish.federation,
                redis=RedisPlace(self.redis.password, port=self.redis.port) if workers else None,
                workers=workers,
                bcrypt_rounds=4,
                extra=wish.extra,
            ),
        )
        self.synapse.prepare()
        settings.write(
            self.kith_yaml,
            settings.merged(self._generated(), {"rules": wish.rules, **wish.settings}),
        )

    def _generated(self) -> settings.Settings:
        return settings.generated(
            settings.Places(
                server_name=self.wish.server_name,
                public_url=self.public_url,
                database_url=self.database.url,
                redis_url=self.redis.url(),
                synapse_url=self.synapse.url,
                synapse_database_url=self.postgres.url(self.synapse_database, "kith_reader"),
                port=self.port,
                internal_port=self.internal_port,
                registration=self.wish.registration,
                media_folder=str(self.folder / "media"),
                exports_folder=str(self.folder / "exports"),
            ),
            settings.Tokens(
                as_token=self.as_token,
                hs_token=self.hs_token,
                registration_shared_secret=self.synapse.registration_shared_secret,
                secret_key=self._secret_key,
                metrics_token=self.metrics_token,
            ),
        )
