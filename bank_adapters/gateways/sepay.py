"""SePay: webhooks about money that already is on a linked bank account, and the VietQR to pay by.

Only webhooks with HMAC are believed: `Authorization: Apikey` proves nothing about the body.
Sources: developer.sepay.vn (webhooks: authentication, errors; API v2: transactions).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NoReturn
from urllib.parse import urlencode

from bank_adapters import payment_reference
from bank_adapters.contract import (
    Acknowledgement,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import ACCOUNT, IDENTIFIER, Fields, read_json
from bank_adapters.gateways.exchange import credential, require_form
from bank_adapters.gateways.sepay_codes import (
    INCOMING,
    NO_TRANSACTION,
    RESULT_CODES,
    UNKNOWN_CODE,
)
from bank_adapters.gateways.success_reply import success_reply
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
from bank_adapters.signatures.standard_webhooks import require_fresh
from bank_adapters.vietqr import VietQrError, encode
from bank_adapters.vocabulary import PaymentNotice

ALGORITHM: Final = Algorithm.HMAC_SHA256_HEX
SIGNATURE_HEADER: Final = "x-sepay-signature"
TIMESTAMP_HEADER: Final = "x-sepay-timestamp"
SIGNATURE_PREFIX: Final = b"sha256="
SECRET, API_TOKEN = range(2)
"""Places in the registered material: `secret`, or `secret:apiToken` to ask SePay back."""
TRANSACTIONS_PATH: Final = "/v2/transactions"
UNREFERENCED: Final = "sepay:"
"""Stands before SePay's own number where the bank gave a transaction no reference."""

_DIRECTION: Final = re.compile(r"[a-z]{1,10}")
_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_OK: Final = 200


