"""What a table proves of itself: its running balance, its sums, and that it was not cut."""

from array import array
from typing import Final, NamedTuple

from bank_adapters.statements.draft import Decimals
from bank_adapters.statements.proof import EXPONENT_MAX
from bank_adapters.statements.tabular_cells import Cell, is_blank, shows_day_first

FLAG_DERIVED_BALANCE: Final = "derived-balance"
"""The opening or closing balance is not stated; it follows from the running balance or the sums."""
FLAG_OPEN_END: Final = "open-end"
"""Nothing in the file says where its entries end: it may have been cut."""
FLAG_DUPLICATE_LINES: Final = "duplicate-lines"
"""Rows of one document number, day and amount stand twice, and no running balance forbids it."""
FLAG_DAY_ORDER: Final = "day-order"
"""Days may be meant month first, and nothing shows which; or a spreadsheet turned some round."""

_SHARE_KEYS: Final = 2**17


class Balances(NamedTuple):
    """Both balances in units of 10^-`EXPONENT_MAX`, None where the table does not tell."""

    opening: int | None
    closing: int | None
    flags: tuple[str, ...]


class RunningBalance:
    """Follows the balance column from row to row, whichever end of the period comes first.

    Until a row decides, both orders are possible. Rows without a balance are added up to the next
    row that has one.
    """

    def __init__(self, opening: int | None, closing: int | None) -> None:
        self._opening = opening
        self._closing = closing
        self._total = 0
        self._between = 0
        self._last: tuple[int, int] | None = None
        self._first = 0
        self._oldest_first = True
        self._newest_first = True

    @property
    def is_shown(self) -> bool:
        """Whether any row had a balance."""
        return self._last is not None

    def follows(self, movement: int, balance: int | None) -> bool:
        """Tell whether a row continues the rows before it."""
        self._total += movement
        if balance is None:
            self._between += movement
            return True
        if self._last is None:
            self._first = balance - self._total
            if self._opening is not None:
                self._oldest_first = self._first == self._opening
            if self._closing is not None:
                self._newest_first = balance + self._between == self._closing
            self._first_newest = balance + self._between
        else:
            before, its_movement = self._last
            if before + self._between + movement != balance:
                self._oldest_first = False
            if before - its_movement - self._between != balance:
                self._newest_first = False
        self._last = (balance, movement)
        self._between = 0
        return self._oldest_first or self._newest_first

    def balances(self, closing: int | None, opening: int | None, *, has_sums: bool) -> Balances:
        """Return the stated balances, the missing ones derived, and what is to be said of them.

        `has_sums` says that a row of sums agreed, which proves that no row is missing.
        """
        stated_end = closing if self._oldest_first or not self.is_shown else opening
        is_stated = opening is not None and closing is not None
        if self.is_shown:
            first = self._first if self._oldest_first else self._first_newest - self._total
            opening = first if opening is None else opening
            closing = first + self._total if closing is None else closing
        elif has_sums and opening is not None and closing is None:
            closing = opening + self._total
        elif has_sums and closing is not None and opening is None:
            opening = closing - self._total
        flags = []
        if opening is not None and closing is not None:
            if not is_stated:
                flags.append(FLAG_DERIVED_BALANCE)
            if stated_end is None and not has_sums:
                flags.append(FLAG_OPEN_END)
        return Balances(opening, closing, tuple(flags))


class Repetitions:
    """Finds entries given twice; keeps eight bytes an entry."""

    def __init__(self) -> None:
        self._keys = array("q")

    def add(self, *key: object) -> None:
        """Note what makes an entry the same as another."""
        self._keys.append(hash(key))

    def first(self) -> int | None:
        """Return the index of the first entry that repeats an earlier one."""
        # One share of the keys at a time, so that no set of all of them is ever built.
        shares = len(self._keys) // _SHARE_KEYS + 1
        found = (self._first_of(share, shares) for share in range(shares))
        return min((index for index in found if index is not None), default=None)

    def _first_of(self, share: int, shares: int) -> int | None:
        seen: set[int] = set()
        for index, key in enumerate(self._keys):
            if key % shares == share:
                if key in seen:
                    return index
                seen.add(key)
        return None


class DayOrder:
    """Finds days that may be meant month first: `03/11/2026`, unless `is_known` or one shows it.

    A spreadsheet that expects the month first turns `03/11` into 11 March and leaves `13/11` a
    text: days of both kinds in one column are in doubt in any case.
    """

    def __init__(self, *, is_known: bool) -> None:
        self._is_known = is_known
        self._is_unclear = False
        self._kinds: set[type] = set()

    def note(self, cell: Cell) -> None:
        """Note a cell of the column of booking days; an empty one says nothing."""
        if not is_blank(cell):
            self._kinds.add(type(cell))
        if not self._is_known:
            is_clear = shows_day_first(cell)
            self._is_known = bool(is_clear)
            self._is_unclear = self._is_unclear or is_clear is False

    @property
    def is_in_doubt(self) -> bool:
        """Whether the days noted so far may be wrong."""
        return len(self._kinds) > 1 or (self._is_unclear and not self._is_known)


def scaled(amount: Decimals) -> int:
    """Return an amount in units of 10^-`EXPONENT_MAX`."""
    return amount.minor(EXPONENT_MAX)


def decimals_of(units: int) -> Decimals:
    """Return an amount counted in units of 10^-`EXPONENT_MAX`, without trailing zeros."""
    scale = EXPONENT_MAX
    while scale and units % 10 == 0:
        units //= 10
        scale -= 1
    return Decimals(units, scale)
