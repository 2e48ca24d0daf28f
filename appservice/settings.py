# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of the appservice and the worker: `kith.yaml`, overridden by the environment.

``KITH_CONFIG`` names the file; ``KITH_<KEY>`` or ``KITH_<SECTION>__<KEY>`` overrides one key.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from policy.limits import Rules

_MIN_SECRET = 16


class SettingsError(Exception):
    """The settings cannot be used; the message is one line that names the key."""


def _plain(value: Any) -> Any:
    """Environment variables are text; YAML reads ``false`` and ``10`` out of them."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return yaml.safe_load(value) if isinstance(value, str) else value


def _rules(value: Any) -> Rules:
    if isinstance(value, Rules):
        return value
    if not isinstance(value, Mapping):
        raise ValueError("rules takes a group of settings")  # noqa: TRY004 - pydantic's protocol
    return Rules.from_mapping(_plain(value))


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SynapseSettings(_Section):
    """How to reach the homeserver."""

    url: str = "http://127.0.0.1:8008"
    database_url: SecretStr | None = None
    """Read-only account on Synapse's database; absent, holes are filled over HTTP."""
    registration_shared_secret: SecretStr | None = None
    timeout: float = Field(default=30.0, gt=0)
    """Seconds one request to the homeserver may take."""


class AppserviceSettings(_Section):
    """The two listeners and the registration with Synapse."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    internal_host: str = "127.0.0.1"
    internal_port: int = Field(default=9000, ge=0, le=65535)
    as_token: SecretStr
    hs_token: SecretStr
    sender_localpart: str = "kith"
    max_request_bytes: int = Field(default=64 * 1024 * 1024, gt=0)
    """Longest body passed through to the homeserver; its own limit on media is lower."""

    @field_validator("as_token", "hs_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        return _strong(value)


class LogSettings(_Section):
    """What the log looks like."""

    format: Literal["json", "console"] = "json"
    level: Literal["debug", "info", "warning", "error"] = "info"


class MediaSettings(_Section):
    """Files that people upload."""

    max_bytes: int = Field(default=25 * 1024 * 1024, gt=0)
    """Of one file; the homeserver's own `max_upload_size` must not be lower."""
    max_pixels: int = Field(default=32_000_000, gt=0)
    """Width times height of a picture; of a JPEG, which needs less memory, twice that."""
    uploads_at_once: int = Field(default=16, gt=0)
    """Of one process; each takes disk space, not memory."""
    uploads_of_one: int = Field(default=3, gt=0)
    """At once, of one person; more of theirs wait."""
    pictures_at_once: int = Field(default=2, gt=0)
    """Looked at, each by a process of its own that may use up to 1 GB."""
    picture_seconds: float = Field(default=30.0, gt=0)
    """After which a picture is given up."""


class ProfileMediaSettings(_Section):
    """Pictures of profiles."""

    folder: Path = Path("data/media")
    """Where their files lie; all processes of an instance share it."""
    local_scanner: bool = False
    """Let `kith up` run a local model and set the three below for it."""
    scanner_url: str | None = None
    """A service that looks at each picture before it is shown (docs/profile-media.md)."""
    scanner_token: SecretStr | None = None
    scanner_seconds: float = Field(default=20.0, gt=0)
    """After which the scanner counts as away, and the picture waits."""


class ExportSettings(_Section):
    """Archives of everything about a person."""

    folder: Path = Path("data/exports")
    """Where they lie; all processes of an instance share it."""
    max_file_bytes: int = Field(default=200 * 1024 * 1024, gt=0)
    """Of one file in an archive; a larger one is named as missing."""
    keep_free_bytes: int = Field(default=1024 * 1024 * 1024, ge=0)
    """Of the disk; an archive that would take of it fails."""


class PreviewSettings(_Section):
    """What links lead to."""

    enabled: bool = True
    deny_hosts: tuple[str, ...] = ()
    """Never visited, with everything below them."""


class PlaceSettings(_Section):
    """Who is asked for cities; without a key only the tables that come with Kith."""

    mapbox_key: SecretStr | None = None
    mapbox_url: str = "https://api.mapbox.com"


def _strong(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < _MIN_SECRET:
        raise ValueError(f"takes at least {_MIN_SECRET} characters; generate it")
    return value


class Settings(BaseSettings):
    """All settings; immutable, read once at start."""

    model_config = SettingsConfigDict(
        env_prefix="KITH_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    server_name: str
    public_url: str
    database_url: SecretStr
    redis_url: SecretStr | None = None
    synapse: SynapseSettings = SynapseSettings()
    appservice: AppserviceSettings
    secret_key: SecretStr
    metrics_token: SecretStr | None = None
    registration: Literal["closed", "token", "open"] = "closed"
    log: LogSettings = LogSettings()
    media: MediaSettings = MediaSettings()
    profile_media: ProfileMediaSettings = ProfileMediaSettings()
    exports: ExportSettings = ExportSettings()
    previews: PreviewSettings = PreviewSettings()
    places: PlaceSettings = PlaceSettings()
    rules: Annotated[Rules, BeforeValidator(_rules), PlainSerializer(repr)] = Rules()

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        return _strong(value)

    @field_validator("public_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("takes a URL that starts with http:// or https://")
        return value.rstrip("/")

    @property
    def service_user(self) -> str:
        """User id of Kith itself."""
        return f"@{self.appservice.sender_localpart}:{self.server_name}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over environment over file."""
        path = os.environ.get("KITH_CONFIG")
        found = [init_settings, env_settings]
        if path:
            found.append(YamlConfigSettingsSource(settings_cls, yaml_file=Path(path)))
        return tuple(found)


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: with one line that says which key is wrong and what it takes.
    """
    path = os.environ.get("KITH_CONFIG")
    if path and not Path(path).is_file():
        raise SettingsError(f"KITH_CONFIG names {path}, which is not a file")
    try:
        return Settings()
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} is not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{key}: {first['msg'].removeprefix('Value error, ')}") from None
