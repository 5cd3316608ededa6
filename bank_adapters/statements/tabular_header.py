"""Finds the header row of a table, by a profile or by words; reads no entry."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt
from bank_adapters.statements.profiles import (
    COLUMN_WORDS,
    LABEL_WORDS,
    Column,
    Label,
    TabularProfile,
)
from bank_adapters.statements.tabular_cells import Row, address, fold, is_blank

HEADER_ROWS_MAX: Final = 60
"""The header row stands in the first rows of a file; some exports put thirty above it."""
GENERIC: Final = "generic"
"""The code of a table that no profile names."""

_CELLS_MAX: Final = 256
_NAMES_MIN: Final = 3  # a day, an amount and one thing more
_NAME_CHARACTERS_MAX: Final = 240
_ALTERNATIVES: Final = re.compile(r"[/\n]|\s-\s")
_PAIR: Final = (Column.DEBIT, Column.CREDIT)
Word = TypeVar("Word", Column, Label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header row of one table: where it stands, and what each of its columns holds."""

    container: str
    profile: TabularProfile | None
    names: tuple[str, ...]
    columns: Mapping[Column, int]

    @property
    def code(self) -> str:
        """The profile's code, for the name of the format."""
        return self.profile.code if self.profile else GENERIC

    def name(self, column: Column) -> str:
        """Return a column's name as it stands in the file."""
        return self.names[self.columns[column]]

    def refusal(self, row: Row, column: Column, reason: str) -> StatementUnreadable:
        """Return the refusal of a cell, by its row and column."""
        index = self.columns[column]
        name = " ".join(self.names[index].split())[:40]
        return refusal(self.container, row, index, f"column {name}: {reason}")


def refusal(container: str, row: Row, index: int, reason: str) -> StatementUnreadable:
    """Return the refusal of a cell: by its line in a CSV file, by its address in a workbook."""
    if container == "CSV":
        return StatementUnreadable(f"line {row.number}: {reason}")
    return StatementUnreadable(f"row {row.number}: cell {address(index)}{row.number}: {reason}")


def find_header(
    container: str, rows: Sequence[Row], profiles: Sequence[TabularProfile], *, by_words: bool
) -> tuple[int, Header] | None:
    """Return the index of the first header row and what it says; None when there is none.

    A row that equals a profile's header is that profile's. Otherwise a row that names a day and
    amounts will do if `by_words`, also when a row above it names the columns that it leaves blank.
    """
    known = _known(tuple(profiles))
    for index, row in enumerate(rows[:HEADER_ROWS_MAX]):
        names = _texts(row)
        profile = known.get(_folded(names))
        if profile is not None:
            columns = {
                column: place for place, column in enumerate(profile.columns) if column is not None
            }
            header = Header(container=container, profile=profile, names=names, columns=columns)
            return index, header
        if not by_words:
            continue
        above = _texts(rows[index - 1]) if index else ()
        for candidate in (names, _joined(above, names)):
            if len(candidate) < _NAMES_MIN:
                continue
            header = Header(
                container=container,
                profile=None,
                names=candidate,
                columns=_columns_of(container, row, candidate),
            )
            if _is_complete(header.columns, names):
                return index, header
    return None


@cache
def _known(profiles: tuple[TabularProfile, ...]) -> dict[tuple[str, ...], TabularProfile]:
    return {_folded(profile.header): profile for profile in profiles}


def repeats(header: Header, row: Row) -> bool:
    """Tell whether a row is the header again, in its own words or in the other language."""
    alike = 0
    for column, index in header.columns.items():
        cell = row.cells[index] if index < len(row.cells) else ""
        if is_blank(cell):
            continue
        if not isinstance(cell, str):
            return False
        is_same = fold(cell) == fold(header.names[index])
        if not is_same and column not in words_in(cell, COLUMN_MEANINGS):
            return False
        alike += 1
    return alike > 1


