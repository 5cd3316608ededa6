"""A collection account is proposed by one person; it collects nothing until another approves."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from bank_adapters.money import AMOUNT_MINOR_MAX
from payment_service.context import Context
from payment_service.db import accounts, units
from payment_service.db.people import Person
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import Forbidden, Invalid, StateConflict
from payment_service.domain.identifiers import new_id

_NUMBER = re.compile(r"[0-9A-Z]{6,19}")
_BIN = re.compile(r"[0-9]{6}")
_HOLDER = re.compile(r"[ -~]{1,70}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAccount:
    """An account as its opening decision names it; the holder in ASCII, as banks print it."""

    unit_code: str
    bank_bin: str
    account_number: str
    holder_name: str
    decision_number: str
    opening_balance_minor: int
    opening_on: date


async def register_account(context: Context, person: Person, proposed: ProposedAccount) -> UUID:
    """Store the proposal with its request for approval and return the account's id.

    Raises `Forbidden` for an auditor, `Invalid` for a number, bank or unit that cannot be, and
    `StateConflict` when the number is registered already.
    """
    if person.role == "auditor":
        raise Forbidden
    _require_possible(proposed)
    return await _store(context, person, proposed)


def _require_possible(proposed: ProposedAccount) -> None:
    if not _NUMBER.fullmatch(proposed.account_number):
        raise Invalid("an account number has 6 to 19 digits or capitals", field="account_number")
    if not _HOLDER.fullmatch(proposed.holder_name):
        raise Invalid("the holder is written in ASCII, as the bank prints it", field="holder_name")
    if not _BIN.fullmatch(proposed.bank_bin):
        raise Invalid("a bank's identification number has 6 digits", field="bank_bin")
    if not 0 <= proposed.opening_balance_minor <= AMOUNT_MINOR_MAX:
        raise Invalid("the opening balance is not negative", field="opening_balance_minor")
    if not proposed.decision_number.strip():
        raise Invalid("the decision that opens the account is missing", field="decision_number")


async def _store(context: Context, person: Person, proposed: ProposedAccount) -> UUID:
    now = context.clock()
    account_id = new_id(now)
    try:
        async with context.database.transaction() as connection:
            found = await units.find_units(
                connection, {proposed.unit_code}, business_date(now, None)
            )
            if proposed.unit_code not in found:
                raise Invalid("no unit has this code", field="unit_code")
            unit = found[proposed.unit_code]
            await accounts.insert_account(
                connection,
                {
                    "account_id": account_id,
                    "unit_id": unit.unit_id,
                    "account_group_id": unit.account_group_id,
                    "bank_bin": proposed.bank_bin,
                    "account_number": proposed.account_number,
                    "holder_name": proposed.holder_name,
                    "decision_number": proposed.decision_number,
                    "opening_balance_minor": proposed.opening_balance_minor,
                    "opening_on": proposed.opening_on,
                    "statement_profile": "",
                    "created_at": now,
                },
            )
            await accounts.request_approval(
                connection,
                {
                    "approval_id": new_id(now),
                    "act": "collection_account",
                    "subject_id": account_id,
                    "amount_minor": proposed.opening_balance_minor,
                    "reason": f"Quyết định {proposed.decision_number}",
                    "requested_by": person.person_id,
                    "requested_at": now,
                },
            )
    except IntegrityError as error:
        if "collection_account_number" in str(error.orig):
            raise StateConflict("this account number is registered already") from error
        raise Invalid("no bank has this identification number", field="bank_bin") from error
    return account_id
