"""One row of a table as entries: the amount, and fee and VAT where they have columns of their own.

Which columns a table has is settled once, so that a row costs no more than its cells.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple, TypeVar

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt
from bank_adapters.statements.draft import Decimals, DraftLine
from bank_adapters.statements.profiles import Column
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
    split_day,
)
from bank_adapters.statements.tabular_header import Header, refusal
from bank_adapters.statements.tabular_proof import scaled
from bank_adapters.vocabulary import Direction

FEE_CODES: Final = {Column.FEE: "FEE", Column.VAT: "VAT"}
"""The code of an entry that stood in a fee or VAT column; its narrative is the column's name."""

NARRATIVE_CHARACTERS_MAX: Final = 20_000
NARRATIVE_TOO_LONG: Final = f"longer than {NARRATIVE_CHARACTERS_MAX} characters"

_AMOUNTS: Final = (Column.DEBIT, Column.CREDIT, Column.AMOUNT, Column.FEE, Column.VAT)
_INDICATORS: Final = {
    **dict.fromkeys(("d", "dr", "n", "no", "ghi no", "debit"), Direction.DEBIT),
    **dict.fromkeys(("c", "cr", "co", "ghi co", "credit"), Direction.CREDIT),
}
_ONE_AMOUNT: Final = "exactly one column holds a positive amount"
_Value = TypeVar("_Value")


class _Movement(NamedTuple):
    column: Column
    direction: Direction
    amount: Decimals
    units: int


class Entry(NamedTuple):
    """What one row says; all units are 10^-`EXPONENT_MAX`."""

    lines: list[DraftLine]
    movement: int
    balance: int | None
    parts: list[_Movement]


