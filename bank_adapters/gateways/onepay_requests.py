"""What we ask of OnePay: checkout address, status query and refund, version 2.

Sources: OnePay's sample code and its plugin for WooCommerce; where a rule is ours or assumed, it
says so.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from bank_adapters.fields import Fields, read_form
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    credential,
    require_form,
    require_same_payment,
    require_signed_answer,
    sign,
)
from bank_adapters.gateways.onepay_codes import NO_PAYMENT, RESULT_CODES, UNKNOWN_CODE
from bank_adapters.gateways.onepay_signing import (
    ACCESS_CODE,
    ALGORITHM,
    AMOUNT_FACTOR,
    CODE,
    PASSWORD,
    SECRET,
    SECURE_HASH,
    USER,
    canonical,
    read_amount,
    read_transaction,
)
from bank_adapters.gateways.raw_pairs import require_single_cut
from bank_adapters.money import AMOUNT_MINOR_MAX
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

CHECKOUT_PATH: Final = "/paygate/vpcpay.op"
QUERY_PATH: Final = "/msp/api/v1/vpc/invoices/queries"
REFUND_PATH: Final = "/msp/api/v1/vpc/refunds"

_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PLAIN_TEXT: Final = re.compile(r"[A-Za-z0-9 ._:@-]{1,32}")
_ADDRESS: Final = re.compile(r"[0-9A-Fa-f.:]{1,45}")
_OK: Final = 200


class OnepayRequests:
    """`Merchant.base_url` is the host of all three services."""

    def order(self, merchant: Merchant, order: Order) -> Checkout:
        """Return the signed address to which the payer's browser is sent.

        The description may have 32 plain characters. OnePay lets an order expire by itself, after
        15 minutes; our own time cannot be said.
        """
        reference = require_form(order.reference, _REFERENCE, "reference")
        description = require_form(order.description, _PLAIN_TEXT, "description")
        return_url = require_form(order.return_url, WEB_ADDRESS, "return address")
        fields = _request_fields(merchant, "pay", reference) | {
            "vpc_Currency": "VND",
            "vpc_Locale": "en" if order.language == "en" else "vn",
            "vpc_OrderInfo": description,
            "vpc_Amount": _hundredfold(order.amount_minor),
            "vpc_TicketNo": require_form(order.client_ip, _ADDRESS, "client address"),
            "vpc_ReturnURL": return_url,
            "vpc_CallbackURL": require_form(order.notify_url, WEB_ADDRESS, "notice address"),
            "AgainLink": return_url,
            "Title": description,
        }
        return Checkout(url=f"{merchant.base_url}{CHECKOUT_PATH}?{_signed_form(merchant, fields)}")

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Refuse: the browser is sent to OnePay, and no answer comes back to us."""
        del merchant, answer
        raise AnswerUnreadable(f"OnePay gives no answer about the order {order.reference}")

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a `queryDR`; the key must hold the user and password that OnePay gives for it."""
        reference = require_form(question.our_reference, _REFERENCE, "reference")
        fields = _request_fields(merchant, "queryDR", reference) | {
            "vpc_User": credential(merchant, USER, "user for status queries"),
            "vpc_Password": credential(merchant, PASSWORD, "password for status queries"),
        }
        return _post(merchant, QUERY_PATH, fields)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read the answer; that it is signed even when it knows no such payment is assumed."""
        fields = _signed_answer(merchant, answer, question.our_reference)
        result_code = NO_PAYMENT
        if fields.values.get("vpc_DRExists") != NO_PAYMENT:
            result_code = fields.text("vpc_TxnResponseCode", CODE)
        result = RESULT_CODES.get(result_code, UNKNOWN_CODE).result
        transaction = read_transaction(fields, result)
        if result is NoticeResult.PAID:
            require_same_payment(question, transaction)
        return PaymentStatus(
            result=result,
            result_code=result_code,
            our_reference=question.our_reference,
            provider_transaction=transaction,
            amount_minor=read_amount(fields) if fields.values.get("vpc_Amount") else None,
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write a refund order, of everything or of a part; its name is the request's."""
        request_id = require_form(refund.request_id, _REFERENCE, "request id")
        fields = _request_fields(merchant, "refund", request_id) | {
            "vpc_OrgMerchTxnRef": require_form(refund.our_reference, _REFERENCE, "reference"),
            "vpc_Amount": _hundredfold(refund.amount_minor),
            "vpc_Operator": require_form(refund.ordered_by, _PLAIN_TEXT, "officer's name"),
        }
        return _post(merchant, REFUND_PATH, fields)

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Read the answer; its codes are assumed to be those of payments.

        An amount in it must be the one ordered.
        """
        fields = _signed_answer(merchant, answer, refund.request_id)
        if fields.values.get("vpc_Amount") and read_amount(fields) != refund.amount_minor:
            raise AnswerUnreadable("vpc_Amount is not the amount of this refund")
        result_code = fields.text("vpc_TxnResponseCode", CODE)
        result = RESULT_CODES.get(result_code, UNKNOWN_CODE).result
        return RefundAnswer(
            result=result,
            result_code=result_code,
            message=fields.optional("vpc_Message"),
            provider_refund=read_transaction(fields, result),
        )


def _request_fields(merchant: Merchant, command: str, reference: str) -> dict[str, str]:
    return {
        "vpc_Version": "2",
        "vpc_Command": command,
        "vpc_Merchant": merchant.code,
        "vpc_AccessCode": credential(merchant, ACCESS_CODE, "access code"),
        "vpc_MerchTxnRef": reference,
    }


def _signed_form(merchant: Merchant, fields: Mapping[str, str]) -> str:
    signature = sign(ALGORITHM, canonical(fields), merchant, SECRET).upper()
    return urlencode([*fields.items(), (SECURE_HASH, signature)])


def _post(merchant: Merchant, path: str, fields: Mapping[str, str]) -> OutgoingRequest:
    return OutgoingRequest(
        method="POST",
        url=merchant.base_url + path,
        headers=(("content-type", "application/x-www-form-urlencoded"),),
        body=_signed_form(merchant, fields).encode("ascii"),
    )


def _signed_answer(merchant: Merchant, answer: Answer, reference: str) -> Fields:
    if answer.status != _OK:
        raise AnswerUnreadable(f"OnePay answers with status {answer.status}")
    values = read_form(answer.body.strip(), AnswerUnreadable)
    signature = values.get(SECURE_HASH)
    require_signed_answer(ALGORITHM, canonical(values), signature, merchant, SECRET)
    require_single_cut(values, AnswerUnreadable)
    if values.get("vpc_MerchTxnRef") != reference:
        raise AnswerUnreadable("the answer is about another payment")
    return Fields(values, AnswerUnreadable)


def _hundredfold(amount_minor: int) -> str:
    if not 0 < amount_minor <= AMOUNT_MINOR_MAX // AMOUNT_FACTOR:
        raise RequestRefused(f"not an amount that OnePay can take: {amount_minor}")
    return str(amount_minor * AMOUNT_FACTOR)