def currency_in(names: Sequence[str]) -> str:
    """Return the one currency that header cells name in brackets, `Ghi nợ (VND)`; else nothing."""
    found = {match for name in names for match in re.findall(r"\(([A-Z]{3})\)", name)}
    return found.pop() if len(found) == 1 else ""


def _texts(row: Row) -> tuple[str, ...]:
    cells = [cell if isinstance(cell, str) else "" for cell in row.cells[:_CELLS_MAX]]
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def _joined(above: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    width = max(len(above), len(names))
    upper = [*above, *[""] * (width - len(above))]
    lower = [*names, *[""] * (width - len(names))]
    return tuple(low if low.strip() else up for up, low in zip(upper, lower, strict=True))


def _folded(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(name) for name in names)


def words_in(text: str, meanings: Mapping[str, Mapping[Word, int]]) -> dict[Word, int]:
    """Return what a text may name, each with how telling its best word is (0 is most)."""
    if len(text) > _NAME_CHARACTERS_MAX:
        return {}
    bare = re.sub(r"\([^()]*\)", " ", text) if "(" in text else text
    for parts in ([bare], _ALTERNATIVES.split(bare)):
        found: dict[Word, int] = {}
        for part in map(fold, parts):
            for meaning, rank in meanings.get(part, {}).items():
                found[meaning] = min(rank, found.get(meaning, rank))
        if found:
            return found
    return {}


def _meanings(words: Mapping[Word, Sequence[str]]) -> dict[str, dict[Word, int]]:
    meanings: dict[str, dict[Word, int]] = {}
    for meaning, known in words.items():
        for rank, word in enumerate(known):
            meanings.setdefault(word, {})[meaning] = rank
    return meanings


COLUMN_MEANINGS: Final = _meanings(COLUMN_WORDS)
"""What each word of a header cell names, with its rank among the words for the same."""
LABEL_MEANINGS: Final = _meanings(LABEL_WORDS)
"""The same of labels."""


def _columns_of(container: str, row: Row, names: Sequence[str]) -> dict[Column, int]:
    places: dict[Column, list[tuple[int, int]]] = {}
    for index, name in enumerate(names):
        found = words_in(name, COLUMN_MEANINGS)
        if len(found) == 1 or set(found) == {Column.BOOKING_DATE, Column.REFERENCE}:
            for column, rank in found.items():
                places.setdefault(column, []).append((rank, index))
    columns = {column: min(ranked)[1] for column, ranked in places.items()}
    if Column.BOOKING_DATE not in columns and Column.VALUE_DATE in columns:
        columns[Column.BOOKING_DATE] = columns.pop(Column.VALUE_DATE)
    if Column.DEBIT not in columns or Column.CREDIT not in columns:
        columns = {key: columns[key] for key in columns if key not in _PAIR}
    if _is_complete(columns, names):
        _refuse_doubled(
            container, row, names, {key: places[key] for key in columns if key in places}
        )
    return columns


def _refuse_doubled(
    container: str,
    row: Row,
    names: Sequence[str],
    places: Mapping[Column, list[tuple[int, int]]],
) -> None:
    """Refuse a header that names a column twice by words equally telling."""
    for column, ranked in places.items():
        best, second, *_ = [*sorted(ranked), (-1, 0)]
        if second[0] == best[0]:
            reason = f"{excerpt(names[second[1]])} names {column} twice"
            raise refusal(container, row, second[1], reason)


def _is_complete(columns: Mapping[Column, int], names: Sequence[str]) -> bool:
    """Tell whether a row names a day, amounts and one thing more, amounts in the row itself."""
    pair = _PAIR if Column.DEBIT in columns else (Column.AMOUNT,)
    if Column.BOOKING_DATE not in columns or any(column not in columns for column in pair):
        return False
    if any(columns[column] >= len(names) or not names[columns[column]] for column in pair):
        return False
    return any(column in columns for column in (Column.NARRATIVE, Column.REFERENCE, Column.BALANCE))
