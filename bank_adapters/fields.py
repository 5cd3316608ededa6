"""The fields of a message, read strictly one by one: JSON objects, form-encoded pairs, amounts.

Each refusal names the field. A field that nobody reads is tolerated.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final, NoReturn
from urllib.parse import parse_qsl

from bank_adapters.contract import AdapterError
from bank_adapters.money import AMOUNT_MINOR_MAX

VIETNAM_TIME: Final = timezone(timedelta(hours=7))
"""Gateways write local times without a zone; Vietnam has had no daylight saving since 1975."""
TIME_NOT_STATED: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""What `paid_at` says for a sender that writes no time; the time of receipt takes its place."""
TEXT_LENGTH_MAX: Final = 1000
IDENTIFIER: Final = re.compile(r"[!-~]{1,100}")
ACCOUNT: Final = re.compile(r"[A-Za-z0-9]{1,34}")
CURRENCY: Final = re.compile(r"[A-Z]{3}")

_FORM_FIELDS_MAX: Final = 100
_INTEGER_DIGITS_MAX: Final = 18
_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,17}")
_COMPACT_TIME: Final = re.compile(r"20[0-9]{12}")
_DASHED_TIME: Final = re.compile(r"20[0-9]{2}(-[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_MIN: Final = timedelta(days=365 * 31)
_EPOCH_MAX: Final = timedelta(days=365 * 129)
_EPOCH_COUNT_MAX: Final = 10**14
_DEPTH_MAX: Final = 64
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Fields:
    """The named values of one message; `refuse` makes the error that its reader promises."""

    def __init__(self, values: Mapping[str, object], refuse: Callable[[str], AdapterError]) -> None:
        self.values = values
        self.refuse = refuse

    def text(self, name: str, pattern: re.Pattern[str] = IDENTIFIER) -> str:
        """Return a text that has this form."""
        value = self.values.get(name)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self.refuse(f"{name} is missing or malformed")
        return value

    def optional(self, name: str, *, length_max: int = TEXT_LENGTH_MAX) -> str:
        """Return a text of any form; empty when the field is absent or null."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > length_max or _UNSTORABLE.search(value):
            raise self.refuse(f"{name} is not a text of at most {length_max} characters")
        return value

    def scalar(self, name: str, pattern: re.Pattern[str] = IDENTIFIER) -> str:
        """Return a text of this form, or a whole number as its digits; for codes and numbers."""
        value = self.values.get(name)
        written = str(value) if type(value) is int else value
        if not isinstance(written, str) or not pattern.fullmatch(written):
            raise self.refuse(f"{name} is missing or malformed")
        return written

    def amount_minor(self, name: str, *, factor: int = 1, as_text: bool = False) -> int:
        """Return a positive amount in đồng: a JSON integer, or with `as_text` plain digits.

        `factor` is what the sender multiplies đồng with; a remainder is refused.
        """
        value = self.values.get(name)
        if as_text and isinstance(value, str) and _AMOUNT.fullmatch(value):
            value = int(value)
        elif as_text:
            value = None
        # `bool` is an int to Python, so the type is compared exactly.
        if type(value) is not int or not 0 < value <= AMOUNT_MINOR_MAX:
            raise self.refuse(f"{name} is not a positive whole amount")
        if value % factor:
            raise self.refuse(f"{name} is not whole đồng times {factor}: {value}")
        return value // factor

    def vietnam_time(self, name: str) -> datetime:
        """Return `yyyyMMddHHmmss` of Vietnam's clock as an instant in UTC."""
        return self._local_time(name, self.scalar(name, _COMPACT_TIME), "%Y%m%d%H%M%S")

    def dashed_time(self, name: str) -> datetime:
        """Return `yyyy-MM-dd HH:mm:ss` of Vietnam's clock as an instant in UTC."""
        return self._local_time(name, self.text(name, _DASHED_TIME), "%Y-%m-%d %H:%M:%S")

    def epoch_time(
        self, name: str, *, unit: timedelta = timedelta(milliseconds=1), as_text: bool = False
    ) -> datetime:
        """Return a count of time since 1970 as an instant in UTC; from 2001 to 2099.

        It is a JSON integer, or with `as_text` plain digits.
        """
        value = self.values.get(name)
        if as_text and isinstance(value, str) and _AMOUNT.fullmatch(value):
            value = int(value)
        if type(value) is int and 0 < value < _EPOCH_COUNT_MAX:
            since = value * unit
            if _EPOCH_MIN < since < _EPOCH_MAX:
                return _EPOCH + since
        raise self.refuse(f"{name} is no instant")

    def child(self, name: str) -> "Fields":
        """Return the fields of an object inside this one."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise self.refuse(f"{name} is not an object")
        return Fields(value, self.refuse)

    def _local_time(self, name: str, text: str, form: str) -> datetime:
        try:
            local = datetime.strptime(text, form).replace(tzinfo=VIETNAM_TIME)
        except ValueError as error:
            raise self.refuse(f"{name} is no date: {text}") from error
        return local.astimezone(UTC)


def compact_vietnam_time(moment: datetime) -> str:
    """Write an aware instant as `yyyyMMddHHmmss` of Vietnam's clock, 24 hours a day."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {moment.isoformat()}")
    return moment.astimezone(VIETNAM_TIME).strftime("%Y%m%d%H%M%S")


def dashed_vietnam_time(moment: datetime) -> str:
    """Write an aware instant as `yyyy-MM-dd HH:mm:ss` of Vietnam's clock."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {moment.isoformat()}")
    return moment.astimezone(VIETNAM_TIME).strftime("%Y-%m-%d %H:%M:%S")


def read_json(body: bytes, refuse: Callable[[str], AdapterError]) -> Fields:
    """Read one JSON object from UTF-8, a byte order mark allowed.

    Refused: a key given twice, NaN and Infinity, integers beyond 18 digits, more than 64 levels,
    NUL and lone surrogates in any text. Numbers with a point or an exponent become
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
        raise refuse(f"not readable JSON: {str(error)[:80]}") from error
    if not isinstance(value, dict):
        raise refuse("the body is not a JSON object")
    _require_storable(value, refuse)
    return Fields(value, refuse)


def read_form(text: bytes, refuse: Callable[[str], AdapterError]) -> dict[str, str]:
    """Split form-encoded ASCII into fields; a name given twice or text not UTF-8 is refused."""
    try:
        pairs = parse_qsl(
            text.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_FORM_FIELDS_MAX,
        )
    except ValueError as error:
        raise refuse("not a form-encoded list of fields") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise refuse("a field is given twice")
    return fields


def write_json(values: Mapping[str, object]) -> bytes:
    """Write a JSON object without blanks, diacritics as they are."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


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


def _require_storable(value: object, refuse: Callable[[str], AdapterError]) -> None:
    waiting = [(value, 0)]
    while waiting:
        current, depth = waiting.pop()
        if depth > _DEPTH_MAX:
            raise refuse(f"nested deeper than {_DEPTH_MAX} levels")
        if isinstance(current, dict):
            waiting += [(each, depth + 1) for pair in current.items() for each in pair]
        elif isinstance(current, list):
            waiting += [(each, depth + 1) for each in current]
        elif isinstance(current, str) and _UNSTORABLE.search(current):
            raise refuse("a text holds NUL or half a surrogate pair")
