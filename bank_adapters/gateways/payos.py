"""payOS: payment links over VietQR, their webhook and their status.

A merchant is known here by the number of the bank account that it linked: the webhook names
nothing else. Only `data` is signed, so `code`, `desc` and `success` around it are never read.
Sources: payos.vn/docs (webhook, payment requests) and payOS's own libraries for Python and Node.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NoReturn

from bank_adapters.contract import (
    Acknowledgement,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import ACCOUNT, CURRENCY, Fields, read_json, write_json
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    credential,
    require_form,
    require_payable,
    require_signed_answer,
    sign,
)
from bank_adapters.gateways.payos_codes import RESULT_CODES, SUCCESS, UNKNOWN_CODE
from bank_adapters.gateways.payos_order_code import (
    ORDER_CODE_MAX,
    order_code_of,
    payment_reference_of,
    reference_of,
)
from bank_adapters.gateways.payos_signature import LINK_FIELDS, body_content
from bank_adapters.gateways.raw_pairs import require_single_cut
from bank_adapters.gateways.success_reply import success_reply
from bank_adapters.money import AMOUNT_MINOR_MAX
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
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import require_hmac, require_size
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

ALGORITHM: Final = Algorithm.HMAC_SHA256_HEX
CLIENT_ID, API_KEY, CHECKSUM_KEY = range(3)
"""Places in the registered material, `clientId:apiKey:checksumKey`."""
LINKS_PATH: Final = "/v2/payment-requests"

_CODE: Final = re.compile(r"[0-9A-Za-z_]{1,20}")
_URL: Final = re.compile(r"https://[!-~]{1,500}")
_QR: Final = re.compile(r"[ -~]{0,512}")
_OK: Final = 200
_READ: Final = frozenset(
    {
        "code", "accountNumber", "orderCode", "reference", "amount", "currency",
        "transactionDateTime", "description", "counterAccountNumber", "counterAccountName",
    }
)  # fmt: skip
"""The fields of `data` that are read."""


class Payos:
    """The webhook is a POST; payOS waits for a status of the 200s and sends again without it.

    When its address is confirmed, payOS sends a signed sample of another account: it is kept as
    another merchant's and confirmed.
    """

    code: str = "payos"
    method: str = "POST"
    is_bank: bool = True  # payers transfer to the linked account itself; payOS never pays out
    scheme: Scheme = Scheme(
        title="payOS webhook",
        primitive="HMAC-SHA256",
        key_use="text",
        order="every field of data, sorted by name",
        encoding="raw, null empty, arrays as JSON; signature in hex",
        amount_unit="VND",
        idempotency_key="reference",
        reply='200 {"success":true}',
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  payOS signs no time of sending
    ) -> bytes:
        """Return `data` in one form: the same for every delivery of one payment."""
        require_size(request)
        envelope = read_json(request.body, CallbackRejected)
        data, signature = envelope.child("data").values, envelope.values.get("signature")
        if not data:
            # payOS's signature of nothing is a constant of the key, not a message.
            raise CallbackRejected("data is empty")
        content = body_content(data, CallbackRejected)
        given = signature.encode() if isinstance(signature, str) else None
        require_hmac(ALGORITHM, content, given, keys, part=CHECKSUM_KEY)
        # The signed text writes 3000 and "3000" alike; only one of them can be read.
        return write_json(dict(sorted(data.items())))

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified webhook; the transaction is the bank's own reference of the transfer."""
        data = read_json(request.body, NoticeUnreadable).child("data")
        require_single_cut(data.values, NoticeUnreadable, known={*data.values, *_READ})
        result_code = data.text("code", _CODE)
        account_number = data.text("accountNumber", ACCOUNT)
        return PaymentNotice(
            result=RESULT_CODES.get(result_code, UNKNOWN_CODE).result,
            result_code=result_code,
            merchant=account_number,
            our_reference=reference_of(_order_code(data)),
            provider_transaction=data.text("reference"),
            amount_minor=data.amount_minor("amount"),
            currency=data.text("currency", CURRENCY),
            paid_at=data.dashed_time("transactionDateTime"),
            memo=data.optional("description"),
            account_number=account_number,
            payer_account=data.optional("counterAccountNumber"),
            payer_name=data.optional("counterAccountName"),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Confirm whatever was kept; anything else is sent again."""
        return success_reply(outcome)

    def order(self, merchant: Merchant, order: Order) -> OutgoingRequest:
        """Ask for a payment link whose memo is the payment reference, and nothing else.

        Its 13 symbols fit the 25 that payOS takes; an account that is not linked through payOS has
        9 and cannot be used (payOS's documents).
        """
        return_url = require_form(order.return_url, WEB_ADDRESS, "return address")
        fields: dict[str, object] = {
            "orderCode": order_code_of(order.reference),
            "amount": require_payable(order.amount_minor),
            "description": payment_reference_of(order.reference),
            "cancelUrl": return_url,
            "returnUrl": return_url,
        }
        signed = {name: fields[name] for name in LINK_FIELDS}
        signature = sign(ALGORITHM, body_content(signed, RequestRefused), merchant, CHECKSUM_KEY)
        fields |= {"expiredAt": int(order.expires_at.timestamp()), "signature": signature}
        return OutgoingRequest(
            method="POST",
            url=merchant.base_url + LINKS_PATH,
            headers=(*_headers(merchant), ("content-type", "application/json")),
            body=write_json(fields),
        )

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Read the link: its page and its VietQR text."""
        data = _signed_data(merchant, answer)
        _require_order(data, order.reference)
        if data.amount_minor("amount") != order.amount_minor:
            raise AnswerUnreadable("the answer is about another amount")
        return Checkout(
            url=data.text("checkoutUrl", _URL),
            qr_text=data.text("qrCode", _QR),
            provider_order=data.text("paymentLinkId"),
        )

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Ask what became of a payment link."""
        path = f"{LINKS_PATH}/{order_code_of(question.our_reference)}"
        return OutgoingRequest(
            method="GET", url=merchant.base_url + path, headers=_headers(merchant)
        )

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read the link's status.

        Money on a link that is not paid is for a person to look at. An answer that knows no such
        link is not signed and therefore proves nothing.
        """
        data = _signed_data(merchant, answer)
        _require_order(data, question.our_reference)
        status = data.text("status", _CODE)
        paid_minor = data.values.get("amountPaid")
        if type(paid_minor) is not int or not 0 <= paid_minor <= AMOUNT_MINOR_MAX:
            raise AnswerUnreadable("amountPaid is not a whole amount")
        result = RESULT_CODES.get(status, UNKNOWN_CODE).result
        if (result is NoticeResult.PAID) != (paid_minor > 0):
            result = NoticeResult.REVIEW
        return PaymentStatus(
            result=result,
            result_code=status,
            our_reference=question.our_reference,
            provider_transaction=_only_transaction(data),
            amount_minor=paid_minor or None,
        )

    def refund(self, merchant: Merchant, refund: RefundOrder) -> NoReturn:
        """Refuse: payOS has payouts to an account that somebody names, but no refunds."""
        raise RequestRefused(
            f"payOS sends nothing back: {merchant.code} must transfer the money for "
            f"{refund.our_reference} itself"
        )

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Refuse: there is no refund that could be answered."""
        del merchant, answer
        raise AnswerUnreadable(f"payOS was never asked to refund {refund.our_reference}")


def _headers(merchant: Merchant) -> tuple[tuple[str, str], ...]:
    return (
        ("x-client-id", credential(merchant, CLIENT_ID, "client id")),
        ("x-api-key", credential(merchant, API_KEY, "API key")),
    )


def _signed_data(merchant: Merchant, answer: Answer) -> Fields:
    if answer.status != _OK:
        raise AnswerUnreadable(f"payOS answers with status {answer.status}")
    envelope = read_json(answer.body, AnswerUnreadable)
    if envelope.values.get("code") != SUCCESS:
        raise AnswerRefuses(f"payOS refuses: {envelope.optional('desc')[:200]}")
    data = envelope.child("data")
    content = body_content(data.values, AnswerUnreadable)
    signature = envelope.values.get("signature")
    require_signed_answer(ALGORITHM, content, signature, merchant, CHECKSUM_KEY)
    return data


def _order_code(data: Fields) -> int:
    value = data.values.get("orderCode")
    if type(value) is not int or not 0 <= value <= ORDER_CODE_MAX:
        raise data.refuse("orderCode is not a number that payOS can count")
    return value


def _require_order(data: Fields, our_reference: str) -> None:
    if _order_code(data) != order_code_of(our_reference):
        raise AnswerUnreadable("the answer is about another order")


def _only_transaction(data: Fields) -> str:
    transactions: object = data.values.get("transactions")
    if not isinstance(transactions, list) or len(transactions) != 1:
        return ""
    # What is signed holds arrays of objects only.
    only: Mapping[str, object] = transactions[0]
    return Fields(only, data.refuse).text("reference")
