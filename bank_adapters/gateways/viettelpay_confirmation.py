"""What ViettelPay asks before it takes money by QR code: whether the bill is ours, and how much.

The question carries no amount: both sides sign the one they know, so a right checksum is also the
proof that they agree. Nothing is booked by it. Fields and layout: VietOpenCPS/opencps-v2; that our
checksum covers the error code as well: duclong1997/portal-payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bank_adapters.contract import (
    Acknowledgement,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    VerificationKey,
)
from bank_adapters.fields import Fields, read_form, write_json
from bank_adapters.gateways.viettelpay_signature import check_sum, require_check_sum
from bank_adapters.signatures.primitives import require_size

QUESTION_FIELDS: Final = ("billcode", "merchant_code", "order_id")


class Confirmation(StrEnum):
    """What we say to the question; the value is the code."""

    AGREED = "00"
    """The bill is ours and the amount is the one both sides know."""
    UNKNOWN_BILL = "01"
    """Neither merchant nor bill is ours, or it is not open any more."""
    BAD_CHECK_SUM = "02"
    """The checksum is wrong, or was made over another amount."""
    SYSTEM_ERROR = "03"
    """Our fault; ViettelPay has to ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationQuestion:
    """The question as it came; not proven before `require_agreed`."""

    bill: str
    merchant: str
    our_reference: str
    given: str


def read_confirmation(request: CallbackRequest) -> ConfirmationQuestion:
    """Read the question; `NoticeUnreadable` or `CallbackRejected` when it is none."""
    require_size(request)
    fields = Fields(read_form(request.body, CallbackRejected), NoticeUnreadable)
    return ConfirmationQuestion(
        bill=fields.text("billcode"),
        merchant=fields.text("merchant_code"),
        our_reference=fields.text("order_id"),
        given=fields.optional("check_sum"),
    )


def require_agreed(
    question: ConfirmationQuestion, amount_minor: int, keys: Sequence[VerificationKey]
) -> VerificationKey:
    """Return the key that signed the question over this amount; `CallbackRejected` if none did."""
    values = _signed(question) | {"trans_amount": str(amount_minor)}
    return require_check_sum(values, question.given, keys)


def answer_confirmation(
    question: ConfirmationQuestion,
    confirmation: Confirmation,
    amount_minor: int,
    key: VerificationKey,
) -> Acknowledgement:
    """Write the reply; an amount that was not agreed on stays 0."""
    amount = amount_minor if confirmation is Confirmation.AGREED else 0
    said = _signed(question) | {"error_code": confirmation.value, "trans_amount": str(amount)}
    body = write_json(said | {"trans_amount": amount, "check_sum": check_sum(said, key.material)})
    return Acknowledgement(status=200, content_type="application/json", body=body)


def _signed(question: ConfirmationQuestion) -> dict[str, str]:
    values = (question.bill, question.merchant, question.our_reference)
    return dict(zip(QUESTION_FIELDS, values, strict=True))
