"""One entry of MT940: the `:61:` line with dates and amount, and the `:86:` text below it."""

import re
from datetime import date, timedelta
from typing import Final

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

_AMOUNT: Final = r"[0-9]{1,15},[0-9]{0,5}|,[0-9]{1,5}"
_ENTRY: Final = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<expected>E)?(?P<reversed>R)?(?P<mark>[CD])[A-Z]?"
    rf"(?P<amount>{_AMOUNT})(?P<code>[SNF][A-Z0-9]{{3}})(?P<references>.*)"
)
_BALANCE: Final = re.compile(
    rf"(?P<mark>[CD])(?P<on>[0-9]{{6}})(?P<currency>[A-Z]{{3}})(?P<amount>{_AMOUNT})"
)
_CENTURY_PIVOT: Final = 80
_NEAR_DAYS: Final = 180


def read_entry(field: Field) -> DraftLine:
    """Read a `:61:` field; `RC` is a debit and `RD` a credit (both are reversals).

    A line below the entry (supplementary details) opens the narrative. An impossible date or a
    malformed amount raises `StatementUnreadable` with the line number.
    """
    match = _ENTRY.fullmatch(field.lines[0].rstrip())
    if match is None or (match["expected"] and match["reversed"]):
        raise unreadable(field.line, f":61: is not an entry: {excerpt(field.lines[0])}")
    value_date = _value_date(match["value"], field, has_entry_date=match["entry"] is not None)
    is_reversal = match["reversed"] is not None
    customer, _, bank = match["references"].partition("//")
    customer = customer.strip()
    return DraftLine(
        source_line=field.line,
        booking_date=_booking_date(match["entry"], value_date, field),
        value_date=value_date,
        amount=read_decimals(match["amount"], ","),
        direction=Direction.CREDIT if (match["mark"] == "C") != is_reversal else Direction.DEBIT,
        status=EntryStatus.PENDING if match["expected"] else EntryStatus.BOOKED,
        is_reversal=is_reversal,
        end_to_end_reference="" if customer in EMPTY_REFERENCES else customer,
        bank_reference=bank.strip(),
        code=match["code"],
        narrative=join_wrapped(field.lines[1:]),
    )


def add_text(line: DraftLine, texts: list[str]) -> None:
    """Add the lines of a `:86:` to its entry: prefix lines to their fields, the rest as text."""
    start = 0
    while start < len(texts) and (token := _token_of(texts[start])):
        setattr(line, TEXT_TOKENS[token], texts[start][len(token) :].strip())
        start += 1
    text = join_wrapped(texts[start:]).removeprefix(TEXT_TOKENS_END)
    line.narrative = " ".join(filter(None, (line.narrative, text)))


def _token_of(text: str) -> str | None:
    return next((token for token in TEXT_TOKENS if text.startswith(token)), None)


def join_wrapped(texts: list[str]) -> str:
    """Join wrapped lines: full lines directly, shorter ones with a blank; blanks never doubled."""
    joined = "".join(text if len(text) >= LINE_WIDTH else text + " " for text in texts)
    return " ".join(joined.split())


def read_balance(field: Field) -> DraftBalance:
    """Read a `:60:` or `:62:` field; a debit balance is negative."""
    match = _BALANCE.fullmatch(field.lines[0].rstrip())
    if match is None:
        raise unreadable(field.line, f":{field.tag}: is not a balance: {excerpt(field.lines[0])}")
    amount = read_decimals(match["amount"], ",", is_negative=match["mark"] == "D")
    return DraftBalance(amount, match["currency"], read_date(match["on"], field))


def read_date(text: str, field: Field) -> date:
    """Read YYMMDD; years from 80 on belong to the last century."""
    year = int(text[:2])
    found = _date_or_none(year + (1900 if year >= _CENTURY_PIVOT else 2000), text[2:])
    if found is None:
        raise unreadable(field.line, f":{field.tag}: has an impossible date {text}")
    return found


def _value_date(text: str, field: Field, *, has_entry_date: bool) -> date:
    # Banks that count interest in months of 30 days write value dates of 29 and 30 February; the
    # last day of that month is meant. The entry date beside it must be a day of the calendar.
    if has_entry_date and text[2:] in {"0229", "0230"}:
        year = read_date(text[:2] + "0201", field).year
        return date(year, 3, 1) - timedelta(days=1)
    return read_date(text, field)


def _booking_date(month_day: str | None, value_date: date, field: Field) -> date:
    if month_day is None:
        return value_date
    found = _date_or_none(value_date.year, month_day)
    if found is not None and abs((found - value_date).days) <= _NEAR_DAYS:
        return found
    # The entry date has no year: the one nearest to the value date is meant.
    years = (value_date.year - 1, value_date.year, value_date.year + 1)
    dates = [day for year in years if (day := _date_or_none(year, month_day)) is not None]
    if not dates:
        raise unreadable(field.line, f":61: has an impossible entry date {month_day}")
    return min(dates, key=lambda day: abs((day - value_date).days))


def _date_or_none(year: int, month_day: str) -> date | None:
    try:
        return date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return None
