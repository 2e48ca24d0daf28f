# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two Synapses need to federate on loopback under names without a port.

A test CA with a certificate for each name, and a CONNECT proxy that leads `name:443` to the
server's loopback port: certificates are really verified, no DNS and no root are needed.
"""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stack.ports import free_port
from stack.synapse import Federation

_BORN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_ENDS = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


class Loopback:
    """The little internet of a federation test; enter it before the servers."""

    def __init__(self, folder: Path, *names: str) -> None:
        """Args: a folder for certificates, and the server names."""
        self._folder = folder
        self._ports = {name: free_port() for name in names}
        self._proxy_port = free_port()
        self._server: asyncio.Server | None = None
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kith test CA")])
        authority = self._certificate("Kith test CA", self._key.public_key(), authority=True)
        self._authority = folder / "ca.pem"
        self._authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def federation(self, name: str) -> Federation:
        """The TLS side of the server called `name`."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._folder / f"{name}.pem"
        secret = self._folder / f"{name}.key"
        made = self._certificate(name, key.public_key())
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return Federation(
            port=self._ports[name],
            certificate=certificate,
            key=secret,
            bind=("127.0.0.1",),
            ca_list=(self._authority,),
            proxy=f"http://127.0.0.1:{self._proxy_port}",
            loopback_peers=True,
        )

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            lambda reader, writer: _connect(reader, writer, self._ports),
            "127.0.0.1",
            self._proxy_port,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server:
            self._server.close()

    def _certificate(
        self, name: str, key: ec.EllipticCurvePublicKey, *, authority: bool = False
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(_BORN)
            .not_valid_after(_ENDS)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(self._key, hashes.SHA256())
        )


async def _connect(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ports: Mapping[str, int]
) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        name = head.split()[1].rsplit(":", 1)[0]
        if not head.startswith("CONNECT ") or name not in ports:
            writer.write(b"HTTP/1.1 502 Unknown name\r\n\r\n")
            await writer.drain()
        else:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", ports[name])
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
    writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
    target.close()
