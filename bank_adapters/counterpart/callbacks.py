"""Writes and signs credit notices as banks do; for simulations and tests.

Bodies are built from the same `PaymentNotice` that the dialects read, so that parse(write(x)) == x.
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bank_adapters.banks.signed_notice import SIGNATURE_HEADER
from bank_adapters.banks.standard_webhooks import CREDIT_RECEIVED
from bank_adapters.signatures.standard_webhooks import (
    webhook_content,
)
from bank_adapters.vocabulary import PaymentNotice

Headers = tuple[tuple[str, bytes], ...]
"""Header names in lower case with raw values, as in `CallbackRequest`."""

_JSON: Headers = (("content-type", b"application/json"),)


def write_credit_notice(notice: PaymentNotice) -> bytes:
    """Return the body of a bank's credit notice."""
    return _to_json(_notice_fields(notice))


def write_webhook(notice: PaymentNotice, *, sent_at: datetime) -> bytes:
    """Return the same notice in the envelope of Standard Webhooks."""
    return _to_json(
        {
            "type": CREDIT_RECEIVED,
            "timestamp": sent_at.isoformat(),
            "data": _notice_fields(notice),
        }
    )


def sign_notice(body: bytes, private_key: RSAPrivateKey) -> Headers:
    """Return the headers of an RSA-signed notice."""
    signature = private_key.sign(body, padding.PKCS1v15(), hashes.SHA256())
    return (*_JSON, (SIGNATURE_HEADER, base64.b64encode(signature)))


def sign_standard_webhook(
    body: bytes,
    *,
    message_id: str,
    sent_at: datetime,
    keys: Sequence[bytes | Ed25519PrivateKey],
) -> Headers:
    """Return the headers of a Standard Webhook, one signature for each raw secret or key."""
    timestamp = str(int(sent_at.timestamp())).encode("ascii")
    content = webhook_content(message_id.encode("ascii"), timestamp, body)
    return (
        *_JSON,
        ("webhook-id", message_id.encode("ascii")),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", b" ".join(_webhook_signature(key, content) for key in keys)),
    )


def _webhook_signature(key: bytes | Ed25519PrivateKey, content: bytes) -> bytes:
    if isinstance(key, bytes):
        return b"v1," + base64.b64encode(hmac.digest(key, content, "sha256"))
    return b"v1a," + base64.b64encode(key.sign(content))


def _notice_fields(notice: PaymentNotice) -> dict[str, str | int]:
    return {
        "transactionId": notice.provider_transaction,
        "accountNumber": notice.account_number or notice.merchant,
        "amount": notice.amount_minor,
        "currency": notice.currency,
        "direction": "credit",
        "bookedAt": notice.paid_at.isoformat(),
        "memo": notice.memo,
        "payerAccount": notice.payer_account,
        "payerName": notice.payer_name,
    }


def _to_json(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
