"""MT940 statements and MT942 interim reports as values: strict about order, total about input."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import (
    FLAG_CONTROL_SUM,
    Decimals,
    DraftBalance,
    DraftLine,
    finish_statement,
    read_decimals,
    with_flags,
)
from bank_adapters.statements.mt940_entry import add_text, read_balance, read_entry
from bank_adapters.statements.mt940_fields import END, Field, split_fields
from bank_adapters.statements.pages import Page, flag_gaps
from bank_adapters.vocabulary import Direction, Statement, StatementFile

_FLOOR: Final = re.compile(r"([A-Z]{3})[CD]?[0-9]{1,15}(?:,[0-9]*)?")
_TOTAL: Final = re.compile(r"([0-9]{1,5})([A-Z]{3})([0-9]{1,15},[0-9]{0,5})")
_FREE_TEXT_TAGS: Final = frozenset({"61", "86", "NS"})
_LINES_MAX: Final = {"25P": 2}


@dataclass(slots=True)
class _Message:
    """What has been read of one message."""

    line: int
    account: str = ""
    number: str = ""
    currency: str = ""
    opening: DraftBalance | None = None
    closing: DraftBalance | None = None
    opens_midway: bool = False
    closes_midway: bool = False
    is_interim: bool = False
    totals: dict[Direction, tuple[int, Decimals]] = field(default_factory=dict)
    lines: list[DraftLine] = field(default_factory=list)


def read_mt940(text: str) -> StatementFile:
    """Read every message of a file; the format is `MT940` or `MT942`, never both in one file.

    A page with an intermediate balance is a statement of its own, as it proves alone; see
    `pages.join_pages`. A message without its closing balance was cut and refuses the file.
    """
    pages: list[Page] = []
    formats: dict[str, int] = {}
    message: _Message | None = None
    for item in split_fields(text):
        _refuse_extra_lines(item)
        if item.tag not in {END, "20"}:
            _take(message, item)
            continue
        if message is not None:
            formats.setdefault(_format_of(message, is_ended=item.tag == END), message.line)
            pages.append(_finish(message))
        message = _Message(item.line) if item.tag == "20" else None
    if message is not None:
        formats.setdefault(_format_of(message, is_ended=False), message.line)
        pages.append(_finish(message))
    if not pages:
        raise unreadable(1, "no message starts here: tag :20: is missing")
    if len(formats) > 1:
        raise unreadable(max(formats.values()), f"one file mixes {' and '.join(sorted(formats))}")
    return StatementFile(format=next(iter(formats)), statements=flag_gaps(pages))


def _refuse_extra_lines(item: Field) -> None:
    if item.tag in _FREE_TEXT_TAGS:
        return
    for offset in range(_LINES_MAX.get(item.tag, 1), len(item.lines)):
        if item.lines[offset].strip():
            raise unreadable(
                item.line + offset, f"text below :{item.tag}: {excerpt(item.lines[offset])}"
            )


def _take(message: _Message | None, item: Field) -> None:
    if message is None:
        raise unreadable(item.line, f"tag :{item.tag}: before tag :20:")
    handler = _HANDLERS.get(item.tag)
    if handler is not None:
        handler(message, item)


def _take_account(message: _Message, item: Field) -> None:
    message.account = item.lines[0].strip()


def _take_number(message: _Message, item: Field) -> None:
    message.number = item.lines[0].strip()


def _take_opening(message: _Message, item: Field) -> None:
    if message.opening is not None or message.lines:
        raise unreadable(item.line, f"tag :{item.tag}: out of order; was the file cut?")
    message.opening = read_balance(item)
    message.currency = message.opening.currency
    message.opens_midway = item.tag == "60M"


def _take_closing(message: _Message, item: Field) -> None:
    if message.opening is None or message.closing is not None:
        raise unreadable(item.line, f"tag :{item.tag}: out of order; was the file cut?")
    message.closing = read_balance(item)
    message.closes_midway = item.tag == "62M"
    if message.closing.currency != message.currency:
        raise unreadable(
            item.line, f":{item.tag}: is in {message.closing.currency}, not {message.currency}"
        )


def _take_entry(message: _Message, item: Field) -> None:
    if message.closing is not None or (message.opening is None and not message.is_interim):
        raise unreadable(item.line, "tag :61: outside the balances of a statement")
    message.lines.append(read_entry(item))


def _take_text(message: _Message, item: Field) -> None:
    # Above the first entry and below the closing balance the text speaks of the whole statement.
    if message.lines and message.closing is None and not message.totals:
        add_text(message.lines[-1], item.lines)


def _take_floor(message: _Message, item: Field) -> None:
    match = _FLOOR.fullmatch(item.lines[0].strip())
    if match is None:
        raise unreadable(item.line, f":34F: is not a floor limit: {excerpt(item.lines[0])}")
    message.is_interim = True
    message.currency = message.currency or match[1]


def _take_moment(message: _Message, _: Field) -> None:
    message.is_interim = message.is_interim or message.opening is None


def _take_total(message: _Message, item: Field) -> None:
    match = _TOTAL.fullmatch(item.lines[0].strip())
    if match is None:
        raise unreadable(item.line, f":{item.tag}: is not a total: {excerpt(item.lines[0])}")
    direction = Direction.CREDIT if item.tag == "90C" else Direction.DEBIT
    message.totals[direction] = (int(match[1]), read_decimals(match[3], ","))
    message.is_interim = message.is_interim or message.opening is None
    message.currency = message.currency or match[2]


def _take_available(message: _Message, item: Field) -> None:
    if message.closing is None and not message.is_interim:
        raise unreadable(item.line, f"tag :{item.tag}: before the closing balance :62F:")


_HANDLERS: Final[dict[str, Callable[[_Message, Field], None]]] = {
    "25": _take_account,
    "25P": _take_account,
    "28": _take_number,
    "28C": _take_number,
    "60F": _take_opening,
    "60M": _take_opening,
    "61": _take_entry,
    "62F": _take_closing,
    "62M": _take_closing,
    "64": _take_available,
    "65": _take_available,
    "86": _take_text,
    "34F": _take_floor,
    "13D": _take_moment,
    "90C": _take_total,
    "90D": _take_total,
}


def _format_of(message: _Message, *, is_ended: bool) -> str:
    if not message.account:
        raise unreadable(message.line, "the statement that starts here has no account :25:")
    if message.opening is not None and message.closing is not None:
        return "MT940"
    if message.opening is not None or not message.is_interim:
        missing = ":62F: (closing)" if message.opening is not None else ":60F: (opening)"
        raise unreadable(message.line, f"the statement that starts here has no balance {missing}")
    if not (is_ended or message.totals):
        raise unreadable(message.line, "the report that starts here has no end: neither - nor :90")
    return "MT942"


def _finish(message: _Message) -> Page:
    account = message.account
    if message.currency and account.endswith(message.currency):
        account = account.removesuffix(message.currency).rstrip() or account
    if not message.currency:
        raise unreadable(message.line, "the report that starts here names no currency")
    statement = finish_statement(
        account=account,
        currency=message.currency,
        number=message.number,
        opening=message.opening,
        closing=message.closing,
        lines=message.lines,
        owes_balances=not message.is_interim,
    )
    if statement.is_balanced is not True and not _totals_hold(message, statement):
        statement = with_flags(statement, FLAG_CONTROL_SUM)
    return Page(statement, message.opens_midway, message.closes_midway)


def _totals_hold(message: _Message, statement: Statement) -> bool:
    for direction, (count, amount) in message.totals.items():
        lines = [line for line in message.lines if line.direction is direction]
        total_minor = sum(
            line.amount_minor for line in statement.lines if line.direction is direction
        )
        if amount.scale > statement.exponent or amount.minor(statement.exponent) != total_minor:
            return False
        if count != len(lines):
            return False
    return True
