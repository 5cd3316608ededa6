"""What can happen to a payment, as the rows it leaves and the truth about them.

Values are SQL over the planted payment (`price`, `reference`, `other_reference`, `third_reference`,
`account`, `other_account`, `bank_key`, `batch_key`, `payer`, `serial`, `day`): only what differs
from a plain transfer, or from a plain due, is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedLine:
    """A line; `items` are the places of what it is really for, `code` where no evidence shows it.

    `returns` is the place of the line that it takes back.
    """

    values: Mapping[str, str]
    items: tuple[int, ...] = ()
    returns: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedItem:
    """An item, and the code under which it must be named after the run."""

    values: Mapping[str, str]
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The rows of one payment, and the kind of memo it was written with."""

    lines: tuple[PlantedLine, ...] = ()
    items: tuple[PlantedItem, ...] = ()
    memo: str = "keeping"


def _line(*items: int, code: str = "", **values: str) -> PlantedLine:
    return PlantedLine(values=values, items=items, code=code)


def _return_of(line: int, **values: str) -> PlantedLine:
    return PlantedLine(values={"direction": "'debit'", **values}, returns=line)


def _item(kind: str, code: str = "", **values: str) -> PlantedItem:
    return PlantedItem(values={"kind": f"'{kind}'", **values}, code=code)


_DUE: Final = _item("due")
_CLOSED: Final = {"residual_minor": "0", "state": "'closed'"}
_NAMELESS: Final = _line(0, code="NO_REFERENCE")
_NO_MEMO: Final = {"narrative": "''"}
_LONG_AGO: Final = {"opened_on": "day - 60", "due_on": "day - 60"}
_NOTICE: Final = {"provider_transaction": "bank_key", "reference": "''"}
_PAYOUT: Final = {"reference": "batch_key", "account": "''"}
_REFUND: Final = {"reference": "'HOAN' || serial", "direction": "'debit'"}
_TOP_UP: Final = {"reference": "'BUCP' || serial", "account": "''"}
_FROM_GATEWAY: Final = {"narrative": "'VNPAY quyet toan dot giao dich'"}
_TAKEN_BACK: Final = {
    "direction": "'debit'", "returned_reference": "bank_key", "bank_reference": "'RT' || serial",
    "narrative": "'HOAN TRA LENH CHUYEN TIEN'",
}  # fmt: skip
_SOME_DAYS_AGO: Final = {"booking_date": "day - 5"}

