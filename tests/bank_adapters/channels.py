"""A registered key for every channel of the registry."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bank_adapters.contract import Algorithm, VerificationKey
from bank_adapters.registry import ALGORITHMS, KEY_SETS, SIGNED_BY_US
from tests.bank_adapters.key_pairs import registered
from tests.bank_adapters.keys import WEBHOOK_SECRET, ed25519_key, pem, rsa_key

_TEXT = "a-secret-of-sixteen-or-more"
_HEX = "00112233445566778899AABBCCDDEEFF"


@lru_cache
def channel_keys(code: str) -> tuple[VerificationKey, ...]:
    """Return one live key of each kind that a channel can use."""
    return tuple(
        VerificationKey(key_id="k1", algorithm=each, material=material_of(code, each))
        for each in sorted(ALGORITHMS[code])
    )


def material_of(code: str, algorithm: Algorithm) -> bytes:
    """Return key material that may be registered for this channel."""
    if code in KEY_SETS:
        text = _HEX if algorithm is Algorithm.HMAC_SHA256_HEX_DECODED else _TEXT
        return ":".join(f"{text}" for _ in KEY_SETS[code].names).encode()
    if code in SIGNED_BY_US:
        return registered()
    return _OTHERS.get(algorithm, pem(rsa_key().public_key()))


def _p256_public_pem() -> bytes:
    key = ec.derive_private_key(7, ec.SECP256R1())
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


_OTHERS = {
    Algorithm.HMAC_SHA512_HEX: _TEXT.encode(),
    Algorithm.HMAC_SHA256_HEX: _TEXT.encode(),
    Algorithm.HMAC_SHA256_HEX_DECODED: _HEX.encode(),
    Algorithm.HMAC_SHA1_HEX: _TEXT.encode(),
    Algorithm.SHA256_SECRET_LAST: _TEXT.encode(),
    Algorithm.STANDARD_WEBHOOKS_HMAC: WEBHOOK_SECRET,
    Algorithm.HTTP_HMAC_SHA256: WEBHOOK_SECRET,
    Algorithm.STANDARD_WEBHOOKS_ED25519: pem(ed25519_key().public_key()),
    Algorithm.HTTP_ED25519: pem(ed25519_key().public_key()),
    Algorithm.HTTP_ECDSA_P256_SHA256: _p256_public_pem(),
}
"""What is not an RSA public key."""
