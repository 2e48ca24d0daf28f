# SPDX-License-Identifier: AGPL-3.0-or-later
"""The certificate of the federation port: the operator's own, or a self-made one to begin with.

Other homeservers accept only a certificate they can verify; the self-made one is for trials.
"""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stack.files import private_folder, write_private
from stack.synapse import Federation

_BORN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_ENDS = dt.datetime(2049, 1, 1, tzinfo=dt.UTC)


def federation(folder: Path, server_name: str, port: int) -> Federation:
    """The TLS side of the server; makes `fullchain.pem` and `privkey.pem` when they are absent."""
    private_folder(folder)
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    if not (certificate.exists() and key.exists()):
        _make(certificate, key, server_name)
    return Federation(port=port, certificate=certificate, key=key)


def _make(certificate: Path, key: Path, server_name: str) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, server_name[:64])])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BORN)
        .not_valid_after(_ENDS)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(server_name)]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    write_private(
        key,
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    )
    write_private(certificate, made.public_bytes(serialization.Encoding.PEM).decode())
