"""CSV statements by a named profile; a cell that does not fit refuses the file by row and column.

The running balance is proved row by row, the footer's count and sums at the end.
"""

import contextlib
import csv
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import (
    Decimals,
    DraftBalance,
    DraftLine,
    finish_statement,
    read_decimals,
)
from bank_adapters.statements.profiles import Column, TabularProfile
from bank_adapters.vocabulary import Direction, StatementFile

_EXPONENT = 5
"""Balances are compared in this many decimals while the statement's own exponent is unknown."""
_AMOUNT_CHARACTERS_MAX = 18
_CURRENCY = re.compile(r"[A-Z]{3}")


class _Row(NamedTuple):
    line: int
    cells: list[str]


def read_tabular(text: str, profile: TabularProfile) -> StatementFile:
    """Read one statement; a missing footer means that the file was cut, and refuses it."""
    return _Reader(profile).read(_rows(text, profile))


def _rows(text: str, profile: TabularProfile) -> Iterator[_Row]:
    lines = (line + "\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=profile.delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Row(reader.line_num, cells)
    except csv.Error as error:
        raise unreadable(reader.line_num, f"broken CSV: {error}") from error


class _Reader:
    def __init__(self, profile: TabularProfile) -> None:
        self._profile = profile
        grouped = rf"[0-9]{{1,3}}(?:{re.escape(profile.thousands_mark)}[0-9]{{3}})+|[0-9]+"
        fraction = rf"{re.escape(profile.decimal_mark)}[0-9]{{{profile.fraction_digits}}}"
        self._amount_form = re.compile(rf"-?(?:{grouped})(?:{fraction})?")
        self._date_form = re.compile(profile.date_pattern)

    def read(self, rows: Iterator[_Row]) -> StatementFile:
        values = self._read_preamble(rows)
        currency = self._value(values, self._profile.currency_label).cells[0].strip()
        if not _CURRENCY.fullmatch(currency):
            row = self._value(values, self._profile.currency_label)
            raise self._refusal(row, self._profile.currency_label, currency)
        first = self._day_of(values, self._profile.from_label)
        last = self._day_of(values, self._profile.to_label)
        opening = self._balance_of(values, self._profile.opening_label, currency, first)
        closing = self._balance_of(values, self._profile.closing_label, currency, last)
        lines = self._read_entries(rows, opening)
        number = values.get(self._profile.number_label)
        statement = finish_statement(
            account=self._value(values, self._profile.account_label).cells[0].strip(),
            currency=currency,
            number=number.cells[0].strip() if number else "",
            opening=opening,
            closing=closing,
            lines=lines,
            owes_balances=True,
        )
        for line in lines:
            if not first <= line.booking_date <= last:
                raise unreadable(
                    line.source_line,
                    f"column {self._name(Column.BOOKING_DATE)}: outside the statement's period",
                )
        return StatementFile(format=f"CSV/{self._profile.code}", statements=(statement,))

    def _read_preamble(self, rows: Iterator[_Row]) -> dict[str, _Row]:
        profile = self._profile
        labels = {
            profile.account_label,
            profile.currency_label,
            profile.number_label,
            profile.from_label,
            profile.to_label,
            profile.opening_label,
            profile.closing_label,
        }
        values: dict[str, _Row] = {}
        for row in rows:
            if tuple(row.cells) == profile.header:
                return values
            for label, value in zip(row.cells, row.cells[1:], strict=False):
                if label not in labels:
                    continue
                if label in values:
                    raise unreadable(row.line, f"{excerpt(label)} is given twice")
                values[label] = _Row(row.line, [value])
        raise StatementUnreadable(f"header row {excerpt(profile.header_row)} is missing")

    def _read_entries(self, rows: Iterator[_Row], opening: DraftBalance) -> list[DraftLine]:
        lines: list[DraftLine] = []
        sums = {Direction.DEBIT: 0, Direction.CREDIT: 0}
        balance = opening.amount.minor(_EXPONENT)
        for row in rows:
            if row.cells and row.cells[0] == self._profile.footer_label:
                self._check_footer(row, len(lines), sums)
                self._refuse_rest(rows)
                return lines
            line = self._read_entry(row)
            lines.append(line)
            minor = line.amount.minor(_EXPONENT)
            sums[line.direction] += minor
            balance += minor if line.direction is Direction.CREDIT else -minor
            if self._amount(row, Column.BALANCE).minor(_EXPONENT) != balance:
                raise self._refusal(
                    row, self._name(Column.BALANCE), "does not continue the row before"
                )
        raise StatementUnreadable(
            f"footer row {excerpt(self._profile.footer_label)} is missing; was the file cut?"
        )

    def _read_entry(self, row: _Row) -> DraftLine:
        if len(row.cells) != len(self._profile.header):
            raise unreadable(
                row.line, f"{len(row.cells)} columns instead of {len(self._profile.header)}"
            )
        amounts = {
            direction: self._amount(row, column)
            for direction, column in (
                (Direction.DEBIT, Column.DEBIT),
                (Direction.CREDIT, Column.CREDIT),
            )
            if self._cell(row, column)
        }
        moved = {way: amount for way, amount in amounts.items() if amount.unscaled}
        if len(moved) != 1 or next(iter(moved.values())).unscaled < 0:
            columns = f"{self._name(Column.DEBIT)}, {self._name(Column.CREDIT)}"
            raise self._refusal(row, columns, "exactly one holds a positive amount")
        direction, amount = next(iter(moved.items()))
        return DraftLine(
            source_line=row.line,
            booking_date=self._day(row, Column.BOOKING_DATE),
            value_date=self._day(row, Column.VALUE_DATE),
            amount=amount,
            direction=direction,
            bank_reference=self._cell(row, Column.REFERENCE),
            narrative=" ".join(self._cell(row, Column.NARRATIVE).split()),
        )

    def _check_footer(self, row: _Row, count: int, sums: dict[Direction, int]) -> None:
        if len(row.cells) != len(self._profile.header) or row.cells[1].strip() != str(count):
            raise self._refusal(row, self._profile.footer_label, f"{count} rows were read")
        for direction, column in (
            (Direction.DEBIT, Column.DEBIT),
            (Direction.CREDIT, Column.CREDIT),
        ):
            if self._amount(row, column).minor(_EXPONENT) != sums[direction]:
                raise self._refusal(row, self._name(column), "is not the sum of the rows above")

    def _refuse_rest(self, rows: Iterator[_Row]) -> None:
        for row in rows:
            raise unreadable(row.line, "text below the footer row")

    def _name(self, column: Column) -> str:
        return self._profile.header[self._profile.columns.index(column)]

    def _cell(self, row: _Row, column: Column) -> str:
        return row.cells[self._profile.columns.index(column)].strip()

    def _amount(self, row: _Row, column: Column) -> Decimals:
        return self._read_amount(row, self._name(column), self._cell(row, column))

    def _read_amount(self, row: _Row, name: str, text: str) -> Decimals:
        digits = text.replace(self._profile.thousands_mark, "").removeprefix("-")
        if not self._amount_form.fullmatch(text) or len(digits) > _AMOUNT_CHARACTERS_MAX:
            raise self._refusal(row, name, text)
        return read_decimals(digits, self._profile.decimal_mark, is_negative=text.startswith("-"))

    def _day(self, row: _Row, column: Column) -> date:
        return self._read_day(row, self._name(column), self._cell(row, column))

    def _read_day(self, row: _Row, name: str, text: str) -> date:
        match = self._date_form.fullmatch(text)
        if match is not None:
            with contextlib.suppress(ValueError):
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
        raise self._refusal(row, name, text)

    def _value(self, values: dict[str, _Row], label: str) -> _Row:
        row = values.get(label)
        if row is None or not row.cells[0].strip():
            raise StatementUnreadable(f"{excerpt(label)} is missing above the header row")
        return row

    def _day_of(self, values: dict[str, _Row], label: str) -> date:
        row = self._value(values, label)
        return self._read_day(row, label, row.cells[0].strip())

    def _balance_of(
        self, values: dict[str, _Row], label: str, currency: str, on: date
    ) -> DraftBalance:
        row = self._value(values, label)
        return DraftBalance(self._read_amount(row, label, row.cells[0].strip()), currency, on)

    def _refusal(self, row: _Row, column: str, reason: str) -> StatementUnreadable:
        return unreadable(row.line, f"column {column}: {excerpt(reason)}")
