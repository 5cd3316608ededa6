"""KeyPay's side: signs notices and answers from its own books; for simulations and tests."""

import hmac
from datetime import datetime
from typing import Final

from bank_adapters.contract import Algorithm, CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import Fields, read_json, write_json
from bank_adapters.gateways.bar_joined import bar_joined
from bank_adapters.gateways.keypay import CHECK_SUM, OUR_PART, PAYMENT_FIELDS, THEIR_PART
from bank_adapters.gateways.keypay_codes import FAILED, NOT_YET, PAID
from bank_adapters.gateways.keypay_requests import (
    ORDER_PATH,
    QUESTION_FIELDS,
    QUESTION_PATH,
    REFUND_FIELDS,
    REFUND_PATH,
)
from bank_adapters.outgoing import Answer, OutgoingRequest, RequestRefused
from bank_adapters.signatures.primitives import hmac_hex, secret_part
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

PAYMENT_PAGE: Final = "https://keypay.example.vn/pay/"

_RESULT_CODES: Final = {
    NoticeResult.PAID: PAID,
    NoticeResult.PENDING: NOT_YET,
    NoticeResult.FAILED: FAILED,
    NoticeResult.UNKNOWN: "77",
}
_SIGNED: Final = {
    ORDER_PATH: PAYMENT_FIELDS,
    QUESTION_PATH: QUESTION_FIELDS,
    REFUND_PATH: REFUND_FIELDS,
}


class KeyPayCounterpart:
    """Knows KeyPay's half of the key; has no state of its own."""

    code: str = "keypay"
    notifies: frozenset[NoticeResult] = frozenset(
        {NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.UNKNOWN}
    )

    def result_code(self, result: NoticeResult) -> str:
        """Return the status; `ValueError` for a result that KeyPay has no word for."""
        if result not in _RESULT_CODES:
            raise ValueError(f"KeyPay has no status for {result}")
        return _RESULT_CODES[result]

    def notify(
        self,
        notice: PaymentNotice,
        material: bytes,
        sent_at: datetime,  # noqa: ARG002  KeyPay writes no time
    ) -> CallbackRequest:
        """Sign a notice; KeyPay's name of the payment is our reference."""
        values: dict[str, object] = {
            "client_id": notice.merchant,
            "transaction_id": notice.our_reference or notice.provider_transaction,
            "transaction_code": "KP1",
            "trans_amount": str(notice.amount_minor),
            "payment_fee": "0",
            "addition_fee": "0",
            "command": "PAY",
            "version": "3.0",
            "description": notice.memo,
            "currency_code": notice.currency,
            "status": notice.result_code,
        }
        body = write_json(_signed(values, PAYMENT_FIELDS, material))
        headers = (("content-type", b"application/json"),)
        return CallbackRequest(method="POST", query=b"", headers=headers, body=body)

    def answer(
        self,
        request: OutgoingRequest,
        books: GatewayBooks,
        material: bytes,
        now: datetime,  # noqa: ARG002  KeyPay writes no time
    ) -> Answer:
        """Answer an order, a question or a refund."""
        fields = read_json(request.body, RequestRefused)
        path = next(path for path in _SIGNED if request.url.endswith(path))
        content = bar_joined(fields, _SIGNED[path])
        expected = hmac_hex(Algorithm.HMAC_SHA256_HEX, content, secret_part(material, OUR_PART))
        if not hmac.compare_digest(expected.encode(), fields.text(CHECK_SUM).encode()):
            return _refused("check_sum invalid")
        if path == ORDER_PATH:
            return _take(fields, books)
        order = books.orders.get(fields.text("transaction_id"))
        if order is None:
            return _refused("unknown transaction")
        if path == QUESTION_PATH:
            return _tell(self.result_code(order.result), order, material)
        return _pay_back(fields, order, books, material)


def _signed(
    values: dict[str, object], names: tuple[str, ...], material: bytes
) -> dict[str, object]:
    content = bar_joined(Fields(values, RequestRefused), names)
    secret = secret_part(material, THEIR_PART)
    return values | {CHECK_SUM: hmac_hex(Algorithm.HMAC_SHA256_HEX, content, secret)}


def _refused(message: str) -> Answer:
    return Answer(status=200, body=write_json({"error": "-1", "msg": message}))


def _take(fields: Fields, books: GatewayBooks) -> Answer:
    reference = fields.text("transaction_id")
    order = TakenOrder(
        merchant=fields.text("client_id"),
        our_reference=reference,
        amount_minor=fields.amount_minor("trans_amount", as_text=True),
        memo=fields.optional("description"),
        provider_transaction=reference,
    )
    books.orders.setdefault(reference, order)
    answer = {"error": "0", "msg": "", "payment_url": PAYMENT_PAGE + reference}
    return Answer(status=200, body=write_json(answer))


def _tell(status: str, order: TakenOrder, material: bytes) -> Answer:
    values: dict[str, object] = {
        "client_id": order.merchant,
        "transaction_id": order.our_reference,
        "trans_amount": str(order.amount_minor),
        "addition_fee": "0",
        "command": "PAY",
        "version": "3.0",
        "currency_code": "VND",
        "status": status,
    }
    data = _signed(values, PAYMENT_FIELDS, material)
    return Answer(status=200, body=write_json({"error": "0", "msg": "", "data": data}))


def _pay_back(fields: Fields, order: TakenOrder, books: GatewayBooks, material: bytes) -> Answer:
    amount_minor = fields.amount_minor("amount", as_text=True)
    refund = books.refund(order, f"{order.our_reference}/{amount_minor}", amount_minor)
    check_sum = _signed(dict(fields.values), REFUND_FIELDS, material)[CHECK_SUM]
    values: dict[str, object] = {"error": "-1", "msg": "refused", CHECK_SUM: check_sum}
    if refund is not None:
        values |= {"error": "0", "msg": "", "data": {"transaction_refund_code": refund}}
    return Answer(status=200, body=write_json(values))
