"""The algorithms of HTTP Message Signatures (RFC 9421 §3.3), chosen by the key record alone."""

import hmac
from collections.abc import Callable, Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from bank_adapters.contract import Algorithm, VerificationKey
from bank_adapters.signatures.standard_webhooks import ed25519_verifies
from bank_adapters.signing_keys import (
    WeakKey,
    load_p256_public_key,
    load_rsa_public_key,
    require_http_secret,
    split_key_id,
)

_COORDINATE_BYTES: Final = 32
_PSS: Final = padding.PSS(mgf=padding.MGF1(hashes.SHA512()), salt_length=64)


def algorithm_name(key: VerificationKey) -> str:
    """Return the name RFC 9421 gives the algorithm of a key; empty for a key of another scheme."""
    return _VERIFIERS[key.algorithm][0] if key.algorithm in _VERIFIERS else ""


def signature_matches(key: VerificationKey, signature: bytes, base: bytes) -> bool:
    """Say whether a key made this signature; a key of another scheme or a weak one did not.

    Every algorithm has one encoding: that of ECDSA is r and s in 64 bytes, never DER.
    """
    if key.algorithm not in _VERIFIERS:
        return False
    material = split_key_id(key.material)[1]
    try:
        return _VERIFIERS[key.algorithm][1](material, signature, base)
    except (WeakKey, InvalidSignature):
        return False


def _ecdsa(material: bytes, signature: bytes, base: bytes) -> bool:
    if len(signature) != 2 * _COORDINATE_BYTES:
        return False
    r = int.from_bytes(signature[:_COORDINATE_BYTES], "big")
    s = int.from_bytes(signature[_COORDINATE_BYTES:], "big")
    key = load_p256_public_key(material)
    key.verify(encode_dss_signature(r, s), base, ec.ECDSA(hashes.SHA256()))
    return True


def _rsa_pss(material: bytes, signature: bytes, base: bytes) -> bool:
    load_rsa_public_key(material).verify(signature, base, _PSS, hashes.SHA512())
    return True


def _rsa_v1_5(material: bytes, signature: bytes, base: bytes) -> bool:
    key = load_rsa_public_key(material)
    key.verify(signature, base, padding.PKCS1v15(), hashes.SHA256())
    return True


def _hmac_sha256(material: bytes, signature: bytes, base: bytes) -> bool:
    require_http_secret(material)
    return hmac.compare_digest(signature, hmac.digest(material, base, "sha256"))


_VERIFIERS: Final[Mapping[Algorithm, tuple[str, Callable[[bytes, bytes, bytes], bool]]]] = {
    Algorithm.HTTP_ED25519: ("ed25519", ed25519_verifies),
    Algorithm.HTTP_ECDSA_P256_SHA256: ("ecdsa-p256-sha256", _ecdsa),
    Algorithm.HTTP_RSA_PSS_SHA512: ("rsa-pss-sha512", _rsa_pss),
    Algorithm.HTTP_RSA_V1_5_SHA256: ("rsa-v1_5-sha256", _rsa_v1_5),
    Algorithm.HTTP_HMAC_SHA256: ("hmac-sha256", _hmac_sha256),
}
"""By key record: the name of its algorithm in RFC 9421, and how to verify."""
