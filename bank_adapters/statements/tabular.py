"""Tabular statements, rows in and batches out; a cell that does not fit refuses the file.

Whatever the table says of itself is proved: the running balance row by row, the sums below the
rows, the balances around them. What nothing proves is flagged, never believed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Final

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.batches import (
    BATCH_LINES_MAX,
    FileSummary,
    LineBatch,
    StatementStream,
)
from bank_adapters.statements.decoding import excerpt
from bank_adapters.statements.draft import DraftBalance, DraftLine
from bank_adapters.statements.filling import batch_of
from bank_adapters.statements.profiles import Column, Label
from bank_adapters.statements.proof import StatementProof
from bank_adapters.statements.tabular_cells import (
    Amounts,
    Cell,
    Row,
    fold,
    is_blank,
    shows_day_first,
    starts_as_day,
)
from bank_adapters.statements.tabular_entry import (
    FEE_CODES,
    NARRATIVE_CHARACTERS_MAX,
    NARRATIVE_TOO_LONG,
    Entry,
    EntryReader,
)
from bank_adapters.statements.tabular_header import Header, refusal, repeats
from bank_adapters.statements.tabular_labels import BALANCES, Labels, label_of
from bank_adapters.statements.tabular_proof import (
    FLAG_DAY_ORDER,
    FLAG_DUPLICATE_LINES,
    FLAG_OPEN_END,
    DayOrder,
    Repetitions,
    RunningBalance,
    decimals_of,
)
from bank_adapters.vocabulary import Direction

_LINES_OF_ENTRY_MAX: Final = 3
_IDLE_ROWS_MAX: Final = 1 << 17
_SUMMED: Final = (Column.DEBIT, Column.CREDIT, Column.FEE, Column.VAT)


@dataclass(slots=True)
class Table:
    """A table as it was found: its header, the rows above it, and the rows still to be read."""

    header: Header
    above: Sequence[Row]
    rows: Iterator[Row]
    ends_midway: Callable[[], bool] = lambda: False
    """Says, once the rows are read, whether the file ended in the middle of a line."""


def stream_tabular(table: Table) -> StatementStream:
    """Read one statement; the format is `CSV/…` or `XLSX/…` with the profile's code.

    `StatementUnreadable` names the row, the column and the cell.
    """
    reader = _Reader(table)
    for row in table.rows:
        yield from reader.take(row)
    yield from reader.last_batch()
    yield reader.summary()


class _Reader:
    def __init__(self, table: Table) -> None:
        self._table = table
        self._header = table.header
        self._labels = Labels(table.header)
        for row, below in zip_longest(table.above, table.above[1:]):
            self._labels.take(row, below or Row(row.number + 1, []))
        self._account = self._labels.account()
        self._currency = self._labels.currency()
        profile = table.header.profile
        marks = profile.marks if profile and profile.marks_are_sure else None
        self._amounts = Amounts(marks, self._currency)
        self._entries = EntryReader(table.header, self._amounts)
        self._days = [self._labels.day(label) for label in (Label.FROM, Label.TO)]
        # A column that is named in Vietnamese has the day first, as the language writes it.
        is_vietnamese = "ngay" in fold(table.header.name(Column.BOOKING_DATE))
        self._day_order = DayOrder(
            is_known=profile is not None
            or is_vietnamese
            or any(map(shows_day_first, map(self._labels.cell, (Label.FROM, Label.TO))))
        )
        self._running = RunningBalance(self._units(Label.OPENING), self._units(Label.CLOSING))
        self._proof = StatementProof()
        self._repetitions = Repetitions()
        self._drafts: list[DraftLine] = []
        self._first_day, self._last_day = date.max, date.min
        self._sums = dict.fromkeys(Column, 0)
        self._has_sums = False
        self._is_last_an_entry = False
        self._lines_of_last = 0
        self._idle_rows = 0

    def take(self, row: Row) -> Iterator[LineBatch]:
        """Read one row below the header; yield a batch once one is full."""
        cell = self._entries.cell(row, Column.BOOKING_DATE)
        entry = self._entries.read(row) if starts_as_day(cell) else None
        if entry is not None:
            self._take_entry(row, entry)
        elif not (self._take_labels(row) or repeats(self._header, row)):
            self._take_other(row, cell)
        if len(self._drafts) >= BATCH_LINES_MAX + _LINES_OF_ENTRY_MAX:
            yield self._batch(BATCH_LINES_MAX)

    def last_batch(self) -> Iterator[LineBatch]:
        """Yield the entries that are in no batch yet."""
        while self._drafts:
            yield self._batch(BATCH_LINES_MAX)

    def _batch(self, size: int) -> LineBatch:
        batch = batch_of(self._drafts[:size], 0)
        self._proof.add(batch)
        del self._drafts[:size]
        return batch

    def summary(self) -> FileSummary:
        """Prove the whole table."""
        header, profile = self._header, self._header.profile
        if profile is not None and profile.owes_totals and not self._has_sums:
            name = dict(profile.labels)[Label.TOTALS]
            raise StatementUnreadable(f"footer row {excerpt(name)} is missing; was the file cut?")
        first, last = self._days
        if self._first_day > self._last_day and (first is None or last is None):
            raise StatementUnreadable("neither an entry nor the period of the statement is given")
        opening, closing, flags = self._running.balances(
            opening=self._units(Label.OPENING),
            closing=self._units(Label.CLOSING),
            has_sums=self._has_sums,
        )
        summary = self._proof.finish(
            account=self._account,
            currency=self._currency,
            number=self._labels.number(),
            opening=self._balance(opening, first or self._first_day),
            closing=self._balance(closing, last or self._last_day),
            owes_balances=True,
            flags=(*flags, *self._doubts()),
        )
        return FileSummary(format=f"{header.container}/{header.code}", statements=(summary,))

    def _doubts(self) -> Iterable[str]:
        repeated = self._repetitions.first()
        if repeated is not None:
            if self._running.is_shown:
                raise StatementUnreadable(
                    f"entry {repeated + 1} stands in the file twice; was it exported twice?"
                )
            yield FLAG_DUPLICATE_LINES
        if self._day_order.is_in_doubt:
            yield FLAG_DAY_ORDER
        # The last cell may be a half: only a balance that holds proves that it is whole.
        last = max(self._header.columns, key=lambda column: self._header.columns[column])
        if self._table.ends_midway() and self._is_last_an_entry and last is not Column.BALANCE:
            yield FLAG_OPEN_END

    def _take_other(self, row: Row, day: Cell) -> None:
        if starts_as_day(day) or (self._entries.has_amounts(row) and not is_blank(day)):
            reason = "no amount" if starts_as_day(day) else "is no day"
            shown = self._entries.text(row, Column.BOOKING_DATE)
            raise self._refuse(row, Column.BOOKING_DATE, f"{excerpt(shown)}: {reason}")
        if self._entries.has_amounts(row):
            self._take_undated(row)
        elif self._is_last_an_entry and self._entries.is_narrative_alone(row):
            self._continue_narrative(row)
        else:
            self._is_last_an_entry = False
            self._idle_rows += 1
            if self._idle_rows > _IDLE_ROWS_MAX:
                reason = f"more than {_IDLE_ROWS_MAX} rows are neither entries nor labels"
                raise refusal(self._header.container, row, 0, reason)

    def _take_entry(self, row: Row, entry: Entry) -> None:
        if self._has_sums:
            raise refusal(self._header.container, row, 0, "an entry below the row of sums")
        booked_on = entry.lines[0].booking_date
        self._day_order.note(self._entries.cell(row, Column.BOOKING_DATE))
        first, last = self._days
        if (first and booked_on < first) or (last and booked_on > last):
            raise self._refuse(row, Column.BOOKING_DATE, "outside the statement's period")
        if not self._running.follows(entry.movement, entry.balance):
            raise self._refuse(row, Column.BALANCE, "does not continue the row before")
        for part in entry.parts:
            # In a fee column money in has the other sign.
            is_other = part.column in FEE_CODES and part.direction is Direction.CREDIT
            self._sums[part.column] += -part.units if is_other else part.units
        # Without a document number two equal rows may well be two payments.
        reference = entry.lines[0].bank_reference
        key = (booked_on, reference, entry.movement, entry.balance) if reference else (row.number,)
        self._repetitions.add(*key)
        self._first_day = min(self._first_day, booked_on)
        self._last_day = max(self._last_day, booked_on)
        self._drafts += entry.lines
        self._lines_of_last = len(entry.lines)
        self._is_last_an_entry = True

    def _take_undated(self, row: Row) -> None:
        """Read a row without a day: sums without a label, or an entry under a merged day."""
        has_balance = not is_blank(self._entries.cell(row, Column.BALANCE))
        if not has_balance and self._sums_agree(row):
            self._has_sums = True
            self._is_last_an_entry = False
            return
        entry = None
        if self._drafts and has_balance:
            entry = self._entries.read(row, self._drafts[-1].booking_date)
        if entry is None:
            raise self._refuse(row, Column.BOOKING_DATE, "the row has amounts but no day")
        self._take_entry(row, entry)

    def _continue_narrative(self, row: Row) -> None:
        text = self._entries.text(row, Column.NARRATIVE)
        line = self._drafts[-self._lines_of_last]
        if len(line.narrative) + len(text) >= NARRATIVE_CHARACTERS_MAX:
            raise self._refuse(row, Column.NARRATIVE, NARRATIVE_TOO_LONG)
        line.narrative = f"{line.narrative} {text}".strip()

    def _take_labels(self, row: Row) -> bool:
        """Note the sums or balances that a row starts with, or the labels of one without amounts.

        An entry whose narrative looks like a label stays an entry.
        """
        start = next((cell for cell in row.cells if not is_blank(cell)), "")
        head, _, tail = start.partition(":") if isinstance(start, str) else ("", "", "")
        label = label_of(head)
        if label is Label.TOTALS:
            if self._is_last_an_entry and tail.strip() and self._entries.is_narrative_alone(row):
                return False
            self._check_sums(row)
        elif (label not in BALANCES and self._entries.has_amounts(row)) or not self._labels.take(
            row
        ):
            return False
        self._is_last_an_entry = False
        return True

    def _check_sums(self, row: Row) -> None:
        written = self._entries.written(row)
        for column, units in written.items():
            if abs(units) != abs(self._sums[column]):
                raise self._refuse(row, column, "is not the sum of the rows above")
        missing = [column for column in _SUMMED if self._sums[column] and column not in written]
        self._has_sums = self._has_sums or bool(written and not missing)

    def _sums_agree(self, row: Row) -> bool:
        written = self._entries.written(row)
        return len(written) > 1 and all(
            abs(units) == abs(self._sums[column]) for column, units in written.items()
        )

    def _units(self, label: Label) -> int | None:
        return self._labels.units(label, self._amounts)

    def _balance(self, units: int | None, on: date) -> DraftBalance | None:
        return None if units is None else DraftBalance(decimals_of(units), self._currency, on)

    def _refuse(self, row: Row, column: Column, reason: str) -> StatementUnreadable:
        return self._header.refusal(row, column, reason)
