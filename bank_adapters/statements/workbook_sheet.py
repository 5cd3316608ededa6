"""The cells of one sheet, row by row: text, numbers as they are written, days by their style.

Memory holds a few rows and the shared strings, never the sheet.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Final

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.tabular_cells import (
    Cell,
    Misfit,
    Number,
    Row,
    Unusable,
    address,
    read_number,
)
from bank_adapters.statements.workbook import Workbook
from bank_adapters.statements.workbook_strings import (
    CELL_CHARACTERS_MAX,
    SharedStrings,
    unescaped,
)
from bank_adapters.statements.workbook_xml import parse, parse_slowly

COLUMNS_MAX: Final = 256
_ROWS_MAX: Final = 1_048_576
_EMPTY_ROWS_MAX: Final = 1 << 18  # of all sheets together
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ROW_NUMBER: Final = re.compile(r"[0-9]{1,7}")
_LETTERS: Final = 26
_ADDRESSES: Final = tuple(map(address, range(COLUMNS_MAX)))
_DAY_FORMATS: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
"""Number formats that every workbook knows and that show a day (ECMA-376, 18.8.30)."""
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_BASE_1900: Final = date(1899, 12, 30)
_BASE_1904: Final = date(1904, 1, 1)
_DAY_1900_MIN: Final = 61  # before it stands a day that never was, 29 February 1900
# The end of the year 9999.
_DAYS_1900_MAX: Final = 2_958_465
_DAYS_1904_MAX: Final = 2_957_003


def read_day_styles(workbook: Workbook) -> frozenset[int]:
    """Return the numbers of the cell styles that show a day."""
    part = workbook.named_part("styles")
    if part is None:
        return frozenset()
    codes: dict[str, str] = {}
    formats: list[str] = []
    where: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        where.append(name)
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in where:
            formats.append(attributes.get("numFmtId", "0"))

    def end(_name: str) -> None:
        where.pop()

    parse(workbook.part(part), part, start=start, end=end)
    return frozenset(index for index, each in enumerate(formats) if _shows_day(each, codes))


def _shows_day(number: str, codes: dict[str, str]) -> bool:
    if number in codes:
        bare = _LITERAL.sub("", codes[number]).partition(";")[0].casefold()
        return "y" in bare or "d" in bare
    return number in _DAY_NUMBERS


_DAY_NUMBERS: Final = frozenset(map(str, _DAY_FORMATS))


class SheetReader:
    """Reads the sheets of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._strings = SharedStrings(workbook)
        self._day_styles = read_day_styles(workbook)
        self._empty_rows = count()

    def rows(self, part: str) -> Iterator[Row]:
        """Yield the rows of a sheet that hold anything, in order."""
        sheet = _Sheet(
            self._strings,
            self._day_styles,
            self._empty_rows,
            from_1904=self._workbook.counts_from_1904,
        )
        pieces = self._workbook.part(part)
        pauses = parse_slowly(pieces, part, start=sheet.start, end=sheet.end, text=sheet.text)
        for _ in pauses:
            yield from sheet.ready
            sheet.ready.clear()


class _Sheet:
    def __init__(
        self,
        strings: SharedStrings,
        day_styles: frozenset[int],
        empty_rows: Iterator[int],
        *,
        from_1904: bool,
    ) -> None:
        self.ready: list[Row] = []
        self._strings = strings
        self._day_styles = frozenset(map(str, day_styles))
        self._empty_rows = empty_rows
        self._from_1904 = from_1904
        self._number = 0
        self._row = "0"
        self._cells: list[Cell] = []
        self._column = -1
        self._kind = self._style = ""
        self._is_formula = self._is_phonetic = False
        self._takes_text = False
        self._pieces: list[str] = []
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name in {"v", "t"}:
            self._takes_text = not self._is_phonetic
        elif name == "row":
            self._start_row(attributes.get("r"))
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._is_phonetic = True

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name in {"v", "t"}:
            self._takes_text = False
        elif name == "row":
            if any(cell != "" for cell in self._cells):
                self.ready.append(Row(self._number, self._cells))
            elif next(self._empty_rows) >= _EMPTY_ROWS_MAX:
                reason = f"more than {_EMPTY_ROWS_MAX} empty rows in the workbook"
                raise StatementUnreadable(f"row {self._number}: {reason}")
            self._cells = []
        elif name == "rPh":
            self._is_phonetic = False

    def text(self, data: str) -> None:
        if self._takes_text:
            self._size += len(data)
            if self._size > CELL_CHARACTERS_MAX:
                raise self._refuse(f"longer than {CELL_CHARACTERS_MAX} characters")
            self._pieces.append(data)

    def _start_row(self, written: str | None) -> None:
        number = self._number + 1
        if written is not None:
            if not _ROW_NUMBER.fullmatch(written) or int(written) < number:
                raise StatementUnreadable(f"row {number}: rows are not in order")
            number = int(written)
        if number > _ROWS_MAX:
            raise StatementUnreadable(f"row {number}: more rows than a sheet has")
        self._number = number
        self._row = str(number)
        self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        column = self._column + 1
        reference = attributes.get("r")
        expected = _ADDRESSES[column] + self._row if column < COLUMNS_MAX else ""
        if reference is not None and reference != expected:
            match = _REFERENCE.fullmatch(reference)
            if match is None or int(match[2]) != self._number or _index(match[1]) < column:
                raise self._refuse("cells are not in order")
            column = _index(match[1])
        self._column = column
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._is_formula = self._is_phonetic = False
        self._pieces.clear()
        self._size = 0

    def _end_cell(self) -> None:
        cell = self._value("".join(self._pieces))
        if cell == "":
            return
        if self._column >= COLUMNS_MAX:
            raise self._refuse(f"more than {COLUMNS_MAX} columns")
        self._cells += [""] * (self._column - len(self._cells))
        self._cells.append(cell)

    def _value(self, text: str) -> Cell:
        if self._is_formula:
            return Unusable("a formula, not a value")
        match self._kind:
            case "n":
                return self._number_or_day(text.strip())
            case "s":
                if not _ROW_NUMBER.fullmatch(text) or int(text) >= len(self._strings):
                    raise self._refuse("a string that the workbook does not have")
                return self._strings[int(text)]
            case "inlineStr" | "str" | "d":
                return unescaped(text)
            case "b":
                return Unusable("a truth value")
            case "e":
                return Unusable("an error value")
        raise self._refuse("a cell of an unknown kind")

    def _number_or_day(self, text: str) -> Cell:
        if not text or self._style not in self._day_styles:
            return Number(text) if text else ""
        try:
            value = read_number(text)
        except Misfit as misfit:
            raise self._refuse(str(misfit)) from misfit
        days = value.unscaled // 10**value.scale
        lowest = 0 if self._from_1904 else _DAY_1900_MIN
        highest = _DAYS_1904_MAX if self._from_1904 else _DAYS_1900_MAX
        if not lowest <= days <= highest:
            return Unusable("a day that workbooks do not have")
        base = _BASE_1904 if self._from_1904 else _BASE_1900
        return base + timedelta(days=days)

    def _refuse(self, reason: str) -> StatementUnreadable:
        place = f"{address(max(self._column, 0))}{self._number}"
        return StatementUnreadable(f"row {self._number}: cell {place}: {reason}")


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * _LETTERS + ord(letter) - ord("A") + 1
    return index - 1
