"""What a reader knows before a statement's exponent is known: exact decimals, and the flags."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from bank_adapters.vocabulary import Direction, EntryStatus

FLAG_UNBALANCED: Final = "unbalanced"
"""Opening + credit − debit is not the closing balance."""
FLAG_VALUE_DATE_BASIS: Final = "value-date-basis"
"""The proof holds only without the entries whose value date lies after the closing date."""
FLAG_UNPROVEN: Final = "unproven"
"""A balance is missing from a format that owes both."""
FLAG_GAP: Final = "gap"
"""An opening does not continue the closing before it, or a page is missing or doubled."""
FLAG_VND_FRACTION: Final = "vnd-fraction"
"""An amount in đồng has a fraction; the đồng has none."""
FLAG_CONTROL_SUM: Final = "control-sum"
"""The totals the file declares are not those of its entries, and no balance proves the entries."""
FLAG_DECLARED_TOTALS: Final = "declared-totals"
"""The balances prove the entries, but the totals the file declares are not those of its entries."""
FLAG_FOREIGN_CURRENCY: Final = "foreign-currency"
"""An entry is in another currency than its account; its amount is counted as it is written."""
FLAG_BATCH_SUM: Final = "batch-sum"
"""The details of a batch entry do not add up to the entry."""


class Decimals(NamedTuple):
    """An exact decimal, `unscaled` × 10^-`scale`, without trailing zeros in its fraction."""

    unscaled: int
    scale: int

    def minor(self, exponent: int) -> int:
        """Return the value in units of 10^-exponent; the exponent is never below the scale."""
        return self.unscaled * int(10 ** (exponent - self.scale))


def read_decimals(text: str, mark: str, *, is_negative: bool = False) -> Decimals:
    """Read digits with an optional fraction; the caller has checked the form of the text."""
    whole, _, fraction = text.partition(mark)
    fraction = fraction.rstrip("0")
    unscaled = int(whole + fraction or "0")
    return Decimals(-unscaled if is_negative else unscaled, len(fraction))


class DraftBalance(NamedTuple):
    """A balance as written, with its sign applied."""

    amount: Decimals
    currency: str
    on: date


@dataclass(slots=True, kw_only=True)
class DraftLine:
    """One entry as written; see `StatementLine` for the meaning of the fields."""

    source_line: int
    booking_date: date
    value_date: date
    amount: Decimals
    direction: Direction
    status: EntryStatus = EntryStatus.BOOKED
    is_reversal: bool = False
    bank_reference: str = ""
    end_to_end_reference: str = ""
    returned_reference: str = ""
    batch_reference: str = ""
    counterparty_account: str = ""
    counterparty_name: str = ""
    code: str = ""
    narrative: str = ""
