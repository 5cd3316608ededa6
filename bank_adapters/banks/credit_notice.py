"""The JSON credit notice that banks send, read strictly and written exactly; never its signature.

Fields: `transactionId`, `accountNumber`, `amount` (whole minor units), `currency`, `direction`
(`credit`), `bookedAt` (ISO 8601 with offset), and optional `memo`, `payerAccount`, `payerName`.
Other fields are tolerated and not read.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NoReturn

from bank_adapters.contract import Acknowledgement, NoticeUnreadable, Outcome
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

RESULT_CODE: Final = "credit"
TEXT_LENGTH_MAX: Final = 1000

_INTEGER_DIGITS_MAX: Final = 18
_IDENTIFIER: Final = re.compile(r"[!-~]{1,100}")
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9]{1,34}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_INSTANT: Final = re.compile(
    r"20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

_ANSWERS: Final = {
    Outcome.RECORDED: (200, "00", "recorded"),
    Outcome.ALREADY_RECORDED: (200, "01", "already recorded"),
    Outcome.UNKNOWN_REFERENCE: (200, "02", "recorded, reference unknown"),
    Outcome.AMOUNT_DIFFERS: (200, "03", "recorded, amount differs"),
    Outcome.ALREADY_COVERED: (200, "04", "recorded, request already covered"),
    Outcome.OTHER_MERCHANT: (422, "10", "not an account of this endpoint"),
    Outcome.UNREADABLE: (422, "11", "not a readable credit notice"),
    Outcome.REJECTED: (401, "20", "signature not accepted"),
    Outcome.RETRY_LATER: (503, "30", "try again later"),
}


def answer(outcome: Outcome) -> Acknowledgement:
    """Return the reply banks wait for: a status and a stable two-digit code."""
    status, code, message = _ANSWERS[outcome]
    body = json.dumps({"code": code, "message": message}, separators=(",", ":")).encode()
    return Acknowledgement(status=status, content_type="application/json", body=body)


def read_json_object(body: bytes) -> dict[str, object]:
    """Read one JSON object from UTF-8, a byte order mark allowed; `NoticeUnreadable` otherwise.

    Refused: a key given twice, NaN and Infinity, integers beyond 18 digits, any depth that Python
    cannot follow, NUL and lone surrogates in any text. Numbers with a point or an exponent become
    `Decimal`, so that they never pass for a whole amount.
    """
    try:
        value: object = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_refuse_doubled_keys,
            parse_int=_read_integer,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NoticeUnreadable(f"not readable JSON: {str(error)[:80]}") from error
    if not isinstance(value, dict):
        raise NoticeUnreadable("the body is not a JSON object")
    _refuse_unstorable_text(value)
    return value


def read_credit_notice(fields: Mapping[str, object]) -> PaymentNotice:
    """Read the fields of a notice; `NoticeUnreadable` names the first one that is wrong.

    `merchant` and `account_number` both are the credited account; the reference is in the memo.
    """
    if fields.get("direction") != "credit":
        raise NoticeUnreadable("direction: only credits are announced here")
    account_number = _match(fields, "accountNumber", _ACCOUNT)
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code=RESULT_CODE,
        merchant=account_number,
        our_reference=None,
        provider_transaction=_match(fields, "transactionId", _IDENTIFIER),
        amount_minor=_amount_minor(fields.get("amount")),
        currency=_match(fields, "currency", _CURRENCY),
        paid_at=read_instant(fields, "bookedAt"),
        memo=_optional_text(fields, "memo"),
        account_number=account_number,
        payer_account=_optional_text(fields, "payerAccount"),
        payer_name=_optional_text(fields, "payerName"),
    )


def read_instant(fields: Mapping[str, object], name: str) -> datetime:
    """Read an ISO 8601 instant with seconds and an offset into UTC."""
    text = _match(fields, name, _INSTANT)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise NoticeUnreadable(f"{name}: no such day or time: {text!r}") from error


def _match(fields: Mapping[str, object], name: str, pattern: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise NoticeUnreadable(f"{name} is missing or malformed")
    return value


def _optional_text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > TEXT_LENGTH_MAX:
        raise NoticeUnreadable(f"{name} is not a text of at most {TEXT_LENGTH_MAX} characters")
    return value


def _amount_minor(value: object) -> int:
    # `bool` is an int to Python, so the type is compared exactly.
    if type(value) is not int or not 0 < value <= AMOUNT_MINOR_MAX:
        raise NoticeUnreadable("amount is not a positive whole number")
    return value


def _read_integer(text: str) -> int:
    if len(text.removeprefix("-")) > _INTEGER_DIGITS_MAX:
        raise ValueError(f"an integer has more than {_INTEGER_DIGITS_MAX} digits")
    return int(text)


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _refuse_doubled_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is given twice")
    return fields


def _refuse_unstorable_text(value: object) -> None:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            waiting += [*current.keys(), *current.values()]
        elif isinstance(current, list):
            waiting += current
        elif isinstance(current, str) and _UNSTORABLE.search(current):
            raise NoticeUnreadable("a text holds NUL or half a surrogate pair")
