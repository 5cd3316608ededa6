"""Baokim virtual accounts: notices of collected payments and our signed replies; RSA-SHA1, weak.

Baokim collects on its own accounts and pays out later, so that a notice is a gateway's, not a
bank's. Fields, signed lists and codes are those of its public description and of two public
clients; where these differ it is said.
"""

import base64
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
from bank_adapters.fields import ACCOUNT, read_json, write_json
from bank_adapters.gateways import baokim_requests
from bank_adapters.gateways.baokim_codes import (
    ACCOUNT_UNKNOWN,
    FAILED,
    SIGNATURE_INCORRECT,
    SUCCESS,
    TIMED_OUT,
)
from bank_adapters.gateways.bar_joined import bar_joined
from bank_adapters.outgoing import (
    Answer,
    Checkout,
    Merchant,
    Order,
    OutgoingRequest,
    PaymentStatus,
    Question,
)
from bank_adapters.scheme import Scheme, Weakness
from bank_adapters.signatures.primitives import require_rsa, require_size, rsa_base64
from bank_adapters.signing_keys import WeakKey, load_rsa_private_key
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

NOTICE_FIELDS: Final = (
    "RequestId",
    "RequestTime",
    "PartnerCode",
    "AccNo",
    "ClientIdNo",
    "TransId",
    "TransAmount",
    "TransTime",
    "BefTransDebt",
    "AffTransDebt",
    "AccountType",
    "OrderId",
)
"""What a notice signs, joined by `|`; null is written empty."""

_SIGNATURE_LENGTH_MAX: Final = 3000

# The code decides: anything but 200 makes Baokim send again. Its own names stand beside them.
_ANSWERS: Final = {
    Outcome.RECORDED: (SUCCESS, "Success"),
    Outcome.ALREADY_RECORDED: (SUCCESS, "Already recorded"),
    Outcome.UNKNOWN_REFERENCE: (SUCCESS, "Recorded, order unknown"),
    Outcome.AMOUNT_DIFFERS: (SUCCESS, "Recorded, amount differs"),
    Outcome.ALREADY_COVERED: (SUCCESS, "Recorded, order already covered"),
    Outcome.UNCONFIRMED: (FAILED, "Kept, not confirmed"),
    Outcome.OTHER_MERCHANT: (ACCOUNT_UNKNOWN, "AccNo is not exist"),
    Outcome.UNREADABLE: (FAILED, "Not a readable notice"),
    Outcome.REJECTED: (SIGNATURE_INCORRECT, "Signature is incorrect"),
    Outcome.RETRY_LATER: (TIMED_OUT, "Transaction timeout"),
}


class Baokim:
    """A POST of one flat JSON object with its `Signature`; Baokim reads a code from our reply.

    Orders are virtual accounts; `Merchant.key` holds Baokim's public key and then our private one.
    """

    code: str = "baokim"
    method: str = "POST"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="Baokim virtual accounts",
        primitive="RSA-SHA1",
        key_use="RSA key pair",
        order="fixed list joined by |; requests: the raw body",
        encoding="raw, signature in base64; of our reply base64 of base64",
        amount_unit="VND",
        idempotency_key="TransId",
        reply='200 {"ResponseCode":200,"Signature":…}',
        # One key of Baokim signs for all its merchants, and no field of a notice names ours.
        weaknesses=(Weakness.SHA1, Weakness.BENEFICIARY_UNSIGNED),
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  a notice is sent again with its old time
    ) -> bytes:
        """Return what was signed after `RequestId` and `RequestTime`, which a repetition changes.

        All that `read` reads is in it.
        """
        require_size(request)
        fields = read_json(request.body, CallbackRejected)
        content = bar_joined(fields, NOTICE_FIELDS)
        signature = fields.optional("Signature", length_max=_SIGNATURE_LENGTH_MAX)
        require_rsa(Algorithm.RSA_SHA1, content, signature.encode(), keys)
        return content.split(b"|", 2)[2]

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice: money that Baokim has taken for one of our orders."""
        fields = read_json(request.body, NoticeUnreadable)
        merchant, reference = baokim_requests.split_order_id(fields.scalar("OrderId"))
        return PaymentNotice(
            result=NoticeResult.PAID,
            result_code=SUCCESS,
            merchant=merchant or fields.text("PartnerCode"),
            our_reference=reference,
            provider_transaction=fields.text("TransId"),
            amount_minor=baokim_requests.amount_of(fields, "TransAmount"),
            currency="VND",
            paid_at=fields.dashed_time("TransTime"),
            virtual_account=fields.scalar("AccNo", ACCOUNT),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer `ResponseCode` and `ResponseMessage`, unsigned."""
        return _answer(outcome, {})

    def reply(
        self,
        request: CallbackRequest,
        outcome: Outcome,
        keys: Sequence[VerificationKey],
    ) -> Acknowledgement:
        """Answer with `ReferenceId` (their `TransId`), `AccNo` and `AffTransDebt`, signed.

        The signature is base64 of base64 as one client writes it; another writes it once. A
        message without these fields, a rejected one, and any where the key holds no private key
        of ours, is answered like `acknowledge` does.
        """
        try:
            fields = read_json(request.body, NoticeUnreadable)
            named = {
                "ReferenceId": fields.text("TransId"),
                "AccNo": fields.scalar("AccNo", ACCOUNT),
                "AffTransDebt": bar_joined(fields, ("AffTransDebt",)).decode(),
            }
            private_key = load_rsa_private_key(keys[-1].material)
        except (NoticeUnreadable, WeakKey):
            return self.acknowledge(outcome)
        if outcome is Outcome.REJECTED:
            return self.acknowledge(outcome)
        content = "|".join((*_ANSWERS[outcome], *named.values())).encode()
        signature = rsa_base64(Algorithm.RSA_SHA1, content, private_key)
        twice = base64.b64encode(signature.encode()).decode("ascii")
        return _answer(outcome, {**named, "Signature": twice})

    def order(self, merchant: Merchant, order: Order) -> OutgoingRequest:
        """Register a virtual account for this order."""
        return baokim_requests.register(merchant, order)

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Read the registered account; `provider_order` is its number."""
        return baokim_requests.read_account(merchant, order, answer)

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Look the payment up by Baokim's own name of it."""
        return baokim_requests.look_up(merchant, question)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read the looked-up payment."""
        return baokim_requests.read_payment(merchant, question, answer)


def _answer(outcome: Outcome, named: dict[str, str]) -> Acknowledgement:
    code, message = _ANSWERS[outcome]
    body = write_json({"ResponseCode": int(code), "ResponseMessage": message, **named})
    status = 503 if outcome is Outcome.RETRY_LATER else 200
    return Acknowledgement(status=status, content_type="application/json", body=body)
