"""What we ask of MoMo v2: orders (`captureWallet`), queries and refunds.

Addresses, limits and field lists are those of MoMo's developer documents, v3 of 2026 ("One-Time
Payments", "Check Transaction Status", "Refund"). MoMo does not sign answers to queries and refunds:
they are believed for the connection they came over and the fields they echo.
"""

import re
from typing import Final

from bank_adapters.contract import CallbackRejected
from bank_adapters.fields import Fields
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    post_json,
    read_answer,
    require_echo,
    require_form,
    require_same_payment,
    secret_of,
)
from bank_adapters.gateways.momo_codes import QUESTION_REFUSED, SUCCESS, explain
from bank_adapters.gateways.momo_signing import (
    ACCESS_KEY,
    ORDER,
    ORDER_ANSWERS,
    QUERY,
    REFUND,
    SECRET_KEY,
    SIGNATURE,
    content_of,
    require_signed,
    sign,
    texts_of,
)
from bank_adapters.outgoing import (
    Answer,
    AnswerRefuses,
    AnswerUnreadable,
    Checkout,
    Merchant,
    Order,
    OutgoingRequest,
    PaymentStatus,
    Question,
    RefundAnswer,
    RefundOrder,
    RequestRefused,
)
from bank_adapters.vocabulary import NoticeResult

ORDER_PATH: Final = "/v2/gateway/api/create"
QUERY_PATH: Final = "/v2/gateway/api/query"
REFUND_PATH: Final = "/v2/gateway/api/refund"
AMOUNT_MIN, AMOUNT_MAX = 1_000, 50_000_000
"""In đồng, for orders and for refunds."""

_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._-]{0,48}[0-9A-Za-z])?")
_DESCRIPTION: Final = re.compile(r"[ -%'-~]{1,255}")
"""Printable ASCII without `&`, which parts signed fields."""
_TRANSACTION: Final = re.compile(r"[1-9][0-9]{0,17}")
_CODE: Final = re.compile(r"0|-?[1-9][0-9]{0,5}")
_LANGUAGES: Final = {"vi", "en"}


