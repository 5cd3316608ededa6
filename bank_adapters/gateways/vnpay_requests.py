"""What we ask of VNPAY 2.1.0: signed checkout addresses, `querydr` and `refund`.

Addresses, field lists and codes are those of VNPAY's integration pages (`pay.html`,
`querydr&refund.html`). Orders are complete in the address; VNPAY answers to the payer's browser.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from bank_adapters.fields import Fields, compact_vietnam_time
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    post_json,
    read_answer,
    require_echo,
    require_form,
    require_same_payment,
    require_signed_answer,
    secret_of,
    signed_value,
)
from bank_adapters.gateways.vnpay_codes import (
    NOT_FOUND,
    REFUND_CODES,
    REFUND_STATUSES,
    SUCCESS,
    TRANSACTION_STATUSES,
    UNKNOWN_CODE,
)
from bank_adapters.gateways.vnpay_signing import (
    ALGORITHM,
    AMOUNT_FACTOR,
    QUERY_ANSWER,
    QUERY_REQUEST,
    REFUND_ANSWER,
    REFUND_REQUEST,
    SECURE_HASH,
    SEPARATOR,
    VERSION,
    canonical,
    joined,
)
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
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult

QUERY, REFUND = "querydr", "refund"
SERVICES_PATH: Final = "/merchant_webapi/api/transaction"
FULL_REFUND, PARTIAL_REFUND = "02", "03"

_LIVE_PAY_HOST: Final = "pay.vnpay.vn"
_LIVE_SERVICES: Final = "https://merchant.vnpay.vn"
_LOCALES: Final = {"vi": "vn", "en": "en"}
_PLAIN_TEXT: Final = re.compile(r"[A-Za-z0-9 ._:-]{1,255}")
"""What VNPAY takes as order information; these encode alike in every form encoder."""
_REFERENCE: Final = re.compile(r"[A-Za-z0-9 ._:-]{1,100}")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9]{1,32}")
_PERSON: Final = re.compile(r"[A-Za-z0-9 ._@-]{1,245}")
_ADDRESS: Final = re.compile(r"[0-9A-Fa-f.:]{1,45}")
_NUMBER: Final = re.compile(r"[0-9]{0,20}")
_TYPE: Final = re.compile(r"[0-9]{0,2}")
_CODE: Final = re.compile(r"[0-9A-Za-z]{0,8}")
_PAYMENT_TYPES: Final = {"", "01"}


class VnpayRequests:
    """`Merchant.base_url` is the whole address of the payment page, `…/vpcpay.html`.

    Its path is not the same in the sandbox and live, and live queries have a host of their own.
    """

    def order(self, merchant: Merchant, order: Order) -> Checkout:
        """Return the signed address of the payment page.

        Reference and description take ASCII letters, digits, blanks and `._:-` only.
        """
        if not 0 < order.amount_minor < AMOUNT_MINOR_MAX // AMOUNT_FACTOR:
            raise RequestRefused(f"not an amount VNPAY can take: {order.amount_minor}")
        if order.language not in _LOCALES:
            raise RequestRefused(f"VNPAY speaks vi and en, not {order.language!r}")
        if order.expires_at <= order.created_at:
            raise RequestRefused("a checkout must expire after it is created")
        content = canonical(
            {
                "vnp_Version": VERSION,
                "vnp_Command": "pay",
                "vnp_TmnCode": merchant.code,
                "vnp_Amount": str(order.amount_minor * AMOUNT_FACTOR),
                "vnp_CurrCode": "VND",
                "vnp_TxnRef": require_form(order.reference, _REFERENCE, "reference"),
                "vnp_OrderInfo": require_form(order.description, _PLAIN_TEXT, "description"),
                "vnp_OrderType": "other",
                "vnp_Locale": _LOCALES[order.language],
                "vnp_ReturnUrl": require_form(order.return_url, WEB_ADDRESS, "return address"),
                "vnp_IpAddr": require_form(order.client_ip, _ADDRESS, "client address"),
                "vnp_CreateDate": compact_vietnam_time(order.created_at),
                "vnp_ExpireDate": compact_vietnam_time(order.expires_at),
            }
        )
        signature = hmac_hex(ALGORITHM, content, secret_of(merchant))
        query = f"{content.decode('ascii')}&{SECURE_HASH}={signature}"
        return Checkout(url=f"{merchant.base_url}?{query}")

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Refuse: an order at VNPAY is an address, to which nothing is answered."""
        raise AnswerUnreadable(
            f"VNPAY does not answer orders: {merchant.code} {order.reference} {answer.status}"
        )

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a `querydr`; VNPAY finds the payment by reference and `ordered_at`."""
        reference = require_form(question.our_reference, _REFERENCE, "reference")
        values = {
            "vnp_RequestId": require_form(question.request_id, _REQUEST_ID, "request id"),
            "vnp_Version": VERSION,
            "vnp_Command": QUERY,
            "vnp_TmnCode": merchant.code,
            "vnp_TxnRef": reference,
            "vnp_TransactionDate": compact_vietnam_time(question.ordered_at),
            "vnp_CreateDate": compact_vietnam_time(question.asked_at),
            "vnp_IpAddr": require_form(question.client_ip, _ADDRESS, "client address"),
            "vnp_OrderInfo": f"Query {reference}",
        }
        signature = hmac_hex(ALGORITHM, joined(QUERY_REQUEST, values), secret_of(merchant))
        return post_json(services_url(merchant.base_url), values | {SECURE_HASH: signature})

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read a signed answer; an unsigned one is refused, also when it names an error.

        When VNPAY tells of a refund of the payment, not of the payment, the result is REVIEW.
        """
        fields = _read(merchant, answer, QUERY, QUERY_ANSWER, question.our_reference)
        response_code = fields.text("vnp_ResponseCode", _CODE)
        if response_code == NOT_FOUND:
            return PaymentStatus(
                result=NoticeResult.FAILED,
                result_code=f"{NOT_FOUND}/",
                our_reference=question.our_reference,
            )
        if response_code != SUCCESS:
            raise AnswerUnreadable(f"VNPAY did not answer the question: code {response_code}")
        status = fields.text("vnp_TransactionStatus", _CODE)
        result = TRANSACTION_STATUSES.get(status, UNKNOWN_CODE).result
        if fields.text("vnp_TransactionType", _TYPE) not in _PAYMENT_TYPES:
            result = NoticeResult.REVIEW
        number = _number(fields)
        if result is NoticeResult.PAID:
            require_same_payment(question, number)
        has_amount = result is NoticeResult.PAID or fields.text("vnp_Amount", _NUMBER).strip("0")
        return PaymentStatus(
            result=result,
            result_code=f"{response_code}/{status}",
            our_reference=question.our_reference,
            provider_transaction=number,
            amount_minor=_amount_minor(fields) if has_amount else None,
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write a refund; VNPAY finds the payment by reference and the date of its order.

        That date is `vnp_CreateDate` of the checkout, not the pay date. A repeated request is
        answered with code 94.
        """
        ordered_at = refund.payment_ordered_at or refund.paid_at
        values = {
            "vnp_RequestId": require_form(refund.request_id, _REQUEST_ID, "request id"),
            "vnp_Version": VERSION,
            "vnp_Command": REFUND,
            "vnp_TmnCode": merchant.code,
            "vnp_TransactionType": FULL_REFUND if refund.is_full else PARTIAL_REFUND,
            "vnp_TxnRef": require_form(refund.our_reference, _REFERENCE, "reference"),
            "vnp_Amount": str(refund.amount_minor * AMOUNT_FACTOR),
            "vnp_TransactionNo": require_form(refund.provider_transaction, _NUMBER, "number"),
            "vnp_TransactionDate": compact_vietnam_time(ordered_at),
            "vnp_CreateBy": require_form(refund.ordered_by, _PERSON, "name"),
            "vnp_CreateDate": compact_vietnam_time(refund.ordered_at),
            "vnp_IpAddr": require_form(refund.client_ip, _ADDRESS, "client address"),
            "vnp_OrderInfo": require_form(refund.reason, _PLAIN_TEXT, "reason"),
        }
        signature = hmac_hex(ALGORITHM, joined(REFUND_REQUEST, values), secret_of(merchant))
        return post_json(services_url(merchant.base_url), values | {SECURE_HASH: signature})

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Read a signed answer; its amount must be the one ordered when the refund is taken."""
        fields = _read(merchant, answer, REFUND, REFUND_ANSWER, refund.our_reference)
        code = fields.text("vnp_ResponseCode", _CODE)
        status = fields.text("vnp_TransactionStatus", _CODE)
        meaning = REFUND_CODES.get(code, UNKNOWN_CODE)
        if code == SUCCESS:
            meaning = REFUND_STATUSES.get(status, UNKNOWN_CODE)
            if _amount_minor(fields) != refund.amount_minor:
                raise AnswerUnreadable("vnp_Amount is not the amount of this refund")
        return RefundAnswer(
            result=meaning.result,
            result_code=f"{code}/{status}",
            message=fields.optional("vnp_Message"),
            provider_refund=_number(fields),
        )


def services_url(payment_page: str) -> str:
    """Return where queries and refunds go, beside this payment page.

    Live the two have hosts of their own, `pay.vnpay.vn` and `merchant.vnpay.vn`.
    """
    parts = urlsplit(payment_page)
    origin = f"{parts.scheme}://{parts.netloc}"
    return (_LIVE_SERVICES if parts.netloc == _LIVE_PAY_HOST else origin) + SERVICES_PATH


def _read(
    merchant: Merchant, answer: Answer, command: str, names: tuple[str, ...], reference: str
) -> Fields:
    given = read_answer(answer)
    texts = {name: signed_value(given, name) for name in names}
    # A text that holds the separator could be cut into fields in two ways.
    if any(SEPARATOR in text for text in texts.values()):
        raise AnswerUnreadable("a signed field of the answer holds the separator")
    require_signed_answer(
        ALGORITHM, joined(names, texts), signed_value(given, SECURE_HASH), merchant
    )
    fields = Fields(texts, AnswerUnreadable)
    require_echo(fields, "vnp_Command", command)
    require_echo(fields, "vnp_TmnCode", merchant.code)
    if fields.text("vnp_TxnRef", _REFERENCE) != reference:
        raise AnswerUnreadable("vnp_TxnRef is not the one asked about")
    return fields


def _number(fields: Fields) -> str:
    number = fields.text("vnp_TransactionNo", _NUMBER)
    return number if number.strip("0") else ""


def _amount_minor(fields: Fields) -> int:
    return fields.amount_minor("vnp_Amount", factor=AMOUNT_FACTOR, as_text=True)
