"""The labelled cells around the entries of a table: account, currency, period, balances."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, NamedTuple, TypeVar

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt
from bank_adapters.statements.profiles import Column, Label
from bank_adapters.statements.tabular_cells import (
    Amounts,
    Cell,
    Misfit,
    Row,
    fold,
    is_blank,
    read_day,
    read_identifier,
    read_text,
)
from bank_adapters.statements.tabular_header import (
    LABEL_MEANINGS,
    Header,
    currency_in,
    refusal,
    words_in,
)
from bank_adapters.statements.tabular_proof import scaled

_NAMES: Final = {
    Label.ACCOUNT: "Số tài khoản",
    Label.CURRENCY: "Loại tiền",
    Label.NUMBER: "Số sao kê",
    Label.FROM: "Từ ngày",
    Label.TO: "Đến ngày",
    Label.OPENING: "Số dư đầu kỳ",
    Label.CLOSING: "Số dư cuối kỳ",
    Label.TOTALS: "Tổng cộng",
}
_ACCOUNT: Final = re.compile(r"([0-9]{1,34}|[0-9A-Za-z]{4,34})(?:\s*[-(/].*)?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DONG: Final = frozenset({"vnd", "dong", "dong viet nam", "viet nam dong"})
BALANCES: Final = (Label.OPENING, Label.CLOSING)
"""The labels whose value stands in the balance column when they stand between the entries."""

_Value = TypeVar("_Value")
_PERIOD: Final = re.compile(r"([0-9/-]{10}) ?([^0-9:]{2,24}):? ?([0-9/-]{10})")


class _Place(NamedTuple):
    row: Row
    column: int
    cell: Cell


class Labels:
    """What the labelled cells of one table state; the same label may not state two things."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._places: dict[Label, _Place] = {}

    def take(self, row: Row, below: Row | None = None) -> bool:
        """Note the labelled cells of a row; tell whether it had any."""
        found = False
        balance = self._header.columns.get(Column.BALANCE, len(row.cells))
        for label, index, cell in labelled_cells(row, below):
            found = True
            place = _Place(row, index, cell)
            # Between the entries a balance stands in its column, whatever stands before it.
            if below is None and label in BALANCES and balance < len(row.cells):
                shown = row.cells[balance]
                place = place if is_blank(shown) else _Place(row, balance, shown)
            known = self._places.setdefault(label, place)
            if known.cell != place.cell:
                raise self._refuse(place, f"{excerpt(_NAMES[label])} is given twice")
        return found

    def account(self) -> str:
        """Return the account's number, which must be stated; what follows it is left out."""
        place = self._required(Label.ACCOUNT)
        match = _ACCOUNT.fullmatch(self._read(place, Label.ACCOUNT, read_identifier))
        if match is None:
            raise self._refuse_value(place, Label.ACCOUNT)
        return match[1]

    def currency(self) -> str:
        """Return the currency, as a label or the header row states it."""
        if Label.CURRENCY not in self._places and (named := currency_in(self._header.names)):
            return named
        place = self._required(Label.CURRENCY)
        text = self._read(place, Label.CURRENCY, read_text)
        if fold(text) in _DONG:
            return "VND"
        if not _CURRENCY.fullmatch(text):
            raise self._refuse_value(place, Label.CURRENCY)
        return text

    def number(self) -> str:
        """Return the number of the statement, empty if there is none."""
        place = self._places.get(Label.NUMBER)
        return "" if place is None else self._read(place, Label.NUMBER, read_text)

    def cell(self, label: Label) -> Cell:
        """Return what stands beside a label, empty text if it is not stated."""
        place = self._places.get(label)
        return "" if place is None else place.cell

    def day(self, label: Label) -> date | None:
        """Return a day of the period, if it is stated."""
        place = self._places.get(label)
        return None if place is None else self._read(place, label, read_day)

    def units(self, label: Label, amounts: Amounts) -> int | None:
        """Return a balance in units of 10^-`EXPONENT_MAX`, if it is stated."""
        place = self._places.get(label)
        amount = None if place is None else self._read(place, label, amounts.read)
        return None if amount is None else scaled(amount)

    def _required(self, label: Label) -> _Place:
        place = self._places.get(label)
        if place is None:
            raise StatementUnreadable(f"{_NAMES[label]!r} is missing above the header row")
        return place

    def _read(self, place: _Place, label: Label, read: Callable[[Cell], _Value]) -> _Value:
        try:
            return read(place.cell)
        except Misfit as misfit:
            raise self._refuse(place, f"column {_NAMES[label]}: {misfit}") from misfit

    def _refuse_value(self, place: _Place, label: Label) -> StatementUnreadable:
        shown = excerpt(self._read(place, label, read_text))
        return self._refuse(place, f"column {_NAMES[label]}: {shown}")

    def _refuse(self, place: _Place, reason: str) -> StatementUnreadable:
        return refusal(self._header.container, place.row, place.column, reason)


def labelled_cells(row: Row, below: Row | None = None) -> Iterator[tuple[Label, int, Cell]]:
    """Yield the labels of a row, each with the place of its value and the value.

    A value stands behind the colon in its label's own cell, or in the next cell that is not empty
    and no label, or else in the same column of the row `below`.
    """
    for index, cell in enumerate(row.cells):
        if not isinstance(cell, str) or is_blank(cell):
            continue
        head, _, tail = cell.partition(":")
        label = label_of(head)
        if label is None:
            continue
        if tail.strip():
            yield from _inline(label, index, tail)
            continue
        place = next((i for i in range(index + 1, len(row.cells)) if not is_blank(row.cells[i])), 0)
        if place and not _is_label(row.cells[place]):
            yield label, place, row.cells[place]
        elif below is not None and index < len(below.cells) and not is_blank(below.cells[index]):
            yield label, index, below.cells[index]


def label_of(text: str) -> Label | None:
    """Return what a label states, in either language or both; None when it is no label."""
    found = words_in(text, LABEL_MEANINGS)
    return next(iter(found)) if len(found) == 1 else None


def _is_label(cell: Cell) -> bool:
    return isinstance(cell, str) and label_of(cell.partition(":")[0]) is not None


def _inline(label: Label, index: int, tail: str) -> Iterator[tuple[Label, int, Cell]]:
    period = _PERIOD.fullmatch(" ".join(tail.split())) if label is Label.FROM else None
    if period is not None and label_of(period[2]) is Label.TO:
        yield Label.FROM, index, period[1]
        yield Label.TO, index, period[3]
    else:
        yield label, index, tail.strip()