class MomoRequests:
    """Our reference is `orderId` and `requestId` of an order, so that a repeated one is known."""

    def order(self, merchant: Merchant, order: Order) -> OutgoingRequest:
        """Write an order of 1,000 to 50,000,000 đồng.

        MoMo's own time limit holds: its interface takes no moment of expiry.
        """
        _require_amount(order.amount_minor)
        if order.language not in _LANGUAGES:
            raise RequestRefused(f"MoMo speaks vi and en, not {order.language!r}")
        reference = require_form(order.reference, _IDENTIFIER, "reference")
        values: dict[str, str | int] = {
            "partnerCode": merchant.code,
            "requestId": reference,
            "amount": order.amount_minor,
            "orderId": reference,
            "orderInfo": require_form(order.description, _DESCRIPTION, "description"),
            "redirectUrl": require_form(order.return_url, WEB_ADDRESS, "return address"),
            "ipnUrl": require_form(order.notify_url, WEB_ADDRESS, "notice address"),
            "requestType": "captureWallet",
            "extraData": "",
            "lang": order.language,
        }
        return _post(merchant, ORDER_PATH, values, ORDER)

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Read an answer that echoes this order and amount; a signature in it must be right."""
        fields = _read(merchant, answer, order.reference, order.reference)
        code = fields.scalar("resultCode", _CODE)
        if code != SUCCESS:
            told = explain(code)
            is_refused = told.result is NoticeResult.FAILED
            refuse = AnswerRefuses if is_refused else AnswerUnreadable
            raise refuse(f"MoMo did not take the order: {code}, {told.english}")
        _require_same_amount(fields, order.amount_minor)
        if fields.values.get(SIGNATURE):
            _require_one_signature(fields, merchant)
        return Checkout(
            url=fields.text("payUrl", WEB_ADDRESS), qr_text=fields.optional("qrCodeUrl")
        )

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a query; MoMo finds the payment by our reference alone."""
        values: dict[str, str | int] = {
            "partnerCode": merchant.code,
            "requestId": require_form(question.request_id, _IDENTIFIER, "request id"),
            "orderId": require_form(question.our_reference, _IDENTIFIER, "reference"),
            "lang": "vi",
        }
        return _post(merchant, QUERY_PATH, values, QUERY)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read an answer that echoes this question; a paid one must name amount and transaction.

        A payment of which something was refunded is REVIEW, not paid.
        """
        fields = _read(merchant, answer, question.our_reference, question.request_id)
        code = fields.scalar("resultCode", _CODE)
        if code in QUESTION_REFUSED:
            raise AnswerUnreadable(f"MoMo did not answer: {code}, {explain(code).english}")
        result, number = explain(code).result, _number(fields)
        if result is NoticeResult.PAID:
            require_same_payment(question, number)
            if fields.values.get("refundTrans"):
                result = NoticeResult.REVIEW
        has_amount = code == SUCCESS or bool(fields.values.get("amount"))
        return PaymentStatus(
            result=result,
            result_code=code,
            our_reference=question.our_reference,
            provider_transaction=number,
            amount_minor=fields.amount_minor("amount") if has_amount else None,
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write a refund of 1,000 to 50,000,000 đồng; its request id is its `orderId` too.

        MoMo answers a repeated one as the first, or with 40 or 41 while that is not final.
        """
        _require_amount(refund.amount_minor)
        request_id = require_form(refund.request_id, _IDENTIFIER, "request id")
        number = require_form(refund.provider_transaction, _TRANSACTION, "transaction number")
        values: dict[str, str | int] = {
            "partnerCode": merchant.code,
            "orderId": request_id,
            "requestId": request_id,
            "amount": refund.amount_minor,
            "transId": int(number),
            "lang": "vi",
            "description": require_form(refund.reason, _DESCRIPTION, "reason"),
        }
        return _post(merchant, REFUND_PATH, values, REFUND)

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Read an answer that echoes this refund, and its amount when it was made."""
        fields = _read(merchant, answer, refund.request_id, refund.request_id)
        code = fields.scalar("resultCode", _CODE)
        if code == SUCCESS:
            _require_same_amount(fields, refund.amount_minor)
        return RefundAnswer(
            result=explain(code).result,
            result_code=code,
            message=fields.optional("message"),
            provider_refund=_number(fields),
        )


def _post(
    merchant: Merchant, path: str, values: dict[str, str | int], names: tuple[str, ...]
) -> OutgoingRequest:
    for part in (ACCESS_KEY, SECRET_KEY):
        secret_of(merchant, part)
    content = content_of({name: str(values[name]) for name in names}, RequestRefused)
    signature = sign(content, merchant.key.material)
    return post_json(merchant.base_url + path, values | {SIGNATURE: signature})


def _read(merchant: Merchant, answer: Answer, order_id: str, request_id: str) -> Fields:
    fields = read_answer(answer)
    require_echo(fields, "partnerCode", merchant.code)
    require_echo(fields, "orderId", order_id)
    require_echo(fields, "requestId", request_id)
    return fields


def _require_amount(amount_minor: int) -> None:
    if not AMOUNT_MIN <= amount_minor <= AMOUNT_MAX:
        raise RequestRefused(f"MoMo takes {AMOUNT_MIN} to {AMOUNT_MAX} đồng, not {amount_minor}")


def _require_same_amount(fields: Fields, amount_minor: int) -> None:
    if fields.amount_minor("amount") != amount_minor:
        raise AnswerUnreadable("amount is not the one asked")


def _require_one_signature(fields: Fields, merchant: Merchant) -> None:
    signature = fields.text(SIGNATURE)
    refusals = 0
    for names in ORDER_ANSWERS:
        content = content_of(texts_of(fields, names), AnswerUnreadable)
        try:
            require_signed(content, signature, [merchant.key])
        except CallbackRejected:
            refusals += 1
    if refusals == len(ORDER_ANSWERS):
        raise AnswerUnreadable("the signature of the answer is wrong")


def _number(fields: Fields) -> str:
    number = str(fields.values.get("transId") or "")
    return number if _TRANSACTION.fullmatch(number) else ""
