"""ViettelPay payment gateway 2.0: notices of results.

Field names and signed layouts are those of the public clients duclong1997/portal-payment and
VietOpenCPS/opencps-v2. OpenCPS never compares the checksum of a result before it books the payment;
here nothing is read before that.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from bank_adapters.contract import (
    Acknowledgement,
    AdapterError,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import TIME_NOT_STATED, Fields, read_form, write_json
from bank_adapters.gateways.viettelpay_codes import explain
from bank_adapters.gateways.viettelpay_signature import check_sum, require_check_sum
from bank_adapters.scheme import Scheme, Weakness
from bank_adapters.signatures.primitives import require_size
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

CHECK_SUM: Final = "check_sum"
NOTICE_FIELDS: Final = (
    "billcode",
    "cust_msisdn",
    "error_code",
    "merchant_code",
    "order_id",
    "payment_status",
    "trans_amount",
    "vt_transaction_id",
)
"""Everything a notice says, all of it signed."""
REPLY_FIELDS: Final = ("error_code", "merchant_code", "order_id")
ERROR_CODE: Final = re.compile(r"[0-9A-Z_]{1,16}")

_PAYMENT_STATUS: Final = re.compile(r"-?[0-9]{1,3}")
_TAKEN, _UNKNOWN_BILL, _BAD_CHECK_SUM, _SYSTEM_ERROR = "00", "01", "02", "03"
_REPLIES: Final = {
    Outcome.RECORDED: _TAKEN,
    Outcome.ALREADY_RECORDED: _TAKEN,
    Outcome.AMOUNT_DIFFERS: _TAKEN,
    Outcome.ALREADY_COVERED: _TAKEN,
    Outcome.UNKNOWN_REFERENCE: _UNKNOWN_BILL,
    Outcome.OTHER_MERCHANT: _UNKNOWN_BILL,
    Outcome.REJECTED: _BAD_CHECK_SUM,
    Outcome.UNCONFIRMED: _SYSTEM_ERROR,
    Outcome.UNREADABLE: _SYSTEM_ERROR,
    Outcome.RETRY_LATER: _SYSTEM_ERROR,
}


class ViettelPay:
    """A notice is a POST of form fields; the key is `access_code:hash_key`."""

    code: str = "viettelpay"
    method: str = "POST"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="ViettelPay 2.0",
        primitive="HMAC-SHA1",
        key_use="text, behind an access code that leads the signed text",
        order="values in the order of their names, joined without a mark",
        encoding="raw, signature in base64 or hex",
        amount_unit="VND",
        idempotency_key="vt_transaction_id",
        reply='200 {"error_code":"00"}, signed',
        weaknesses=(Weakness.SHA1, Weakness.JOINED_FIELDS),
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  no time of sending is signed; age proves nothing here
    ) -> bytes:
        """Return every signed value with its name, so that no two messages look alike."""
        require_size(request)
        fields = Fields(read_form(request.body, CallbackRejected), CallbackRejected)
        values = _said(fields)
        require_check_sum(values, fields.optional(CHECK_SUM), keys)
        return urlencode(values).encode("ascii")

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice; `result_code` is `error_code/payment_status`.

        ViettelPay writes no time, so `paid_at` is `TIME_NOT_STATED`. A failure without a number is
        called `unnumbered:` with our reference and its code; a payment without one is unreadable.
        """
        fields = Fields(read_form(request.body, NoticeUnreadable), NoticeUnreadable)
        result_code = read_result_code(fields)
        result = explain(result_code).result
        reference = fields.text("order_id")
        if not fields.values.get("vt_transaction_id") and result is not NoticeResult.PAID:
            transaction = f"{UNNUMBERED}{reference}:{result_code}"
        else:
            transaction = fields.text("vt_transaction_id")
        return PaymentNotice(
            result=result,
            result_code=result_code,
            merchant=fields.text("merchant_code"),
            our_reference=reference,
            provider_transaction=transaction,
            amount_minor=fields.amount_minor("trans_amount", as_text=True),
            currency="VND",
            paid_at=TIME_NOT_STATED,
            payer_account=fields.optional("cust_msisdn", length_max=20),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer without a checksum, for a request that nobody may believe or read."""
        return _reply({"error_code": _REPLIES[outcome], "merchant_code": "", "order_id": ""}, "")

    def reply(
        self, request: CallbackRequest, outcome: Outcome, keys: Sequence[VerificationKey]
    ) -> Acknowledgement:
        """Return the whole reply, signed with the key that signed the request."""
        try:
            fields = Fields(read_form(request.body, CallbackRejected), CallbackRejected)
            values = _said(fields)
            key = require_check_sum(values, fields.optional(CHECK_SUM), keys)
        except AdapterError:
            return self.acknowledge(outcome)
        said = {name: values[name] for name in REPLY_FIELDS} | {"error_code": _REPLIES[outcome]}
        return _reply(said, check_sum(said, key.material))


def _said(fields: Fields) -> dict[str, str]:
    return {name: fields.optional(name) for name in NOTICE_FIELDS}


def read_result_code(fields: Fields) -> str:
    """Return `error_code/payment_status`; the second is missing from what never got that far."""
    is_stated = bool(fields.values.get("payment_status"))
    status = fields.scalar("payment_status", _PAYMENT_STATUS) if is_stated else ""
    return f"{fields.scalar('error_code', ERROR_CODE)}/{status}"


def _reply(said: Mapping[str, str], signature: str) -> Acknowledgement:
    empty = dict.fromkeys(("return_url", "return_bill_code", "return_other_info"), "")
    body = write_json({**said, **empty, CHECK_SUM: signature})
    return Acknowledgement(status=200, content_type="application/json", body=body)
