"""OnePay: payment notification (IPN), version 2.

Fields whose names do not begin with `vpc_` or `user_` travel unsigned and are never read.
Sources: OnePay's sample code and its plugin for WooCommerce, both with `vpc_Version` 2.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bank_adapters.contract import (
    Acknowledgement,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import CURRENCY, TIME_NOT_STATED, Fields, read_form
from bank_adapters.gateways.onepay_codes import RESULT_CODES, UNKNOWN_CODE
from bank_adapters.gateways.onepay_requests import OnepayRequests
from bank_adapters.gateways.onepay_signing import (
    ALGORITHM,
    CODE,
    SECRET,
    SECURE_HASH,
    canonical,
    read_amount,
    read_transaction,
)
from bank_adapters.gateways.raw_pairs import require_single_cut
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import require_hmac, require_size
from bank_adapters.vocabulary import UNNUMBERED, PaymentNotice

TIME_FORMAT: Final = "%Y%m%dT%H%M%SZ"

_TIME: Final = re.compile(r"20[0-9]{6}T[0-9]{6}Z")

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


class Onepay(OnepayRequests):
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
        result_code = fields.text("vpc_TxnResponseCode", CODE)
        result = RESULT_CODES.get(result_code, UNKNOWN_CODE).result
        our_reference = fields.text("vpc_MerchTxnRef")
        return PaymentNotice(
            result=result,
            result_code=result_code,
            merchant=fields.text("vpc_Merchant"),
            our_reference=our_reference,
            provider_transaction=read_transaction(fields, result) or UNNUMBERED + our_reference,
            amount_minor=read_amount(fields),
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


def _currency(fields: Fields) -> str:
    name = "vpc_CurrencyCode"
    return fields.text(name, CURRENCY) if fields.values.get(name) else "VND"


def _paid_at(fields: Fields) -> datetime:
    name = "vpc_PaymentTime"
    if not fields.values.get(name):
        return TIME_NOT_STATED
    text = fields.text(name, _TIME)
    try:
        return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise fields.refuse(f"{name} is no instant: {text}") from error