class Sepay:
    """A POST, tried 8 times within about 33 minutes until it is answered within the 200s.

    A transaction's key is the bank's reference, because the statement names it too; SePay's own
    number stands in where there is none. Money that leaves the account is read as a failure to
    pay: it is kept and confirmed, and nothing is recorded.
    """

    code: str = "sepay"
    method: str = "POST"
    is_bank: bool = True
    scheme: Scheme = Scheme(
        title="SePay webhook",
        primitive="HMAC-SHA256",
        key_use="text",
        order="timestamp.raw body",
        encoding="raw bytes, signature in hex after sha256=",
        amount_unit="VND",
        idempotency_key="referenceCode, else id",
        reply='200 {"success":true}',
    )

    def verify(
        self, request: CallbackRequest, keys: Sequence[VerificationKey], now: datetime
    ) -> bytes:
        """Return the raw body, without the signed time stamp that each delivery has anew."""
        require_size(request)
        timestamp = request.header(TIMESTAMP_HEADER) or b""
        signature = request.header(SIGNATURE_HEADER) or b""
        require_fresh(timestamp, now)
        if not signature.startswith(SIGNATURE_PREFIX):
            raise CallbackRejected(f"{SIGNATURE_HEADER} does not begin with sha256=")
        content = timestamp + b"." + request.body
        given = signature.removeprefix(SIGNATURE_PREFIX)
        require_hmac(ALGORITHM, content, given, keys, part=SECRET)
        return request.body

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified webhook; the memo is what the payer wrote."""
        fields = read_json(request.body, NoticeUnreadable)
        direction = fields.text("transferType", _DIRECTION)
        number = fields.scalar("id", _NUMBER)
        account_number = fields.text("accountNumber", ACCOUNT)
        return PaymentNotice(
            result=RESULT_CODES.get(direction, UNKNOWN_CODE).result,
            result_code=direction,
            merchant=account_number,
            our_reference=None,
            provider_transaction=_bank_reference(fields) or UNREFERENCED + number,
            amount_minor=fields.amount_minor("transferAmount"),
            currency="VND",
            paid_at=fields.dashed_time("transactionDate"),
            memo=fields.optional("content"),
            account_number=account_number,
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Confirm whatever was kept; anything else is sent again."""
        return success_reply(outcome)

    def order(self, merchant: Merchant, order: Order) -> Checkout:
        """Return the VietQR of a transfer to the beneficiary's account; nobody is asked.

        The memo is the payment reference alone; `bank_code` must be the bank's BIN.
        """
        del merchant
        references = payment_reference.find(order.reference)
        if len(references) != 1:
            raise RequestRefused("the order's reference does not hold one payment reference")
        try:
            text = encode(
                bank_bin=order.beneficiary.bank_code,
                account_number=order.beneficiary.account_number,
                amount_minor=order.amount_minor,
                purpose=references[0],
            )
        except VietQrError as error:
            raise RequestRefused(f"no VietQR can be made: {error}") from error
        return Checkout(
            qr_text=text,
            account_number=order.beneficiary.account_number,
            account_name=order.beneficiary.account_name,
            bank_name=order.beneficiary.bank_name,
            memo=references[0],
        )

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Refuse: no order is ever sent."""
        del merchant, answer
        raise AnswerUnreadable(f"SePay was never asked for {order.reference}")

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Ask for the transaction by the bank's reference, with SePay's API v2.

        That the list takes `reference_number` is assumed from SePay's command line, which does.
        """
        reference = question.provider_transaction
        if not reference or reference.startswith(UNREFERENCED):
            raise RequestRefused("SePay is asked by the bank's reference of a transaction")
        require_form(reference, IDENTIFIER, "reference")
        query = urlencode({"reference_number": reference, "per_page": "20"})
        return OutgoingRequest(
            method="GET",
            url=f"{merchant.base_url}{TRANSACTIONS_PATH}?{query}",
            headers=(("authorization", f"Bearer {credential(merchant, API_TOKEN, 'API token')}"),),
        )

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read the list: no such transaction is a failure, two of them prove nothing.

        Neither does a list with another reference in it: the filter was not taken, and ours may be
        on a later page. SePay signs no answers; the connection to it is the proof.
        """
        if answer.status != _OK:
            raise AnswerUnreadable(f"SePay answers with status {answer.status}")
        fields = read_json(answer.body, AnswerUnreadable)
        listed: object = fields.values.get("data")
        if fields.values.get("status") != "success" or not isinstance(listed, list):
            raise AnswerUnreadable("the answer is not a list of transactions")
        transactions = [_transaction(each) for each in listed]
        references = {each.text("reference_number") for each in transactions}
        if references - {question.provider_transaction}:
            raise AnswerUnreadable("SePay lists transactions with other references")
        found = [each for each in transactions if each.text("account_number") == merchant.code]
        if len(found) > 1:
            raise AnswerUnreadable("SePay lists two transactions with this reference")
        return _status(question, found[0]) if found else _absent(question)

    def refund(self, merchant: Merchant, refund: RefundOrder) -> NoReturn:
        """Refuse: SePay's refunds are for company accounts at VietinBank alone.

        They name the transaction by a number of its API v2, which no webhook carries.
        """
        raise RequestRefused(
            f"SePay is not asked to move money: {merchant.code} must transfer the money for "
            f"{refund.our_reference} itself"
        )

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Refuse: there is no refund that could be answered."""
        del merchant, answer
        raise AnswerUnreadable(f"SePay was never asked to refund {refund.our_reference}")


def _bank_reference(fields: Fields) -> str:
    return fields.text("referenceCode") if fields.values.get("referenceCode") else ""


def _transaction(listed: object) -> Fields:
    if not isinstance(listed, Mapping):
        raise AnswerUnreadable("the list holds something else than transactions")
    return Fields(listed, AnswerUnreadable)


def _status(question: Question, transaction: Fields) -> PaymentStatus:
    direction = transaction.text("transfer_type", _DIRECTION)
    references = payment_reference.find(transaction.optional("transaction_content"))
    is_ours = any(question.our_reference.startswith(reference) for reference in references)
    amount_field = "amount_in" if direction == INCOMING else "amount_out"
    return PaymentStatus(
        result=RESULT_CODES.get(direction, UNKNOWN_CODE).result,
        result_code=direction,
        our_reference=question.our_reference if is_ours else " ".join(references),
        provider_transaction=question.provider_transaction,
        amount_minor=transaction.amount_minor(amount_field),
    )


def _absent(question: Question) -> PaymentStatus:
    return PaymentStatus(
        result=RESULT_CODES[NO_TRANSACTION].result,
        result_code=NO_TRANSACTION,
        our_reference=question.our_reference,
        provider_transaction=question.provider_transaction,
    )
