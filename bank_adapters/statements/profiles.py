"""Named, frozen shapes of the CSV statements that banks export; nothing here is ever guessed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """What a column of a CSV statement holds."""

    BOOKING_DATE = "booking_date"
    """The day the bank booked the entry."""
    VALUE_DATE = "value_date"
    """The day from which it counts for interest."""
    REFERENCE = "reference"
    """The bank's document number."""
    DEBIT = "debit"
    """Money out; empty or zero in a credit row."""
    CREDIT = "credit"
    """Money in; empty or zero in a debit row."""
    BALANCE = "balance"
    """The balance after the row."""
    NARRATIVE = "narrative"
    """Free text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularProfile:
    """One bank's CSV export.

    Above the header row stand labelled cells, each followed by its value; below the entries stands
    one footer row with the count and, under the debit and credit columns, the sums.
    `fraction_digits` is the exact number of decimals when an amount shows any; fewer or more are
    refused, so that `1.234` can never be read as a thousandth part.
    """

    code: str
    encoding: str
    delimiter: str
    title: tuple[str, ...]
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    thousands_mark: str
    decimal_mark: str
    fraction_digits: int
    date_pattern: str
    """A regular expression with the groups `day`, `month`, `year`."""
    date_layout: str
    """The same for writing, as a `strftime` layout."""
    account_label: str
    currency_label: str
    number_label: str
    from_label: str
    to_label: str
    opening_label: str
    closing_label: str
    footer_label: str

    def __post_init__(self) -> None:
        if len(self.header) != len(self.columns) or set(self.columns) != set(Column):
            raise ValueError("a profile names every column once, in the order of its header")

    @property
    def header_row(self) -> str:
        """The header as it stands in the file; the signature by which the profile is known."""
        return self.delimiter.join(self.header)


VIETCOMBANK_CSV: Final = TabularProfile(
    code="vcb-csv",
    encoding="utf-8-sig",
    delimiter=";",
    title=("NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM", "SAO KÊ TÀI KHOẢN"),
    header=(
        "Ngày GD",
        "Ngày hiệu lực",
        "Số chứng từ",
        "Ghi nợ",
        "Ghi có",
        "Số dư",
        "Nội dung",
    ),
    columns=(
        Column.BOOKING_DATE,
        Column.VALUE_DATE,
        Column.REFERENCE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
        Column.NARRATIVE,
    ),
    thousands_mark=",",
    decimal_mark=".",
    fraction_digits=2,
    date_pattern=r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})",
    date_layout="%d/%m/%Y",
    account_label="Số tài khoản",
    currency_label="Loại tiền",
    number_label="Số sao kê",
    from_label="Từ ngày",
    to_label="Đến ngày",
    opening_label="Số dư đầu kỳ",
    closing_label="Số dư cuối kỳ",
    footer_label="Tổng cộng",
)
"""Statement as a Vietnamese commercial bank exports it, one account and one period a file."""

PROFILES: Final = (VIETCOMBANK_CSV,)
"""Every profile that a file may be recognised by."""
