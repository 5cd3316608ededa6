"""ZaloPay's side: signs callbacks, takes orders, answers queries and refunds from its books."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Final

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import Fields, read_json, write_json
from bank_adapters.gateways.zalopay_codes import PAID
from bank_adapters.gateways.zalopay_requests import ORDER_PATH, QUERY_PATH
from bank_adapters.gateways.zalopay_signing import (
    KEY_1,
    KEY_2,
    MAC,
    ORDER,
    REFUND,
    app_trans_id,
    joined,
    query_content,
    reference_of,
    sign,
)
from bank_adapters.outgoing import Answer, OutgoingRequest, RequestRefused
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

_CODES: Final = {
    NoticeResult.PAID: PAID,
    NoticeResult.FAILED: "2/-54",
    NoticeResult.REVIEW: "2/-217",
    NoticeResult.PENDING: "3/0",
    NoticeResult.UNKNOWN: "2/-77777",
}
_ORDER_TAKEN, _ASKED_BEFORE, _TOO_MUCH = "2/-68", "2/-23", "2/-14"
_NOT_FOUND, _BAD_SIGNATURE = "2/-101", "2/-402"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_JSON: Final = (("content-type", b"application/json"),)

Values = dict[str, str | int]


class ZalopayCounterpart:
    """Only paid orders are called back; what else became of one, a query says."""

    code: str = "zalopay"
    notifies: frozenset[NoticeResult] = frozenset({NoticeResult.PAID})

    def result_code(self, result: NoticeResult) -> str:
        """Return `return_code/sub_return_code` that stand for this result."""
        return _CODES[result]

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write the callback; `ValueError` for anything but a payment, which ZaloPay never sends.

        The order is dated with the day of the payment.
        """
        del sent_at
        if notice.result is not NoticeResult.PAID:
            raise ValueError("ZaloPay calls back for paid orders only")
        data = {
            "app_id": int(notice.merchant),
            "app_trans_id": app_trans_id(notice.paid_at, notice.our_reference or ""),
            "app_time": _milliseconds(notice.paid_at),
            "app_user": notice.merchant,
            "amount": notice.amount_minor,
            "embed_data": "{}",
            "item": "[]",
            "zp_trans_id": int(notice.provider_transaction),
            "server_time": _milliseconds(notice.paid_at),
            "channel": 38,
            "merchant_user_id": "",
            "user_fee_amount": 0,
            "discount_amount": 0,
        }
        return sign_zalopay_callback(json.dumps(data), material)

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Answer by the path of the address."""
        del now
        fields = read_json(request.body, RequestRefused)
        match request.url:
            case url if url.endswith(ORDER_PATH):
                content, act = joined(ORDER, fields.values), _take
            case url if url.endswith(QUERY_PATH):
                name = fields.text("app_trans_id")
                content, act = query_content(fields.scalar("app_id"), name, material), _describe
            case _:
                content, act = joined(REFUND, fields.values), _refund
        expected = sign(content, material, KEY_1)
        is_signed = hmac.compare_digest(fields.text(MAC).encode(), expected.encode())
        code, told = act(fields, books) if is_signed else (_BAD_SIGNATURE, {})
        return_code, _, sub_return_code = code.partition("/")
        body = {
            "return_code": int(return_code),
            "return_message": f"code {code}",
            "sub_return_code": int(sub_return_code),
            "sub_return_message": "",
            **told,
        }
        return Answer(status=200, body=write_json(body))


def sign_zalopay_callback(data: str, material: bytes) -> CallbackRequest:
    """Return the callback that carries this text."""
    body = write_json({"data": data, MAC: sign(data.encode(), material, KEY_2), "type": 1})
    return CallbackRequest(method="POST", query=b"", headers=_JSON, body=body)


def _take(fields: Fields, books: GatewayBooks) -> tuple[str, Values]:
    name = fields.text("app_trans_id")
    order = TakenOrder(
        merchant=fields.scalar("app_id"),
        our_reference=reference_of(name),
        amount_minor=fields.amount_minor("amount"),
        memo=fields.optional("description"),
        notify_url=fields.text("callback_url"),
        provider_order=name,
    )
    if order.our_reference in books.orders:
        return _ORDER_TAKEN, {}
    books.orders[order.our_reference] = order
    url = f"https://gateway.example/openinapp?order={name}"
    return PAID, {"order_url": url, "zp_trans_token": f"TOKEN{name}", "qr_code": f"QR{name}"}


def _describe(fields: Fields, books: GatewayBooks) -> tuple[str, Values]:
    name = fields.text("app_trans_id")
    order = books.orders.get(reference_of(name))
    if order is None or order.provider_order != name or order.merchant != fields.scalar("app_id"):
        return _NOT_FOUND, {}
    if order.result is not NoticeResult.PAID:
        return _CODES[order.result], {}
    return PAID, {
        "amount": order.amount_minor,
        "zp_trans_id": int(order.provider_transaction),
        "is_processing": False,
    }


def _refund(fields: Fields, books: GatewayBooks) -> tuple[str, Values]:
    number, name = fields.text("zp_trans_id"), fields.text("m_refund_id")
    paid = [order for order in books.orders.values() if order.provider_transaction == number]
    if not paid or paid[0].result is not NoticeResult.PAID:
        return _NOT_FOUND, {}
    if name in books.refunds:
        return _ASKED_BEFORE, {}
    refund = books.refund(paid[0], name, fields.amount_minor("amount"))
    return (_TOO_MUCH, {}) if refund is None else (PAID, {"refund_id": int(refund)})


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
