"""The words every dialect is read into: notices, reports, statements; valid or not at all."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bank_adapters.money import AMOUNT_MINOR_MAX, MoneyError

UNNUMBERED = "unnumbered:"
"""Begins our own name of an attempt that the gateway gave no number."""


class Direction(StrEnum):
    """Which way the money moved, seen from the account's owner."""

    CREDIT = "credit"
    """Money came in."""
    DEBIT = "debit"
    """Money went out."""


class NoticeResult(StrEnum):
    """What a believed message says became of a payment."""

    PAID = "paid"
    """The sender says that the money was taken and is ours."""
    FAILED = "failed"
    """The sender says that no money was taken."""
    REVIEW = "review"
    """Money may have been taken; a person must look (VNPAY 07)."""
    PENDING = "pending"
    """The sender says that it is not decided yet; it has to be asked again."""
    UNKNOWN = "unknown"
    """A code we do not know: neither paid nor failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMeaning:
    """What one code of a sender says: the result it stands for and a sentence in each language."""

    result: NoticeResult
    vietnamese: str
    english: str


class EntryStatus(StrEnum):
    """How final a statement entry is."""

    BOOKED = "booked"
    """Booked: counts in the balance proof."""
    PENDING = "pending"
    """Announced, not booked: never counts, never posts."""
    INFORMATION = "information"
    """Information only: never counts, never posts."""


def _require_amount(amount_minor: int) -> None:
    if type(amount_minor) is not int or not 0 < amount_minor <= AMOUNT_MINOR_MAX:
        raise MoneyError(f"not a positive whole amount: {amount_minor!r}")


def _require_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {moment.isoformat()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNotice:
    """A verified message about one payment.

    `merchant` is who the sender says it pays; `our_reference` is the text we gave the sender, if
    any; `provider_transaction` is the sender's own key of the payment; `memo` is free text;
    `account_number` is the real account that was credited, `virtual_account` the number that the
    payer used for it, if it is another one.
    """

    result: NoticeResult
    result_code: str
    merchant: str
    our_reference: str | None
    provider_transaction: str
    amount_minor: int
    currency: str
    paid_at: datetime
    memo: str = ""
    account_number: str | None = None
    virtual_account: str = ""
    payer_account: str = ""
    payer_name: str = ""

    def __post_init__(self) -> None:
        _require_amount(self.amount_minor)
        _require_aware(self.paid_at)
        if not self.provider_transaction:
            raise ValueError("a notice names its transaction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A balance in units of 10^-exponent of the statement's currency; may be negative."""

    amount_minor: int
    currency: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One entry as the bank wrote it; `amount_minor` is positive, `direction` carries the sign.

    A reversed credit is a debit already. `position` counts from 1 inside its statement and
    `source_line` is the line (or entry) number in the file, for people.
    """

    position: int
    source_line: int
    booking_date: date
    value_date: date
    amount_minor: int
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

    def __post_init__(self) -> None:
        _require_amount(self.amount_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of one account; `exponent` says how many decimals its amounts carry.

    Either balance is absent in reports that do not state it (MT942, camt.052, camt.054).
    """

    account: str
    currency: str
    exponent: int
    number: str
    opening: Balance | None
    closing: Balance | None
    lines: tuple[StatementLine, ...]
    flags: tuple[str, ...] = field(default=())

    @property
    def booked(self) -> tuple[StatementLine, ...]:
        """The lines that count in the balance proof."""
        return tuple(line for line in self.lines if line.status is EntryStatus.BOOKED)

    @property
    def credit_minor(self) -> int:
        """Sum of the booked credits."""
        return sum(li.amount_minor for li in self.booked if li.direction is Direction.CREDIT)

    @property
    def debit_minor(self) -> int:
        """Sum of the booked debits."""
        return sum(li.amount_minor for li in self.booked if li.direction is Direction.DEBIT)

    @property
    def is_balanced(self) -> bool | None:
        """Whether opening + credit − debit = closing; nothing to say when a balance is absent."""
        if self.opening is None or self.closing is None:
            return None
        movement_minor = self.credit_minor - self.debit_minor
        return self.opening.amount_minor + movement_minor == self.closing.amount_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """Every statement of one file, with the format it was read as, such as `MT940`."""

    format: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    """One transaction inside a payout: gross less fee less VAT; what is taken back is negative.

    `kind` is `payment`, `refund` (paid back, ordered by us or not), `chargeback` (taken back for
    the payer's bank) or `adjustment` (either sign). `original_transaction` is the payment that is
    taken back, or the line that is adjusted, where the gateway names it.
    """

    position: int
    provider_transaction: str
    our_reference: str
    kind: str
    gross_minor: int
    fee_minor: int
    vat_minor: int
    paid_at: datetime
    original_transaction: str = ""

    def __post_init__(self) -> None:
        if self.kind not in {"payment", "refund", "chargeback", "adjustment"}:
            raise ValueError(f"unknown kind of settlement line: {self.kind!r}")
        is_signed_well = self.kind == "adjustment" or (
            (self.gross_minor > 0) == (self.kind == "payment")
        )
        if not is_signed_well or self.gross_minor == 0:
            raise MoneyError("a payment is positive, what is taken back negative, nothing is zero")
        if self.original_transaction and self.kind == "payment":
            raise ValueError("a payment takes nothing back")
        if self.fee_minor < 0 or self.vat_minor < 0:
            raise MoneyError("fees and VAT are not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementReport:
    """What a gateway says it pays out in one batch; count and sums are proven on construction."""

    merchant: str
    batch: str
    settled_on: date
    currency: str
    lines: tuple[SettlementLine, ...]
    declared_count: int
    declared_net_minor: int

    @property
    def gross_minor(self) -> int:
        """Sum of the gross amounts, what is taken back negative."""
        return sum(line.gross_minor for line in self.lines)

    @property
    def fee_minor(self) -> int:
        """Sum of the gateway's fees, without VAT."""
        return sum(line.fee_minor for line in self.lines)

    @property
    def vat_minor(self) -> int:
        """Sum of the VAT on those fees."""
        return sum(line.vat_minor for line in self.lines)

    @property
    def net_minor(self) -> int:
        """What the bank credit must be: gross − fee − VAT."""
        return self.gross_minor - self.fee_minor - self.vat_minor

    def __post_init__(self) -> None:
        if self.declared_count != len(self.lines):
            raise ValueError(f"declared {self.declared_count} lines, found {len(self.lines)}")
        if self.declared_net_minor != self.net_minor:
            raise ValueError(
                f"declared a net of {self.declared_net_minor}, the lines add up to {self.net_minor}"
            )
