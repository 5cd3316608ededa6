"""What we ask of ZaloPay v2: orders, queries and refunds.

Addresses, limits and field lists are those of ZaloPay's developer documents ("Create a new order",
"Query status of an order", "Refund for a transaction"). ZaloPay neither signs its answers nor
echoes our names in them: they are believed for the connection they came over.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from bank_adapters.fields import Fields, write_json
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    post_json,
    read_answer,
    require_form,
    require_payable,
    require_same_payment,
    secret_of,
)
from bank_adapters.gateways.zalopay_codes import (
    FAILURE,
    PROCESSING,
    QUESTION_REFUSED,
    SUCCESS,
    explain,
)
from bank_adapters.gateways.zalopay_signing import (
    KEY_1,
    MAC,
    ORDER,
    REFUND,
    app_trans_id,
    joined,
    query_content,
    sign,
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

ORDER_PATH: Final = "/v2/create"
QUERY_PATH: Final = "/v2/query"
REFUND_PATH: Final = "/v2/refund"
EXPIRY_MIN, EXPIRY_MAX = timedelta(seconds=300), timedelta(days=30)

_APP: Final = re.compile(r"[1-9][0-9]{0,9}")
_REFERENCE: Final = re.compile(r"[0-9A-Za-z._-]{1,33}")
"""With the day and `_` before it, ZaloPay takes 40 characters."""
_REQUEST_ID: Final = re.compile(r"[0-9A-Za-z]{1,32}")
_REFUND_NAME_MAX: Final = 45
_DESCRIPTION: Final = re.compile(r"[ -{}~]{1,256}")
_REASON: Final = re.compile(r"[ -{}~]{1,100}")
"""Printable ASCII without `|`, which parts signed fields."""
_NUMBER: Final = re.compile(r"[0-9A-Za-z._-]{1,64}")
_RETURN_CODE: Final = re.compile(r"-?[0-9]{1,6}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ZalopayRequests:
    """`Merchant.code` is the number of our app; our orders are named by day and reference."""

    def order(self, merchant: Merchant, order: Order) -> OutgoingRequest:
        """Write an order that expires after five minutes to thirty days."""
        lasting = order.expires_at - order.created_at
        if not EXPIRY_MIN <= lasting <= EXPIRY_MAX:
            raise RequestRefused(f"ZaloPay takes orders of 5 minutes to 30 days, not {lasting}")
        return_url = require_form(order.return_url, WEB_ADDRESS, "return address")
        values: dict[str, str | int] = {
            "app_id": _app_id(merchant),
            "app_user": merchant.code,
            "app_trans_id": _name(order.created_at, order.reference),
            "app_time": _milliseconds(order.created_at),
            "expire_duration_seconds": lasting // timedelta(seconds=1),
            "amount": require_payable(order.amount_minor),
            "description": require_form(order.description, _DESCRIPTION, "description"),
            "callback_url": require_form(order.notify_url, WEB_ADDRESS, "notice address"),
            "item": "[]",
            "embed_data": write_json({"redirecturl": return_url}).decode(),
            "bank_code": "",
        }
        return _post(merchant, ORDER_PATH, values, joined(ORDER, values))

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:  # noqa: ARG002  nothing of either is echoed
        """Read an order that was taken."""
        fields = read_answer(answer)
        return_code, sub_return_code = _codes(fields)
        if return_code != SUCCESS:
            refuse = AnswerRefuses if return_code == FAILURE else AnswerUnreadable
            raise refuse(f"ZaloPay did not take the order: {return_code}/{sub_return_code}")
        return Checkout(
            url=fields.text("order_url", WEB_ADDRESS),
            qr_text=fields.optional("qr_code"),
            provider_order=fields.optional("zp_trans_token"),
        )

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a query; ZaloPay finds the order by the day of `ordered_at` and our reference."""
        name = _name(question.ordered_at, question.our_reference)
        values: dict[str, str | int] = {"app_id": _app_id(merchant), "app_trans_id": name}
        content = query_content(merchant.code, name, merchant.key.material)
        return _post(merchant, QUERY_PATH, values, content)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:  # noqa: ARG002  the merchant is not echoed
        """Read an answer; a paid one must name its amount and the transaction we know, if any."""
        fields = read_answer(answer)
        return_code, sub_return_code = _codes(fields)
        if return_code == FAILURE and sub_return_code in QUESTION_REFUSED:
            raise AnswerUnreadable(f"ZaloPay did not answer the question: {sub_return_code}")
        result_code = f"{return_code}/{sub_return_code}"
        result = explain(result_code).result
        is_paid = result is NoticeResult.PAID
        number = fields.scalar("zp_trans_id", _NUMBER) if is_paid else ""
        if is_paid:
            require_same_payment(question, number)
        return PaymentStatus(
            result=result,
            result_code=result_code,
            our_reference=question.our_reference,
            provider_transaction=number,
            amount_minor=fields.amount_minor("amount") if is_paid else None,
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write a refund, named by the day of `ordered_at`, our app and the request id.

        A repeated one must carry the first one's `ordered_at`; it is then answered with -23.
        """
        day = app_trans_id(refund.ordered_at, merchant.code)
        name = f"{day}_{require_form(refund.request_id, _REQUEST_ID, 'request id')}"
        if len(name) > _REFUND_NAME_MAX:
            raise RequestRefused(f"ZaloPay cannot take a refund named {name}")
        values: dict[str, str | int] = {
            "app_id": _app_id(merchant),
            "m_refund_id": name,
            "zp_trans_id": require_form(refund.provider_transaction, _NUMBER, "transaction"),
            "amount": refund.amount_minor,
            "timestamp": _milliseconds(refund.ordered_at),
            "description": require_form(refund.reason, _REASON, "reason"),
        }
        return _post(merchant, REFUND_PATH, values, joined(REFUND, values))

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:  # noqa: ARG002  nothing of either is echoed
        """Read an answer; code 3 means that the refund is decided later."""
        fields = read_answer(answer)
        result_code = "/".join(_codes(fields))
        number = fields.values.get("refund_id")
        return RefundAnswer(
            result=explain(result_code).result,
            result_code=result_code,
            message=fields.optional("return_message"),
            provider_refund=fields.scalar("refund_id", _NUMBER) if number else "",
        )


def _app_id(merchant: Merchant) -> int:
    return int(require_form(merchant.code, _APP, "app id"))


def _name(ordered_at: datetime, reference: str) -> str:
    return app_trans_id(ordered_at, require_form(reference, _REFERENCE, "reference"))


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _post(
    merchant: Merchant, path: str, values: dict[str, str | int], content: bytes
) -> OutgoingRequest:
    secret_of(merchant, KEY_1)
    mac = sign(content, merchant.key.material, KEY_1)
    return post_json(merchant.base_url + path, values | {MAC: mac})


def _codes(fields: Fields) -> tuple[str, str]:
    """Return both codes; one that stands in the other's place, such as -401, is a failure's."""
    return_code = fields.scalar("return_code", _RETURN_CODE)
    if return_code in {SUCCESS, FAILURE, PROCESSING}:
        is_given = fields.values.get("sub_return_code") is not None
        return return_code, fields.scalar("sub_return_code", _RETURN_CODE) if is_given else ""
    return FAILURE, return_code
