"""An issuer of signed tokens: makes keys, publishes them, signs claims."""

import json
import time
from functools import cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}
ALGORITHMS = ("RS256", "RS384", "RS512", *CURVES)


@cache
def private_key(kind: str, which: int = 0):
    """Return a key for an algorithm, the same each time; ``which`` tells several apart."""
    if kind in CURVES:
        return ec.generate_private_key(CURVES[kind]())
    if kind == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 1024 if kind == "weak" else 2048)


def rsa_or(kind: str) -> str:
    return "RSA" if kind.startswith("RS") else kind


def pem(key) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def private_pem(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def jwk(key, **more) -> dict:
    public = key.public_key()
    write = RSAAlgorithm.to_jwk if isinstance(public, rsa.RSAPublicKey) else ECAlgorithm.to_jwk
    entry = {**json.loads(write(public)), **more}
    entry.pop("key_ops", None) if "key_ops" not in more else None
    return entry


def jwks(*entries: dict) -> bytes:
    return json.dumps({"keys": entries}).encode()


def claims(**changes) -> dict:
    """Return good claims with some changed; ``None`` takes one out."""
    good = {"sub": "alice", "exp": time.time() + 300, "role": "operator", **changes}
    return {name: value for name, value in good.items() if value is not None}


def signed(key, algorithm: str = "RS256", kid: str = "", headers: dict | None = None, **changes) -> str:
    # not as the library would: it refuses to make claims that are wrong
    content = json.dumps(claims(**changes)).encode()
    return jwt.PyJWS().encode(content, key, algorithm, headers={**({"kid": kid} if kid else {}), **(headers or {})})
