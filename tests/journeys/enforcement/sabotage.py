# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Synapse module for tests: while a file exists, every fact Kith's modules read is a bug."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synapse.module_api import ModuleApi

from synapse_modules.facts import Facts
from synapse_modules.room_finder import RoomFinder

NAME = "tests.journeys.enforcement.sabotage.Sabotage"
FLAG = "sabotage"


class Sabotage:
    """Load it after Kith's modules, with their configuration."""

    def __init__(self, flag: Path, api: ModuleApi) -> None:
        del api
        for owner, method in (
            (Facts, "room"),
            (Facts, "person"),
            (Facts, "person_now"),
            (Facts, "relationship"),
            (RoomFinder, "room"),
            (RoomFinder, "kind_by_stamp"),
        ):
            setattr(owner, method, _broken(getattr(owner, method), flag))

    @staticmethod
    def parse_config(config: Mapping[str, Any]) -> Path:
        return Path(config["kith_config"]).parent / FLAG


def _broken(method: Any, flag: Path) -> Any:
    async def called(*args: Any) -> Any:
        if os.path.exists(flag):  # noqa: ASYNC240, PTH110 - a test may look at once
            raise RuntimeError("sabotage")
        return await method(*args)

    return called
