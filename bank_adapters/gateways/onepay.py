"""OnePay: checkout address, payment notification (IPN), status query and refund, version 2.

Fields whose names do not begin with `vpc_` or `user_` travel unsigned and are never read.
Sources: OnePay's sample code and its plugin for WooCommerce, both with `vpc_Version` 2; where a
rule is ours or assumed, it says so.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from bank_adapters.contract import (
    Acknowledgement,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import CURRENCY, TIME_NOT_STATED, Fields, read_form
from bank_adapters.gateways.exchange import credential, require_signed_answer, sign
from bank_adapters.gateways.onepay_codes import NO_PAYMENT, RESULT_CODES, UNKNOWN_CODE
from bank_adapters.gateways.raw_pairs import join_pairs, require_single_cut
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
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import require_hmac, require_size
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

ALGORITHM: Final = Algorithm.HMAC_SHA256_HEX_DECODED
SECURE_HASH: Final = "vpc_SecureHash"
AMOUNT_FACTOR: Final = 100
"""OnePay writes đồng times one hundred."""
ACCESS_CODE, SECRET, USER, PASSWORD = range(4)
"""Places in the material, `accessCode:secret` or `accessCode:secret:user:password`."""
CHECKOUT_PATH: Final = "/paygate/vpcpay.op"
QUERY_PATH: Final = "/msp/api/v1/vpc/invoices/queries"
REFUND_PATH: Final = "/msp/api/v1/vpc/refunds"
TIME_FORMAT: Final = "%Y%m%dT%H%M%SZ"

_CODE: Final = re.compile(r"[0-9A-Z?]{1,4}")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TRANSACTION: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TIME: Final = re.compile(r"20[0-9]{6}T[0-9]{6}Z")
_PLAIN_TEXT: Final = re.compile(r"[A-Za-z0-9 ._:@-]{1,32}")
_OK: Final = 200

_CONFIRMED: Final = frozenset(
    {
        Outcome.RECORDED,
        Outcome.ALREADY_RECORDED,
        Outcome.UNKNOWN_REFERENCE,
        Outcome.AMOUNT_DIFFERS,
        Outcome.ALREADY_COVERED,
        Outcome.OTHER_MERCHANT,
    }
)
"""Kept, and no different if it were sent again."""


class Onepay:
    """The IPN: a GET whose query is signed; OnePay sends it again until it reads responsecode 1."""

    code: str = "onepay"
    method: str = "GET"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="OnePay version 2",
        primitive="HMAC-SHA256",
        key_use="hex-decoded text",
        order="every non-empty vpc_ and user_ field, sorted by name",
        encoding="raw, signature in capital hex",
        amount_unit="VND × 100",
        idempotency_key="vpc_TransactionNo",
        reply="200 responsecode=1&desc=confirm-success",
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  OnePay signs no time of sending
    ) -> bytes:
        """Return the signed text: the same for every delivery of one notice."""
        require_size(request)
        fields = read_form(request.query, CallbackRejected)
        content = canonical(fields)
        if not content:
            raise CallbackRejected("the query holds no signed field")
        given = fields.get(SECURE_HASH, "").encode()
        require_hmac(ALGORITHM, content, given, keys, part=SECRET)
        return content

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified IPN.

        An attempt that was not paid may have neither number nor time: then it is `unnumbered:`
        with our reference; a paid one without a number is unreadable. Where no time stands, as in
        older notices, it is `TIME_NOT_STATED`.
        """
        fields = Fields(read_form(request.query, NoticeUnreadable), NoticeUnreadable)
        require_single_cut(fields.values, NoticeUnreadable)
        result_code = fields.text("vpc_TxnResponseCode", _CODE)
        result = RESULT_CODES.get(result_code, UNKNOWN_CODE).result
        our_reference = fields.text("vpc_MerchTxnRef")
        return PaymentNotice(
            result=result,
            result_code=result_code,
            merchant=fields.text("vpc_Merchant"),
            our_reference=our_reference,
            provider_transaction=_transaction(fields, result) or f"unnumbered:{our_reference}",
            amount_minor=_amount_minor(fields),
            currency=_currency(fields),
            paid_at=_paid_at(fields),
            memo=fields.optional("vpc_OrderInfo"),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer `responsecode` 1 or 0 as a form, always with status 200."""
        reply = "responsecode=0&desc=confirm-fail"
        if outcome in _CONFIRMED:
            reply = "responsecode=1&desc=confirm-success"
        return Acknowledgement(status=200, content_type="text/plain", body=reply.encode("ascii"))

    def order(self, merchant: Merchant, order: Order) -> Checkout:
        """Return the signed address to which the payer's browser is sent.

        The description may have 32 plain characters. OnePay lets an order expire by itself, after
        15 minutes; our own time cannot be said.
        """
        _require(_REFERENCE, order.reference, "the reference")
        _require(_PLAIN_TEXT, order.description, "the description")
        fields = _request_fields(merchant, "pay", order.reference) | {
            "vpc_Currency": "VND",
            "vpc_Locale": "en" if order.language == "en" else "vn",
            "vpc_OrderInfo": order.description,
            "vpc_Amount": _hundredfold(order.amount_minor),
            "vpc_TicketNo": order.client_ip,
            "vpc_ReturnURL": order.return_url,
            "vpc_CallbackURL": order.notify_url,
            "AgainLink": order.return_url,
            "Title": order.description,
        }
        return Checkout(url=f"{merchant.base_url}{CHECKOUT_PATH}?{_signed_form(merchant, fields)}")

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Refuse: the browser is sent to OnePay, and no answer comes back to us."""
        del merchant, answer
        raise AnswerUnreadable(f"OnePay gives no answer about the order {order.reference}")

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a `queryDR`; the key must hold the user and password that OnePay gives for it."""
        _require(_REFERENCE, question.our_reference, "the reference")
        fields = _request_fields(merchant, "queryDR", question.our_reference) | {
            "vpc_User": credential(merchant, USER, "user for status queries"),
            "vpc_Password": credential(merchant, PASSWORD, "password for status queries"),
        }
        return _post(merchant, QUERY_PATH, fields)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read the answer; that it is signed even when it knows no such payment is assumed."""
        fields = _signed_answer(merchant, answer, question.our_reference)
        result_code = NO_PAYMENT
        if fields.values.get("vpc_DRExists") != NO_PAYMENT:
            result_code = fields.text("vpc_TxnResponseCode", _CODE)
        result = RESULT_CODES.get(result_code, UNKNOWN_CODE).result
        return PaymentStatus(
            result=result,
            result_code=result_code,
            our_reference=question.our_reference,
            provider_transaction=_transaction(fields, result),
            amount_minor=_amount_minor(fields) if fields.values.get("vpc_Amount") else None,
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write a refund order, of everything or of a part; its name is the request's."""
        _require(_REFERENCE, refund.request_id, "the request")
        _require(_REFERENCE, refund.our_reference, "the reference")
        _require(_PLAIN_TEXT, refund.ordered_by, "the officer's name")
        fields = _request_fields(merchant, "refund", refund.request_id) | {
            "vpc_OrgMerchTxnRef": refund.our_reference,
            "vpc_Amount": _hundredfold(refund.amount_minor),
            "vpc_Operator": refund.ordered_by,
        }
        return _post(merchant, REFUND_PATH, fields)

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Read the answer; its codes are assumed to be those of payments."""
        fields = _signed_answer(merchant, answer, refund.request_id)
        result_code = fields.text("vpc_TxnResponseCode", _CODE)
        result = RESULT_CODES.get(result_code, UNKNOWN_CODE).result
        return RefundAnswer(
            result=result,
            result_code=result_code,
            message=fields.optional("vpc_Message"),
            provider_refund=_transaction(fields, result),
        )


def canonical(fields: Mapping[str, str]) -> bytes:
    """Return the text that OnePay signs: non-empty `vpc_` and `user_` fields by name, raw."""
    return join_pairs(
        (name, value)
        for name, value in sorted(fields.items())
        if value and name.startswith(("vpc_", "user_")) and name != SECURE_HASH
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


def _require(pattern: re.Pattern[str], text: str, what: str) -> None:
    if not pattern.fullmatch(text):
        raise RequestRefused(f"OnePay does not take {what}: {text[:40]!r}")


def _hundredfold(amount_minor: int) -> str:
    if not 0 < amount_minor <= AMOUNT_MINOR_MAX // AMOUNT_FACTOR:
        raise RequestRefused(f"not an amount that OnePay can take: {amount_minor}")
    return str(amount_minor * AMOUNT_FACTOR)


def _amount_minor(fields: Fields) -> int:
    return fields.amount_minor("vpc_Amount", factor=AMOUNT_FACTOR, as_text=True)


def _currency(fields: Fields) -> str:
    name = "vpc_CurrencyCode"
    return fields.text(name, CURRENCY) if fields.values.get(name) else "VND"


def _transaction(fields: Fields, result: NoticeResult) -> str:
    name = "vpc_TransactionNo"
    is_required = result is NoticeResult.PAID
    if not is_required and fields.values.get(name, "0") in {"", "0"}:
        return ""
    return fields.text(name, _TRANSACTION)


def _paid_at(fields: Fields) -> datetime:
    name = "vpc_PaymentTime"
    if not fields.values.get(name):
        return TIME_NOT_STATED
    text = fields.text(name, _TIME)
    try:
        return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise fields.refuse(f"{name} is no instant: {text}") from error
