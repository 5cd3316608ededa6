"""vietqr.vn: credits of a linked bank account, told with a weak HMAC; confirmed by a query.

Fields, signature and reply are those of doc.vietqr.vn, whose example signature proves that the
secret is used as text; the query and its codes are those of api.vietqr.vn. Without a separator and
with account, direction and memo unsigned, a notice proves little: the answer to the query decides.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from bank_adapters.banks import vietqr_vn_requests
from bank_adapters.contract import (
    Acknowledgement,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import ACCOUNT, VIETNAM_TIME, Fields, read_json, write_json
from bank_adapters.outgoing import (
    Answer,
    BearerToken,
    Merchant,
    OutgoingRequest,
    PaymentStatus,
    Question,
)
from bank_adapters.scheme import Scheme, Weakness
from bank_adapters.signatures.primitives import require_hmac, require_size
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

AMOUNT_DIGITS: Final = 10
CREDIT: Final = "C"

_SIGNATURE_LENGTH_MAX: Final = 200
_AMOUNT: Final = re.compile(rf"[1-9][0-9]{{0,{AMOUNT_DIGITS - 1}}}")
# From 2001 to 2065, so that digits moved in from a neighbour mostly make no time.
_MILLISECONDS: Final = re.compile(r"[12][0-9]{12}")
# The published example has lost the blank between day and hour, in the signed text too.
_LOCAL_TIME: Final = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}) ?([0-9]{2}:[0-9]{2})(:[0-9]{2})?")
_TIME: Final = re.compile(f"{_MILLISECONDS.pattern}|{_LOCAL_TIME.pattern}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# 001 is an unknown agency, 002 any other error; vietqr.vn sends again after an error.
_ANSWERS: Final = {
    Outcome.RECORDED: (200, "000", "Success"),
    Outcome.ALREADY_RECORDED: (200, "000", "Already recorded"),
    Outcome.UNKNOWN_REFERENCE: (200, "000", "Recorded, reference unknown"),
    Outcome.AMOUNT_DIFFERS: (200, "000", "Recorded, amount differs"),
    Outcome.ALREADY_COVERED: (200, "000", "Recorded, request already covered"),
    Outcome.UNCONFIRMED: (200, "002", "Kept, not confirmed by a query"),
    Outcome.OTHER_MERCHANT: (200, "001", "Not an account of this endpoint"),
    Outcome.UNREADABLE: (200, "002", "Not a readable notice"),
    Outcome.REJECTED: (401, "002", "Signature not accepted"),
    Outcome.RETRY_LATER: (503, "002", "Try again later"),
}


class VietqrVn:
    """A POST of one flat JSON object with its `signature`.

    The material is `secret:username:password`, the last two for the query; `Merchant.code` is the
    account's number.
    """

    code: str = "vietqrvn"
    method: str = "POST"
    is_bank: bool = True
    scheme: Scheme = Scheme(
        title="vietqr.vn transaction sync",
        primitive="HMAC-SHA256",
        key_use="text",
        order="transactionId, amount, transactionTime, orderId",
        encoding="raw, amount as 10 digits, joined without a mark, signature in hex",
        amount_unit="VND",
        idempotency_key="referencenumber",
        reply='200 {"error":false}',
        weaknesses=(
            Weakness.BENEFICIARY_UNSIGNED,
            Weakness.STATUS_UNSIGNED,
            Weakness.JOINED_FIELDS,
        ),
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  the signed time is the bank's, not the time of sending
    ) -> bytes:
        """Return the whole body: what is signed names neither account nor direction."""
        require_size(request)
        fields = read_json(request.body, CallbackRejected)
        signature = fields.optional("signature", length_max=_SIGNATURE_LENGTH_MAX)
        content = signed_content(fields)
        require_hmac(Algorithm.HMAC_SHA256_HEX, content, signature.encode(), keys, part=0)
        return request.body

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice; a debit is `NoticeUnreadable`.

        `provider_transaction` is the bank's own reference, by which the statement names the money.
        """
        fields = read_json(request.body, NoticeUnreadable)
        if fields.values.get("transType") != CREDIT:
            raise NoticeUnreadable("transType: only credits are announced here")
        account_number = fields.text("bankAccount", ACCOUNT)
        return PaymentNotice(
            result=NoticeResult.PAID,
            result_code=CREDIT,
            merchant=account_number,
            our_reference=fields.text("orderId") if fields.optional("orderId") else None,
            provider_transaction=fields.text("referencenumber"),
            amount_minor=int(fields.scalar("amount", _AMOUNT)),
            currency="VND",
            paid_at=_paid_at(fields),
            memo=fields.optional("content"),
            account_number=account_number,
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer whether there was an error, without naming the transaction."""
        return _answer(outcome, "")

    def reply(
        self,
        request: CallbackRequest,
        outcome: Outcome,
        keys: Sequence[VerificationKey],  # noqa: ARG002  replies are not signed here
    ) -> Acknowledgement:
        """Answer with the `transactionId`, without which vietqr.vn counts a success as failed."""
        try:
            transaction = read_json(request.body, NoticeUnreadable).text("transactionId")
        except NoticeUnreadable:
            transaction = ""
        return _answer(outcome, transaction)

    def ask_token(self, merchant: Merchant) -> OutgoingRequest:
        """Ask for the token that the query wants."""
        return vietqr_vn_requests.ask_token(merchant)

    def read_token(self, merchant: Merchant, answer: Answer) -> BearerToken:  # noqa: ARG002  as promised by the protocol
        """Read the token."""
        return vietqr_vn_requests.read_token(answer)

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Look the credit up by the bank's reference, or by our order when that is not known."""
        return vietqr_vn_requests.look_up(merchant, question)

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:  # noqa: ARG002  as promised by the protocol
        """Read what vietqr.vn's books say of the credit."""
        return vietqr_vn_requests.read_payment(question, answer)


def signed_content(fields: Fields) -> bytes:
    """Return what a notice signs; the error of these fields when one of them is malformed."""
    parts = (
        fields.text("transactionId"),
        fields.scalar("amount", _AMOUNT).zfill(AMOUNT_DIGITS),
        fields.scalar("transactionTime", _TIME),
        fields.optional("orderId"),
    )
    return "".join(parts).encode()


def _paid_at(fields: Fields) -> datetime:
    text = fields.scalar("transactionTime", _TIME)
    if _MILLISECONDS.fullmatch(text):
        return _EPOCH + timedelta(milliseconds=int(text))
    local = _LOCAL_TIME.fullmatch(text)
    if local is None:
        raise NoticeUnreadable("transactionTime is missing or malformed")
    day, minute, second = local.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{minute}{second or ':00'}")
    except ValueError as error:
        raise NoticeUnreadable(f"transactionTime is no time: {text}") from error
    return moment.replace(tzinfo=VIETNAM_TIME).astimezone(UTC)


def _answer(outcome: Outcome, transaction: str) -> Acknowledgement:
    status, reason, message = _ANSWERS[outcome]
    is_error = reason != "000"
    body: dict[str, object] = {
        "error": is_error,
        "errorReason": reason,
        "toastMessage": transaction,
        "messageError": message,
    }
    if transaction and not is_error:
        body["object"] = {"reftransactionid": transaction}
    return Acknowledgement(status=status, content_type="application/json", body=write_json(body))
