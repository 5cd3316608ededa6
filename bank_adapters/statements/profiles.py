"""What the columns and labels of tabular statements are called; words only, nothing is read here.

No Vietnamese bank publishes the layout of its exports. The words below are those seen in exports
and in programs that read them; see `bank_profiles` for what is known of each bank.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Column(StrEnum):
    """What a column of a tabular statement holds."""

    BOOKING_DATE = "booking_date"
    """The day the bank booked the entry."""
    VALUE_DATE = "value_date"
    """The day from which it counts for interest; the booking day where there is no such column."""
    REFERENCE = "reference"
    """The bank's document number; may share its column with the booking date."""
    NARRATIVE = "narrative"
    """Free text."""
    DEBIT = "debit"
    """Money out; empty or zero in a credit row."""
    CREDIT = "credit"
    """Money in; empty or zero in a debit row."""
    AMOUNT = "amount"
    """Money in or out, as its sign or the indicator beside it says."""
    INDICATOR = "indicator"
    """`D` or `C` for the amount beside it."""
    FEE = "fee"
    """The bank's fee, besides the amount; an entry of its own."""
    VAT = "vat"
    """VAT on the fee, besides the amount; an entry of its own."""
    BALANCE = "balance"
    """The balance after the row, fee and VAT included."""
    COUNTERPARTY_ACCOUNT = "counterparty_account"
    """The other side's account."""
    COUNTERPARTY_NAME = "counterparty_name"
    """The other side's name."""


class Label(StrEnum):
    """What a labelled cell outside the entries states."""

    ACCOUNT = "account"
    """The account's number."""
    CURRENCY = "currency"
    """Its currency, ISO 4217 or `đồng`."""
    NUMBER = "number"
    """The number of the statement."""
    FROM = "from"
    """The first day of the period."""
    TO = "to"
    """The last day of the period."""
    OPENING = "opening"
    """The balance before the first entry."""
    CLOSING = "closing"
    """The balance after the last entry."""
    TOTALS = "totals"
    """Starts the row of sums, which stand under the columns they add up."""


class Marks(NamedTuple):
    """How amounts are written: the two separators, and how many decimals they show if any."""

    thousands: str
    decimal: str
    fraction_digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularProfile:
    """One bank's table, as CSV or as a workbook; recognised by its whole header row.

    `columns` says what stands under each cell of `header`, None for what is not read. Text cells
    are written with `marks`, so that `1.234` can never be read as a thousandth part.
    """

    code: str
    title: tuple[str, ...]
    header: tuple[str, ...]
    columns: tuple[Column | None, ...]
    labels: tuple[tuple[Label, str], ...]
    delimiter: str
    """Of its CSV; a workbook has none."""
    marks: Marks
    marks_are_sure: bool = True
    """Without it text cells may have the separators the other way, as the first of them shows."""
    date_layout: str = "%d/%m/%Y"
    """How its days are written, as a `strftime` layout; any unmistakable form is read."""
    outflow_is_negative: bool = False
    """Debits, fees and VAT carry a minus; without it they would be money in."""
    owes_totals: bool = False
    """A table without its row of sums was cut, and is refused."""

    def __post_init__(self) -> None:
        held = [column for column in self.columns if column is not None]
        if len(self.header) != len(self.columns) or len(held) != len(set(held)):
            raise ValueError("a profile names each of its columns once, in the order of its header")


COLUMN_WORDS: Final[dict[Column, tuple[str, ...]]] = {
    Column.BOOKING_DATE: (
        "ngay hach toan", "posting date", "accounting date", "booking date", "ngay ghi so",
        "ngay giao dich", "ngay gd", "transaction date", "tnx date", "trans date",
        "ngay phat sinh", "ngay chung tu", "ngay ct", "thoi gian giao dich", "datetime", "ngay",
        "date",
    ),
    Column.VALUE_DATE: ("ngay hieu luc", "ngay gia tri", "value date", "effective date"),
    Column.REFERENCE: (
        "so but toan", "so chung tu", "so ct", "so tham chieu", "ma tham chieu", "so giao dich",
        "so gd", "ma giao dich", "ma gd", "reference", "reference number", "reference no", "ref",
        "ref no", "transaction number", "transaction no", "transaction id", "doc no",
        "document no",
    ),
    Column.NARRATIVE: (
        "dien giai", "dien giai giao dich", "noi dung", "noi dung giao dich", "noi dung chi tiet",
        "mo ta", "mo ta giao dich", "narrative", "description", "transaction description",
        "details", "transaction details", "remark", "remarks",
    ),
    Column.DEBIT: (
        "ps no", "phat sinh no", "ghi no", "so tien ghi no", "so tien no", "tien rut ra",
        "rut ra", "debit", "debit amount", "withdrawal", "no",
    ),
    Column.CREDIT: (
        "ps co", "phat sinh co", "ghi co", "so tien ghi co", "so tien co", "tien gui vao",
        "gui vao", "credit", "credit amount", "deposit", "co",
    ),
    Column.AMOUNT: ("so tien", "so tien giao dich", "so tien gd", "amount", "transaction amount"),
    Column.INDICATOR: ("d c", "c d", "dc", "no co", "co no", "dr cr", "debit credit"),
    Column.FEE: ("phi", "phi giao dich", "phi gd", "fee", "transaction fee", "charge"),
    Column.VAT: ("thue", "thue gtgt", "thue vat", "vat", "transaction vat", "tax"),
    Column.BALANCE: (
        "so du", "so du tk", "so du tai khoan", "so du sau giao dich", "so du luy ke", "balance",
        "running balance", "account balance",
    ),
    Column.COUNTERPARTY_ACCOUNT: (
        "tk doi ung", "so tk doi ung", "tai khoan doi ung", "so tai khoan doi ung",
        "tai khoan dich", "counter account", "remitter s account number",
    ),
    Column.COUNTERPARTY_NAME: (
        "ten doi ung", "ten tk doi ung", "ten tai khoan doi ung", "ten doi tac", "counter name",
        "remitter s account name",
    ),
}  # fmt: skip
"""Header words without diacritics and case, the more telling ones first (`no` may be *number*)."""

LABEL_WORDS: Final[dict[Label, tuple[str, ...]]] = {
    Label.ACCOUNT: (
        "so tai khoan", "so tk", "tai khoan", "tai khoan so", "account no", "account number",
        "account",
    ),
    Label.CURRENCY: (
        "loai tien", "loai tien te", "tien te", "don vi tien te", "dong tien", "currency",
    ),
    Label.NUMBER: ("so sao ke", "statement number", "statement no"),
    Label.FROM: ("tu ngay", "from date", "from", "tu"),
    Label.TO: ("den ngay", "to date", "to", "den"),
    Label.OPENING: (
        "so du dau ky", "so du dau", "so du dau ngay", "du dau ky", "du dau", "opening balance",
        "open balance",
    ),
    Label.CLOSING: (
        "so du cuoi ky", "so du cuoi", "so du cuoi ngay", "du cuoi ky", "du cuoi",
        "closing balance", "ending balance",
    ),
    Label.TOTALS: (
        "tong cong", "tong", "cong", "tong so", "cong phat sinh", "tong phat sinh",
        "tong cong phat sinh", "cong so phat sinh", "tong so phat sinh", "cong doanh so",
        "tong doanh so", "total", "totals", "total volume",
    ),
}  # fmt: skip
"""Label words, in the same form."""
