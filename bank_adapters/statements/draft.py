"""A statement while it is being read: exact decimals first, one exponent for all at the end.

Every dialect finishes its statements here, so that the proof and its flags mean the same for all.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from bank_adapters.contract import StatementUnreadable
from bank_adapters.money import AMOUNT_MINOR_MAX, currency_exponent
from bank_adapters.statements.decoding import unreadable
from bank_adapters.vocabulary import Balance, Direction, EntryStatus, Statement, StatementLine

FLAG_UNBALANCED: Final = "unbalanced"
"""Opening + credit − debit is not the closing balance."""
FLAG_VALUE_DATE_BASIS: Final = "value-date-basis"
"""The proof holds only without the entries whose value date lies after the closing date."""
FLAG_UNPROVEN: Final = "unproven"
"""A balance is missing from a format that owes both."""
FLAG_GAP: Final = "gap"
"""The opening balance does not continue the closing balance before it, or a page is missing."""
FLAG_VND_FRACTION: Final = "vnd-fraction"
"""An amount in đồng has a fraction; the đồng has none."""
FLAG_CONTROL_SUM: Final = "control-sum"
"""The totals the file declares are not those of its entries, and no balance proves the entries."""
FLAG_FOREIGN_CURRENCY: Final = "foreign-currency"
"""An entry is in another currency than its account; its amount is counted as it is written."""
FLAG_BATCH_SUM: Final = "batch-sum"
"""The details of a batch entry do not add up to the entry."""

_VND_FRACTION_EXPONENT: Final = 2


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


def finish_statement(
    *,
    account: str,
    currency: str,
    number: str,
    opening: DraftBalance | None,
    closing: DraftBalance | None,
    lines: list[DraftLine],
    owes_balances: bool,
    flags: tuple[str, ...] = (),
) -> Statement:
    """Give all amounts one exponent and add the flags of the proof.

    Entries of zero are left out: they move no money and cannot be posted. An amount beyond
    `AMOUNT_MINOR_MAX` raises `StatementUnreadable`.
    """
    exponent, is_fraction_of_dong = _common_exponent(currency, opening, closing, lines)
    statement = Statement(
        account=account,
        currency=currency,
        exponent=exponent,
        number=number,
        opening=_finish_balance(opening, exponent),
        closing=_finish_balance(closing, exponent),
        lines=_finish_lines(lines, exponent),
    )
    found = list(flags)
    if is_fraction_of_dong:
        found.append(FLAG_VND_FRACTION)
    if statement.is_balanced is False:
        found.append(FLAG_VALUE_DATE_BASIS if _proves_by_value_date(statement) else FLAG_UNBALANCED)
    if owes_balances and statement.is_balanced is None:
        found.append(FLAG_UNPROVEN)
    return with_flags(statement, *found)


def with_flags(statement: Statement, *flags: str) -> Statement:
    """Return the statement with flags added, each at most once."""
    if not flags:
        return statement
    return replace(statement, flags=tuple(dict.fromkeys((*statement.flags, *flags))))


def _common_exponent(
    currency: str,
    opening: DraftBalance | None,
    closing: DraftBalance | None,
    lines: list[DraftLine],
) -> tuple[int, bool]:
    scale = max((line.amount.scale for line in lines), default=0)
    for balance in (opening, closing):
        if balance is None:
            continue
        if balance.currency != currency:
            raise StatementUnreadable(
                f"a balance in {balance.currency} in a statement of {currency}"
            )
        scale = max(scale, balance.amount.scale)
    exponent = currency_exponent(currency)
    if currency == "VND" and scale > exponent:
        return max(scale, _VND_FRACTION_EXPONENT), True
    return max(exponent, scale), False


def _finish_balance(balance: DraftBalance | None, exponent: int) -> Balance | None:
    if balance is None:
        return None
    return Balance(
        amount_minor=balance.amount.minor(exponent), currency=balance.currency, on=balance.on
    )


def _finish_lines(drafts: list[DraftLine], exponent: int) -> tuple[StatementLine, ...]:
    lines: list[StatementLine] = []
    for draft in drafts:
        amount_minor = draft.amount.minor(exponent)
        if amount_minor == 0:
            continue
        if amount_minor > AMOUNT_MINOR_MAX:
            raise unreadable(draft.source_line, "the amount of the entry is out of range")
        lines.append(
            StatementLine(
                position=len(lines) + 1,
                source_line=draft.source_line,
                booking_date=draft.booking_date,
                value_date=draft.value_date,
                amount_minor=amount_minor,
                direction=draft.direction,
                status=draft.status,
                is_reversal=draft.is_reversal,
                bank_reference=draft.bank_reference,
                end_to_end_reference=draft.end_to_end_reference,
                returned_reference=draft.returned_reference,
                batch_reference=draft.batch_reference,
                counterparty_account=draft.counterparty_account,
                counterparty_name=draft.counterparty_name,
                code=draft.code,
                narrative=draft.narrative,
            )
        )
    return tuple(lines)


def _proves_by_value_date(statement: Statement) -> bool:
    if statement.opening is None or statement.closing is None:
        return False
    balance_minor = statement.opening.amount_minor
    for line in statement.booked:
        if line.value_date <= statement.closing.on:
            is_credit = line.direction is Direction.CREDIT
            balance_minor += line.amount_minor if is_credit else -line.amount_minor
    return balance_minor == statement.closing.amount_minor
