"""Public keys that signatures of tokens are checked against, out of PEM files and key sets (RFC 7517)."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

MAX_KEYS = 100
MAX_BYTES = 512 * 1024
_LEAST_RSA_BITS = 2048
_RSA_ALGORITHMS = frozenset({"RS256", "RS384", "RS512"})
_EC_ALGORITHMS = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_READERS: Mapping[object, Callable[[dict[str, Any]], object]] = {
    "RSA": RSAAlgorithm.from_jwk,
    "EC": ECAlgorithm.from_jwk,
}
_PRIVATE_MEMBER = "d"

PublicKey = RSAPublicKey | EllipticCurvePublicKey


class UnusableKey(ValueError):
    """A key or key set cannot be used; the text says which setting names it and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationKey:
    """One public key.

    Attributes:
        kid: its id within its set; empty if it has none.
        algorithms: the algorithms of signatures that it may check.
        key: the key itself.
    """

    kid: str = ""
    algorithms: frozenset[str]
    key: PublicKey = field(repr=False)


def read_key_file(path: Path) -> tuple[VerificationKey, ...]:
    """Return the key in a PEM file: a public key, or a certificate.

    Raises:
        UnusableKey: the file cannot be read, or holds no RSA or EC public key that is strong enough.
    """
    setting = "CATALOG_JWT_PUBLIC_KEY_PATH"
    content = _content(path, setting)
    if b"PRIVATE KEY-----" in content:
        raise UnusableKey(
            f"{setting}: the file {path.name} holds a private key; give the public one that belongs to it."
        )
    try:
        if b"-----BEGIN CERTIFICATE-----" in content:
            key: object = load_pem_x509_certificate(content).public_key()
        else:
            key = load_pem_public_key(content)
        return (_verification_key(key),)
    except UnusableKey as error:
        raise UnusableKey(f"{setting}: the file {path.name} cannot be used: {error}") from error
    except Exception as error:  # the library raises errors of many kinds for what is no key
        raise UnusableKey(
            f"{setting}: the file {path.name} holds no public key in PEM form; "
            "that begins with -----BEGIN PUBLIC KEY-----."
        ) from error


def read_jwks_file(name: str) -> tuple[VerificationKey, ...]:
    """Return the keys in a file with a key set.

    Raises:
        UnusableKey: the file cannot be read, or holds no usable key.
    """
    path = Path(name)
    try:
        return parse_jwks(_content(path, "CATALOG_JWT_JWKS"))
    except UnusableKey as error:
        message = str(error)
        if message.startswith("CATALOG_JWT_JWKS"):
            raise
        raise UnusableKey(f"CATALOG_JWT_JWKS: the file {path.name} cannot be used: {message}") from error


def parse_jwks(content: bytes) -> tuple[VerificationKey, ...]:
    """Return the keys of a key set that may check signatures; others in it are passed over.

    Raises:
        UnusableKey: it is no key set, it holds a private key, or no key of it can be used.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnusableKey("it is not JSON.") from error
    entries = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise UnusableKey('it is no key set; that is an object with a list "keys".')
    keys = tuple(_usable_keys(entries[:MAX_KEYS]))
    if not keys:
        raise UnusableKey("it holds no RSA key of 2048 bits or more and no EC key for signatures.")
    return keys


def _usable_keys(entries: Iterable[object]) -> Iterable[VerificationKey]:
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        if _PRIVATE_MEMBER in entry and entry.get("kty") in tuple(_READERS):
            raise UnusableKey("it holds a private key; publish the public ones only.")
        try:
            key = _usable_key(entry)
        except (UnusableKey, PyJWTError, ValueError, TypeError):  # one bad key does not take the others along
            continue
        if key.algorithms:
            yield key


def _usable_key(entry: Mapping[str, Any]) -> VerificationKey:
    """Return the key of one entry, with the algorithms that it may be used for; there may be none."""
    read = _READERS.get(entry.get("kty", ""))
    if read is None or entry.get("use", "sig") != "sig" or "verify" not in entry.get("key_ops", ("verify",)):
        raise UnusableKey("it is a key of another kind, or for another purpose.")
    key = _verification_key(read(dict(entry)), kid=str(entry.get("kid", "")))
    return replace(key, algorithms=key.algorithms & {entry["alg"]}) if "alg" in entry else key


def _verification_key(key: object, kid: str = "") -> VerificationKey:
    if isinstance(key, RSAPublicKey):
        if key.key_size < _LEAST_RSA_BITS:
            raise UnusableKey(f"its RSA key has {key.key_size} bits; {_LEAST_RSA_BITS} are the least that is safe.")
        return VerificationKey(kid=kid, algorithms=_RSA_ALGORITHMS, key=key)
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name in _EC_ALGORITHMS:
        return VerificationKey(kid=kid, algorithms=frozenset({_EC_ALGORITHMS[key.curve.name]}), key=key)
    raise UnusableKey("its key is neither RSA nor EC on the curves P-256, P-384 or P-521.")


def _content(path: Path, setting: str) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnusableKey(f"{setting}: the file {path.name} cannot be read: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise UnusableKey(f"{setting}: the file {path.name} is larger than {MAX_BYTES} bytes; that is no key.")
    return content
