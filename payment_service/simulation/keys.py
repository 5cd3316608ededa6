"""Fresh keys of banks and gateways, and what of each the service is told; never from a seed."""

import secrets
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
from bank_adapters.registry import ALGORITHMS, SIGNED_BY_US

EVERYWHERE: Final = "vnpay"
"""The gateway at which every unit is a merchant."""
GATEWAY_SECRETS: Final = {
    EVERYWHERE: 1,
    "momo": 2,
    "zalopay": 2,
    "onepay": 2,
    "keypay": 2,
    "viettelpay": 2,
    "npsp": 2,
}
"""Gateways that pay out later, and how many secrets each issues together."""
BANK_SECRETS: Final = {"webhookbank": 1, "sepay": 2, "payos": 3, "vietqrvn": 3, "hyperlogy": 2}
"""Channels of banks that share secrets; the others sign with a private key."""

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
    if channel == "httpbank":
        return _written(Ed25519PrivateKey.generate())
    count = (GATEWAY_SECRETS | BANK_SECRETS).get(channel)
    if count is None:
        return make_rsa_key()
    return ":".join(secrets.token_hex(16) for _ in range(count))


def make_rsa_key() -> str:
    """Return a fresh RSA key as PEM."""
    return _written(generate_private_key(public_exponent=65537, key_size=2048))


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


def _written(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
