"""Fresh keys of banks and gateways, and what of each the service is told; never from a seed."""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.registry import ALGORITHMS, DIALECTS, KEY_SETS, SIGNED_BY_US

PrivateKey = RSAPrivateKey | Ed25519PrivateKey

EVERYWHERE: Final = "vnpay"
"""The gateway at which every unit is a merchant."""
GATEWAYS: Final = tuple(code for code in COUNTERPARTS if not DIALECTS[code].is_bank)
"""Those that take money and pay it out later."""

_CHOSEN: Final = {
    "webhookbank": Algorithm.STANDARD_WEBHOOKS_HMAC,
    "httpbank": Algorithm.HTTP_ED25519,
}
_PEM: Final = "-----BEGIN"


def algorithm_of(channel: str) -> Algorithm:
    """Return how a channel signs here, where it has a choice too."""
    [algorithm] = {_CHOSEN[channel]} if channel in _CHOSEN else ALGORITHMS[channel]
    return algorithm


def make_material(channel: str) -> str:
    """Return a fresh private key or the secrets that a channel issues, as its sender holds them."""
    if make := _PRIVATE_KEYS.get(algorithm_of(channel)):
        return _written(make())
    count = KEY_SETS[channel].least if channel in KEY_SETS else 1
    return ":".join(secrets.token_hex(16) for _ in range(count))


def make_rsa_key() -> str:
    """Return a fresh RSA key as PEM."""
    return _written(_rsa_key())


def public_key(private_pem: str) -> bytes:
    """Return the public half of a private key as PEM."""
    key = load_pem_private_key(private_pem.encode(), None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def exchange(channel: str, material: str, our_pem: str) -> tuple[bytes, str]:
    """Return what the service registers of a sender's key, and what the sender holds from then on.

    Secrets are shared, of a private key the public half is told; where the service signs too, each
    side holds its own private key and the other's public one.
    """
    if not material.startswith(_PEM):
        return material.encode(), material
    told = public_key(material)
    if channel not in SIGNED_BY_US:
        return told, material
    return told + our_pem.encode(), public_key(our_pem).decode() + material


def strangers_key(channel: str) -> str:
    """Return a key as a sender of a channel would hold it, of which the service never heard."""
    return exchange(channel, make_material(channel), make_rsa_key())[1]


def _rsa_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


_PRIVATE_KEYS: Final[Mapping[Algorithm, Callable[[], PrivateKey]]] = {
    Algorithm.RSA_SHA256: _rsa_key,
    Algorithm.RSA_SHA1: _rsa_key,
    Algorithm.HTTP_ED25519: Ed25519PrivateKey.generate,
}
"""How the private keys of banks are made; where an algorithm is not listed, secrets are shared."""


def _written(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
