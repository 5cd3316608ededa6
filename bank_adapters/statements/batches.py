"""A statement file as a stream: entries in batches of columns, and at its very end the proof.

Memory holds one batch at a time, whatever the size of the file. Nothing that came out of a stream
may be acted on before its `FileSummary`: until then the file may still turn out to be unreadable.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

from bank_adapters.vocabulary import Balance, Direction, EntryStatus, StatementLine

BATCH_LINES_MAX: Final = 8192
"""A batch may be shorter, also in the middle of a statement, and is never empty."""
BATCH_CHARACTERS_MAX: Final = 4 * 1024 * 1024
"""A batch whose texts reach this length ends there, however few its entries are."""
STATEMENTS_MAX: Final = 10_000
"""A file with more statements is refused: what each of them says of itself is held to the end."""


@dataclass(slots=True, kw_only=True)
class LineBatch:
    """Consecutive entries of one statement as columns of equal length; see `StatementLine`.

    `statement` counts the statements of the file from 0. Amounts are positive and in units of
    10^-exponent; the exponent of a later batch, and of the statement itself, may be greater.
    """

    statement: int
    exponent: int
    source_lines: list[int] = field(default_factory=list)
    booking_dates: list[date] = field(default_factory=list)
    value_dates: list[date] = field(default_factory=list)
    amounts_minor: list[int] = field(default_factory=list)
    directions: list[Direction] = field(default_factory=list)
    statuses: list[EntryStatus] = field(default_factory=list)
    reversals: list[bool] = field(default_factory=list)
    bank_references: list[str] = field(default_factory=list)
    end_to_end_references: list[str] = field(default_factory=list)
    returned_references: list[str] = field(default_factory=list)
    batch_references: list[str] = field(default_factory=list)
    counterparty_accounts: list[str] = field(default_factory=list)
    counterparty_names: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    narratives: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.amounts_minor)

    def part(self, start: int, end: int) -> "LineBatch":
        """Return the entries from `start` on and before `end`."""
        columns = {name: getattr(self, name)[start:end] for name in COLUMN_NAMES}
        return LineBatch(statement=self.statement, exponent=self.exponent, **columns)

    def extend(self, other: "LineBatch") -> None:
        """Append entries of the same statement; the greater exponent becomes that of all."""
        exponent = max(self.exponent, other.exponent)
        end = len(self)
        for name in COLUMN_NAMES:
            getattr(self, name).extend(getattr(other, name))
        for start, stop, own in ((0, end, self.exponent), (end, len(self), other.exponent)):
            if own < exponent:
                factor = 10 ** (exponent - own)
                amounts = self.amounts_minor[start:stop]
                self.amounts_minor[start:stop] = [amount * factor for amount in amounts]
        self.exponent = exponent

    def lines(self, *, first_position: int, exponent: int) -> Iterator[StatementLine]:
        """Yield the entries as values, amounts rescaled to the statement's final exponent."""
        factor = 10 ** (exponent - self.exponent)
        columns = zip(
            self.source_lines,
            self.booking_dates,
            self.value_dates,
            self.amounts_minor,
            self.directions,
            self.statuses,
            self.reversals,
            self.bank_references,
            self.end_to_end_references,
            self.returned_references,
            self.batch_references,
            self.counterparty_accounts,
            self.counterparty_names,
            self.codes,
            self.narratives,
            strict=True,
        )
        for position, row in enumerate(columns, first_position):
            yield StatementLine(
                position=position,
                source_line=row[0],
                booking_date=row[1],
                value_date=row[2],
                amount_minor=row[3] * factor,
                direction=row[4],
                status=row[5],
                is_reversal=row[6],
                bank_reference=row[7],
                end_to_end_reference=row[8],
                returned_reference=row[9],
                batch_reference=row[10],
                counterparty_account=row[11],
                counterparty_name=row[12],
                code=row[13],
                narrative=row[14],
            )


COLUMN_NAMES: Final = tuple(each.name for each in fields(LineBatch))[2:]
"""Every field of a batch but `statement` and `exponent`."""
TEXT_COLUMN_NAMES: Final = tuple(
    each.name for each in fields(LineBatch) if each.type in {list[str], "list[str]"}
)
"""The columns whose length a sender chooses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSummary:
    """What a statement says of itself, without its entries; `entries` counts the booked ones."""

    account: str
    currency: str
    exponent: int
    number: str
    opening: Balance | None
    closing: Balance | None
    entries: int
    credit_minor: int
    debit_minor: int
    is_balanced: bool | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """The last item of every stream: the file was read whole."""

    format: str
    statements: tuple[StatementSummary, ...]


StatementStream = Iterator[LineBatch | FileSummary]
"""Batches in file order, then exactly one `FileSummary`; ends early only by an exception."""