class EntryReader:
    """Reads the rows of one table."""

    def __init__(self, header: Header, amounts: Amounts) -> None:
        self._header = header
        self._amount = amounts.read
        self._width = len(header.names)
        # A column that the table lacks is the empty cell behind the last one.
        self._place = {column: header.columns.get(column, self._width) for column in Column}
        self._debit_at = self._place[Column.DEBIT]
        self._credit_at = self._place[Column.CREDIT]
        self._held = [column for column in _AMOUNTS if column in header.columns]
        self._fees = [column for column in FEE_CODES if column in header.columns]
        self._has_pair = Column.DEBIT in header.columns
        self._has_value_date = Column.VALUE_DATE in header.columns
        self._shares_day = self._place[Column.REFERENCE] == self._place[Column.BOOKING_DATE]
        profile = header.profile
        self._outflow_sign = -1 if profile is not None and profile.outflow_is_negative else 1
        self._reading = Column.BOOKING_DATE

    def cell(self, row: Row, column: Column) -> Cell:
        """Return a cell, empty text where the table or the row has none."""
        index = self._place[column]
        return row.cells[index] if index < min(self._width, len(row.cells)) else ""

    def text(self, row: Row, column: Column) -> str:
        """Return the text of a cell on one line."""
        return self._value(row, column, read_text)

    def has_amounts(self, row: Row) -> bool:
        """Tell whether any column of amounts, balances aside, holds something."""
        return any(not is_blank(self.cell(row, column)) for column in self._held)

    def is_narrative_alone(self, row: Row) -> bool:
        """Tell whether the narrative is all that a row holds."""
        held = [index for index, cell in enumerate(row.cells) if not is_blank(cell)]
        return held == [self._place[Column.NARRATIVE]]

    def written(self, row: Row) -> dict[Column, int]:
        """Return the amounts as they stand in a row of sums; an empty cell says nothing."""
        found = {
            column: self._value(row, column, self._amount)
            for column in self._held
            if column is not Column.AMOUNT
        }
        return {column: scaled(amount) for column, amount in found.items() if amount is not None}

    def read(self, row: Row, day: date | None = None) -> Entry | None:
        """Read an entry, None if no column of amounts holds anything.

        `day` is that of the row above when the row's own is merged with it.
        """
        cells = row.cells
        if len(cells) != self._width:
            cells = self._padded(row)
        try:
            found = self._movements([*cells, ""])
            if found:
                return self._entry(row, [*cells, ""], found, day)
        except Misfit as misfit:
            raise self._header.refusal(row, self._reading, str(misfit)) from misfit
        if self.has_amounts(row):
            raise self._refuse_amounts(row)
        return None

    def _entry(
        self, row: Row, cells: list[Cell], found: list[_Movement], day: date | None
    ) -> Entry:
        place = self._place
        self._reading = Column.BOOKING_DATE
        reference = ""
        if day is None:
            day, reference = split_day(cells[place[Column.BOOKING_DATE]])
            if reference and not self._shares_day:
                raise Misfit(excerpt(read_text(cells[place[Column.BOOKING_DATE]])))
        self._reading = Column.VALUE_DATE
        value_date = day
        if self._has_value_date and not is_blank(cells[place[Column.VALUE_DATE]]):
            value_date = read_day(cells[place[Column.VALUE_DATE]])
        self._reading = Column.REFERENCE
        if not self._shares_day:
            reference = read_identifier(cells[place[Column.REFERENCE]])
        self._reading = Column.COUNTERPARTY_ACCOUNT
        account = read_identifier(cells[place[Column.COUNTERPARTY_ACCOUNT]])
        self._reading = Column.COUNTERPARTY_NAME
        name = read_text(cells[place[Column.COUNTERPARTY_NAME]])
        self._reading = Column.NARRATIVE
        narrative = read_text(cells[place[Column.NARRATIVE]])
        if len(narrative) > NARRATIVE_CHARACTERS_MAX:
            raise Misfit(NARRATIVE_TOO_LONG)
        lines = []
        movement = 0
        for column, direction, amount, units in found:
            movement += units if direction is Direction.CREDIT else -units
            lines.append(
                DraftLine(
                    source_line=row.number,
                    booking_date=day,
                    value_date=value_date,
                    amount=amount,
                    direction=direction,
                    bank_reference=reference,
                    counterparty_account=account,
                    counterparty_name=name,
                    code=FEE_CODES.get(column, ""),
                    narrative=self._header.name(column) if column in FEE_CODES else narrative,
                )
            )
        self._reading = Column.BALANCE
        balance = self._amount(cells[place[Column.BALANCE]])
        return Entry(lines, movement, None if balance is None else scaled(balance), found)

    def _movements(self, cells: list[Cell]) -> list[_Movement]:
        found = self._pair(cells) if self._has_pair else self._signed(cells)
        for column in self._fees:
            self._reading = column
            amount = self._amount(cells[self._place[column]])
            if amount is not None and amount.unscaled:
                is_out = amount.unscaled * self._outflow_sign > 0
                direction = Direction.DEBIT if is_out else Direction.CREDIT
                found.append(_moved(column, direction, amount))
        return found

    def _pair(self, cells: list[Cell]) -> list[_Movement]:
        self._reading = Column.DEBIT
        debit = self._amount(cells[self._debit_at])
        self._reading = Column.CREDIT
        credit = self._amount(cells[self._credit_at])
        if debit is None or not debit.unscaled:
            if credit is None or not credit.unscaled:
                return []
            if credit.unscaled > 0:
                return [_moved(Column.CREDIT, Direction.CREDIT, credit)]
        elif not (credit and credit.unscaled):
            self._reading = Column.DEBIT
            if debit.unscaled * self._outflow_sign > 0:
                return [_moved(Column.DEBIT, Direction.DEBIT, debit)]
        raise Misfit(_ONE_AMOUNT)

    def _signed(self, cells: list[Cell]) -> list[_Movement]:
        self._reading = Column.AMOUNT
        amount = self._amount(cells[self._place[Column.AMOUNT]])
        if amount is None or not amount.unscaled:
            return []
        if Column.INDICATOR not in self._header.columns:
            direction = Direction.DEBIT if amount.unscaled < 0 else Direction.CREDIT
            return [_moved(Column.AMOUNT, direction, amount)]
        if amount.unscaled < 0:
            raise Misfit("negative beside an indicator")
        self._reading = Column.INDICATOR
        word = read_text(cells[self._place[Column.INDICATOR]])
        if fold(word) not in _INDICATORS:
            raise Misfit(excerpt(word))
        return [_moved(Column.AMOUNT, _INDICATORS[fold(word)], amount)]

    def _padded(self, row: Row) -> list[Cell]:
        """Return exactly the cells under the header; a workbook leaves empty ones out."""
        over = any(not is_blank(cell) for cell in row.cells[self._width :])
        if over or (self._header.container == "CSV" and len(row.cells) < self._width):
            place = min(self._width, len(row.cells))
            reason = f"{len(row.cells)} columns instead of {self._width}"
            raise refusal(self._header.container, row, place, reason)
        cells = list(row.cells[: self._width])
        return cells + [""] * (self._width - len(cells))

    def _refuse_amounts(self, row: Row) -> StatementUnreadable:
        return self._header.refusal(row, self._held[0], _ONE_AMOUNT)

    def _value(self, row: Row, column: Column, read: Callable[[Cell], _Value]) -> _Value:
        try:
            return read(self.cell(row, column))
        except Misfit as misfit:
            raise self._header.refusal(row, column, str(misfit)) from misfit


def _moved(column: Column, direction: Direction, amount: Decimals) -> _Movement:
    positive = amount if amount.unscaled > 0 else Decimals(-amount.unscaled, amount.scale)
    return _Movement(column, direction, positive, scaled(positive))
