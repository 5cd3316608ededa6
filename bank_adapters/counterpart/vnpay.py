"""VNPAY's side: signs IPNs, takes orders by their address, answers `querydr` and `refund`."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import Fields, compact_vietnam_time, read_form, read_json, write_json
from bank_adapters.gateways.exchange import signed_value
from bank_adapters.gateways.vnpay_codes import NOT_FOUND, SUCCESS
from bank_adapters.gateways.vnpay_requests import QUERY
from bank_adapters.gateways.vnpay_signing import (
    ALGORITHM,
    AMOUNT_FACTOR,
    QUERY_ANSWER,
    QUERY_REQUEST,
    REFUND_ANSWER,
    REFUND_REQUEST,
    SECURE_HASH,
    canonical,
    joined,
)
from bank_adapters.outgoing import Answer, OutgoingRequest, RequestRefused
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

_CODES: Final = {
    NoticeResult.PAID: "00/00",
    NoticeResult.FAILED: "24/02",
    NoticeResult.REVIEW: "07/07",
    NoticeResult.PENDING: "00/01",
    NoticeResult.UNKNOWN: "77/77",
}
_PAYMENT: Final = "01"
_SENT_TO_THE_BANK: Final = "06"
_ASKED_BEFORE, _NOT_PAID, _BAD_SIGNATURE, _OTHER_ERROR = "94", "95", "97", "99"


class VnpayCounterpart:
    """A refund that was asked for before is answered with 94, one of too much with 99."""

    code: str = "vnpay"
    notifies: frozenset[NoticeResult] = frozenset(
        {NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.REVIEW, NoticeResult.UNKNOWN}
    )

    def result_code(self, result: NoticeResult) -> str:
        """Return `response/status` codes that stand for this result."""
        return _CODES[result]

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write the IPN; VNPAY signs no time of sending."""
        del sent_at
        query = sign_vnpay_ipn(vnpay_ipn_fields(notice), material)
        return CallbackRequest(method="GET", query=query, headers=(), body=b"")

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Answer; an order is remembered with the date by which VNPAY finds it again."""
        if request.method == "GET":
            return _take(request, books, material)
        fields = read_json(request.body, RequestRefused)
        is_query = signed_value(fields, "vnp_Command") == QUERY
        asked_names, told_names = (
            (QUERY_REQUEST, QUERY_ANSWER) if is_query else (REFUND_REQUEST, REFUND_ANSWER)
        )
        asked = {name: signed_value(fields, name) for name in asked_names}
        told = {
            "vnp_ResponseId": f"R{asked['vnp_RequestId']}"[:32],
            "vnp_Command": asked["vnp_Command"],
            "vnp_TmnCode": asked["vnp_TmnCode"],
            "vnp_TxnRef": asked["vnp_TxnRef"],
            "vnp_OrderInfo": asked["vnp_OrderInfo"],
            "vnp_PayDate": compact_vietnam_time(now.astimezone(UTC)),
        }
        if not _matches(joined(asked_names, asked), signed_value(fields, SECURE_HASH), material):
            told["vnp_ResponseCode"] = _BAD_SIGNATURE
        else:
            told |= _describe(asked, books) if is_query else _refund(asked, books)
        told["vnp_Message"] = f"code {told['vnp_ResponseCode']}"
        told[SECURE_HASH] = hmac_hex(ALGORITHM, joined(told_names, told), material)
        return Answer(status=200, body=write_json(told))


def vnpay_ipn_fields(notice: PaymentNotice, *, bank_code: str = "NCB") -> dict[str, str]:
    """Return the fields of the IPN that is read as this notice.

    `result_code` must be `response/status`. An `unnumbered:` transaction is sent as number 0.
    """
    response_code, _, transaction_status = notice.result_code.partition("/")
    is_numbered = not notice.provider_transaction.startswith(UNNUMBERED)
    return {
        "vnp_TmnCode": notice.merchant,
        "vnp_Amount": str(notice.amount_minor * AMOUNT_FACTOR),
        "vnp_CurrCode": notice.currency,
        "vnp_BankCode": bank_code,
        "vnp_OrderInfo": notice.memo,
        "vnp_PayDate": compact_vietnam_time(notice.paid_at),
        "vnp_ResponseCode": response_code,
        "vnp_TransactionStatus": transaction_status,
        "vnp_TransactionNo": notice.provider_transaction if is_numbered else "0",
        "vnp_TxnRef": notice.our_reference or "",
    }


def sign_vnpay_ipn(fields: Mapping[str, str], secret: bytes) -> bytes:
    """Return the raw query of an IPN: the fields as given, then their signature."""
    signature = hmac_hex(ALGORITHM, canonical(fields), secret)
    return urlencode([*fields.items(), (SECURE_HASH, signature)]).encode("ascii")


def _matches(content: bytes, signature: str, material: bytes) -> bool:
    return hmac.compare_digest(signature.encode(), hmac_hex(ALGORITHM, content, material).encode())


def _take(request: OutgoingRequest, books: GatewayBooks, material: bytes) -> Answer:
    fields = read_form(urlsplit(request.url).query.encode(), RequestRefused)
    if not _matches(canonical(fields), fields.get(SECURE_HASH, ""), material):
        return Answer(status=400, body=b"Sai chu ky")
    amount = Fields(fields, RequestRefused).amount_minor(
        "vnp_Amount", factor=AMOUNT_FACTOR, as_text=True
    )
    order = TakenOrder(
        merchant=fields["vnp_TmnCode"],
        our_reference=fields["vnp_TxnRef"],
        amount_minor=amount,
        memo=fields["vnp_OrderInfo"],
        provider_order=fields["vnp_CreateDate"],
    )
    books.orders.setdefault(order.our_reference, order)
    return Answer(status=200, body=b"<!doctype html><title>VNPAY</title>")


def _find(asked: Mapping[str, str], books: GatewayBooks) -> TakenOrder | None:
    order = books.orders.get(asked["vnp_TxnRef"])
    is_dated = order is not None and order.provider_order == asked["vnp_TransactionDate"]
    return order if is_dated else None


def _describe(asked: Mapping[str, str], books: GatewayBooks) -> dict[str, str]:
    order = _find(asked, books)
    if order is None:
        return {"vnp_ResponseCode": NOT_FOUND}
    return {
        "vnp_ResponseCode": SUCCESS,
        "vnp_Amount": str(order.amount_minor * AMOUNT_FACTOR),
        "vnp_TransactionNo": order.provider_transaction or "0",
        "vnp_TransactionType": _PAYMENT,
        "vnp_TransactionStatus": _CODES[order.result].partition("/")[2],
    }


def _refund(asked: Mapping[str, str], books: GatewayBooks) -> dict[str, str]:
    order = _find(asked, books)
    if order is None:
        return {"vnp_ResponseCode": NOT_FOUND}
    if order.result is not NoticeResult.PAID:
        return {"vnp_ResponseCode": _NOT_PAID}
    if asked["vnp_RequestId"] in books.refunds:
        return {"vnp_ResponseCode": _ASKED_BEFORE}
    amount_minor = Fields(asked, RequestRefused).amount_minor(
        "vnp_Amount", factor=AMOUNT_FACTOR, as_text=True
    )
    number = books.refund(order, asked["vnp_RequestId"], amount_minor)
    if number is None:
        return {"vnp_ResponseCode": _OTHER_ERROR}
    return {
        "vnp_ResponseCode": SUCCESS,
        "vnp_Amount": asked["vnp_Amount"],
        "vnp_TransactionNo": number,
        "vnp_TransactionType": asked["vnp_TransactionType"],
        "vnp_TransactionStatus": _SENT_TO_THE_BANK,
    }
