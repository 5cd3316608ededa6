"""Keys and requests of the tests; made once a process because RSA keys take long to make."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bank_adapters.contract import Algorithm, CallbackRequest, VerificationKey

NOW = datetime(2026, 11, 22, 9, 30, 45, tzinfo=UTC)
VNPAY_SECRET = b"QWERTYUIOPASDFGHJKLZXCVBNM234567"
WEBHOOK_SECRET = bytes(range(32))


def rsa_key(bits: int = 2048, exponent: int = 65537) -> RSAPrivateKey:
    """Return the one RSA key of this size and exponent."""
    return _rsa_key(bits, exponent)


@lru_cache
def ed25519_key(seed: int = 1) -> Ed25519PrivateKey:
    """Return a fixed Ed25519 key."""
    return Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))


def pem(key: RSAPublicKey | Ed25519PublicKey) -> bytes:
    """Return a public key as PEM bytes."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key(algorithm: Algorithm, material: bytes) -> VerificationKey:
    """Return a live key record."""
    return VerificationKey(key_id="k1", algorithm=algorithm, material=material)


def get(query: bytes) -> CallbackRequest:
    """Return a GET callback."""
    return CallbackRequest(method="GET", query=query, headers=(), body=b"")


def post(body: bytes, headers: Iterable[tuple[str, bytes]] = ()) -> CallbackRequest:
    """Return a POST callback."""
    return CallbackRequest(method="POST", query=b"", headers=tuple(headers), body=body)


@lru_cache
def _rsa_key(bits: int, exponent: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=exponent, key_size=bits)


WEBHOOK_KEY = key(Algorithm.STANDARD_WEBHOOKS_HMAC, WEBHOOK_SECRET)
ED25519_KEY = key(Algorithm.STANDARD_WEBHOOKS_ED25519, pem(ed25519_key().public_key()))
