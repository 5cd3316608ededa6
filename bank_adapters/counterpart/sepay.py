"""SePay's side: signs webhooks about movements on an account, and lists them on demand."""

import binascii
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import dashed_vietnam_time, write_json
from bank_adapters.gateways.sepay import (
    ALGORITHM,
    API_TOKEN,
    SECRET,
    SIGNATURE_HEADER,
    SIGNATURE_PREFIX,
    TIMESTAMP_HEADER,
    UNREFERENCED,
)
from bank_adapters.gateways.sepay_codes import INCOMING, OUTGOING
from bank_adapters.outgoing import Answer, OutgoingRequest
from bank_adapters.signatures.primitives import hmac_hex, secret_part
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

_CODES: Final = {
    NoticeResult.PAID: INCOMING,
    NoticeResult.FAILED: OUTGOING,
    NoticeResult.UNKNOWN: "other",
}


class SepayCounterpart:
    """It takes no orders: a payer transfers money, and a webhook tells of it."""

    code: str = "sepay"
    notifies: frozenset[NoticeResult] = frozenset({NoticeResult.PAID})

    def result_code(self, result: NoticeResult) -> str:
        """Return a direction; SePay has no word for doubt or waiting (`ValueError`)."""
        if result not in _CODES:
            raise ValueError(f"SePay never says {result}")
        return _CODES[result]

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write the webhook; a transaction `sepay:` with a number has no reference of the bank."""
        transaction = notice.provider_transaction
        is_referenced = not transaction.startswith(UNREFERENCED)
        number = binascii.crc32(transaction.encode())
        body = write_json(
            {
                "id": number if is_referenced else transaction.removeprefix(UNREFERENCED),
                "gateway": "Vietcombank",
                "transactionDate": dashed_vietnam_time(notice.paid_at),
                "accountNumber": notice.account_number,
                "subAccount": None,
                "code": None,
                "content": notice.memo,
                "transferType": notice.result_code,
                "transferAmount": notice.amount_minor,
                "accumulated": 19_077_000,
                "referenceCode": transaction if is_referenced else None,
                "description": "",
            }
        )
        timestamp = str(int(sent_at.timestamp())).encode("ascii")
        content = timestamp + b"." + body
        signature = hmac_hex(ALGORITHM, content, secret_part(material, SECRET))
        return CallbackRequest(
            method="POST",
            query=b"",
            headers=(
                ("content-type", b"application/json"),
                (TIMESTAMP_HEADER, timestamp),
                (SIGNATURE_HEADER, SIGNATURE_PREFIX + signature.encode("ascii")),
            ),
            body=body,
        )

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """List what arrived under the bank's reference that is asked for."""
        given = dict(request.headers).get("authorization", "").encode()
        if not hmac.compare_digest(given, b"Bearer " + secret_part(material, API_TOKEN)):
            return Answer(status=401, body=write_json({"status": "error"}))
        query = parse_qs(urlsplit(request.url).query)
        found = [
            _listed(order, now)
            for order in books.orders.values()
            if [order.provider_transaction] == query.get("reference_number")
        ]
        return Answer(status=200, body=write_json({"status": "success", "data": found}))


def _listed(order: TakenOrder, now: datetime) -> dict[str, object]:
    is_incoming = order.result is NoticeResult.PAID
    return {
        "id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "transaction_date": dashed_vietnam_time(order.paid_at or now),
        "account_number": order.merchant,
        "transfer_type": INCOMING if is_incoming else OUTGOING,
        "amount_in": order.amount_minor if is_incoming else 0,
        "amount_out": 0 if is_incoming else order.amount_minor,
        "transaction_content": order.memo,
        "reference_number": order.provider_transaction,
    }
