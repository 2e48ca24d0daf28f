# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the modules are told: Synapse's `config:` block and the operator's kith.yaml.

Read once, at start-up; whatever is wrong stops Synapse with one clear sentence.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from synapse.module_api.errors import ConfigError

from policy.limits import Rules, RulesError

_PREFIX = "KITH_"
_REDIS = ("redis://", "unix://")
_KEYS = frozenset({"kith_config", "database_url", "redis_url"})


@dataclass(frozen=True, slots=True)
class ModuleConfig:
    """One module's configuration; the same for all of a process.

    Attributes:
        database_url: Kith's own database, as the role that reads only.
        redis_url: shared counters; None when Synapse runs as one process.
        service_localpart: account of Kith's appservice, exempt from the rules.
        rules: every number and switch.
    """

    database_url: str = field(repr=False)
    redis_url: str | None = field(default=None, repr=False)
    service_localpart: str = "kith"
    rules: Rules = field(default_factory=Rules)


def parse(config: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> ModuleConfig:
    """Read and check one `config:` block.

    Args:
        config: as Synapse gives it.
        environ: overrides by `KITH_<SECTION>__<KEY>`; the process's own when absent.

    Raises:
        ConfigError: something is missing, unknown or of a wrong type.
    """
    unknown = sorted(set(config) - _KEYS)
    if unknown:
        raise ConfigError(f"Kith module: unknown setting {unknown[0]!r}; known: {sorted(_KEYS)}")
    for key in ("kith_config", "database_url"):
        if not isinstance(config.get(key), str) or not config[key]:
            raise ConfigError(f"Kith module: {key} is missing")
    redis_url = config.get("redis_url")
    if redis_url and not str(redis_url).startswith(_REDIS):
        raise ConfigError(f"Kith module: redis_url takes an address: {' or '.join(_REDIS)}…")
    settings = _overridden(
        _settings(Path(config["kith_config"])), os.environ if environ is None else environ
    )
    return ModuleConfig(
        database_url=config["database_url"],
        redis_url=redis_url or None,
        service_localpart=_service(settings),
        rules=_rules(settings),
    )


def _settings(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except OSError as problem:
        raise ConfigError(f"Kith module: {path} cannot be read: {problem.strerror}") from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ConfigError(f"Kith module: {path} is not valid YAML") from problem
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ConfigError(f"Kith module: {path} must hold settings by name")
    return found


def _overridden(settings: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings with the environment on top, as the appservice reads them."""
    for name, text in environ.items():
        path = name.removeprefix(_PREFIX).lower().split("__")
        if not name.startswith(_PREFIX) or path[0] not in ("rules", "appservice"):
            continue
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as problem:
            raise ConfigError(f"Kith module: {name} is not a usable value") from problem
        below = settings
        for key in path[:-1]:
            step = below.get(key)
            if not isinstance(step, dict):
                step = below[key] = {}
            below = step
        below[path[-1]] = value
    return settings


def _service(settings: Mapping[str, Any]) -> str:
    section = settings.get("appservice") or {}
    name = section.get("sender_localpart", "kith") if isinstance(section, Mapping) else None
    if not isinstance(name, str) or not name:
        raise ConfigError("Kith module: appservice.sender_localpart takes a name")
    return name


def _rules(settings: Mapping[str, Any]) -> Rules:
    section = settings.get("rules") or {}
    if not isinstance(section, Mapping):
        raise ConfigError("Kith module: rules takes a group of settings")
    try:
        return Rules.from_mapping(section)
    except RulesError as problem:
        raise ConfigError(f"Kith module: {problem}") from problem
