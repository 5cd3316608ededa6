"""MoMo's side: signs IPNs, takes orders, answers queries and refunds from its books."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from bank_adapters.contract import CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import Fields, read_json, write_json
from bank_adapters.gateways.momo_codes import NOT_FOUND, SUCCESS, explain
from bank_adapters.gateways.momo_requests import ORDER_PATH, QUERY_PATH
from bank_adapters.gateways.momo_signing import (
    ALGORITHM,
    ORDER,
    ORDER_ANSWERS,
    QUERY,
    REFUND,
    SIGNATURE,
    content_of,
    notice_texts,
    require_signed,
    sign,
    texts_of,
)
from bank_adapters.outgoing import Answer, OutgoingRequest, RequestRefused
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

_CODES: Final = {
    NoticeResult.PAID: SUCCESS,
    NoticeResult.FAILED: "1006",
    NoticeResult.REVIEW: "1081",
    NoticeResult.PENDING: "7000",
    NoticeResult.UNKNOWN: "99",
}
_BAD_SIGNATURE, _BAD_FORMAT, _ORDER_TAKEN = "13", "20", "41"
_ALREADY_REFUNDED, _NOT_REFUNDABLE = "1081", "1088"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_JSON: Final = (("content-type", b"application/json"),)

Values = dict[str, str | int]
_Act = Callable[[Fields, GatewayBooks], Values]


class MomoCounterpart:
    """A repeated refund is answered as the first; statuses are 200, or 400 for what is refused."""

    code: str = "momo"
    notifies: frozenset[NoticeResult] = frozenset(
        {NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.UNKNOWN}
    )

    def result_code(self, result: NoticeResult) -> str:
        """Return a `resultCode` that stands for this result."""
        return _CODES[result]

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write the IPN of a wallet payment by QR; `responseTime` is the notice's time."""
        del sent_at
        is_numbered = not notice.provider_transaction.startswith(UNNUMBERED)
        values: Values = {
            "partnerCode": notice.merchant,
            "orderId": notice.our_reference or "",
            "requestId": notice.our_reference or "",
            "amount": notice.amount_minor,
            "orderInfo": notice.memo,
            "orderType": "momo_wallet",
            "transId": int(notice.provider_transaction) if is_numbered else 0,
            "resultCode": int(notice.result_code),
            "message": explain(notice.result_code).vietnamese,
            "payType": "qr",
            "responseTime": _milliseconds(notice.paid_at),
            "extraData": "",
        }
        return sign_momo_ipn(values, material)

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Answer by the path of the address."""
        fields = read_json(request.body, RequestRefused)
        names, act = _act_for(request.url)
        told: Values = {
            "partnerCode": fields.text("partnerCode"),
            "orderId": fields.text("orderId"),
            "requestId": fields.text("requestId"),
            "responseTime": _milliseconds(now),
        }
        if _is_signed(fields, names, material):
            told |= act(fields, books)
        else:
            told["resultCode"] = int(_BAD_SIGNATURE)
        told["message"] = explain(str(told["resultCode"])).vietnamese
        if "payUrl" in told:
            texts = {name: str(told[name]) for name in ORDER_ANSWERS[0]}
            told[SIGNATURE] = sign(content_of(texts, RequestRefused), material)
        is_refused = str(told["resultCode"]) in {_BAD_SIGNATURE, _BAD_FORMAT}
        return Answer(status=400 if is_refused else 200, body=write_json(told))


def sign_momo_ipn(values: Mapping[str, str | int], material: bytes) -> CallbackRequest:
    """Return the IPN with these fields and their signature."""
    content = content_of(notice_texts(Fields(values, CallbackRejected)), CallbackRejected)
    body = write_json({**values, SIGNATURE: sign(content, material)})
    return CallbackRequest(method="POST", query=b"", headers=_JSON, body=body)


def _act_for(url: str) -> tuple[tuple[str, ...], _Act]:
    if url.endswith(ORDER_PATH):
        return ORDER, _take
    return (QUERY, _describe) if url.endswith(QUERY_PATH) else (REFUND, _refund)


def _is_signed(fields: Fields, names: tuple[str, ...], material: bytes) -> bool:
    key = VerificationKey(key_id="ours", algorithm=ALGORITHM, material=material)
    content = content_of(texts_of(fields, names), RequestRefused)
    try:
        require_signed(content, fields.text(SIGNATURE), [key])
    except CallbackRejected:
        return False
    return True


def _take(fields: Fields, books: GatewayBooks) -> Values:
    order = TakenOrder(
        merchant=fields.text("partnerCode"),
        our_reference=fields.text("orderId"),
        amount_minor=fields.amount_minor("amount"),
        memo=fields.optional("orderInfo"),
        notify_url=fields.text("ipnUrl"),
    )
    kept = books.orders.setdefault(order.our_reference, order)
    if (kept.merchant, kept.amount_minor) != (order.merchant, order.amount_minor):
        return {"resultCode": int(_ORDER_TAKEN)}
    return {
        "resultCode": int(SUCCESS),
        "amount": order.amount_minor,
        "payUrl": f"https://gateway.example/v2/gateway/pay?t={order.our_reference}",
        "qrCodeUrl": f"momo://app?action=pay&order={order.our_reference}",
    }


def _describe(fields: Fields, books: GatewayBooks) -> Values:
    order = books.orders.get(fields.text("orderId"))
    if order is None or order.merchant != fields.text("partnerCode"):
        return {"resultCode": int(NOT_FOUND)}
    return {
        "resultCode": int(_CODES[order.result]),
        "amount": order.amount_minor,
        "transId": int(order.provider_transaction or "0"),
        "extraData": "",
        "payType": "qr",
    }


def _refund(fields: Fields, books: GatewayBooks) -> Values:
    number, amount_minor = fields.scalar("transId"), fields.amount_minor("amount")
    paid = [order for order in books.orders.values() if order.provider_transaction == number]
    if not paid or paid[0].result is not NoticeResult.PAID:
        return {"resultCode": int(_NOT_REFUNDABLE)}
    refund = books.refund(paid[0], fields.text("requestId"), amount_minor)
    if refund is None:
        return {"resultCode": int(_ALREADY_REFUNDED)}
    return {"resultCode": int(SUCCESS), "amount": amount_minor, "transId": int(refund)}


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
