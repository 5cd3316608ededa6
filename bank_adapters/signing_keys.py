"""What makes a key fit to be registered, and loading public keys; it never sees a message."""

import hashlib
import re
from functools import lru_cache
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bank_adapters.contract import AdapterError, Algorithm

RSA_BITS_MIN: Final = 2048
RSA_BITS_MAX: Final = 8192
"""Beyond this a check costs so much that messages could be used to tire us."""
RSA_EXPONENT: Final = 65537
WEBHOOK_SECRET_BYTES_MIN: Final = 24
WEBHOOK_SECRET_BYTES_MAX: Final = 64

_TEXT_SECRET: Final = re.compile(rb"[!-~]{16,256}")
_PEM_BYTES_MAX: Final = 16 * 1024

_ED25519_FIELD: Final = 2**255 - 19
_ED25519_SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        _ED25519_FIELD - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y coordinates of the points of order 1, 2, 4 and 8: anyone can sign for such a key."""

_PUBLISHED_SECRETS: Final = frozenset(
    {
        "133c1d8be5ccaf8769c053e82adcc3466d37186b8940c529074e6015628f641e",
        "1658dcc99b5936e5550c0e55b97ba174c3c89a4724a548dcbeccd1104f4ae500",
        "1db17c15d1a0897a1a797ec06104f66898dfc5a5555fd588c03916fa9ca524c9",
        "1e78d5ce35d085694496b0b09afa91eef858997c7697bbd78399798fc36c6bfd",
        "23eed25fdc3253c7fca5fbf706bd7a8afa80755c7d6b8d778d45dc2e26560a44",
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
        "369207e8d83bc228f0b4e51b65ab8545a064f61c217b25b62110c6800048486e",
        "5055cb27326dea2d6e18cff5afdfcceee489b8dd27a472d4bcd54ee04b19acc2",
        "52bfd2de0a2e69dff4517518590ac32a46bd76606ec22a258f99584a6e70aca2",
        "5a758efea76628529d2df138d3d5ad082a47dbde792b9d88fd08ee12a7299b4d",
        "870dcc9eda988bb3c65a56eedfb77c275213cb5901f5a318fcb8bea0030fab81",
        "aeb0dc495d3bfefd39987eac2f2a19b7b056a8d35a8689b11674067af7efd2ec",
        "b8827db3f48ab5829d0abf28264fea050f31ecd29cd65fc82f4517b781891e60",
        "b959167eca78d958efc09661b76b100af580221afb9086262a36294dc93c96db",
        "ba3a99a11b045643dfbda90bb5fd8e5ed71e508b3f4b81229175201dc9bb7b94",
        "bf98497a3d417ae013b226c19aa9f8b6736d24955e1395f22033baf5ff8894d1",
        "bfe2f9b629e6370fd998cf4e9fad39987cb42efc58a942748f50c9d3b4d6e27b",
        "d78f601c821e9d9968f40251129f8d8a0a924aafe1f293d4aef2e09fbbab3f0f",
        "fee30588ac163e06a3141ddd4a697f4cbf1675c90db44348cfe4262ab36b1119",
    }
)
"""SHA-256 of the sandbox and example secrets that gateways and their libraries print."""


class WeakKey(AdapterError):
    """The key material is malformed, too weak or not of the kind its algorithm needs."""


def is_published_test_secret(material: bytes) -> bool:
    """Say whether a secret is printed in public documents, so that no live endpoint may use it."""
    return hashlib.sha256(material.strip()).hexdigest() in _PUBLISHED_SECRETS


def require_strong(algorithm: Algorithm, material: bytes) -> None:
    """Refuse with `WeakKey` a key that must not be registered for this algorithm.

    VNPAY secrets: 16 to 256 printable ASCII characters. Standard Webhooks secrets: 24 to 64 raw
    bytes. RSA: PEM, 2048 to 8192 bits, exponent 65537. Ed25519: PEM, canonical, not of small order.
    """
    match algorithm:
        case Algorithm.HMAC_SHA512_HEX:
            if not _TEXT_SECRET.fullmatch(material):
                raise WeakKey("the secret must be 16 to 256 printable characters without blanks")
        case Algorithm.STANDARD_WEBHOOKS_HMAC:
            require_webhook_secret(material)
        case Algorithm.RSA_SHA256:
            load_rsa_public_key(material)
        case Algorithm.STANDARD_WEBHOOKS_ED25519:
            load_ed25519_public_key(material)


def require_webhook_secret(material: bytes) -> None:
    """Refuse with `WeakKey` a Standard Webhooks secret outside 24 to 64 raw bytes."""
    if not WEBHOOK_SECRET_BYTES_MIN <= len(material) <= WEBHOOK_SECRET_BYTES_MAX:
        raise WeakKey("the secret must have 24 to 64 bytes")


@lru_cache(maxsize=256)
def load_rsa_public_key(material: bytes) -> RSAPublicKey:
    """Load a PEM public key that is strong enough, or raise `WeakKey`."""
    key = _load_public_key(material)
    if not isinstance(key, RSAPublicKey):
        raise WeakKey("the key is not an RSA public key")
    if not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
        raise WeakKey(f"the RSA key has {key.key_size} bits, {RSA_BITS_MIN} are the least")
    if key.public_numbers().e != RSA_EXPONENT:
        raise WeakKey(f"the RSA exponent must be {RSA_EXPONENT}")
    return key


@lru_cache(maxsize=256)
def load_ed25519_public_key(material: bytes) -> Ed25519PublicKey:
    """Load a PEM public key that is canonical and not of small order, or raise `WeakKey`."""
    key = _load_public_key(material)
    if not isinstance(key, Ed25519PublicKey):
        raise WeakKey("the key is not an Ed25519 public key")
    # The highest bit is the sign of x; the other 255 are y, least significant byte first.
    y = int.from_bytes(key.public_bytes_raw(), "little") % 2**255
    if y >= _ED25519_FIELD or y in _ED25519_SMALL_ORDER:
        raise WeakKey("the Ed25519 key is not canonical or of small order")
    return key


def _load_public_key(material: bytes) -> PublicKeyTypes:
    if len(material) > _PEM_BYTES_MAX:
        raise WeakKey("the key is longer than any PEM public key")
    try:
        return load_pem_public_key(material)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WeakKey("the key is not a PEM public key") from error
