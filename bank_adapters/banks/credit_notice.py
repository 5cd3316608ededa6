"""The JSON credit notice that banks send, read strictly and written exactly; never its signature.

Fields: `transactionId`, `accountNumber`, `amount` (whole minor units), `currency`, `direction`
(`credit`), `bookedAt` (ISO 8601 with offset), and optional `memo`, `payerAccount`, `payerName`.
Other fields are tolerated and not read.
"""

import re
from datetime import UTC, datetime
from typing import Final

from bank_adapters.contract import Acknowledgement, NoticeUnreadable, Outcome
from bank_adapters.fields import ACCOUNT, CURRENCY, Fields, read_json, write_json
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

RESULT_CODE: Final = "credit"

_INSTANT: Final = re.compile(
    r"20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)

_ANSWERS: Final = {
    Outcome.RECORDED: (200, "00", "recorded"),
    Outcome.ALREADY_RECORDED: (200, "01", "already recorded"),
    Outcome.UNKNOWN_REFERENCE: (200, "02", "recorded, reference unknown"),
    Outcome.AMOUNT_DIFFERS: (200, "03", "recorded, amount differs"),
    Outcome.ALREADY_COVERED: (200, "04", "recorded, request already covered"),
    Outcome.UNCONFIRMED: (200, "05", "kept, not confirmed by a status query"),
    Outcome.OTHER_MERCHANT: (422, "10", "not an account of this endpoint"),
    Outcome.UNREADABLE: (422, "11", "not a readable credit notice"),
    Outcome.REJECTED: (401, "20", "signature not accepted"),
    Outcome.RETRY_LATER: (503, "30", "try again later"),
}


def answer(outcome: Outcome) -> Acknowledgement:
    """Return the reply banks wait for: a status and a stable two-digit code."""
    status, code, message = _ANSWERS[outcome]
    body = write_json({"code": code, "message": message})
    return Acknowledgement(status=status, content_type="application/json", body=body)


def read_notice_body(body: bytes) -> Fields:
    """Read the JSON object of a verified message; `NoticeUnreadable` otherwise."""
    return read_json(body, NoticeUnreadable)


def read_credit_notice(fields: Fields) -> PaymentNotice:
    """Read the fields of a notice; `NoticeUnreadable` names the first one that is wrong.

    `merchant` and `account_number` both are the credited account; the reference is in the memo.
    """
    if fields.values.get("direction") != "credit":
        raise NoticeUnreadable("direction: only credits are announced here")
    account_number = fields.text("accountNumber", ACCOUNT)
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code=RESULT_CODE,
        merchant=account_number,
        our_reference=None,
        provider_transaction=fields.text("transactionId"),
        amount_minor=fields.amount_minor("amount"),
        currency=fields.text("currency", CURRENCY),
        paid_at=read_instant(fields, "bookedAt"),
        memo=fields.optional("memo"),
        account_number=account_number,
        payer_account=fields.optional("payerAccount"),
        payer_name=fields.optional("payerName"),
    )


def read_instant(fields: Fields, name: str) -> datetime:
    """Read an ISO 8601 instant with seconds and an offset into UTC."""
    text = fields.text(name, _INSTANT)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise NoticeUnreadable(f"{name}: no such day or time: {text!r}") from error
