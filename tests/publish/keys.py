"""Keys of nobody, made for a test: a root, and an official's key under it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "mật khẩu thử"  # noqa: S105 (of keys that a test makes)
NAME, BODY = "Trần Thị Thử Ký", "Sở Thử Nghiệm"


def subject(name: str, body: str) -> x509.Name:
    pairs = ((NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, body), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def certificate(
    of: rsa.RSAPrivateKey, named: x509.Name, by: rsa.RSAPrivateKey, issuer: x509.Name, days: int = 30
) -> x509.Certificate:
    """A certificate that was valid from a week ago until `days` from now."""
    now, is_root = datetime.now(UTC), named == issuer
    uses = {
        "digital_signature": not is_root,
        "content_commitment": not is_root,
        "key_cert_sign": is_root,
        "crl_sign": is_root,
    }
    no = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    return (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer)
        .public_key(of.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=7))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**uses, **no), critical=True)
        .sign(by, hashes.SHA256())
    )


def make_keys(folder: Path) -> None:
    """`root.pem`, `other-root.pem`; `key.p12`, `expired.p12`, and the official's `key.der`, `certificate.der`."""
    root, own = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    issuer = subject("Gốc Thử", "Cơ quan chứng thực thử")
    roots = {"root": certificate(root, issuer, root, issuer), "other-root": certificate(own, issuer, own, issuer)}
    for name, made in roots.items():
        (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    locked = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    for name, days in (("key", 30), ("expired", -1)):
        made = certificate(own, subject(NAME, BODY), root, issuer, days)
        content = pkcs12.serialize_key_and_certificates(b"thu", own, made, [roots["root"]], locked)
        (folder / f"{name}.p12").write_bytes(content)
        if name == "key":
            (folder / "certificate.der").write_bytes(made.public_bytes(serialization.Encoding.DER))
    plain = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(plain)
