"""OnePay's side: signs IPNs, keeps orders, answers status queries and refunds."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import TIME_NOT_STATED, read_form
from bank_adapters.gateways.onepay import TIME_FORMAT
from bank_adapters.gateways.onepay_codes import NO_PAYMENT, SUCCESS
from bank_adapters.gateways.onepay_signing import (
    ALGORITHM,
    AMOUNT_FACTOR,
    SECRET,
    SECURE_HASH,
    canonical,
)
from bank_adapters.outgoing import Answer, AnswerUnreadable, OutgoingRequest
from bank_adapters.signatures.primitives import hmac_hex, secret_part
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

_CODES: Final = {
    NoticeResult.PAID: SUCCESS,
    NoticeResult.FAILED: "99",
    NoticeResult.REVIEW: "7",
    NoticeResult.PENDING: "300",
    NoticeResult.UNKNOWN: "777",
}
_DECLINED: Final = "1"


class OnepayCounterpart:
    """A request whose signature is wrong is answered with status 400."""

    code: str = "onepay"
    notifies: frozenset[NoticeResult] = frozenset(
        {NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.UNKNOWN}
    )

    def result_code(self, result: NoticeResult) -> str:
        """Return a response code that stands for this result."""
        return _CODES[result]

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write the IPN; OnePay signs no time of sending, and none of a payment not made."""
        del sent_at
        transaction = notice.provider_transaction
        fields = {
            "vpc_Command": "pay",
            "vpc_Version": "2",
            "vpc_Amount": str(notice.amount_minor * AMOUNT_FACTOR),
            "vpc_CurrencyCode": notice.currency,
            "vpc_MerchTxnRef": notice.our_reference or "",
            "vpc_Merchant": notice.merchant,
            "vpc_OrderInfo": notice.memo,
            "vpc_PaymentTime": _time(notice.paid_at),
            "vpc_TransactionNo": "" if transaction.startswith(UNNUMBERED) else transaction,
            "vpc_TxnResponseCode": notice.result_code,
        }
        query = _signed_form(fields, material)
        return CallbackRequest(method="GET", query=query, headers=(), body=b"")

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Take an order from the browser's address, answer a query, send money back."""
        del now
        form = urlsplit(request.url).query.encode() if request.method == "GET" else request.body
        fields = read_form(form, AnswerUnreadable)
        given, expected = fields.get(SECURE_HASH, "").encode(), _sign(fields, material).encode()
        if not hmac.compare_digest(given, expected):
            return Answer(status=400, body=b"invalid hash")
        match fields["vpc_Command"]:
            case "pay":
                return _take(fields, books)
            case "queryDR":
                answer = _describe(fields, books)
            case _:
                answer = _refund(fields, books)
        return Answer(status=200, body=_signed_form(answer, material))


def _take(fields: Mapping[str, str], books: GatewayBooks) -> Answer:
    reference = fields["vpc_MerchTxnRef"]
    order = TakenOrder(
        merchant=fields["vpc_Merchant"],
        our_reference=reference,
        amount_minor=int(fields["vpc_Amount"]) // AMOUNT_FACTOR,
        memo=fields["vpc_OrderInfo"],
        notify_url=fields["vpc_CallbackURL"],
    )
    books.orders.setdefault(reference, order)
    return Answer(status=200, body=b"<!doctype html><title>OnePay</title>")


def _describe(fields: Mapping[str, str], books: GatewayBooks) -> dict[str, str]:
    reference = fields["vpc_MerchTxnRef"]
    order = books.orders.get(reference)
    if order is None:
        return {"vpc_DRExists": NO_PAYMENT, "vpc_MerchTxnRef": reference}
    return {
        "vpc_DRExists": "Y",
        "vpc_MerchTxnRef": reference,
        "vpc_Merchant": order.merchant,
        "vpc_Amount": str(order.amount_minor * AMOUNT_FACTOR),
        "vpc_OrderInfo": order.memo,
        "vpc_TransactionNo": order.provider_transaction,
        "vpc_TxnResponseCode": _CODES[order.result],
    }


def _refund(fields: Mapping[str, str], books: GatewayBooks) -> dict[str, str]:
    request_id = fields["vpc_MerchTxnRef"]
    order = books.orders.get(fields["vpc_OrgMerchTxnRef"])
    amount_minor = int(fields["vpc_Amount"]) // AMOUNT_FACTOR
    name = books.refund(order, request_id, amount_minor) if order else None
    return {
        "vpc_Command": "refund",
        "vpc_MerchTxnRef": request_id,
        "vpc_OrgMerchTxnRef": fields["vpc_OrgMerchTxnRef"],
        "vpc_Amount": fields["vpc_Amount"],
        "vpc_TransactionNo": name or "",
        "vpc_TxnResponseCode": SUCCESS if name else _DECLINED,
        "vpc_Message": "Approved" if name else "Declined",
    }


def _time(paid_at: datetime) -> str:
    return "" if paid_at == TIME_NOT_STATED else paid_at.astimezone(UTC).strftime(TIME_FORMAT)


def _sign(fields: Mapping[str, str], material: bytes) -> str:
    return hmac_hex(ALGORITHM, canonical(fields), secret_part(material, SECRET)).upper()


def _signed_form(fields: Mapping[str, str], material: bytes) -> bytes:
    return urlencode([*fields.items(), (SECURE_HASH, _sign(fields, material))]).encode("ascii")
