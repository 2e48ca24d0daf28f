# SPDX-License-Identifier: AGPL-3.0-or-later
"""Loopback ports: find a free one, see whether one is taken. Knows no service."""

import socket


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


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
