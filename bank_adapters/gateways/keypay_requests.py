"""What we ask of KeyPay v3: payment pages, questions, refunds.

Layouts of the signed texts are those of the public client VietOpenCPS/opencps-v2, which keeps the
addresses of the services in its configuration: the paths here are assumed.
"""

from collections.abc import Sequence
from typing import Final

from bank_adapters.contract import Algorithm, CallbackRejected
from bank_adapters.fields import IDENTIFIER, Fields
from bank_adapters.gateways.bar_joined import BAR_FREE, BAR_FREE_TEXT, bar_joined
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    post_json,
    read_answer,
    require_echo,
    require_form,
    require_payable,
    secret_of,
)
from bank_adapters.gateways.keypay import (
    CHECK_SUM,
    OUR_PART,
    PAYMENT_FIELDS,
    STATUS,
    THEIR_PART,
    read_amount,
    read_currency,
)
from bank_adapters.gateways.keypay_codes import explain
from bank_adapters.gateways.receipt_block import receipt_block
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
from bank_adapters.signatures.primitives import hmac_hex, require_hmac
from bank_adapters.vocabulary import NoticeResult

ORDER_PATH: Final = "/create-transaction"
QUESTION_PATH: Final = "/detail-transaction"
REFUND_PATH: Final = "/refund-transaction"

QUESTION_FIELDS: Final = ("client_id", "command", "transaction_id")
REFUND_FIELDS: Final = ("amount", "client_id", "command", "reason", "transaction_id")
"""Signed in refund orders with our key, and in their answers with KeyPay's."""
PAY: Final = "PAY"
REFUND: Final = "REFUND"
"""Assumed: the public client reads this word from its configuration."""
ACCEPTED: Final = "0"


class KeyPayRequests:
    """Fulfils the dialects of checkout, status and refund; `base_url` leads the paths."""

    def order(self, merchant: Merchant, order: Order) -> OutgoingRequest:
        """Write the order whose answer names the payment page; we never ask for postage."""
        values: dict[str, object] = {
            "client_id": merchant.code,
            "transaction_id": order.reference,
            "trans_amount": str(require_payable(order.amount_minor)),
            "command": PAY,
            "version": "3.0",
            "description": require_form(order.description, BAR_FREE_TEXT, "description"),
            "locale": "en" if order.language == "en" else "vn",
            "country_code": "vi",
            "currency_code": "VND",
            "environment": "1",
            "bill_info": receipt_block(order),
            "return_url": require_form(order.return_url, WEB_ADDRESS, "return address"),
            "addition_fee": "0",
        }
        return _signed_request(merchant, ORDER_PATH, values, PAYMENT_FIELDS)

    def read_order(
        self,
        merchant: Merchant,  # noqa: ARG002  the answer names neither us nor the order
        order: Order,  # noqa: ARG002  the same
        answer: Answer,
    ) -> Checkout:
        """Read `payment_url`; nothing in this answer is signed."""
        return Checkout(url=_accepted(answer).text("payment_url", WEB_ADDRESS))

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a question by our reference, which is KeyPay's `transaction_id`."""
        values: dict[str, object] = {
            "client_id": merchant.code,
            "transaction_id": question.our_reference,
            "command": PAY,
        }
        return _signed_request(merchant, QUESTION_PATH, values, QUESTION_FIELDS)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read `data`, which is assumed to have the fields and the signature of a notice.

        The signature proves client, transaction and amount; the status rests on the connection.
        """
        fields = _accepted(answer).child("data")
        _require_theirs(merchant, fields, fields.text(CHECK_SUM), PAYMENT_FIELDS)
        require_echo(fields, "client_id", merchant.code)
        require_echo(fields, "transaction_id", question.our_reference)
        if read_currency(fields) != "VND":
            raise AnswerUnreadable("the answer is not in đồng")
        status = fields.scalar("status", STATUS)
        return PaymentStatus(
            result=explain(status).result,
            result_code=status,
            our_reference=question.our_reference,
            provider_transaction=question.our_reference,
            amount_minor=read_amount(fields),
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write an order to send everything back.

        A refund carries no name of its own, so a repeated order for a part would pay it twice.
        """
        if not refund.is_full:
            raise RequestRefused("KeyPay cannot tell a repeated partial refund from a second one")
        require_form(refund.reason, BAR_FREE_TEXT, "reason")
        values = _refund_values(merchant, refund)
        return _signed_request(merchant, REFUND_PATH, values, REFUND_FIELDS)

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Read the answer, signed over the very order; its shape is assumed.

        No refusal is documented, so every code but 0 is unknown: the money may be on its way.
        """
        fields = read_answer(answer)
        asked = Fields(_refund_values(merchant, refund), AnswerUnreadable)
        _require_theirs(merchant, asked, fields.text(CHECK_SUM), REFUND_FIELDS)
        code = fields.scalar("error", STATUS)
        if code != ACCEPTED:
            return RefundAnswer(
                result=NoticeResult.UNKNOWN, result_code=code, message=fields.optional("msg")
            )
        return RefundAnswer(
            result=NoticeResult.PAID,
            result_code=code,
            message=fields.optional("msg"),
            provider_refund=fields.child("data").scalar("transaction_refund_code", IDENTIFIER),
        )


def _refund_values(merchant: Merchant, refund: RefundOrder) -> dict[str, object]:
    return {
        "client_id": merchant.code,
        "transaction_id": refund.our_reference,
        "command": REFUND,
        "amount": str(refund.amount_minor),
        "reason": refund.reason,
    }


def _signed_request(
    merchant: Merchant, path: str, values: dict[str, object], names: Sequence[str]
) -> OutgoingRequest:
    fields = Fields(values, RequestRefused)
    fields.text("transaction_id", BAR_FREE)
    content = bar_joined(fields, names)
    check_sum = hmac_hex(Algorithm.HMAC_SHA256_HEX, content, secret_of(merchant, OUR_PART))
    return post_json(merchant.base_url + path, values | {CHECK_SUM: check_sum})


def _accepted(answer: Answer) -> Fields:
    fields = read_answer(answer)
    if fields.scalar("error", STATUS) != ACCEPTED:
        raise AnswerRefuses(f"KeyPay refused: {fields.optional('msg')[:80]!r}")
    return fields


def _require_theirs(
    merchant: Merchant, fields: Fields, check_sum: str, names: Sequence[str]
) -> None:
    content, given = bar_joined(fields, names), check_sum.encode("ascii")
    try:
        require_hmac(Algorithm.HMAC_SHA256_HEX, content, given, [merchant.key], part=THEIR_PART)
    except CallbackRejected as error:
        raise AnswerUnreadable("the answer is not signed by KeyPay") from error
