"""ZaloPay v2: callbacks, a POST of `{data, mac, type}` in JSON, sent only when money was taken.

`type` is not signed and not read: what is in `data` decides. The reply is that of ZaloPay's
callback page and samples: 1 done, 2 done before, -1 for a wrong `mac`, anything else is sent again,
up to three times.
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
from bank_adapters.fields import read_json, write_json
from bank_adapters.gateways.zalopay_codes import PAID
from bank_adapters.gateways.zalopay_requests import ZalopayRequests
from bank_adapters.gateways.zalopay_signing import ALGORITHM, KEY_2, MAC, reference_of
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import require_hmac, require_size
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

_TEXT: Final = re.compile(r".{1,65536}", re.DOTALL)
_APP: Final = re.compile(r"[1-9][0-9]{0,9}")
_NUMBER: Final = re.compile(r"[0-9A-Za-z._-]{1,64}")

_ANSWERS: Final = {
    Outcome.RECORDED: (1, "success"),
    Outcome.ALREADY_RECORDED: (2, "already recorded"),
    Outcome.ALREADY_COVERED: (2, "already covered"),
    Outcome.UNKNOWN_REFERENCE: (1, "recorded, order unknown"),
    Outcome.AMOUNT_DIFFERS: (1, "recorded, amount differs"),
    Outcome.UNCONFIRMED: (0, "not confirmed"),
    Outcome.OTHER_MERCHANT: (0, "not an app of this address"),
    Outcome.UNREADABLE: (0, "not a readable callback"),
    Outcome.REJECTED: (-1, "mac not equal"),
    Outcome.RETRY_LATER: (0, "try again later"),
}


class Zalopay(ZalopayRequests):
    """The callback of an order; `data` is a text, signed to the letter as it was received."""

    code: str = "zalopay"
    method: str = "POST"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="ZaloPay v2",
        primitive="HMAC-SHA256",
        key_use="text, key1:key2; key2 signs callbacks",
        order="the data text",
        encoding="as received, signature in hex",
        amount_unit="VND",
        idempotency_key="zp_trans_id",
        reply='200 {"return_code":1}',
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  ZaloPay signs no time of sending
    ) -> bytes:
        """Return `data`; a second delivery of one notice returns the same bytes."""
        require_size(request)
        fields = read_json(request.body, CallbackRejected)
        content = fields.text("data", _TEXT).encode()
        require_hmac(ALGORITHM, content, fields.text(MAC).encode(), keys, part=KEY_2)
        return content

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified callback: it always means paid, and says no free text.

        `our_reference` is `app_trans_id` without its day.
        """
        envelope = read_json(request.body, NoticeUnreadable)
        fields = read_json(envelope.text("data", _TEXT).encode(), NoticeUnreadable)
        return PaymentNotice(
            result=NoticeResult.PAID,
            result_code=PAID,
            merchant=fields.scalar("app_id", _APP),
            our_reference=reference_of(fields.text("app_trans_id")),
            provider_transaction=fields.scalar("zp_trans_id", _NUMBER),
            amount_minor=fields.amount_minor("amount"),
            currency="VND",
            paid_at=fields.epoch_time("server_time"),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer `return_code` and `return_message`, always with status 200."""
        code, message = _ANSWERS[outcome]
        body = write_json({"return_code": code, "return_message": message})
        return Acknowledgement(status=200, content_type="application/json", body=body)
