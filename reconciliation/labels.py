"""The label of a payment: a pure, total function of its facts; it never decides anything.

What people see follows from what was asked, the amount of each fact, and what the channel owes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Fact(StrEnum):
    """What can be known about money, each with its own amount and evidence."""

    NOTIFIED = "notified"
    """A believed message says that it was paid."""
    REPORTED = "reported"
    """A settlement report lists it."""
    COLLECTED = "collected"
    """It was seen in the bank, or deposited as cash."""


class Label(StrEnum):
    """What a citizen or an officer sees of one request."""

    REQUESTED = "requested"
    """Asked for; no money is known of."""
    EXPIRED = "expired"
    """The time to pay is over; no money is known of. A late payment still covers it."""
    CANCELLED = "cancelled"
    """Withdrawn; no money is known of."""
    EXEMPT = "exempt"
    """Nothing is to be paid, by law."""
    SETTLED_ELSEWHERE = "settled_elsewhere"
    """Paid outside this service, on paper evidence; no money is known of here."""
    PART_PAID = "part_paid"
    """Some money is here, less than asked."""
    PAID_NOT_COLLECTED = "paid_not_collected"
    """A gateway or bank says that it was paid; the bank statement has not shown it yet."""
    REPORTED = "reported"
    """The gateway's settlement report lists it; the payout is not in the bank yet."""
    COLLECTED = "collected"
    """The whole amount was seen in the bank or deposited."""
    LATE = "late"
    """The whole amount came, after the time to pay."""
    OVERPAID = "overpaid"
    """More came than was asked; the difference is to be returned."""
    CANCELLED_BUT_PAID = "cancelled_but_paid"
    """Money came for a withdrawn request; it is to be returned."""
    RETURNED = "returned"
    """The bank or the gateway took the money back; it has to be paid again."""
    REFUNDED = "refunded"
    """All the money was paid back by the unit."""


UNPAID: Final = frozenset(
    {Label.REQUESTED, Label.EXPIRED, Label.CANCELLED, Label.EXEMPT, Label.SETTLED_ELSEWHERE}
)
"""The labels that say no money is known of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a label may depend on; amounts in minor units, never negative.

    The same money is counted once per fact: what was received is the largest of the facts.
    `owes_*` say what the channel must still tell us: a direct transfer is never reported, cash is
    never notified.
    """

    asked_minor: int
    notified_minor: int = 0
    reported_minor: int = 0
    collected_minor: int = 0
    returned_minor: int = 0
    refunded_minor: int = 0
    surplus_minor: int = 0
    is_cancelled: bool = False
    is_expired: bool = False
    is_late: bool = False
    is_exempt: bool = False
    is_settled_elsewhere: bool = False
    owes_notice: bool = True
    owes_report: bool = False

    def __post_init__(self) -> None:
        amounts = (self.asked_minor, self.surplus_minor, self.received_minor, self.gone_minor)
        if min(*amounts, *self.amounts.values(), self.returned_minor, self.refunded_minor) < 0:
            raise ValueError("facts are amounts and are not negative")

    @property
    def amounts(self) -> dict[Fact, int]:
        """The amount of each fact."""
        return {
            Fact.NOTIFIED: self.notified_minor,
            Fact.REPORTED: self.reported_minor,
            Fact.COLLECTED: self.collected_minor,
        }

    @property
    def received_minor(self) -> int:
        """Money known of by any fact, counted once."""
        return max(*self.amounts.values(), self.surplus_minor)

    @property
    def gone_minor(self) -> int:
        """Money that left again."""
        return self.returned_minor + self.refunded_minor


def _label_without_money(facts: Facts) -> Label:
    if facts.is_cancelled:
        return Label.CANCELLED
    if facts.is_exempt:
        return Label.EXEMPT
    if facts.is_settled_elsewhere:
        return Label.SETTLED_ELSEWHERE
    return Label.EXPIRED if facts.is_expired else Label.REQUESTED


def _label_when_covered(facts: Facts, asked_minor: int) -> Label:
    if facts.is_late:
        return Label.LATE
    if facts.collected_minor - facts.gone_minor >= asked_minor:
        return Label.COLLECTED
    if facts.reported_minor - facts.gone_minor >= asked_minor:
        return Label.REPORTED
    return Label.PAID_NOT_COLLECTED


def label(facts: Facts) -> Label:
    """Return the one label of these facts; money once received is never labelled unpaid."""
    if facts.received_minor + facts.gone_minor == 0:
        return _label_without_money(facts)
    kept_minor = facts.received_minor - facts.gone_minor
    if kept_minor <= 0:
        return Label.REFUNDED if facts.refunded_minor else Label.RETURNED
    if facts.is_cancelled:
        return Label.CANCELLED_BUT_PAID
    is_free = facts.is_exempt or facts.is_settled_elsewhere
    asked_minor = 0 if is_free else facts.asked_minor
    if kept_minor < asked_minor:
        return Label.PART_PAID
    if kept_minor > asked_minor or facts.surplus_minor:
        return Label.OVERPAID
    return _label_when_covered(facts, asked_minor)


