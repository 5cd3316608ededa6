"""The shared strings of a workbook, packed: as a list they would take several times their size."""

import re
from array import array
from typing import Final

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.workbook import Workbook
from bank_adapters.statements.workbook_xml import parse

CELL_CHARACTERS_MAX: Final = 32_767
"""No cell of a workbook holds a longer text."""
STRINGS_MAX: Final = 4 * 1024 * 1024
STRING_BYTES_MAX: Final = 128 * 1024 * 1024
"""Of all shared strings of a workbook together, as UTF-8."""

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """The strings that cells refer to by number; formatting and phonetics are left out."""

    def __init__(self, workbook: Workbook) -> None:
        self._packed = bytearray()
        self._ends = array("I", [0])
        self._workbook = workbook
        self._part = workbook.named_part("sharedStrings") or ""
        if self._part:
            self._read(self._part)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        packed = self._packed[self._ends[index] : self._ends[index + 1]]
        # One long string may stand in a million cells.
        self._workbook.unpack(len(packed), self._part)
        return packed.decode()

    def _read(self, part: str) -> None:
        pieces: list[str] = []
        where: list[str] = []
        size = 0

        def start(name: str, _attributes: dict[str, str]) -> None:
            where.append(name)

        def end(name: str) -> None:
            nonlocal size
            where.pop()
            if name == "si":
                self._packed += unescaped("".join(pieces)).encode()
                self._ends.append(len(self._packed))
                pieces.clear()
                size = 0
                if len(self._packed) > STRING_BYTES_MAX or len(self) > STRINGS_MAX:
                    raise StatementUnreadable("the workbook has too many strings")

        def text(data: str) -> None:
            nonlocal size
            if where[-1] == "t" and "rPh" not in where:
                size += len(data)
                if size > CELL_CHARACTERS_MAX:
                    reason = f"is longer than {CELL_CHARACTERS_MAX} characters"
                    raise StatementUnreadable(f"string {len(self)} of the workbook {reason}")
                pieces.append(data)

        parse(self._workbook.part(part), part, start=start, end=end, text=text)


def unescaped(text: str) -> str:
    """Return a text with its `_xHHHH_` as the characters they stand for (ECMA-376, 22.9.2.19).

    Excel writes a carriage return so. Controls and halves of pairs stay as they are written.
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character.isprintable() or character in "\t\n\r" else match[0]
