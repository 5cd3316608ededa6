"""The texts of one `Ntry` as values: which of its many references means what, and its sign.

`RvslInd` marks an entry as a reversal and never turns its sign.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.camt_texts import (
    DOMAIN_CODES,
    PARTIES,
    PROPRIETARY_CODE,
    REFERENCES,
    REMARKS,
    REMITTANCE,
    TOKENS,
    EntryForm,
)
from bank_adapters.statements.camt_values import (
    DIRECTIONS,
    FALSE,
    TRUE,
    read_amount_text,
    read_day_text,
)
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import Decimals
from bank_adapters.vocabulary import Direction, EntryStatus

_STATUSES: Final = {
    "BOOK": EntryStatus.BOOKED,
    "PDNG": EntryStatus.PENDING,
    "FUTR": EntryStatus.PENDING,
    "INFO": EntryStatus.INFORMATION,
}
_MARKS: Final = TRUE | FALSE | {""}
_NO_REFERENCE: Final = frozenset({"NOTPROVIDED", "NONREF"})


class Entry(NamedTuple):
    """One entry as written; see `StatementLine` for the meaning of the fields."""

    source_line: int
    booking_date: date
    value_date: date
    amount: Decimals
    direction: Direction
    status: EntryStatus
    is_reversal: bool
    bank_reference: str
    end_to_end_reference: str
    returned_reference: str
    batch_reference: str
    counterparty_account: str
    counterparty_name: str
    code: str
    narrative: str


def read_entry(
    form: EntryForm, texts: Sequence[str], line: int, position: int, made_on: date | None = None
) -> Entry:
    """Read an entry from the texts that `choose_nodes` names, in that order, their blanks single.

    A missing booking date is taken from the value date and the reverse. An entry that is not booked
    may have neither (ISO 20022): then it is of the day its statement was made. Without amount,
    currency, sign or status, and without a date otherwise, the file is refused.
    """
    amount_text, sign, mark, status_text, booked, valued = texts[TOKENS]
    amount, direction = read_amount_text(amount_text), DIRECTIONS.get(sign)
    status = _STATUSES.get(status_text)
    booking_date, value_date = read_day_text(booked or valued), read_day_text(valued or booked)
    if not (booked or valued) and status is not EntryStatus.BOOKED:
        booking_date = value_date = made_on
    if (
        amount is None
        or not form.currency
        or direction is None
        or booking_date is None
        or value_date is None
        or status is None
        or mark not in _MARKS
    ):
        raise _refusal(form, texts, line, f"Ntry {position}")
    own, inner, entry_number, returned, structured, end_to_end, batch = texts[REFERENCES]
    is_marked = mark in TRUE
    is_reversal = is_marked or form.is_returned
    if is_reversal and not returned and own and inner != own:
        # A reversal that carries the bank's reference twice names its original in the detail.
        returned = inner
    reference = structured or end_to_end
    name, account = _counterparty(texts[PARTIES], direction, is_reversal=is_marked)
    return Entry(
        line,
        booking_date,
        value_date,
        amount,
        direction,
        status,
        is_reversal,
        own or inner or entry_number,
        "" if reference in _NO_REFERENCE else reference,
        returned,
        batch,
        account,
        name,
        _code(texts),
        _narrative(texts),
    )


def _code(texts: Sequence[str]) -> str:
    return "-".join(filter(None, texts[DOMAIN_CODES])) or texts[PROPRIETARY_CODE]


def _counterparty(
    parties: Sequence[str], direction: Direction, *, is_reversal: bool
) -> tuple[str, str]:
    """Return name and account of the other side; a reversal keeps the roles of its original."""
    debtor, debtor_account, creditor, creditor_account = parties
    is_debtor = (direction is Direction.CREDIT) != is_reversal
    if (debtor or debtor_account) and (is_debtor or not (creditor or creditor_account)):
        return debtor, debtor_account
    return creditor, creditor_account


def _narrative(texts: Sequence[str]) -> str:
    transaction, entry = texts[REMARKS]
    remittance = " ".join(texts[REMITTANCE]) or transaction
    if entry and entry not in remittance:
        return f"{remittance} {entry}".strip()
    return remittance


def _refusal(form: EntryForm, texts: Sequence[str], line: int, where: str) -> StatementUnreadable:
    amount, sign, mark, status, booked, valued = texts[TOKENS]
    reason = f"an unknown status Sts {excerpt(status)}"
    if read_amount_text(amount) is None:
        reason = f"no amount Amt: {excerpt(amount)}"
    elif not form.currency:
        reason = "an amount without a currency Ccy"
    elif sign not in DIRECTIONS:
        reason = "no CdtDbtInd of CRDT or DBIT"
    elif mark not in _MARKS:
        reason = f"an RvslInd that is no boolean: {excerpt(mark)}"
    elif not booked and not valued:
        reason = "neither BookgDt nor ValDt"
    else:
        impossible = (day for day in (booked, valued) if day and read_day_text(day) is None)
        if day := next(impossible, ""):
            reason = f"an impossible date {excerpt(day)}"
    return unreadable(line, f"{where} has {reason}")
