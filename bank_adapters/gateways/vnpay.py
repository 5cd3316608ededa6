"""VNPAY 2.1.0: payment notifications (IPN).

The browser's return address is display only and is not read here; versions before 2.1.0 (MD5,
SHA-256) are refused because only HMAC-SHA512 is ever computed.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bank_adapters.contract import (
    Acknowledgement,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import CURRENCY, Fields, read_form, write_json
from bank_adapters.gateways.vnpay_codes import judge
from bank_adapters.gateways.vnpay_requests import VnpayRequests
from bank_adapters.gateways.vnpay_signing import ALGORITHM, AMOUNT_FACTOR, SECURE_HASH, canonical
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import require_hmac, require_size
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

_CODE: Final = re.compile(r"[0-9A-Za-z]{1,8}")
_TRANSACTION: Final = re.compile(r"[0-9]{1,20}")

_ANSWERS: Final = {
    Outcome.RECORDED: ("00", "Confirm Success"),
    Outcome.ALREADY_RECORDED: ("02", "Order already confirmed"),
    Outcome.ALREADY_COVERED: ("02", "Order already confirmed"),
    Outcome.UNKNOWN_REFERENCE: ("01", "Order not found"),
    # The signature was right, so 97 would be untrue: for this merchant we have no such order.
    Outcome.OTHER_MERCHANT: ("01", "Order not found"),
    Outcome.AMOUNT_DIFFERS: ("04", "Invalid amount"),
    Outcome.UNCONFIRMED: ("99", "Unknown error"),
    Outcome.REJECTED: ("97", "Fail checksum"),
    Outcome.UNREADABLE: ("99", "Unknown error"),
    Outcome.RETRY_LATER: ("99", "Unknown error"),
}


class Vnpay(VnpayRequests):
    """The IPN: a GET whose query is signed; VNPAY sends it again until it reads 00 or 02."""

    code: str = "vnpay"
    method: str = "GET"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="VNPAY 2.1.0",
        primitive="HMAC-SHA512",
        key_use="text",
        order="every non-empty field, sorted by name",
        encoding="form-urlencoded, signature in hex",
        amount_unit="VND × 100",
        idempotency_key="vnp_TransactionNo",
        reply='200 {"RspCode":"00"}',
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  VNPAY signs no time of sending; age proves nothing here
    ) -> bytes:
        """Return the canonical query; a second delivery of one notice returns the same bytes."""
        require_size(request)
        fields = read_form(request.query, CallbackRejected)
        content = canonical(fields)
        require_hmac(ALGORITHM, content, fields.get(SECURE_HASH, "").encode(), keys)
        return content

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified IPN.

        `result_code` is `response/status`. A payment that never reached VNPAY's books has number 0
        or none; then `provider_transaction` is `unnumbered:` with our reference and the pay date,
        so that two failed attempts stay two. A paid one without a number is unreadable.
        """
        fields = Fields(read_form(request.query, NoticeUnreadable), NoticeUnreadable)
        response_code = fields.text("vnp_ResponseCode", _CODE)
        transaction_status = fields.text("vnp_TransactionStatus", _CODE)
        result = judge(response_code, transaction_status)
        return PaymentNotice(
            result=result,
            result_code=f"{response_code}/{transaction_status}",
            merchant=fields.text("vnp_TmnCode"),
            our_reference=fields.text("vnp_TxnRef"),
            provider_transaction=_provider_transaction(fields, result),
            amount_minor=fields.amount_minor("vnp_Amount", factor=AMOUNT_FACTOR, as_text=True),
            currency=_given(fields, "vnp_CurrCode", CURRENCY, absent="VND"),
            paid_at=fields.vietnam_time("vnp_PayDate"),
            memo=fields.optional("vnp_OrderInfo"),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer `RspCode` and `Message`, always with status 200."""
        code, message = _ANSWERS[outcome]
        body = write_json({"RspCode": code, "Message": message})
        return Acknowledgement(status=200, content_type="application/json", body=body)


def _given(fields: Fields, name: str, pattern: re.Pattern[str], *, absent: str) -> str:
    return fields.text(name, pattern) if fields.values.get(name) else absent


def _provider_transaction(fields: Fields, result: NoticeResult) -> str:
    number = _given(fields, "vnp_TransactionNo", _TRANSACTION, absent="0")
    if int(number) != 0:
        return number
    if result is NoticeResult.PAID:
        raise NoticeUnreadable("vnp_TransactionNo is missing from a paid notice")
    return f"{UNNUMBERED}{fields.text('vnp_TxnRef')}:{fields.scalar('vnp_PayDate')}"
