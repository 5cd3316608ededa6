"""Signature checks over raw bytes, in constant time; the key record chooses the algorithm.

Whatever the bytes, a check raises nothing but `CallbackRejected`, and gives the same answer for a
wrong signature, a wrong algorithm and no key at all. How strong a key is, `signing_keys` says.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from bank_adapters.contract import (
    CALLBACK_BODY_BYTES_MAX,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    VerificationKey,
)
from bank_adapters.signing_keys import (
    WeakKey,
    is_published_test_secret,
    load_ed25519_public_key,
    load_rsa_public_key,
    require_strong,
    require_webhook_secret,
)

__all__ = [
    "WeakKey",
    "hmac_sha512_hex",
    "is_published_test_secret",
    "require_hmac_sha512",
    "require_rsa_sha256",
    "require_size",
    "require_standard_webhook",
    "require_strong",
    "webhook_content",
]

WEBHOOK_AGE_MAX: Final = timedelta(seconds=300)
"""How far the time stamp of a Standard Webhook may be from now, either way."""

WEBHOOK_SIGNATURES_MAX: Final = 20

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHA512_HEX: Final = re.compile(rb"[0-9a-fA-F]{128}")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]{4,2048}={0,2}")
_WEBHOOK_ID: Final = re.compile(rb"[!-\-/-~]{1,256}")
"""Printable ASCII without the full stop, which separates the parts of the signed content."""
_WEBHOOK_TIMESTAMP: Final = re.compile(rb"[1-9][0-9]{0,10}")
_ED25519_BYTES: Final = 64


def require_size(request: CallbackRequest) -> None:
    """Refuse a query or body beyond `CALLBACK_BODY_BYTES_MAX` before anything in it is read."""
    if max(len(request.query), len(request.body)) > CALLBACK_BODY_BYTES_MAX:
        raise CallbackRejected(f"more than {CALLBACK_BODY_BYTES_MAX} bytes")


def hmac_sha512_hex(content: bytes, secret: bytes) -> str:
    """Return the signature in lower-case hexadecimal digits."""
    return hmac.digest(secret, content, "sha512").hex()


def require_hmac_sha512(
    content: bytes, signature: bytes | None, keys: Sequence[VerificationKey]
) -> None:
    """Refuse content that no live secret signed; the 128 digits may be in capitals."""
    if signature is None or not _SHA512_HEX.fullmatch(signature):
        raise CallbackRejected("the signature is not 128 hexadecimal digits")
    given = bytes.fromhex(signature.decode("ascii"))
    secrets = [key.material for key in _of(keys, Algorithm.HMAC_SHA512_HEX) if key.material]
    _require_one(
        [hmac.compare_digest(given, hmac.digest(each, content, "sha512")) for each in secrets]
    )


def require_rsa_sha256(
    content: bytes, signature: bytes | None, keys: Sequence[VerificationKey]
) -> None:
    """Refuse content that no live RSA key signed (PKCS #1 v1.5, SHA-256, canonical base64)."""
    given = _decode_base64(signature or b"")
    if given is None:
        raise CallbackRejected("the signature is not base64")
    materials = [key.material for key in _of(keys, Algorithm.RSA_SHA256)]
    _require_one([_rsa_verifies(material, given, content) for material in materials])


def webhook_content(message_id: bytes, timestamp: bytes, body: bytes) -> bytes:
    """Return what a Standard Webhook signs: `id.timestamp.body`."""
    return b".".join((message_id, timestamp, body))


def require_standard_webhook(
    request: CallbackRequest, keys: Sequence[VerificationKey], now: datetime
) -> bytes:
    """Return the message id of a Standard Webhook that one live key signed.

    The list may hold up to 20 signatures, of which one must be right; malformed ones count as
    wrong. `now` further than 300 s from the signed time stamp is refused, either way.
    """
    message_id = request.header("webhook-id") or b""
    timestamp = request.header("webhook-timestamp") or b""
    if not _WEBHOOK_ID.fullmatch(message_id):
        raise CallbackRejected("webhook-id is missing or malformed")
    _require_fresh(timestamp, now)
    signatures = _webhook_signatures(request.header("webhook-signature") or b"")
    content = webhook_content(message_id, timestamp, request.body)
    matches = [_webhook_verifies(key, signatures, content) for key in keys]
    _require_one(matches)
    return message_id


def _of(keys: Sequence[VerificationKey], algorithm: Algorithm) -> list[VerificationKey]:
    return [key for key in keys if key.algorithm is algorithm]


def _require_one(matches: Sequence[bool]) -> None:
    if not any(matches):
        raise CallbackRejected("no live key of this endpoint made the signature")


def _decode_base64(text: bytes) -> bytes | None:
    """Decode canonical base64: padded, one alphabet, no stray bits in the last symbol."""
    if not _BASE64.fullmatch(text):
        return None
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return decoded if base64.b64encode(decoded) == text else None


def _rsa_verifies(material: bytes, signature: bytes, content: bytes) -> bool:
    try:
        key = load_rsa_public_key(material)
        key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    except (WeakKey, InvalidSignature):
        return False
    return True


def _ed25519_verifies(material: bytes, signature: bytes, content: bytes) -> bool:
    if len(signature) != _ED25519_BYTES:
        return False
    try:
        load_ed25519_public_key(material).verify(signature, content)
    except (WeakKey, InvalidSignature):
        return False
    return True


def _hmac_sha256_verifies(material: bytes, signature: bytes, content: bytes) -> bool:
    try:
        require_webhook_secret(material)
    except WeakKey:
        return False
    return hmac.compare_digest(signature, hmac.digest(material, content, "sha256"))


_WEBHOOK_SCHEMES: Final = {
    Algorithm.STANDARD_WEBHOOKS_HMAC: (b"v1", _hmac_sha256_verifies),
    Algorithm.STANDARD_WEBHOOKS_ED25519: (b"v1a", _ed25519_verifies),
}


def _webhook_verifies(
    key: VerificationKey, signatures: Sequence[tuple[bytes, bytes]], content: bytes
) -> bool:
    if key.algorithm not in _WEBHOOK_SCHEMES:
        return False
    version, verifies = _WEBHOOK_SCHEMES[key.algorithm]
    matches = [
        verifies(key.material, signature, content)
        for given_version, signature in signatures
        if given_version == version
    ]
    return any(matches)


def _webhook_signatures(header: bytes) -> list[tuple[bytes, bytes]]:
    entries = header.split(b" ", WEBHOOK_SIGNATURES_MAX)
    if len(entries) > WEBHOOK_SIGNATURES_MAX:
        raise CallbackRejected(f"more than {WEBHOOK_SIGNATURES_MAX} signatures")
    signatures: list[tuple[bytes, bytes]] = []
    for entry in entries:
        version, _, text = entry.partition(b",")
        decoded = _decode_base64(text)
        if decoded is not None:
            signatures.append((version, decoded))
    return signatures


def _require_fresh(timestamp: bytes, now: datetime) -> None:
    if not _WEBHOOK_TIMESTAMP.fullmatch(timestamp):
        raise CallbackRejected("webhook-timestamp is missing or malformed")
    sent_at = _EPOCH + timedelta(seconds=int(timestamp))
    if abs(now - sent_at) > WEBHOOK_AGE_MAX:
        raise CallbackRejected("webhook-timestamp is too far from now")
