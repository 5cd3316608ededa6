"""Standard Webhooks: a list of signatures over `id.timestamp.body`, fresh to five minutes."""

import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature

from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.signatures.primitives import decode_base64, require_one
from bank_adapters.signing_keys import WeakKey, load_ed25519_public_key, load_webhook_secret

AGE_MAX: Final = timedelta(seconds=300)
"""How far a signed time stamp may be from now, either way."""

WEBHOOK_SIGNATURES_MAX: Final = 20

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WEBHOOK_ID: Final = re.compile(rb"[!-\-/-~]{1,256}")
"""Printable ASCII without the full stop, which separates the parts of the signed content."""
_TIMESTAMP: Final = re.compile(rb"[1-9][0-9]{0,10}")
_ED25519_BYTES: Final = 64


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
    require_fresh(timestamp, now)
    signatures = _webhook_signatures(request.header("webhook-signature") or b"")
    content = webhook_content(message_id, timestamp, request.body)
    matches = [_webhook_verifies(key, signatures, content) for key in keys]
    require_one(matches)
    return message_id


def require_fresh(timestamp: bytes, now: datetime) -> None:
    """Refuse a signed time of sending, in seconds since 1970, further than 300 s from now."""
    if not _TIMESTAMP.fullmatch(timestamp):
        raise CallbackRejected("the signed time stamp is missing or malformed")
    sent_at = _EPOCH + timedelta(seconds=int(timestamp))
    if abs(now - sent_at) > AGE_MAX:
        raise CallbackRejected("the signed time stamp is too far from now")


def ed25519_verifies(material: bytes, signature: bytes, content: bytes) -> bool:
    """Say whether the private half of a public key made this signature of 64 bytes."""
    if len(signature) != _ED25519_BYTES:
        return False
    try:
        load_ed25519_public_key(material).verify(signature, content)
    except (WeakKey, InvalidSignature):
        return False
    return True


def _hmac_sha256_verifies(material: bytes, signature: bytes, content: bytes) -> bool:
    try:
        secret = load_webhook_secret(material)
    except WeakKey:
        return False
    return hmac.compare_digest(signature, hmac.digest(secret, content, "sha256"))


_WEBHOOK_SCHEMES: Final = {
    Algorithm.STANDARD_WEBHOOKS_HMAC: (b"v1", _hmac_sha256_verifies),
    Algorithm.STANDARD_WEBHOOKS_ED25519: (b"v1a", ed25519_verifies),
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
        decoded = decode_base64(text)
        if decoded is not None:
            signatures.append((version, decoded))
    return signatures
