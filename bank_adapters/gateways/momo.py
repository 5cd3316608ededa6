"""MoMo v2: payment notifications (IPN), a POST of JSON that MoMo signs with our pair of keys.

The reply is MoMo's page "Payment Notification": 204 without a body, inside 15 seconds. That MoMo
sends again after an error status, and then the same `responseTime`, is assumed: no page says it.
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
from bank_adapters.fields import Fields, read_json
from bank_adapters.gateways.exchange import signed_value
from bank_adapters.gateways.momo_codes import explain
from bank_adapters.gateways.momo_requests import MomoRequests
from bank_adapters.gateways.momo_signing import SIGNATURE, content_of, notice_texts, require_signed
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import require_size
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

_CODE: Final = re.compile(r"0|-?[1-9][0-9]{0,5}")
_TRANSACTION: Final = re.compile(r"0?|[1-9][0-9]{0,17}")
_JSON: Final = "application/json"

_STATUSES: Final = {
    Outcome.RECORDED: 204,
    Outcome.ALREADY_RECORDED: 204,
    Outcome.UNKNOWN_REFERENCE: 204,
    Outcome.AMOUNT_DIFFERS: 204,
    Outcome.ALREADY_COVERED: 204,
    Outcome.UNCONFIRMED: 503,
    Outcome.OTHER_MERCHANT: 422,
    Outcome.UNREADABLE: 422,
    Outcome.REJECTED: 401,
    Outcome.RETRY_LATER: 503,
}


class Momo(MomoRequests):
    """The IPN; fields that are not signed are not read."""

    code: str = "momo"
    method: str = "POST"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="MoMo v2",
        primitive="HMAC-SHA256",
        key_use="text, accessKey:secretKey",
        order="a fixed list with the access key, sorted by name",
        encoding="raw UTF-8 name=value joined by &, signature in hex",
        amount_unit="VND",
        idempotency_key="transId",
        reply="204 without a body",
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  responseTime is when MoMo decided, not when it sends
    ) -> bytes:
        """Return the signed text without our access key: it stays the same when keys are rolled."""
        require_size(request)
        fields = read_json(request.body, CallbackRejected)
        content = content_of(notice_texts(fields), CallbackRejected)
        require_signed(content, signed_value(fields, SIGNATURE), keys)
        return content

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified IPN; `our_reference` is `orderId`, `memo` is `orderInfo`.

        A payment that never reached MoMo's books has `transId` 0 or none; then
        `provider_transaction` is `unnumbered:` with our reference and the time of the result.
        """
        texts = notice_texts(read_json(request.body, NoticeUnreadable))
        fields = Fields(texts, NoticeUnreadable)
        result_code = fields.text("resultCode", _CODE)
        result = explain(result_code).result
        return PaymentNotice(
            result=result,
            result_code=result_code,
            merchant=fields.text("partnerCode"),
            our_reference=fields.text("orderId"),
            provider_transaction=_provider_transaction(fields, result),
            amount_minor=fields.amount_minor("amount", as_text=True),
            currency="VND",
            paid_at=fields.epoch_time("responseTime", as_text=True),
            memo=fields.optional("orderInfo"),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer by the status alone."""
        return Acknowledgement(status=_STATUSES[outcome], content_type=_JSON, body=b"")


def _provider_transaction(fields: Fields, result: NoticeResult) -> str:
    number = fields.text("transId", _TRANSACTION)
    if number.strip("0"):
        return number
    if result is NoticeResult.PAID:
        raise NoticeUnreadable("transId is missing from a paid notice")
    return f"{UNNUMBERED}{fields.text('orderId')}:{fields.text('responseTime')}"
