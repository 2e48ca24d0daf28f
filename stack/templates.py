# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fills the templates of `config/`; every value goes through `yaml`, which quotes it."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parent.parent
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(ROOT / "config"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - YAML, not HTML; the filter below quotes
    keep_trailing_newline=True,
)
# JSON is YAML, on one line and with every character a value may hold quoted.
_ENVIRONMENT.filters["yaml"] = lambda value: json.dumps(value, default=str)


def filled(template: str, /, **values: Any) -> str:
    """The template `config/<template>.j2` with its values; an unknown name in it is an error."""
    return _ENVIRONMENT.get_template(f"{template}.j2").render(**values)
