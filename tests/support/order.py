# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which order the files of tests go to the processes that run them side by side.

What takes longest begins first, so that nobody waits for it at the end. As many processes as the
machine has processors take from that end; one more takes the small ones from the other, and works
while the servers of the others are waited for. So there are never more servers starting at once
than processors.
"""

import os
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

BROWSER = ("tests/browser/", "tests/pixels/")
JOURNEYS = PurePosixPath("tests/journeys")
OWN_SERVERS = frozenset({"test_workers.py", "test_federation.py"})
"""Journeys that share no server with the other files of their folder."""
LONGEST: Sequence[str] = (
    "tests/chaos/test_short.py",
    "tests/journeys/enforcement",
    "tests/appservice/rest/test_schema.py",
    "tests/journeys/people",
    "tests/stack/test_up.py",
    "tests/stack/test_external.py",
    "tests/journeys/conversation",
    "tests/appservice/registry/test_federated_journey.py",
    "tests/browser/test_pages.py",
    "tests/browser/test_timeline.py",
    "tests/browser/test_conversation.py",
    "tests/browser/test_states.py",
    "tests/browser/test_tongues.py",
    "tests/pixels/test_wide.py",
    "tests/pixels/test_small.py",
)
"""Files and folders that take more than half a minute, longest first."""


def processors() -> int:
    """How many processes begin with what takes long; `./kith test` starts one more."""
    return min(max(os.cpu_count() or 1, 2), 4)


def together(nodeid: str) -> str:
    """What one process has to run as a whole: a file, or the files that share a server."""
    path = PurePosixPath(nodeid.partition("::")[0])
    folder = path.parent
    if folder.parent == JOURNEYS and path.name not in OWN_SERVERS:
        return str(folder)
    return str(path)


def rank(item: pytest.Item) -> tuple[bool, int, bool]:
    """Sorts: the browser's last, for they look at the time; then by how long they take."""
    unit = together(item.nodeid)
    at = LONGEST.index(unit) if unit in LONGEST else len(LONGEST)
    return unit.startswith(BROWSER), at, item.get_closest_marker("journey") is None


class Order(LoadFileScheduling):  # type: ignore[misc]
    """Hands out the units from both ends."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)

    def _assign_work_unit(self, node: "WorkerController") -> None:
        if self.nodes.index(node) >= processors():
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)
