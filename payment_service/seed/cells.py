"""Reads one CSV file of this package strictly: every cell is what its column promises.

Knows nothing about the meaning of a file; refuses it with the file's name and the row.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Final, NoReturn, TypeVar

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,14}")


class SeedError(ValueError):
    """A seed file does not hold what it promises."""


class Row:
    """The cells of one row by column name; each method reads a cell or raises `SeedError`."""

    def __init__(self, file: str, number: int, cells: dict[str, str]) -> None:
        self._file = file
        self._number = number
        self._cells = cells

    def refuse(self, reason: str) -> NoReturn:
        """Raise `SeedError` that names this file and row."""
        raise SeedError(f"{self._file}, row {self._number}: {reason}")

    def optional_text(self, column: str) -> str:
        """Return the text of a cell that may be empty."""
        value = self._cells[column]
        if value != value.strip() or not unicodedata.is_normalized("NFC", value):
            self.refuse(f"{column} is not trimmed NFC text: {value!r}")
        return value

    def text(self, column: str) -> str:
        """Return the text of a cell that must not be empty."""
        return self.optional_text(column) or self.refuse(f"{column} is empty")

    def matching(self, column: str, pattern: str) -> str:
        """Return a text that fits a pattern as a whole."""
        value = self.text(column)
        if not re.fullmatch(pattern, value):
            self.refuse(f"{column} is malformed: {value!r}")
        return value

    def day(self, column: str) -> date:
        """Return a date written as year-month-day."""
        value = self.text(column)
        if not _DAY.fullmatch(value):
            self.refuse(f"{column} is not a date: {value!r}")
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(f"{column} is not a date: {value!r}")

    def optional_day(self, column: str) -> date | None:
        """Return a date, or None for an empty cell."""
        return self.day(column) if self.optional_text(column) else None

    def whole(self, column: str) -> int:
        """Return a whole number without sign or leading zeros."""
        value = self.text(column)
        if not _WHOLE.fullmatch(value):
            self.refuse(f"{column} is not a whole number: {value!r}")
        return int(value)

    def optional_whole(self, column: str) -> int | None:
        """Return a whole number, or None for an empty cell."""
        return self.whole(column) if self.optional_text(column) else None

    def flag(self, column: str) -> bool:
        """Return true or false, written just so."""
        return self.matching(column, "true|false") == "true"

    def one_of(self, column: str, choices: type[Choice]) -> Choice:
        """Return the member of an enumeration that the cell names."""
        value = self.text(column)
        if value not in tuple(choices):
            self.refuse(f"{column} is none of {', '.join(choices)}: {value!r}")
        return choices(value)


def read_rows(file: str, columns: Sequence[str], build: Callable[[Row], Value]) -> list[Value]:
    """Read a CSV file of this package whole, building one value a row."""
    text = resources.files("payment_service.seed").joinpath(file).read_text(encoding="utf-8")
    return parse_rows(file, text, columns, build)


def parse_rows(
    file: str, text: str, columns: Sequence[str], build: Callable[[Row], Value]
) -> list[Value]:
    """Read CSV text whose header is exactly `columns`; rows count from 2, below the header."""
    try:
        header, *lines = csv.reader(text.splitlines(), strict=True)
    except (csv.Error, ValueError) as error:
        raise SeedError(f"{file}: not a CSV file with a header: {error}") from error
    if header != list(columns):
        raise SeedError(f"{file}, row 1: expected the columns {', '.join(columns)}")
    values = []
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(header):
            raise SeedError(f"{file}, row {number}: {len(cells)} cells, expected {len(header)}")
        values.append(build(Row(file, number, dict(zip(header, cells, strict=True)))))
    return values
