# SPDX-License-Identifier: AGPL-3.0-or-later
"""Loopback ports: find a free one, see whether one is taken. Knows no service."""

import secrets
import socket

from stack.errors import StackError

# Below the ports that Linux (32768 on) and macOS (49152 on) lend to outgoing connections: one of
# those could take the port between our look and the server's start.
_RANGE = range(15_000, 32_000)
_TRIES = 100
_given: set[int] = set()


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port nobody listens on at this moment, never the same twice in a process.

    Raises:
        StackError: none was found.
    """
    for _ in range(_TRIES):
        # Not `random`: a test run seeds it, and two runs would meet on the same ports.
        port = secrets.choice(_RANGE)
        if port not in _given and not port_taken(port, host):
            _given.add(port)
            return port
    raise StackError(f"No free port was found on {host}.")


def port_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a listener on `port` could not be opened now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def every_address() -> tuple[str, ...]:
    """What to bind to be reached from everywhere.

    IPv6 first: Synapse forgives a taken 0.0.0.0 beside ::, which serves both, not the reverse.
    """
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ("0.0.0.0",)  # noqa: S104 - that is what it is for
    return ("::", "0.0.0.0")  # noqa: S104 - as above
