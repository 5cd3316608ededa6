"""A bank that POSTs credit notices with an RSA-SHA256 signature over the raw body."""

from collections.abc import Sequence
from datetime import datetime

from bank_adapters.banks.credit_notice import answer, read_credit_notice, read_notice_body
from bank_adapters.contract import (
    Acknowledgement,
    Algorithm,
    CallbackRequest,
    Outcome,
    VerificationKey,
)
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.primitives import (
    require_rsa,
    require_size,
)
from bank_adapters.vocabulary import PaymentNotice

SIGNATURE_HEADER = "x-signature"


class SignedNotice:
    """The header `x-signature` holds the base64 signature (PKCS #1 v1.5) of the body."""

    code: str = "rsabank"
    method: str = "POST"
    is_bank: bool = True
    scheme: Scheme = Scheme(
        title="RSA-signed bank notice",
        primitive="RSA-SHA256",
        key_use="RSA public key",
        order="the raw body",
        encoding="raw bytes, signature in base64",
        amount_unit="VND",
        idempotency_key="transactionId",
        reply='200 {"code":"00"}',
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  this scheme signs no time of sending
    ) -> bytes:
        """Return the raw body: a bank that sends a notice again sends the same bytes."""
        require_size(request)
        require_rsa(Algorithm.RSA_SHA256, request.body, request.header(SIGNATURE_HEADER), keys)
        return request.body

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice."""
        return read_credit_notice(read_notice_body(request.body))

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer with a code of its own for each outcome."""
        return answer(outcome)
