# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a test answers in the server's place: refusals as the server words them, lists, nothing."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route

from appservice.rest.answers import failure
from appservice.rest.codes import Code

Answer = Callable[[Route], None]


def refusing(code: Code, **details: object) -> Answer:
    """The refusal that the server itself would send, envelope and headers."""
    real = failure(code.error(**details))
    headers = {name: str(value) for name, value in real.headers.items()}

    def answer(route: Route) -> None:
        route.fulfill(status=real.status, headers=headers, body=real.text or "")

    return answer


def saying(body: Any) -> Answer:
    """An answer that is well."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="application/json", body=json.dumps(body))

    return answer


def cut(route: Route) -> None:
    """No connection."""
    route.abort()


def holding(held: list[Route]) -> Answer:
    """No answer yet; the test gives them later, or never."""

    def answer(route: Route) -> None:
        held.append(route)

    return answer
