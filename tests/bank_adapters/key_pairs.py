"""Key pairs of channels where both sides sign: what we register, and its mirror at the sender."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from bank_adapters.signing_keys import load_rsa_private_key
from tests.bank_adapters.keys import pem, rsa_key


@lru_cache
def own_key(number: int = 1) -> RSAPrivateKey:
    """Return one of our own keys, another for each number."""
    del number
    return generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(key: RSAPrivateKey, password: bytes = b"") -> bytes:
    """Return a private key as PEM bytes."""
    encryption: KeySerializationEncryption = (
        BestAvailableEncryption(password) if password else NoEncryption()
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


@lru_cache
def registered(sender: RSAPrivateKey | None = None) -> bytes:
    """Return what the service registers: the sender's public key, then our private one."""
    return _loaded(pem((sender or rsa_key()).public_key()) + private_pem(own_key()))


@lru_cache
def mirrored(sender: RSAPrivateKey | None = None) -> bytes:
    """Return what the sender holds: our public key, then its private one."""
    return _loaded(pem(own_key().public_key()) + private_pem(sender or rsa_key()))


def _loaded(material: bytes) -> bytes:
    # Loading takes longer than one example of a property may; afterwards it is remembered.
    load_rsa_private_key(material)
    return material
