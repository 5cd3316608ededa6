"""What we ask of ViettelPay 2.0: payment pages, questions, refunds.

Fields and signed layouts of orders and questions are those of the public clients
duclong1997/portal-payment and VietOpenCPS/opencps-v2; both keep addresses in their configuration,
so the paths here are assumed. `REFUND_PAYMENT` is what Viettel's own customer site sends. That
answers are signed like every other message is assumed.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from bank_adapters.contract import CallbackRejected
from bank_adapters.fields import Fields
from bank_adapters.gateways.bar_joined import BAR_FREE, BAR_FREE_TEXT
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    read_answer,
    require_echo,
    require_form,
    require_payable,
    require_same_payment,
    secret_of,
    signed_value,
)
from bank_adapters.gateways.viettelpay import (
    CHECK_SUM,
    ERROR_CODE,
    NOTICE_FIELDS,
    read_result_code,
)
from bank_adapters.gateways.viettelpay_codes import SUCCESS, explain
from bank_adapters.gateways.viettelpay_signature import (
    ACCESS_PART,
    SECRET_PART,
    check_sum,
    require_check_sum,
)
from bank_adapters.outgoing import (
    Answer,
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

CHECKOUT_PATH: Final = "/payment"
SERVICE_PATH: Final = "/service"
VERSION: Final = "2.0"

ORDER_FIELDS: Final = (
    "billcode",
    "command",
    "merchant_code",
    "order_id",
    "trans_amount",
    "version",
)
QUESTION_FIELDS: Final = ("cmd", "merchant_code", "order_id", "version")
REFUND_FIELDS: Final = (*QUESTION_FIELDS, "originalRequestId", "refundType", "trans_amount")
ANSWER_FIELDS: Final = (*NOTICE_FIELDS, "version")
"""What an answer may say; what it says of these is signed."""

INQUIRY: Final = "TRANS_INQUIRY"
REFUND: Final = "REFUND_PAYMENT"
EVERYTHING: Final = "0"
"""`refundType` of a whole payment; assumed."""


class ViettelPayRequests:
    """Fulfils the dialects of checkout, status and refund; `base_url` leads the paths."""

    def order(self, merchant: Merchant, order: Order) -> Checkout:
        """Return the signed address of the payment page; the bill is named as the order is."""
        return_url = require_form(order.return_url, WEB_ADDRESS, "return address")
        values = {
            "version": VERSION,
            "command": "PAYMENT",
            "billcode": order.reference,
            "merchant_code": merchant.code,
            "order_id": order.reference,
            "trans_amount": str(require_payable(order.amount_minor)),
            "locale": "En" if order.language == "en" else "Vi",
            "desc": require_form(order.description, BAR_FREE_TEXT, "description"),
            "return_url": return_url,
            "cancel_url": return_url,
        }
        query = urlencode(_signed(merchant, values, ORDER_FIELDS))
        return Checkout(url=f"{merchant.base_url}{CHECKOUT_PATH}?{query}")

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Refuse: an order at ViettelPay is an address, to which nothing is answered."""
        raise AnswerUnreadable(
            f"ViettelPay does not answer orders: {merchant.code} {order.reference} {answer.status}"
        )

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a question by our reference."""
        values = {
            "cmd": INQUIRY,
            "merchant_code": merchant.code,
            "order_id": question.our_reference,
            "version": VERSION,
        }
        return _service_request(merchant, values, QUESTION_FIELDS)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read the answer; the amount is absent when ViettelPay does not repeat it."""
        fields = _own_answer(merchant, answer, question.our_reference)
        result_code = read_result_code(fields)
        result = explain(result_code).result
        transaction = _transaction(fields)
        if result is NoticeResult.FAILED and not transaction:
            # An error about the question, or an order that its books do not hold yet.
            result = NoticeResult.UNKNOWN
        if result is NoticeResult.PAID:
            require_same_payment(question, transaction)
        amount = fields.values.get("trans_amount")
        is_text = isinstance(amount, str)
        return PaymentStatus(
            result=result,
            result_code=result_code,
            our_reference=question.our_reference,
            provider_transaction=transaction,
            amount_minor=fields.amount_minor("trans_amount", as_text=is_text) if amount else None,
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write an order to send everything back.

        Whether a repeated order for a part would be paid twice is not documented.
        """
        if not refund.is_full:
            raise RequestRefused("ViettelPay may pay a repeated partial refund twice")
        values = {
            "cmd": REFUND,
            "merchant_code": merchant.code,
            "order_id": refund.our_reference,
            "originalRequestId": require_form(refund.provider_transaction, BAR_FREE, "transaction"),
            "refundType": EVERYTHING,
            "trans_amount": str(refund.amount_minor),
            "trans_content": require_form(refund.reason, BAR_FREE_TEXT, "reason"),
            "version": VERSION,
        }
        return _service_request(merchant, values, REFUND_FIELDS)

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Read the answer; every code but 00 is unknown, for the money may be on its way."""
        fields = _own_answer(merchant, answer, refund.our_reference)
        code = fields.scalar("error_code", ERROR_CODE)
        return RefundAnswer(
            result=NoticeResult.PAID if code == SUCCESS else NoticeResult.UNKNOWN,
            result_code=code,
            message=fields.optional("error_msg"),
            provider_refund=_transaction(fields),
        )


def _transaction(fields: Fields) -> str:
    is_given = bool(fields.values.get("vt_transaction_id"))
    return fields.scalar("vt_transaction_id") if is_given else ""


def _signed(merchant: Merchant, values: dict[str, str], names: Sequence[str]) -> dict[str, str]:
    for part in (ACCESS_PART, SECRET_PART):
        secret_of(merchant, part)
    require_form(values["order_id"], BAR_FREE, "reference")
    signed = {name: values[name] for name in names}
    return values | {CHECK_SUM: check_sum(signed, merchant.key.material)}


def _service_request(
    merchant: Merchant, values: dict[str, str], names: Sequence[str]
) -> OutgoingRequest:
    return OutgoingRequest(
        method="POST",
        url=merchant.base_url + SERVICE_PATH,
        headers=(("content-type", "application/x-www-form-urlencoded"),),
        body=urlencode(_signed(merchant, values, names)).encode("ascii"),
    )


def _own_answer(merchant: Merchant, answer: Answer, reference: str) -> Fields:
    fields = read_answer(answer)
    said = {name: signed_value(fields, name) for name in ANSWER_FIELDS}
    try:
        require_check_sum(said, fields.optional(CHECK_SUM), [merchant.key])
    except CallbackRejected as error:
        raise AnswerUnreadable("the answer is not signed by ViettelPay") from error
    require_echo(fields, "merchant_code", merchant.code)
    require_echo(fields, "order_id", reference)
    return fields
