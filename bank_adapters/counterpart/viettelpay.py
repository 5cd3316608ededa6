"""ViettelPay's side: signs notices and answers from its own books; for simulations and tests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import Fields, read_form, write_json
from bank_adapters.gateways.viettelpay import CHECK_SUM
from bank_adapters.gateways.viettelpay_confirmation import QUESTION_FIELDS as CONFIRMATION_FIELDS
from bank_adapters.gateways.viettelpay_requests import (
    ANSWER_FIELDS,
    INQUIRY,
    ORDER_FIELDS,
    QUESTION_FIELDS,
    REFUND_FIELDS,
    VERSION,
)
from bank_adapters.gateways.viettelpay_signature import check_sum, require_check_sum
from bank_adapters.outgoing import Answer, OutgoingRequest, RequestRefused
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

_RESULT_CODES: Final = {
    NoticeResult.PAID: "00/1",
    NoticeResult.FAILED: "V06/0",
    NoticeResult.PENDING: "W04/",
    NoticeResult.REVIEW: "V04/1",
    NoticeResult.UNKNOWN: "99/0",
}


class ViettelPayCounterpart:
    """Knows the access code and the secret; has no state of its own."""

    code: str = "viettelpay"
    notifies: frozenset[NoticeResult] = frozenset(
        {NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.REVIEW, NoticeResult.UNKNOWN}
    )

    def result_code(self, result: NoticeResult) -> str:
        """Return `error_code/payment_status`."""
        return _RESULT_CODES[result]

    def notify(
        self,
        notice: PaymentNotice,
        material: bytes,
        sent_at: datetime,  # noqa: ARG002  ViettelPay writes no time
    ) -> CallbackRequest:
        """Sign a notice; the bill is named as the order is."""
        error_code, _, payment_status = notice.result_code.partition("/")
        is_numbered = not notice.provider_transaction.startswith(UNNUMBERED)
        values = {
            "billcode": notice.our_reference or "",
            "cust_msisdn": notice.payer_account,
            "error_code": error_code,
            "merchant_code": notice.merchant,
            "order_id": notice.our_reference or "",
            "payment_status": payment_status,
            "trans_amount": str(notice.amount_minor),
            "vt_transaction_id": notice.provider_transaction if is_numbered else "",
        }
        return _form({**values, CHECK_SUM: check_sum(values, material)})

    def confirm(self, order: TakenOrder, material: bytes) -> CallbackRequest:
        """Ask whether this bill may be paid, signed over the amount in ViettelPay's books."""
        values = {
            "billcode": order.our_reference,
            "merchant_code": order.merchant,
            "order_id": order.our_reference,
        }
        signed = values | {"trans_amount": str(order.amount_minor)}
        sent = {name: values[name] for name in CONFIRMATION_FIELDS}
        return _form(sent | {CHECK_SUM: check_sum(signed, material)})

    def answer(
        self,
        request: OutgoingRequest,
        books: GatewayBooks,
        material: bytes,
        now: datetime,  # noqa: ARG002  ViettelPay writes no time
    ) -> Answer:
        """Answer an order (a GET, with a page), a question or a refund."""
        is_order = request.method == "GET"
        form = urlsplit(request.url).query.encode() if is_order else request.body
        fields = Fields(read_form(form, RequestRefused), RequestRefused)
        names = ORDER_FIELDS if is_order else _names(fields)
        signed = {name: fields.optional(name) for name in names}
        key = VerificationKey(key_id="", algorithm=Algorithm.HMAC_SHA1_HEX, material=material)
        try:
            require_check_sum(signed, fields.optional(CHECK_SUM), [key])
        except CallbackRejected:
            return _answer({"error_code": "V01"}, material)
        return _take(fields, books) if is_order else self._serve(fields, books, material)

    def _serve(self, fields: Fields, books: GatewayBooks, material: bytes) -> Answer:
        order = books.orders.get(fields.text("order_id"))
        said = {
            "merchant_code": fields.text("merchant_code"),
            "order_id": fields.text("order_id"),
            "version": VERSION,
        }
        if order is None:
            return _answer(said | {"error_code": "M01"}, material)
        if fields.text("cmd") == INQUIRY:
            error_code, _, payment_status = self.result_code(order.result).partition("/")
            told = {
                "error_code": error_code,
                "payment_status": payment_status,
                "trans_amount": str(order.amount_minor),
                "vt_transaction_id": order.provider_transaction,
            }
            return _answer(said | told, material)
        amount_minor = fields.amount_minor("trans_amount", as_text=True)
        refund = books.refund(order, f"{order.our_reference}/{amount_minor}", amount_minor)
        told = {"error_code": "00" if refund else "V04", "vt_transaction_id": refund or ""}
        return _answer(said | told, material)


def _names(fields: Fields) -> tuple[str, ...]:
    return QUESTION_FIELDS if fields.text("cmd") == INQUIRY else REFUND_FIELDS


def _form(values: Mapping[str, str]) -> CallbackRequest:
    headers = (("content-type", b"application/x-www-form-urlencoded"),)
    body = urlencode(values).encode("ascii")
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


def _take(fields: Fields, books: GatewayBooks) -> Answer:
    reference = fields.text("order_id")
    order = TakenOrder(
        merchant=fields.text("merchant_code"),
        our_reference=reference,
        amount_minor=fields.amount_minor("trans_amount", as_text=True),
        memo=fields.optional("desc"),
    )
    books.orders.setdefault(reference, order)
    return Answer(status=200, body=b"<!doctype html><title>ViettelPay</title>")


def _answer(values: Mapping[str, str], material: bytes) -> Answer:
    signed = {name: text for name, text in values.items() if name in ANSWER_FIELDS}
    return Answer(status=200, body=write_json({**values, CHECK_SUM: check_sum(signed, material)}))
