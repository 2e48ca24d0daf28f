# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the one `kith.yaml` that appservice, worker and modules read. Never interprets it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from stack.errors import StackError
from stack.files import write_private

Settings = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of one running stack find each other."""

    server_name: str
    public_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    synapse_url: str
    synapse_database_url: str | None = field(repr=False)
    port: int
    internal_port: int
    registration: str = "closed"
    media_folder: str | None = None
    exports_folder: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """The secrets that stand in `kith.yaml`."""

    as_token: str
    hs_token: str
    registration_shared_secret: str | None
    secret_key: str
    metrics_token: str


def generated(places: Places, tokens: Tokens) -> Settings:
    """The settings that follow from what the stack started."""
    synapse: Settings = {"url": places.synapse_url}
    if tokens.registration_shared_secret:
        synapse["registration_shared_secret"] = tokens.registration_shared_secret
    if places.synapse_database_url:
        synapse["database_url"] = places.synapse_database_url
    exports: Settings = {"folder": places.exports_folder} if places.exports_folder else {}
    media: Settings = {"folder": places.media_folder} if places.media_folder else {}
    return {
        "server_name": places.server_name,
        "public_url": places.public_url,
        "database_url": places.database_url,
        "redis_url": places.redis_url,
        "synapse": synapse,
        "appservice": {
            "host": "127.0.0.1",
            "port": places.port,
            "internal_host": "127.0.0.1",
            "internal_port": places.internal_port,
            "as_token": tokens.as_token,
            "hs_token": tokens.hs_token,
            "sender_localpart": "kith",
        },
        "secret_key": tokens.secret_key,
        "metrics_token": tokens.metrics_token,
        "registration": places.registration,
        **({"profile_media": media} if media else {}),
        **({"exports": exports} if exports else {}),
    }


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Settings:
    """`base` with `over` on top, mapping by mapping."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result


def read(path: Path) -> Settings:
    """A settings file; an absent one is empty.

    Raises:
        StackError: it is not YAML or not a mapping.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, yaml.YAMLError) as problem:
        raise StackError(f"{path} cannot be read: {' '.join(str(problem).split())}.") from problem
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise StackError(f"{path} must hold settings by name, like `registration: closed`.")
    return found


def write(path: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings, readable by their owner only."""
    write_private(path, yaml.safe_dump(dict(settings), sort_keys=False, allow_unicode=True))
