# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the processes write to their logs: one line an event, never a secret, never a message.

Third-party loggers come through the same processors; those that print arguments are silenced.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from appservice.settings import LogSettings

_SECRET = ("token", "secret", "password", "authorization", "cookie", "body", "content")
_SILENT = {
    # Both print the arguments of jobs; appservice.work says what failed, without them.
    "procrastinate": logging.CRITICAL,
    # It prints conninfo at debug level and every closed connection as a warning.
    "psycopg": logging.ERROR,
    "psycopg.pool": logging.ERROR,
    "aiohttp.access": logging.CRITICAL,
}
# Both forms would otherwise print the values of local variables: tokens and messages among them.
_TRACES = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def _conceal(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide values whose key says that they are nobody's business."""
    for key in line:
        if any(word in key.lower() for word in _SECRET):
            line[key] = "…"
    return line


def configure(settings: LogSettings) -> None:
    """Send everything to standard error in the chosen form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _conceal,
    ]
    last: list[structlog.typing.Processor] = (
        [_TRACES, structlog.processors.JSONRenderer()]
        if settings.format == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    for name, level in _SILENT.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.level.upper()]
        ),
        cache_logger_on_first_use=True,
    )
