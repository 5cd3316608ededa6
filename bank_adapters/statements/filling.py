"""Entries of one statement put into batches as they are read; full batches are proved and leave."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from bank_adapters.statements.batches import (
    BATCH_CHARACTERS_MAX,
    BATCH_LINES_MAX,
    TEXT_COLUMN_NAMES,
    LineBatch,
)
from bank_adapters.statements.draft import DraftLine
from bank_adapters.statements.proof import StatementProof

# A quarter of what is allowed: the batch being filled and the one just read stay in the cache.
_BATCH_LINES: Final = BATCH_LINES_MAX // 4


class BatchFiller:
    """Fills the batches of one statement and lays each full one into `ready`, in file order.

    A batch ends when its lines or its texts are full or with its statement, never earlier.
    """

    def __init__(self, statement: int, ready: list[LineBatch]) -> None:
        self.proof = StatementProof()
        self._statement = statement
        self._ready = ready
        self._drafts: list[DraftLine] = []
        self._draft_characters = 0
        self._characters = 0
        self._start_anew()

    def add(self, line: DraftLine) -> None:
        """Add one entry; an entry of zero is left out, as it moves no money."""
        if line.amount.unscaled:
            self._drafts.append(line)
            self._draft_characters += _characters_of(line)
        if len(self._drafts) == _BATCH_LINES or self._draft_characters >= BATCH_CHARACTERS_MAX:
            self._settle_drafts()

    def extend(self, columns: LineBatch) -> None:
        """Add entries that were read in bulk, none of them of zero."""
        self._settle_drafts()
        self._append(columns)

    def finish(self) -> None:
        """Close the last batch."""
        self._settle_drafts()
        if self._batch:
            self._close()

    def _settle_drafts(self) -> None:
        if self._drafts:
            self._append(batch_of(self._drafts, self._statement))
            self._drafts = []
            self._draft_characters = 0

    def _append(self, columns: LineBatch) -> None:
        lengths = _lengths_of(columns)
        start = 0
        while start < len(columns):
            end = min(start + _BATCH_LINES - len(self._batch), len(columns))
            total = self._characters + sum(lengths[start:end])
            if total >= BATCH_CHARACTERS_MAX:
                totals = accumulate(lengths[start:end], initial=self._characters)
                end = start + next(
                    count for count, total in enumerate(totals) if total >= BATCH_CHARACTERS_MAX
                )
            self._batch.extend(columns.part(start, end))
            self._characters = total
            start = end
            if len(self._batch) == _BATCH_LINES or total >= BATCH_CHARACTERS_MAX:
                self._close()

    def _close(self) -> None:
        self.proof.add(self._batch)
        self._ready.append(self._batch)
        self._start_anew()

    def _start_anew(self) -> None:
        self._batch = LineBatch(statement=self._statement, exponent=0)
        self._characters = 0


def _lengths_of(columns: LineBatch) -> list[int]:
    lengths = (map(len, getattr(columns, name)) for name in TEXT_COLUMN_NAMES)
    return list(map(sum, zip(*lengths, strict=True)))


def _characters_of(line: DraftLine) -> int:
    return sum(
        map(
            len,
            (
                line.bank_reference,
                line.end_to_end_reference,
                line.returned_reference,
                line.batch_reference,
                line.counterparty_account,
                line.counterparty_name,
                line.code,
                line.narrative,
            ),
        )
    )


def batch_of(lines: Sequence[DraftLine], statement: int) -> LineBatch:
    """Return entries, none of them of zero, as columns with the exponent that all of them need."""
    exponent = max(line.amount.scale for line in lines)
    return LineBatch(
        statement=statement,
        exponent=exponent,
        source_lines=[line.source_line for line in lines],
        booking_dates=[line.booking_date for line in lines],
        value_dates=[line.value_date for line in lines],
        amounts_minor=[line.amount.minor(exponent) for line in lines],
        directions=[line.direction for line in lines],
        statuses=[line.status for line in lines],
        reversals=[line.is_reversal for line in lines],
        bank_references=[line.bank_reference for line in lines],
        end_to_end_references=[line.end_to_end_reference for line in lines],
        returned_references=[line.returned_reference for line in lines],
        batch_references=[line.batch_reference for line in lines],
        counterparty_accounts=[line.counterparty_account for line in lines],
        counterparty_names=[line.counterparty_name for line in lines],
        codes=[line.code for line in lines],
        narratives=[line.narrative for line in lines],
    )
