"""A bank that POSTs credit notices as Standard Webhooks, signed with HMAC-SHA256 or Ed25519."""

from collections.abc import Sequence
from datetime import datetime

from bank_adapters.banks.credit_notice import (
    answer,
    read_credit_notice,
    read_instant,
    read_notice_body,
)
from bank_adapters.contract import (
    Acknowledgement,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import (
    require_size,
)
from bank_adapters.signatures.standard_webhooks import (
    require_standard_webhook,
)
from bank_adapters.vocabulary import PaymentNotice

CREDIT_RECEIVED = "credit.received"


class StandardWebhooksBank:
    """The body is `{"type": "credit.received", "timestamp": …, "data": {notice}}`."""

    code: str = "webhookbank"
    method: str = "POST"
    is_bank: bool = True
    scheme: Scheme = Scheme(
        title="Standard Webhooks bank",
        primitive="HMAC-SHA256 or Ed25519",
        key_use="raw bytes, or Ed25519 public key",
        order="id.timestamp.raw body",
        encoding="raw bytes, list of signatures in base64",
        amount_unit="VND",
        idempotency_key="transactionId",
        reply='200 {"code":"00"}',
    )

    def verify(
        self, request: CallbackRequest, keys: Sequence[VerificationKey], now: datetime
    ) -> bytes:
        """Return `id.body`, without the signed time stamp.

        A message that is sent again keeps its id and body and carries a new time stamp: it must
        stay the same message. The id holds no full stop, so the two parts cannot run together.
        """
        require_size(request)
        message_id = require_standard_webhook(request, keys, now)
        return message_id + b"." + request.body

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice; an event of another type is `NoticeUnreadable`."""
        envelope = read_notice_body(request.body)
        if envelope.values.get("type") != CREDIT_RECEIVED:
            raise NoticeUnreadable(f"type is not {CREDIT_RECEIVED}")
        read_instant(envelope, "timestamp")
        return read_credit_notice(envelope.child("data"))

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer with a code of its own for each outcome."""
        return answer(outcome)
