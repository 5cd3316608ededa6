"""Cells of a table as values: text, exact numbers and days; what a cell cannot mean is refused.

Nothing is guessed: what `.` and `,` mean is fixed once for a file, and days are never read as
month first.
"""

import contextlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context
from functools import lru_cache
from typing import Final, NamedTuple

from bank_adapters.money import currency_exponent
from bank_adapters.statements.decoding import excerpt
from bank_adapters.statements.draft import Decimals, read_decimals
from bank_adapters.statements.profiles import Marks
from bank_adapters.statements.proof import EXPONENT_MAX

DIGITS_MAX: Final = 18
_WORDS_CHARACTERS_MAX: Final = 120
_LETTERS: Final = 26


class Number(NamedTuple):
    """A numeric cell of a workbook, as the text that stands in the file."""

    raw: str


class Unusable(NamedTuple):
    """A cell whose content is no value: a formula, an error, a boolean."""

    what: str


Cell = str | Number | date | Unusable


class Row(NamedTuple):
    """One row with its number in the file, counted from 1; missing cells are empty text."""

    number: int
    cells: Sequence[Cell]


class Misfit(ValueError):
    """A cell does not hold what its column promises; the caller adds where it stands."""


def address(index: int) -> str:
    """Return the letters of a workbook's column, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def fold(text: str) -> str:
    """Return words for comparing: no diacritics, no case, no punctuation, single blanks.

    Only the start of a long text counts; none of the words compared with is that long.
    """
    return _folded(text[:_WORDS_CHARACTERS_MAX])


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    kept = (c if c.isalnum() else " " for c in spread if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell is empty or holds only blanks."""
    return isinstance(cell, str) and not cell.strip()


def read_text(cell: Cell) -> str:
    """Return a text on one line; a whole number of a workbook as its digits, a day as ISO 8601."""
    if isinstance(cell, str):
        return " ".join(cell.split()) if cell else ""
    if isinstance(cell, Number):
        value = read_number(cell.raw)
        sign = "-" if value.unscaled < 0 else ""
        digits = str(abs(value.unscaled)).rjust(value.scale + 1, "0")
        point = len(digits) - value.scale
        return sign + digits[:point] + ("." + digits[point:] if value.scale else "")
    if isinstance(cell, Unusable):
        raise Misfit(cell.what)
    return cell.isoformat()


_SPOILED: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")


def read_identifier(cell: Cell) -> str:
    """Return an account or document number; one that a spreadsheet rounded (`1.23E+11`) is not."""
    text = read_text(cell)
    if text and _SPOILED.fullmatch(text):
        raise Misfit(f"{excerpt(text)} was rounded by a spreadsheet")
    return text


_DAY: Final = re.compile(
    r"(?:([0-9]{2})([/-])([0-9]{2})\2([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2}))"
)
_DAY_CHARACTERS: Final = 10
_DAY_FIRST: Final = re.compile(r"([0-9]{2})[/-]([0-9]{2})[/-][0-9]{4}")
_MONTHS: Final = 12
_TIME: Final = re.compile(
    r"[ T,\n-]*(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?Z?"
)