def missing_facts(facts: Facts) -> tuple[Fact, ...]:
    """Return the facts this channel owes and has not told in full, once any money is known of."""
    if facts.received_minor == 0:
        return ()
    owed = {
        Fact.NOTIFIED: facts.owes_notice,
        Fact.REPORTED: facts.owes_report,
        Fact.COLLECTED: True,
    }
    return tuple(
        fact
        for fact, amount_minor in facts.amounts.items()
        if owed[fact] and amount_minor < facts.received_minor
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelText:
    """A label in words: a short name and a sentence for the citizen, in both languages."""

    name_vi: str
    name_en: str
    sentence_vi: str
    sentence_en: str


def _text(name_vi: str, name_en: str, sentence_vi: str, sentence_en: str) -> LabelText:
    return LabelText(
        name_vi=name_vi, name_en=name_en, sentence_vi=sentence_vi, sentence_en=sentence_en
    )


LABEL_TEXTS: Final[Mapping[Label, LabelText]] = MappingProxyType(
    {
        Label.REQUESTED: _text(
            "Chờ nộp",
            "To be paid",
            "Khoản này chưa được nộp.",
            "This has not been paid yet.",
        ),
        Label.EXPIRED: _text(
            "Quá hạn nộp",
            "Past due",
            "Đã quá hạn nộp; khoản nộp muộn vẫn được ghi nhận.",
            "The time to pay is over; a late payment is still recorded.",
        ),
        Label.CANCELLED: _text(
            "Đã hủy",
            "Cancelled",
            "Yêu cầu nộp đã được hủy; không cần nộp.",
            "This request was withdrawn; nothing is to be paid.",
        ),
        Label.EXEMPT: _text(
            "Được miễn",
            "Exempt",
            "Khoản này được miễn theo quy định; không cần nộp.",
            "This is exempt by law; nothing is to be paid.",
        ),
        Label.SETTLED_ELSEWHERE: _text(
            "Đã nộp nơi khác",
            "Paid elsewhere",
            "Khoản này đã được nộp ngoài hệ thống và đã được xác nhận.",
            "This was paid outside this service, and that was confirmed.",
        ),
        Label.PART_PAID: _text(
            "Nộp chưa đủ",
            "Partly paid",
            "Đã nhận được một phần tiền; cần nộp tiếp phần còn thiếu.",
            "Part of the money arrived; the rest is still to be paid.",
        ),
        Label.PAID_NOT_COLLECTED: _text(
            "Đã nộp",
            "Paid",
            "Đã có thông báo nộp tiền thành công; không cần nộp lại.",
            "The payment was reported as successful; do not pay again.",
        ),
        Label.REPORTED: _text(
            "Đã nộp, chờ tiền về",
            "Paid, being transferred",
            "Cổng thanh toán đã xác nhận khoản nộp và đang chuyển tiền; không cần nộp lại.",
            "The payment gateway confirmed the payment and is transferring it; do not pay again.",
        ),
        Label.COLLECTED: _text(
            "Đã thu",
            "Collected",
            "Tiền đã về tài khoản của đơn vị thu.",
            "The money has arrived on the unit's account.",
        ),
        Label.LATE: _text(
            "Nộp muộn",
            "Paid late",
            "Đã nộp đủ sau thời hạn; khoản nộp được ghi nhận.",
            "Paid in full after the time to pay; the payment is recorded.",
        ),
        Label.OVERPAID: _text(
            "Nộp thừa",
            "Overpaid",
            "Số tiền nhận được nhiều hơn số phải nộp; phần thừa sẽ được trả lại.",
            "More arrived than was to be paid; the difference will be returned.",
        ),
        Label.CANCELLED_BUT_PAID: _text(
            "Đã hủy nhưng có tiền nộp",
            "Cancelled but paid",
            "Có tiền nộp cho yêu cầu đã hủy; số tiền này sẽ được trả lại.",
            "Money arrived for a withdrawn request; it will be returned.",
        ),
        Label.RETURNED: _text(
            "Bị hoàn về",
            "Sent back",
            "Khoản nộp đã bị chuyển trả lại; nếu vẫn phải nộp, xin nộp lại.",
            "The payment was sent back; if it is still due, please pay again.",
        ),
        Label.REFUNDED: _text(
            "Đã hoàn trả",
            "Refunded",
            "Số tiền đã nộp đã được hoàn trả.",
            "The money was paid back.",
        ),
    }
)
"""Every label in words; a test holds that none is missing."""
