# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the operator asked for: options, then environment, then the folder's own kith.yaml."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stack import settings
from stack.errors import StackError
from stack.files import write_private
from stack.layout import Layout
from stack.ports import free_port, port_taken
from stack.templates import filled

DEFAULT_PORT = 8080
INTERNAL_PORT = 9000
POLICIES = ("closed", "token", "open")
_NAME = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,230}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `kith up`; None means "not said"."""

    data: Path
    port: int | None = None
    matrix_port: int = 8008
    server_name: str | None = None
    federation_port: int | None = None
    registration: str | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class External:
    """Services that run elsewhere; the stack does not start these."""

    database_url: str | None = None
    synapse_database_url: str | None = None
    module_database_url: str | None = None
    reader_database_url: str | None = None
    redis_url: str | None = None
    synapse_url: str | None = None

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "External":
        """What `KITH_…` variables say."""
        return cls(
            database_url=env.get("KITH_DATABASE_URL") or None,
            synapse_database_url=env.get("KITH_SYNAPSE_DATABASE_URL") or None,
            module_database_url=env.get("KITH_MODULE_DATABASE_URL") or None,
            reader_database_url=env.get("KITH_SYNAPSE__DATABASE_URL") or None,
            redis_url=env.get("KITH_REDIS_URL") or None,
            synapse_url=env.get("KITH_SYNAPSE__URL") or None,
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What this start will be."""

    asked: Asked
    port: int
    internal_port: int
    server_name: str
    public_url: str
    registration: str
    operator: Mapping[str, Any]
    extra: Mapping[str, Any]
    external: External


def decide(asked: Asked, layout: Layout, env: Mapping[str, str] | None = None) -> Decided:
    """Weigh options, environment and the folder's settings; write the latter when new.

    Raises:
        StackError: a setting is wrong or contradicts what the folder holds.
    """
    env = os.environ if env is None else env
    fresh = not layout.operator_settings.exists()
    said = asked.server_name or env.get("KITH_SERVER_NAME")
    if fresh:
        name = said or "localhost"
        if not _NAME.fullmatch(name):
            raise StackError(f"{name!r} is not a server name; use one like kith.example.org.")
        write_private(layout.operator_settings, filled("kith.yaml", server_name=name))
    operator = settings.read(layout.operator_settings)
    name = str(operator.get("server_name", said or "localhost"))
    if said and said != name:
        raise StackError(
            f"{layout.data} holds the people of {name}, not of {said}: a server's name cannot "
            f"change; use another folder with --data."
        )
    registration = (
        asked.registration
        or env.get("KITH_REGISTRATION")
        or str(operator.get("registration", "closed"))
    )
    if registration not in POLICIES:
        raise StackError(f"registration takes one of: {', '.join(POLICIES)}.")
    port = _port(asked, operator)
    url = env.get("KITH_PUBLIC_URL") or operator.get("public_url")
    url = str(url or f"http://localhost:{port}").rstrip("/")
    if urlsplit(url).scheme not in {"http", "https"}:
        raise StackError("public_url takes a URL that starts with http:// or https://.")
    return Decided(
        asked=asked,
        port=port,
        internal_port=_internal_port(env, operator),
        server_name=name,
        public_url=url,
        registration=registration,
        operator=operator,
        extra=settings.read(layout.extra_homeserver),
        external=External.of(env),
    )


def _port(asked: Asked, operator: Mapping[str, Any]) -> int:
    service = operator.get("appservice")
    said = service.get("port") if isinstance(service, Mapping) else None
    port = asked.port or said or DEFAULT_PORT
    if not isinstance(port, int) or not 0 < port < 65536:  # noqa: PLR2004 - TCP
        raise StackError("appservice.port takes a number from 1 to 65535.")
    return port


def _internal_port(env: Mapping[str, str], operator: Mapping[str, Any]) -> int:
    """Where Synapse sends transactions: any port for our own, a fixed one for another's."""
    service = operator.get("appservice")
    said = service.get("internal_port") if isinstance(service, Mapping) else None
    text = str(env.get("KITH_APPSERVICE__INTERNAL_PORT") or said or "")
    if text:
        if not text.isdigit():
            raise StackError("appservice.internal_port takes a number.")
        return int(text)
    return INTERNAL_PORT if External.of(env).synapse_url else free_port()


def check_ports(decided: Decided) -> None:
    """Refuse to start where somebody else listens already.

    Raises:
        StackError: with the option that picks another port.
    """
    asked = decided.asked
    wanted = {"--port": decided.port}
    if not decided.external.synapse_url:
        wanted["--matrix-port"] = asked.matrix_port
        if asked.federation_port:
            wanted["--federation-port"] = asked.federation_port
    if len(set(wanted.values())) < len(wanted):
        raise StackError(f"{', '.join(wanted)} must be different ports.")
    for option, port in wanted.items():
        if port_taken(port):
            raise StackError(
                f"Port {port} is taken by another program; choose another with {option}."
            )
