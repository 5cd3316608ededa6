"""HMAC, keyed digests and RSA over one text that a scheme composes; constant time, on bytes."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bank_adapters.contract import (
    CALLBACK_BODY_BYTES_MAX,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    VerificationKey,
)
from bank_adapters.signing_keys import WeakKey, load_rsa_public_key

_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]{4,2048}={0,2}")

_HMAC_DIGESTS: Final = {
    Algorithm.HMAC_SHA512_HEX: "sha512",
    Algorithm.HMAC_SHA256_HEX: "sha256",
    Algorithm.HMAC_SHA256_HEX_DECODED: "sha256",
    Algorithm.HMAC_SHA1_HEX: "sha1",
}
_RSA_HASHES: Final[dict[Algorithm, hashes.HashAlgorithm]] = {
    Algorithm.RSA_SHA256: hashes.SHA256(),
    # The contract of one channel knows nothing else; its scheme is marked weak.
    Algorithm.RSA_SHA1: hashes.SHA1(),  # noqa: S303  see above
}


def require_size(request: CallbackRequest) -> None:
    """Refuse a query or body beyond `CALLBACK_BODY_BYTES_MAX` before anything in it is read."""
    if max(len(request.query), len(request.body)) > CALLBACK_BODY_BYTES_MAX:
        raise CallbackRejected(f"more than {CALLBACK_BODY_BYTES_MAX} bytes")


def hmac_hex(algorithm: Algorithm, content: bytes, secret: bytes) -> str:
    """Return the signature in lower-case hexadecimal digits.

    With `HMAC_SHA256_HEX_DECODED` the secret is hexadecimal text; other text is a `WeakKey`.
    """
    key = decode_hex(secret) if algorithm is Algorithm.HMAC_SHA256_HEX_DECODED else secret
    if not key:
        raise WeakKey("the secret is empty or not hexadecimal text")
    return hmac.digest(key, content, _HMAC_DIGESTS[algorithm]).hex()


def sha256_secret_last_hex(content: bytes, secret: bytes) -> str:
    """Return hex SHA-256 over `content|secret`, as the national payment platform computes it."""
    return hashlib.sha256(content + b"|" + secret).hexdigest()


def require_hmac(
    algorithm: Algorithm,
    content: bytes,
    signature: bytes | None,
    keys: Sequence[VerificationKey],
    *,
    part: int | None = None,
) -> None:
    """Refuse content that no live secret signed; the hexadecimal digits may be in capitals.

    `part` picks one of several secrets that are registered together, joined by `:`.
    """
    _require_hex(content, signature, keys, algorithm, part, _hmac_of(algorithm))


def require_sha256_secret_last(
    content: bytes, signature: bytes | None, keys: Sequence[VerificationKey]
) -> None:
    """Refuse content whose digest with no live secret is the one given."""
    algorithm = Algorithm.SHA256_SECRET_LAST
    _require_hex(content, signature, keys, algorithm, None, sha256_secret_last_hex)


def require_rsa(
    algorithm: Algorithm, content: bytes, signature: bytes | None, keys: Sequence[VerificationKey]
) -> None:
    """Refuse content that no live RSA key signed (PKCS #1 v1.5, canonical base64)."""
    given = decode_base64(signature or b"")
    if given is None:
        raise CallbackRejected("the signature is not base64")
    digest = _RSA_HASHES[algorithm]
    materials = [key.material for key in keys_of(keys, algorithm)]
    require_one([_rsa_verifies(material, given, content, digest) for material in materials])


def rsa_base64(algorithm: Algorithm, content: bytes, private_key: RSAPrivateKey) -> str:
    """Return our own signature as base64, for requests and replies (PKCS #1 v1.5)."""
    signed = private_key.sign(content, padding.PKCS1v15(), _RSA_HASHES[algorithm])
    return base64.b64encode(signed).decode("ascii")


def secret_part(material: bytes, part: int | None) -> bytes:
    """Return one of several text secrets registered together; empty when there is none."""
    if part is None:
        return material
    parts = material.split(b":")
    return parts[part] if part < len(parts) else b""


def keys_of(keys: Sequence[VerificationKey], algorithm: Algorithm) -> list[VerificationKey]:
    """Return the keys whose record says this algorithm."""
    return [key for key in keys if key.algorithm is algorithm]


def require_one(matches: Sequence[bool]) -> None:
    """Refuse unless one live key matched; all of them were tried before."""
    if not any(matches):
        raise CallbackRejected("no live key of this endpoint made the signature")


def decode_hex(text: bytes) -> bytes:
    """Decode hexadecimal digits in either case, or return nothing for any other text."""
    if not re.fullmatch(rb"(?:[0-9a-fA-F]{2})+", text):
        return b""
    return bytes.fromhex(text.decode("ascii"))


def decode_base64(text: bytes) -> bytes | None:
    """Decode canonical base64: padded, one alphabet, no stray bits in the last symbol."""
    if not _BASE64.fullmatch(text):
        return None
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return decoded if base64.b64encode(decoded) == text else None


def _hmac_of(algorithm: Algorithm) -> Callable[[bytes, bytes], str]:
    return lambda content, secret: hmac_hex(algorithm, content, secret)


def _require_hex(
    content: bytes,
    signature: bytes | None,
    keys: Sequence[VerificationKey],
    algorithm: Algorithm,
    part: int | None,
    sign: Callable[[bytes, bytes], str],
) -> None:
    digits = hashlib.new(_HMAC_DIGESTS.get(algorithm, "sha256")).digest_size * 2
    if signature is None or len(signature) != digits or not decode_hex(signature):
        raise CallbackRejected(f"the signature is not {digits} hexadecimal digits")
    given = signature.lower()
    secrets = [secret_part(key.material, part) for key in keys_of(keys, algorithm)]
    require_one([_hex_matches(given, content, secret, sign) for secret in secrets if secret])


def _hex_matches(
    given: bytes, content: bytes, secret: bytes, sign: Callable[[bytes, bytes], str]
) -> bool:
    try:
        return hmac.compare_digest(given, sign(content, secret).encode("ascii"))
    except WeakKey:
        return False


def _rsa_verifies(
    material: bytes, signature: bytes, content: bytes, digest: hashes.HashAlgorithm
) -> bool:
    try:
        load_rsa_public_key(material).verify(signature, content, padding.PKCS1v15(), digest)
    except (WeakKey, InvalidSignature):
        return False
    return True
