# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child's side: a line of JSON in, a line of JSON out, until stdin ends.

Imports nothing of the appservice, so that it starts fast and holds little.
"""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; 32 million pixels with transparency and their copies fit."""


def answer_all(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer until there are no more questions."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
