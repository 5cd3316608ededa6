"""KeyPay v3 for public services: notices.

Layouts of the signed texts and field names are those of the public client VietOpenCPS/opencps-v2.
The status is outside every signature: a captured failure can be sent again as paid, and whoever
acts on a notice has to ask first. So is the order's `bill_info`, which names the account that the
money is for.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bank_adapters.contract import (
    Acknowledgement,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import CURRENCY, TIME_NOT_STATED, Fields, read_json, write_json
from bank_adapters.gateways.bar_joined import BAR_FREE, bar_joined
from bank_adapters.gateways.exchange import signed_value
from bank_adapters.gateways.keypay_codes import explain
from bank_adapters.scheme import Scheme, Weakness
from bank_adapters.signatures.primitives import require_hmac, require_size
from bank_adapters.vocabulary import PaymentNotice

OUR_PART: Final = 0
"""`hash_key_1`, with which we sign."""
THEIR_PART: Final = 1
"""`hash_key_2`, with which KeyPay signs."""
CHECK_SUM: Final = "check_sum"
PAYMENT_FIELDS: Final = (
    "addition_fee",
    "client_id",
    "command",
    "trans_amount",
    "transaction_id",
    "version",
)
"""Signed in orders, in notices, and (assumed) in what answers a question."""
STATUS: Final = re.compile(r"-?[0-9A-Za-z]{1,8}")

_UNSIGNED: Final = ("status", "currency_code")
_RECEIVED: Final = (0, "success")
_REPLIES: Final = {
    Outcome.RECORDED: _RECEIVED,
    Outcome.ALREADY_RECORDED: _RECEIVED,
    Outcome.AMOUNT_DIFFERS: _RECEIVED,
    Outcome.ALREADY_COVERED: _RECEIVED,
    Outcome.UNKNOWN_REFERENCE: (-1, "error: unknown transaction"),
    Outcome.OTHER_MERCHANT: (-1, "error: unknown client"),
    Outcome.UNCONFIRMED: (-1, "error: not confirmed"),
    Outcome.UNREADABLE: (-1, "error: unreadable"),
    Outcome.REJECTED: (-1, "error: check_sum invalid"),
    Outcome.RETRY_LATER: (-1, "error: system"),
}


class KeyPay:
    """A notice is a POST of one flat JSON object; the key is `hash_key_1:hash_key_2`."""

    code: str = "keypay"
    method: str = "POST"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="KeyPay v3",
        primitive="HMAC-SHA256",
        key_use="two text secrets, ours and theirs",
        order="fixed list joined by |",
        encoding="raw, signature in hex",
        amount_unit="VND",
        idempotency_key="transaction_id",
        reply='200 {"return_code":0}',
        weaknesses=(Weakness.STATUS_UNSIGNED, Weakness.BENEFICIARY_UNSIGNED),
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  KeyPay signs no time of sending; age proves nothing here
    ) -> bytes:
        """Return the signed values, then status and currency, which anyone could have changed."""
        require_size(request)
        fields = read_json(request.body, CallbackRejected)
        signed = bar_joined(fields, PAYMENT_FIELDS)
        check_sum = fields.text(CHECK_SUM).encode("ascii")
        require_hmac(Algorithm.HMAC_SHA256_HEX, signed, check_sum, keys, part=THEIR_PART)
        return b"|".join((signed, *(signed_value(fields, name).encode() for name in _UNSIGNED)))

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice.

        One `transaction_id` is one payment, and ours: KeyPay's own `transaction_code` is not
        signed and could make two payments of one. KeyPay writes no time, so `paid_at` is
        `TIME_NOT_STATED`. Postage (`addition_fee`) is kept apart and is not in the amount.
        """
        fields = read_json(request.body, NoticeUnreadable)
        status = fields.scalar("status", STATUS)
        transaction = fields.scalar("transaction_id", BAR_FREE)
        return PaymentNotice(
            result=explain(status).result,
            result_code=status,
            merchant=fields.scalar("client_id", BAR_FREE),
            our_reference=transaction,
            provider_transaction=transaction,
            amount_minor=read_amount(fields),
            currency=read_currency(fields),
            paid_at=TIME_NOT_STATED,
            memo=_description(fields),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer `return_code` 0 or -1, always with status 200."""
        code, message = _REPLIES[outcome]
        body = write_json({"return_code": code, "return_msg": message})
        return Acknowledgement(status=200, content_type="application/json", body=body)


def read_amount(fields: Fields) -> int:
    """Return `trans_amount`, which is written as text or as a number."""
    is_text = isinstance(fields.values.get("trans_amount"), str)
    return fields.amount_minor("trans_amount", as_text=is_text)


def read_currency(fields: Fields) -> str:
    """Return `currency_code`; our orders ask for đồng, which goes without saying."""
    return fields.text("currency_code", CURRENCY) if fields.values.get("currency_code") else "VND"


def _description(fields: Fields) -> str:
    """Return the unsigned text; of another type it is ignored, so that it spoils no notice."""
    value = fields.values.get("description")
    return fields.optional("description") if isinstance(value, str) else ""
