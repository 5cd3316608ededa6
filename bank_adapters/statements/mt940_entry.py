"""One entry of MT940: the `:61:` line with dates and amount, and the `:86:` text below it."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import DraftBalance, DraftLine, read_decimals
from bank_adapters.statements.mt940_fields import Field
from bank_adapters.vocabulary import Direction, EntryStatus

LINE_WIDTH: Final = 65
"""A `:86:` line of this length was wrapped by length: the next one continues its last word."""

TEXT_TOKENS: Final = {
    "/RTN/": "returned_reference",
    "/BATCH/": "batch_reference",
    "/CPTYACC/": "counterparty_account",
    "/CPTYNAME/": "counterparty_name",
}
"""Prefix lines of a `:86:` that carry what MT940 has no field for; one token a line."""
TEXT_TOKENS_END: Final = "/TXT/"
"""Starts the free text after prefix lines."""
EMPTY_REFERENCES: Final = frozenset({"NONREF", "KREF+"})
"""What banks write when the customer gave no reference, or gave it in the text."""

DAYS: Final = r"[0-9]{6}(?:[0-9]{4})?"
"""A regular expression of the value date, and of the entry date where the bank gives it."""
MARK: Final = r"[ER]?[CD][A-Z]?"
"""A regular expression of the mark of debit or credit, and of a letter of the currency."""
CODE: Final = r"[SNF][A-Z0-9]{3}"
"""A regular expression of the type of transaction."""

_AMOUNT: Final = r"[0-9]{1,15},[0-9]{0,5}|,[0-9]{1,5}"
_ENTRY: Final = re.compile(
    rf"(?P<days>{DAYS})(?P<mark>{MARK})(?P<amount>{_AMOUNT})(?P<code>{CODE})(?P<references>.*)"
)
_BALANCE: Final = re.compile(
    rf"(?P<mark>[CD])(?P<on>[0-9]{{6}})(?P<currency>[A-Z]{{3}})(?P<amount>{_AMOUNT})"
)
_CENTURY_PIVOT: Final = 80
_NEAR_DAYS: Final = 180


class Days(NamedTuple):
    """The two dates of an entry."""

    value: date
    booking: date


class Mark(NamedTuple):
    """What a mark of debit or credit says."""

    direction: Direction
    status: EntryStatus
    is_reversal: bool


def read_entry(field: Field) -> DraftLine:
    """Read a `:61:` field; `RC` is a debit and `RD` a credit (both are reversals).

    A line below the entry (supplementary details) opens the narrative. An impossible date or a
    malformed amount raises `StatementUnreadable` with the line number.
    """
    match = _ENTRY.fullmatch(field.lines[0].rstrip())
    if match is None:
        raise unreadable(field.line, f":61: is not an entry: {excerpt(field.lines[0])}")
    try:
        days = read_days(match["days"])
    except StatementUnreadable as error:
        raise unreadable(field.line, f":61: {error}") from None
    mark = read_mark(match["mark"])
    customer, _, bank = match["references"].partition("//")
    customer = customer.strip()
    return DraftLine(
        source_line=field.line,
        booking_date=days.booking,
        value_date=days.value,
        amount=read_decimals(match["amount"], ","),
        direction=mark.direction,
        status=mark.status,
        is_reversal=mark.is_reversal,
        end_to_end_reference="" if customer in EMPTY_REFERENCES else customer,
        bank_reference=bank.strip(),
        code=match["code"],
        narrative=join_wrapped("\n".join(field.lines[1:])),
    )


@lru_cache
def read_mark(text: str) -> Mark:
    """Read a mark of the form `MARK`: `E` announces an entry, `R` turns its direction."""
    is_reversal = text.startswith("R")
    is_credit = text.removeprefix("E").removeprefix("R").startswith("C") != is_reversal
    return Mark(
        Direction.CREDIT if is_credit else Direction.DEBIT,
        EntryStatus.PENDING if text.startswith("E") else EntryStatus.BOOKED,
        is_reversal,
    )


def add_text(line: DraftLine, text: str) -> None:
    """Add a `:86:` to its entry: prefix lines to their fields, the rest to the narrative."""
    while (name := TEXT_TOKENS.get(text[: (end := text.find("/", 1) + 1)])) is not None:
        value, _, text = text[end:].partition("\n")
        setattr(line, name, value.strip())
    narrative = join_wrapped(text).removeprefix(TEXT_TOKENS_END)
    line.narrative = " ".join(filter(None, (line.narrative, narrative)))


def join_wrapped(text: str) -> str:
    """Join wrapped lines: full lines directly, shorter ones with a blank; blanks never doubled."""
    if "\n" in text:
        lines = text.split("\n")
        text = "".join([line if len(line) >= LINE_WIDTH else line + " " for line in lines])
    return " ".join(text.split())


def read_balance(field: Field) -> DraftBalance:
    """Read a `:60:` or `:62:` field; a debit balance is negative."""
    match = _BALANCE.fullmatch(field.lines[0].rstrip())
    if match is None:
        raise unreadable(field.line, f":{field.tag}: is not a balance: {excerpt(field.lines[0])}")
    amount = read_decimals(match["amount"], ",", is_negative=match["mark"] == "D")
    try:
        on = read_date(match["on"])
    except StatementUnreadable as error:
        raise unreadable(field.line, f":{field.tag}: {error}") from None
    return DraftBalance(amount, match["currency"], on)


def read_date(text: str) -> date:
    """Read YYMMDD; years from 80 on belong to the last century."""
    year = int(text[:2])
    found = _date_or_none(year + (1900 if year >= _CENTURY_PIVOT else 2000), text[2:])
    if found is None:
        raise StatementUnreadable(f"has an impossible date {text}")
    return found


@lru_cache(maxsize=4096)
def read_days(text: str) -> Days:
    """Read the dates of an entry, YYMMDD or YYMMDDMMDD; an impossible one is refused by name."""
    value, entry = text[:6], text[6:]
    # Banks that count interest in months of 30 days write value dates of 29 and 30 February; the
    # last day of that month is meant. The entry date beside it must be a day of the calendar.
    if entry and value[2:] in {"0229", "0230"}:
        value_date = date(read_date(value[:2] + "0201").year, 3, 1) - timedelta(days=1)
    else:
        value_date = read_date(value)
    return Days(value_date, _booking_date(entry, value_date) if entry else value_date)


def _booking_date(month_day: str, value_date: date) -> date:
    found = _date_or_none(value_date.year, month_day)
    if found is not None and abs((found - value_date).days) <= _NEAR_DAYS:
        return found
    # The entry date has no year: the one nearest to the value date is meant.
    years = (value_date.year - 1, value_date.year, value_date.year + 1)
    dates = [day for year in years if (day := _date_or_none(year, month_day)) is not None]
    if not dates:
        raise StatementUnreadable(f"has an impossible entry date {month_day}")
    return min(dates, key=lambda day: abs((day - value_date).days))


def _date_or_none(year: int, month_day: str) -> date | None:
    try:
        return date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return None
