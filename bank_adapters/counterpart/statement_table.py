"""A statement as the rows of a named profile; what the profile has no column for is left out."""

import re
from datetime import date
from typing import Final

from bank_adapters.counterpart.statement_text import both_balances, clean_text
from bank_adapters.money import format_minor
from bank_adapters.statements.profiles import Column, Label, TabularProfile
from bank_adapters.statements.tabular_cells import read_identifier
from bank_adapters.vocabulary import Direction, EntryStatus, Statement, StatementLine

_ACCOUNT: Final = re.compile(r"[0-9]{1,34}|[0-9A-Za-z]{4,34}")


def table_of(statement: Statement, profile: TabularProfile) -> list[list[str]]:
    """Return title, labels, header, entries and sums, each cell as the bank would print it.

    The period is the days of the two balances. Carries dates, direction, amount and narrative of
    booked lines, and references and the counterparty where the profile has columns for them;
    anything else, such as reversals, is left out. What a table cannot carry raises `ValueError`.
    """
    if not _ACCOUNT.fullmatch(statement.account):
        raise ValueError(f"no account number of a table: {statement.account[:40]!r}")
    opening, closing = both_balances(statement)
    amounts = _Amounts(profile, statement.exponent)
    values = {
        Label.ACCOUNT: statement.account,
        Label.CURRENCY: statement.currency,
        Label.NUMBER: clean_text(statement.number),
        Label.FROM: f"{opening.on:%d/%m/%Y}",
        Label.TO: f"{closing.on:%d/%m/%Y}",
        Label.OPENING: amounts.write(opening.amount_minor),
        Label.CLOSING: amounts.write(closing.amount_minor),
    }
    rows = [[title] for title in profile.title]
    rows += [[text, values[label]] for label, text in profile.labels if values.get(label)]
    rows.append(list(profile.header))
    balance_minor = opening.amount_minor
    for number, line in enumerate(statement.lines, 1):
        if (
            line.status is not EntryStatus.BOOKED
            or not opening.on <= line.booking_date <= closing.on
        ):
            raise ValueError("a table lists booked entries of its period only")
        is_credit = line.direction is Direction.CREDIT
        balance_minor += line.amount_minor if is_credit else -line.amount_minor
        cells = _entry(line, balance_minor, profile, amounts)
        rows.append([cells[column] if column else str(number) for column in profile.columns])
    sums = {
        Column.DEBIT: amounts.write_out(statement.debit_minor),
        Column.CREDIT: amounts.write(statement.credit_minor),
    }
    footer = [sums.get(column, "") if column else "" for column in profile.columns]
    footer[0] = dict(profile.labels)[Label.TOTALS]
    return [*rows, footer]


class _Amounts:
    """Amounts as the profile writes them."""

    def __init__(self, profile: TabularProfile, exponent: int) -> None:
        if exponent not in {0, profile.marks.fraction_digits}:
            raise ValueError(f"{profile.code} cannot write {exponent} decimals")
        self._marks = profile.marks
        self._exponent = exponent
        self._outflow_sign = -1 if profile.outflow_is_negative else 1

    def write(self, amount_minor: int) -> str:
        whole, point, fraction = format_minor(abs(amount_minor), self._exponent).partition(".")
        grouped = f"{int(whole):,}".replace(",", self._marks.thousands)
        sign = "-" if amount_minor < 0 else ""
        return f"{sign}{grouped}{self._marks.decimal if point else ''}{fraction}"

    def write_out(self, amount_minor: int) -> str:
        """Write money out, in the profile's sign."""
        return self.write(self._outflow_sign * amount_minor)


def _entry(
    line: StatementLine, balance_minor: int, profile: TabularProfile, amounts: _Amounts
) -> dict[Column, str]:
    is_credit = line.direction is Direction.CREDIT
    return {
        Column.BOOKING_DATE: _day(line.booking_date, profile),
        Column.VALUE_DATE: _day(line.value_date, profile),
        Column.REFERENCE: read_identifier(clean_text(line.bank_reference)),
        Column.NARRATIVE: clean_text(line.narrative),
        Column.DEBIT: "" if is_credit else amounts.write_out(line.amount_minor),
        Column.CREDIT: amounts.write(line.amount_minor) if is_credit else "",
        Column.FEE: "",
        Column.VAT: "",
        Column.BALANCE: amounts.write(balance_minor),
        Column.COUNTERPARTY_ACCOUNT: read_identifier(clean_text(line.counterparty_account)),
        Column.COUNTERPARTY_NAME: clean_text(line.counterparty_name),
    }


def _day(day: date, profile: TabularProfile) -> str:
    return f"{day:{profile.date_layout}}"
