"""Hyperlogy's side: writes and signs notices of credits to a virtual account."""

from datetime import datetime

from bank_adapters.contract import CallbackRejected, CallbackRequest
from bank_adapters.fields import Fields, write_json
from bank_adapters.gateways import momo_signing
from bank_adapters.gateways.hyperlogy import SIGNATURE, content_of, signed_texts
from bank_adapters.vocabulary import PaymentNotice

_BANK = "sacombank"


def notify(notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
    """Write and sign the notice that the dialect reads as this one, without its time."""
    del sent_at
    values: dict[str, object] = {
        "accountNo": notice.virtual_account or notice.merchant,
        "bankRefNo": notice.provider_transaction,
        "bankId": _BANK,
        "amount": notice.amount_minor,
        "message": notice.memo,
        "status": notice.result_code,
    }
    return sign(values, material)


def sign(values: dict[str, object], material: bytes) -> CallbackRequest:
    """Sign the fields of a notice as they are and put them into a request."""
    texts = signed_texts(Fields(values, CallbackRejected))
    signature = momo_signing.sign(content_of(texts, CallbackRejected), material)
    body = write_json({**values, SIGNATURE: signature})
    headers = (("content-type", b"application/json"),)
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)
