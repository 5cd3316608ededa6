"""A bank that POSTs credit notices under HTTP Message Signatures (RFC 9421)."""

from collections.abc import Sequence
from datetime import datetime

from bank_adapters.banks.credit_notice import answer, read_credit_notice, read_notice_body
from bank_adapters.contract import Acknowledgement, CallbackRequest, Outcome, VerificationKey
from bank_adapters.scheme import Scheme
from bank_adapters.signatures.http_messages import require_http_signature
from bank_adapters.vocabulary import PaymentNotice


class HttpSignaturesBank:
    """The key record chooses one of five algorithms; exactly one signature is expected."""

    code: str = "httpbank"
    method: str = "POST"
    is_bank: bool = True
    scheme: Scheme = Scheme(
        title="HTTP Message Signatures bank",
        primitive="Ed25519, ECDSA P-256, RSA-PSS, RSA-SHA256 or HMAC-SHA256",
        key_use="public key, or raw bytes",
        order="@method, @authority, @path, @query, content-digest; created",
        encoding="signature base of RFC 9421, signature in base64",
        amount_unit="VND",
        idempotency_key="transactionId",
        reply='200 {"code":"00"}',
    )

    def verify(
        self, request: CallbackRequest, keys: Sequence[VerificationKey], now: datetime
    ) -> bytes:
        """Return method, address and body; a message sent again carries a newer signature."""
        return require_http_signature(request, keys, now)

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice."""
        return read_credit_notice(read_notice_body(request.body))

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer with a code of its own for each outcome."""
        return answer(outcome)