STORIES: Final[Mapping[str, Story]] = MappingProxyType({
    # Money that evidence explains.
    "named": Story(lines=(_line(0),), items=(_DUE,)),
    "keyed": Story(lines=(_line(0, end_to_end_reference="reference", narrative="''"),),
                   items=(_DUE,)),
    "late": Story(lines=(_line(0),), items=(_item("due", **_LONG_AGO),)),
    "rest": Story(lines=(_line(0),), items=(_item("due", amount_minor="3 * price",
                                                  residual_minor="price"),)),
    "noticed": Story(lines=(_line(0),), items=(_item("bank_notice", **_NOTICE),
                                               _item("due", **_CLOSED))),
    "payout": Story(lines=(_line(0, batch_reference="batch_key", amount_minor="40 * price",
                                 **_FROM_GATEWAY),),
                    items=(_item("payout", amount_minor="40 * price", **_PAYOUT),)),
    "told_payout": Story(lines=(_line(0, narrative="'VNPAY chuyen tien dot ' || batch_key"),),
                         items=(_item("payout", **_PAYOUT),)),
    "two_payouts": Story(
        lines=(_line(0, 1, amount_minor="3 * price",
                     narrative="'VNPAY TT ' || batch_key || ' VNP-' || serial || '-02'"),),
        items=(_item("payout", **_PAYOUT),
               _item("payout", amount_minor="2 * price", account="''",
                     reference="'VNP-' || serial || '-02'"))),
    "payout_in_parts": Story(
        lines=(_line(0, amount_minor="price - 1000", booking_date="day - 1",
                     narrative="'VNPAY TT 1/2 ' || batch_key"),
               _line(0, amount_minor="1000", batch_reference="batch_key", **_FROM_GATEWAY)),
        items=(_item("payout", **_PAYOUT),)),
    "negative_payout": Story(
        lines=(_line(0, batch_reference="batch_key", direction="'debit'", **_FROM_GATEWAY),),
        items=(_item("payout", direction="'debit'", **_PAYOUT),)),
    "refund": Story(
        lines=(_line(0, direction="'debit'", end_to_end_reference="'HOAN' || serial", **_NO_MEMO),),
        items=(_item("refund", **_REFUND),)),
    "top_up": Story(lines=(_line(0, narrative="'UBND bu chi phi BUCP' || serial"),),
                    items=(_item("cost_top_up", **_TOP_UP),)),
    # Money that evidence explains and that is not the money that was asked.
    "short": Story(lines=(_line(0, amount_minor="price - 1000"),),
                   items=(_item("due", "UNDERPAID"),)),
    "over": Story(lines=(_line(0, amount_minor="price + 1000"),),
                  items=(_item("due", "OVERPAID"),)),
    "twice": Story(lines=(_line(0), _line(0, bank_reference="bank_key || 'B'")),
                   items=(_item("due", "REFERENCE_CLOSED"),)),
    "again": Story(lines=(_line(0),), items=(_item("due", "REFERENCE_CLOSED", **_CLOSED),)),
    "withdrawn": Story(lines=(_line(0),),
                       items=(_item("due", "REFERENCE_CANCELLED", state="'cancelled'"),)),
    # Money that no evidence explains.
    "nameless": Story(lines=(_NAMELESS,), items=(_DUE,), memo="nameless"),
    "known_payer": Story(
        lines=(_line(0, code="NO_REFERENCE", counterparty_account="payer", **_SOME_DAYS_AGO),),
        items=(_item("due", payer_account="payer"),), memo="nameless"),
    "other_purpose": Story(
        lines=(_line(1, code="NO_REFERENCE", counterparty_account="payer", **_SOME_DAYS_AGO),),
        items=(_item("due", payer_account="payer"), _item("due", reference="other_reference")),
        memo="nameless"),
    "broken": Story(lines=(_line(0, code="BROKEN_REFERENCE"),), items=(_DUE,), memo="broken"),
    "broken_by_known_payer": Story(
        lines=(_line(0, code="BROKEN_REFERENCE", counterparty_account="payer", **_SOME_DAYS_AGO),),
        items=(_item("due", payer_account="payer"),), memo="broken"),
    "two_named": Story(
        lines=(_line(0, 1, code="AMBIGUOUS_REFERENCE", amount_minor="2 * price",
                     narrative="reference || ' ' || other_reference || ' nop phi'"),),
        items=(_DUE, _item("due", reference="other_reference"))),
    "lump_sum": Story(
        lines=(_line(0, 1, 2, code="NO_REFERENCE", amount_minor="3 * price"),),
        items=(_DUE, _item("due", reference="other_reference"),
               _item("due", reference="third_reference")), memo="nameless"),
    "stranger": Story(lines=(_line(code="UNKNOWN_REFERENCE"),)),
    "wrong_unit": Story(
        lines=(_line(0, code="WRONG_UNIT", account_group="other_group", account="elsewhere"),),
        items=(_DUE,)),
    "wrong_account": Story(lines=(_line(0, code="WRONG_ACCOUNT", account="other_account"),),
                           items=(_DUE,)),
    "wrong_currency": Story(lines=(_line(0, code="CURRENCY", currency="'USD'"),), items=(_DUE,)),
    "notice_amount": Story(lines=(_line(0, code="NOTICE_AMOUNT", amount_minor="price - 1000"),),
                           items=(_item("bank_notice", **_NOTICE), _item("due", **_CLOSED))),
    "payout_amount": Story(
        lines=(_line(0, code="BATCH_AMOUNT", batch_reference="batch_key",
                     amount_minor="price - 1000", **_FROM_GATEWAY),),
        items=(_item("payout", **_PAYOUT),)),
    "payout_unannounced": Story(
        lines=(_line(code="BANK_NO_BATCH", batch_reference="batch_key", **_FROM_GATEWAY),)),
    "outflow": Story(lines=(_line(code="UNEXPLAINED_DEBIT", direction="'debit'",
                                  narrative="'CHUYEN TIEN THEO UY NHIEM CHI'"),)),
    "charge": Story(lines=(_line(code="UNEXPLAINED_DEBIT", direction="'debit'",
                                 bank_code="'NCHG'", amount_minor="11000",
                                 counterparty_account="''",
                                 narrative="'THU PHI DICH VU SMS BANKING'"),)),
    "interest": Story(lines=(_line(code="NO_REFERENCE", bank_code="'NINT'", amount_minor="1234",
                                   counterparty_account="''", narrative="'TRA LAI TIEN GUI'"),)),
    # Money that the bank takes back.
    "returned": Story(lines=(_line(0, booking_date="day - 1"), _return_of(0, **_TAKEN_BACK)),
                      items=(_DUE,)),
    "returned_later": Story(
        lines=(_line(0, booking_date="day - 3", residual_minor="0"),
               _return_of(0, **_TAKEN_BACK)),
        items=(_item("due", **_CLOSED),)),
    "reversed": Story(
        lines=(_line(0, booking_date="day - 1"),
               _return_of(0, is_reversal="TRUE")),
        items=(_DUE,)),
    "return_of_nothing": Story(lines=(_line(code="RETURN_UNMATCHED", **_TAKEN_BACK),)),
    "return_of_one_of_two": Story(
        lines=(_line(0), _line(1, narrative="other_reference"),
               _line(code="RETURN_AMBIGUOUS", **_TAKEN_BACK)),
        items=(_DUE, _item("due", reference="other_reference"))),
    # Money that stays away.
    "unpaid": Story(items=(_DUE,)),
    "notice_alone": Story(items=(_item("bank_notice", "NOTICE_NO_BANK", **_NOTICE, **_LONG_AGO),)),
    "payout_alone": Story(items=(_item("payout", "BATCH_NO_BANK", **_PAYOUT, **_LONG_AGO),)),
    "refund_alone": Story(items=(_item("refund", "REFUND_NOT_SEEN", **_REFUND, **_LONG_AGO),)),
    "top_up_alone": Story(
        items=(_item("cost_top_up", "COST_NOT_RETURNED", **_TOP_UP, **_LONG_AGO),)),
})  # fmt: skip
"""Every story by its name; its first item is the due that `reference` belongs to."""

BANK_ONLY: Final = frozenset({"charge", "interest"})
"""Money that is for no item: the bank's own."""
