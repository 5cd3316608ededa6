"""payOS's side: signs webhooks, keeps payment links, says what became of them."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import dashed_vietnam_time, read_json, write_json
from bank_adapters.gateways.payos import ALGORITHM, API_KEY, CHECKSUM_KEY, CLIENT_ID
from bank_adapters.gateways.payos_codes import SUCCESS
from bank_adapters.gateways.payos_order_code import order_code_of, reference_of
from bank_adapters.gateways.payos_signature import LINK_FIELDS, body_content
from bank_adapters.outgoing import Answer, AnswerUnreadable, OutgoingRequest
from bank_adapters.signatures.primitives import hmac_hex, secret_part
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

_CODES: Final = {
    NoticeResult.PAID: SUCCESS,
    NoticeResult.FAILED: "CANCELLED",
    NoticeResult.REVIEW: "UNDERPAID",
    NoticeResult.PENDING: "PENDING",
    NoticeResult.UNKNOWN: "99",
}
_STATUSES: Final = _CODES | {NoticeResult.PAID: "PAID"}


class PayosCounterpart:
    """Every answer that knows a link is signed; errors are not, as with payOS itself."""

    code: str = "payos"
    notifies: frozenset[NoticeResult] = frozenset({NoticeResult.PAID})

    def result_code(self, result: NoticeResult) -> str:
        """Return the code of a webhook, or the status of a link where webhooks have no word."""
        return _CODES[result]

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write the webhook; payOS signs no time of sending."""
        del sent_at
        data = {
            "orderCode": order_code_of(notice.our_reference or ""),
            "amount": notice.amount_minor,
            "description": notice.memo,
            "accountNumber": notice.merchant,
            "reference": notice.provider_transaction,
            "transactionDateTime": dashed_vietnam_time(notice.paid_at),
            "currency": notice.currency,
            "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18",
            "code": notice.result_code,
            "desc": "success",
            "counterAccountBankId": None,
            "counterAccountName": notice.payer_name,
            "counterAccountNumber": notice.payer_account,
            "virtualAccountNumber": "",
        }
        return CallbackRequest(
            method="POST",
            query=b"",
            headers=(("content-type", b"application/json"),),
            body=_envelope(data, material),
        )

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Take a link, or say what became of one."""
        del now
        headers = dict(request.headers)
        client_id, api_key = headers.get("x-client-id", ""), headers.get("x-api-key", "")
        given = f"{client_id}:{api_key}".encode()
        known = b":".join(secret_part(material, part) for part in (CLIENT_ID, API_KEY))
        if not hmac.compare_digest(given, known):
            return _error("214", "Cổng thanh toán không tồn tại hoặc đã tạm dừng.")
        if request.method == "POST":
            return _take(request, books, material, client_id)
        reference = reference_of(int(urlsplit(request.url).path.rpartition("/")[2]))
        if reference not in books.orders:
            return _error("101", "Mã thanh toán không tồn tại")
        return Answer(status=200, body=_envelope(_link(books.orders[reference]), material))


def _take(request: OutgoingRequest, books: GatewayBooks, material: bytes, client_id: str) -> Answer:
    fields = read_json(request.body, AnswerUnreadable).values
    signed = {name: fields[name] for name in LINK_FIELDS}
    given, expected = str(fields["signature"]).encode(), _sign(signed, material).encode()
    if not hmac.compare_digest(given, expected):
        return _error("201", "Mã kiểm tra (signature) không hợp lệ.")
    reference = reference_of(int(str(fields["orderCode"])))
    if reference in books.orders:
        return _error("231", "Đơn thanh toán đã tồn tại")
    order = TakenOrder(
        merchant=client_id,
        our_reference=reference,
        amount_minor=int(str(fields["amount"])),
        memo=str(fields["description"]),
        provider_order=f"link{len(books.orders) + 1}",
    )
    books.orders[reference] = order
    data = {
        "bin": "970422",
        "accountNumber": "0123456789",
        "amount": order.amount_minor,
        "description": order.memo,
        "orderCode": fields["orderCode"],
        "currency": "VND",
        "paymentLinkId": order.provider_order,
        "status": "PENDING",
        "expiredAt": fields["expiredAt"],
        "checkoutUrl": f"https://pay.payos.example/web/{order.provider_order}",
        "qrCode": "00020101021238",
    }
    return Answer(status=200, body=_envelope(data, material))


def _link(order: TakenOrder) -> dict[str, object]:
    is_paid = order.result is NoticeResult.PAID
    paid_minor = order.amount_minor if is_paid else 0
    movement = {
        "reference": order.provider_transaction,
        "amount": order.amount_minor,
        "accountNumber": "0123456789",
        "description": order.memo,
        "counterAccountName": None,
    }
    return {
        "id": order.provider_order,
        "orderCode": order_code_of(order.our_reference),
        "amount": order.amount_minor,
        "amountPaid": paid_minor,
        "amountRemaining": order.amount_minor - paid_minor,
        "status": _STATUSES[order.result],
        "transactions": [movement] if is_paid else [],
        "cancellationReason": None,
    }


def _envelope(data: Mapping[str, object], material: bytes) -> bytes:
    envelope = {"code": SUCCESS, "desc": "success", "success": True, "data": data}
    return write_json(envelope | {"signature": _sign(data, material)})


def _sign(data: Mapping[str, object], material: bytes) -> str:
    content = body_content(data, AnswerUnreadable)
    return hmac_hex(ALGORITHM, content, secret_part(material, CHECKSUM_KEY))


def _error(code: str, description: str) -> Answer:
    return Answer(status=200, body=write_json({"code": code, "desc": description, "data": None}))