@lru_cache(maxsize=4096)
def _day_of(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    day, _, month, year, *iso = match.groups()
    with contextlib.suppress(ValueError):
        if iso[0]:
            return date(int(iso[0]), int(iso[1]), int(iso[2]))
        return date(int(year), int(month), int(day))
    return None


def starts_as_day(cell: Cell) -> bool:
    """Tell whether a cell looks like a day, right or wrong."""
    if isinstance(cell, str):
        return _DAY.match(cell.lstrip()) is not None
    return isinstance(cell, date)


def shows_day_first(cell: Cell) -> bool | None:
    """Tell whether a written day cannot be meant month first; None when both mean the same."""
    match = _DAY_FIRST.match(cell.lstrip()) if isinstance(cell, str) else None
    if match is None or match[1] == match[2]:
        return None
    return int(match[1]) > _MONTHS


def read_day(cell: Cell) -> date:
    """Read dd/mm/yyyy, dd-mm-yyyy or yyyy-mm-dd, each with an optional time that is left out."""
    day, rest = split_day(cell)
    if rest:
        raise Misfit(excerpt(read_text(cell)))
    return day


def split_day(cell: Cell) -> tuple[date, str]:
    """Read a day, an optional time, and return what else the cell holds."""
    if isinstance(cell, date):
        return cell, ""
    if not isinstance(cell, str):
        raise Misfit(excerpt(read_text(cell)))
    text = cell.strip()
    day = _day_of(text[:_DAY_CHARACTERS])
    if day is None:
        raise Misfit(excerpt(text))
    rest = text[_DAY_CHARACTERS:]
    if not rest:
        return day, ""
    time = _TIME.match(rest)
    rest = rest[time.end() :] if time else rest
    if rest and rest[0].isalnum():
        raise Misfit(excerpt(text))
    return day, rest.strip(" \n\t/-")


_RAW_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_RAW: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_WORKBOOK_DIGITS: Final = 15
_WORKBOOK: Final = Context(prec=_WORKBOOK_DIGITS, rounding=ROUND_HALF_EVEN)


def read_number(raw: str) -> Decimals:
    """Read a workbook's number exactly, also `1.2345E+7`.

    Workbooks keep 15 digits and may write 17, the decimal image of a binary fraction; what lies
    beyond the fifteenth is not part of the number, and a whole number that long is refused.
    """
    if _RAW_WHOLE.fullmatch(raw):
        return Decimals(int(raw), 0)
    if not _RAW.fullmatch(raw):
        raise Misfit(f"{excerpt(raw)} is not a number")
    value = _WORKBOOK.create_decimal(raw)
    if value and value.adjusted() >= _WORKBOOK_DIGITS:
        raise Misfit(f"{excerpt(raw)} has more digits than a workbook keeps")
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > _WORKBOOK_DIGITS:
        raise Misfit(f"{excerpt(raw)} has too many decimals")
    return Decimals(int(whole + fraction), len(fraction))


_SIGNED: Final = re.compile(
    r"(?P<bracket>\()?(?P<sign>[-+−])?[ \u00a0]?(?P<digits>[0-9](?:[0-9.,]*[0-9])?)"
    r"(?:[ \u00a0]?(?P<unit>VNĐ|[A-Z]{3}|[đĐ₫]))?(?(bracket)\))(?P<trailing>[-−])?"
)
_NOTHING: Final = frozenset({"", "-", "–", "—"})
_DONG: Final = frozenset({"VNĐ", "đ", "Đ", "₫"})
_OTHER: Final = {".": ",", ",": "."}
_GROUP_DIGITS: Final = 3


class Amounts:
    """Reads the amounts of one file; its separators are the profile's, or shown by the file.

    A file shows them by its first amount that can be read in one way only. A single mark before
    three digits separates thousands, as no currency read here has three decimals; after that the
    same mark never separates decimals.
    """

    def __init__(self, marks: Marks | None, currency: str) -> None:
        self._currency = currency
        self._exponent = currency_exponent(currency)
        self._fraction = "{1,3}" if self._exponent == _GROUP_DIGITS else "{1,2}"
        self._decimal = ""
        self._thousands = ","
        self._whole = self._form = re.compile(r"[0-9]{1,18}")
        if marks is not None:
            self._fraction = f"{{{marks.fraction_digits}}}"
            self._settle(marks.decimal)

    def read(self, cell: Cell) -> Decimals | None:
        """Return an amount, None for an empty cell or a dash; anything else is a `Misfit`."""
        if isinstance(cell, str):
            text = cell.strip()
            if text in _NOTHING:
                return None
            if self._whole.fullmatch(text):
                return Decimals(self._int(text.replace(self._thousands, "")), 0)
            return self._read_written(text)
        if not isinstance(cell, Number):
            raise Misfit(excerpt(read_text(cell)))
        value = read_number(cell.raw)
        if value.scale > EXPONENT_MAX:
            raise Misfit(f"{excerpt(cell.raw)} has too many decimals")
        return value

    def _int(self, digits: str) -> int:
        if len(digits) > DIGITS_MAX:
            raise Misfit(f"{excerpt(digits)} is too long for an amount")
        return int(digits)

    def _read_written(self, text: str) -> Decimals:
        match = _SIGNED.fullmatch(text)
        if match is None:
            raise Misfit(excerpt(text))
        signs = [match["bracket"], match["sign"], match["trailing"]]
        if sum(sign is not None for sign in signs) > 1:
            raise Misfit(excerpt(text))
        unit = "VND" if match["unit"] in _DONG else match["unit"]
        if unit not in {None, self._currency}:
            raise Misfit(f"{excerpt(text)} is not in {self._currency}")
        digits = match["digits"]
        marks = [character for character in digits if character in _OTHER]
        if marks and not self._decimal:
            self._decide(digits, marks)
        if marks and not self._form.fullmatch(digits):
            raise Misfit(excerpt(text))
        decimal = self._decimal or "."
        plain = digits.replace(_OTHER[decimal], "")
        self._int(plain.replace(decimal, ""))
        is_negative = match["sign"] in {"-", "−"} or bool(match["bracket"] or match["trailing"])
        return read_decimals(plain, decimal, is_negative=is_negative)

    def _decide(self, digits: str, marks: list[str]) -> None:
        tail = len(digits.rpartition(marks[-1])[2])
        if len(set(marks)) > 1:
            self._settle(marks[-1])
        elif len(marks) > 1:
            self._settle(_OTHER[marks[-1]])
        elif tail != _GROUP_DIGITS:
            self._settle(marks[-1])
        elif self._exponent == _GROUP_DIGITS:
            raise Misfit(f"{excerpt(digits)} can be read in two ways")
        else:
            self._settle(_OTHER[marks[-1]])

    def _settle(self, decimal: str) -> None:
        self._decimal = decimal
        self._thousands = _OTHER[decimal]
        thousands = re.escape(self._thousands)
        grouped = rf"[1-9][0-9]{{0,2}}(?:{thousands}[0-9]{{3}})+|[0-9]+"
        self._whole = re.compile(grouped)
        self._form = re.compile(rf"(?:{grouped})(?:{re.escape(decimal)}[0-9]{self._fraction})?")
