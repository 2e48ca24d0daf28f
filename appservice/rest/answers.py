# SPDX-License-Identifier: AGPL-3.0-or-later
"""From errors and models to HTTP answers: the one place where that is done (D8)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from appservice.errors import Denied, KithError, Unavailable
from appservice.rest.codes import Code
from appservice.rest.route import Reply

JSON = "application/json"


def success(reply: Reply) -> web.Response:
    """The answer of a handler that went well."""
    text = None if reply.body is None else reply.body.model_dump_json()
    response = web.Response(status=reply.status, text=text, content_type=JSON)
    if text is None:
        del response.headers["Content-Type"]
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(reply.headers)
    if reply.set_cookie is not None:
        response.headers["Set-Cookie"] = reply.set_cookie
    return response


def failure(error: KithError) -> web.Response:
    """The answer to a refusal: code, sentence, details; Retry-After where waiting helps."""
    details = dict(error.details)
    wait = error.retry_after_ms if isinstance(error, Denied | Unavailable) else None
    wait = details.get("retry_after_ms", wait)
    if error.status == Code.TOO_MANY_REQUESTS.status and wait is None:
        wait = 60_000
    headers = {"Cache-Control": "no-store"}
    if wait is not None:
        details["retry_after_ms"] = wait
        headers["Retry-After"] = str(max(1, -(-int(wait) // 1000)))
    if error.status == Code.UNAUTHENTICATED.status:
        headers["WWW-Authenticate"] = 'Bearer realm="Kith"'
    body = {"error": {"code": error.code, "message": error.sentence, "details": details}}
    return web.Response(
        status=error.status, text=json.dumps(body), content_type=JSON, headers=headers
    )


def invalid(error: ValidationError) -> KithError:
    """A refusal that names each field and what is wrong with it, without repeating the input."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    if any(problem["type"] == "json_invalid" for problem in problems):
        return Code.BAD_JSON.error()
    return Code.INVALID.error(fields=_fields(problems))


def _fields(problems: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            # An unknown field's name is the sender's own text: at most a short, plain part of it.
            "field": ascii(".".join(map(str, problem["loc"])))[1:-1][:100],
            "problem": str(problem["msg"]).removeprefix("Value error, ")[:200],
        }
        for problem in problems[:10]
    ]
