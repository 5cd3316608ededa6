"""A bank that POSTs credit notices with an RSA-SHA256 signature over the raw body."""

from collections.abc import Sequence
from datetime import datetime

from bank_adapters.banks.credit_notice import answer, read_credit_notice, read_json_object
from bank_adapters.contract import Acknowledgement, CallbackRequest, Outcome, VerificationKey
from bank_adapters.signatures import require_rsa_sha256, require_size
from bank_adapters.vocabulary import PaymentNotice

SIGNATURE_HEADER = "x-signature"


class SignedNotice:
    """The header `x-signature` holds the base64 signature (PKCS #1 v1.5) of the body."""

    code: str = "rsabank"
    method: str = "POST"
    is_bank: bool = True

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  this scheme signs no time of sending
    ) -> bytes:
        """Return the raw body: a bank that sends a notice again sends the same bytes."""
        require_size(request)
        require_rsa_sha256(request.body, request.header(SIGNATURE_HEADER), keys)
        return request.body

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice."""
        return read_credit_notice(read_json_object(request.body))

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer with a code of its own for each outcome."""
        return answer(outcome)
