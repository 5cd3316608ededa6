"""Writes MT940 as a Vietnamese bank would; what it cannot carry raises `ValueError`."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from bank_adapters.counterpart.statement_text import both_balances, clean_text
from bank_adapters.money import format_minor
from bank_adapters.statements.mt940_entry import (
    EMPTY_REFERENCES,
    LINE_WIDTH,
    TEXT_TOKENS,
    TEXT_TOKENS_END,
)
from bank_adapters.vocabulary import Balance, Direction, EntryStatus, Statement, StatementLine

_REFERENCE_CHARACTERS_MAX: Final = 16
_ENTRY_DATE_DISTANCE_DAYS: Final = 180
_YEARS: Final = range(1980, 2080)
_CODE: Final = re.compile(r"[SNF][A-Z0-9]{3}")


def write_mt940(statement: Statement) -> bytes:
    """Write one MT940 message in UTF-8.

    Carries every field of a booked line but the source line; references of 16 characters at most;
    a code that is no MT940 type (`NTRF`) becomes `NTRF`. Narratives have single blanks. Returned
    and batch references and the counterparty stand in prefix lines of `:86:` (`/RTN/ref`).
    """
    opening, closing = both_balances(statement)
    if statement.account.endswith(statement.currency):
        raise ValueError("the reader would take the end of the account for its currency")
    number = clean_text(statement.number)
    rows = [f":20:{number[:16] or 'STATEMENT'}", f":25:{clean_text(statement.account)}"]
    rows += [f":28C:{number}"] if number else []
    rows.append(f":60F:{_balance(opening, statement.exponent)}")
    for line in statement.lines:
        rows.append(_entry(line, statement.exponent))
        rows += _text(line)
    rows += [f":62F:{_balance(closing, statement.exponent)}", "-", ""]
    return "\r\n".join(rows).encode()


def _amount(amount_minor: int, exponent: int) -> str:
    # Banks here write the comma and two digits even for the đồng.
    text = format_minor(abs(amount_minor), exponent).replace(".", ",")
    return text if exponent else f"{text},00"


def _day(day: date) -> str:
    if day.year not in _YEARS:
        raise ValueError(f"a year of two digits cannot say {day.year}")
    return f"{day:%y%m%d}"


def _balance(balance: Balance, exponent: int) -> str:
    sign = "D" if balance.amount_minor < 0 else "C"
    amount = _amount(balance.amount_minor, exponent)
    return f"{sign}{_day(balance.on)}{balance.currency}{amount}"


def _entry(line: StatementLine, exponent: int) -> str:
    if line.status is not EntryStatus.BOOKED:
        raise ValueError("MT940 lists booked entries only")
    if abs((line.booking_date - line.value_date).days) > _ENTRY_DATE_DISTANCE_DAYS:
        raise ValueError("an entry date without a year lies within half a year of its value date")
    customer = _reference(line.end_to_end_reference)
    bank = _reference(line.bank_reference)
    if "//" in customer or customer.endswith("/") or customer in EMPTY_REFERENCES:
        raise ValueError(f"not a customer reference of MT940: {customer!r}")
    is_credit_mark = (line.direction is Direction.CREDIT) != line.is_reversal
    mark = ("R" if line.is_reversal else "") + ("C" if is_credit_mark else "D")
    return (
        f":61:{_day(line.value_date)}{line.booking_date:%m%d}{mark}"
        f"{_amount(line.amount_minor, exponent)}"
        f"{line.code if _CODE.fullmatch(line.code) else 'NTRF'}"
        f"{customer or 'NONREF'}{'//' if bank else ''}{bank}"
    )


def _reference(reference: str) -> str:
    if len(clean_text(reference)) > _REFERENCE_CHARACTERS_MAX:
        raise ValueError(f"longer than {_REFERENCE_CHARACTERS_MAX} characters: {reference!r}")
    return reference


def _text(line: StatementLine) -> list[str]:
    rows = [
        f"{token}{value}"
        for token, name in TEXT_TOKENS.items()
        if (value := clean_text(str(getattr(line, name))))
    ]
    text = clean_text(line.narrative)
    if text and (rows or text.startswith((*TEXT_TOKENS, TEXT_TOKENS_END))):
        text = f"{TEXT_TOKENS_END}{text}"
    rows += _wrapped(text)
    return [f":86:{rows[0]}", *rows[1:]] if rows else []


def _wrapped(text: str) -> Iterator[str]:
    while text:
        end = LINE_WIDTH
        # A line that started with one of these could be taken for a tag or for the end.
        while text[end : end + 1] in {":", "-", "{"}:
            end += 1
        yield text[:end]
        text = text[end:]
