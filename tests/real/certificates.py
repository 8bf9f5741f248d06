"""A certificate authority, a server's certificate that it signed, and another authority that signed nothing."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]


class Authority:
    """Writes ca.pem, server.pem, server.key and stranger.pem (the other authority) into ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.certificate, self.stranger = folder / "ca.pem", folder / "stranger.pem"
        key, name = _key(), _name("ecampus test CA")
        _write(self.certificate, _signed(name, key, name, key, authority=True))
        other, stranger = _key(), _name("another CA")
        _write(self.stranger, _signed(stranger, other, stranger, other, authority=True))
        server = _key()
        _write(folder / "server.pem", _signed(_name("slapd"), server, name, key, authority=False))
        (folder / "server.key").write_bytes(
            server.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _signed(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    authority: bool,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        unsigned = unsigned.add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
    return unsigned.sign(signer, hashes.SHA256())


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
