"""Collection accounts and the approvals they wait for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text

_SELECT = """
    SELECT account.account_id, account.unit_id, account.account_group_id, account.bank_bin,
           account.account_number, account.holder_name, account.opening_balance_minor,
           account.opening_on, account.state, unit.name_vi AS unit_name, unit.code AS unit_code,
           bank.short_name AS bank_name
    FROM collection_account AS account JOIN unit USING (unit_id)
    JOIN bank ON bank.bin = account.bank_bin
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionAccount:
    """A bank account that collects for one unit."""

    account_id: UUID
    unit_id: UUID
    account_group_id: UUID
    bank_bin: str
    account_number: str
    holder_name: str
    opening_balance_minor: int
    opening_on: date
    state: str
    unit_name: str
    unit_code: str
    bank_name: str

    @property
    def book(self) -> str:
        """The book this account's entries stand in."""
        return f"account:{self.account_id}"


def _account(row: Any) -> CollectionAccount:
    return CollectionAccount(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def insert_account(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a proposed account."""
    await connection.execute(
        text("""
            INSERT INTO collection_account (account_id, unit_id, account_group_id, bank_bin,
              account_number, holder_name, decision_number, opening_balance_minor, opening_on,
              state, statement_profile, created_at)
            VALUES (:account_id, :unit_id, :account_group_id, :bank_bin, :account_number,
              :holder_name, :decision_number, :opening_balance_minor, :opening_on, 'proposed',
              :statement_profile, :created_at)
        """),
        values,
    )


async def set_account_state(connection: AsyncConnection, account_id: UUID, state: str) -> None:
    """Move an account; the database refuses `live` without a second person's approval."""
    await connection.execute(
        text("UPDATE collection_account SET state = :state WHERE account_id = :account_id"),
        {"state": state, "account_id": account_id},
    )


async def find_account(connection: AsyncConnection, account_id: UUID) -> CollectionAccount | None:
    """Return one account."""
    query = text(_SELECT + " WHERE account.account_id = :account_id")
    row = (await connection.execute(query, {"account_id": account_id})).one_or_none()
    return _account(row) if row else None


async def find_accounts_by_number(
    connection: AsyncConnection, account_number: str
) -> list[CollectionAccount]:
    """Return the live accounts with this number, at any bank."""
    query = text(_SELECT + " WHERE account.account_number = :number AND account.state = 'live'")
    return [_account(row) for row in await connection.execute(query, {"number": account_number})]


async def live_account_of_unit(
    connection: AsyncConnection, unit_id: UUID
) -> CollectionAccount | None:
    """Return the unit's live account; the oldest one when it has several."""
    query = text(
        _SELECT + " WHERE account.unit_id = :unit_id AND account.state = 'live'"
        " ORDER BY account.created_at, account.account_id LIMIT 1"
    )
    row = (await connection.execute(query, {"unit_id": unit_id})).one_or_none()
    return _account(row) if row else None


async def account_of_match(
    connection: AsyncConnection, group_id: UUID | None
) -> CollectionAccount | None:
    """Return the account in whose book a match paid a due."""
    paid_into = """
        (SELECT money.account_id FROM allocation JOIN money USING (money_id)
         WHERE group_id = :group_id AND item_id IS NOT NULL)
    """
    query = text(f"{_SELECT} WHERE account.account_id = {paid_into}")
    row = (await connection.execute(query, {"group_id": group_id})).one_or_none()
    return _account(row) if row else None


async def list_accounts(connection: AsyncConnection) -> list[CollectionAccount]:
    """Return every account by unit code."""
    query = text(_SELECT + " ORDER BY unit.code, account.created_at, account.account_id")
    return [_account(row) for row in await connection.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApproval:
    """An act that waits for a second person."""

    approval_id: UUID
    act: str
    subject_id: UUID
    reason: str
    requested_by: UUID
    requester_name: str
    requested_at: datetime


async def request_approval(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store that somebody asks for an act; one open request for each subject."""
    await connection.execute(
        text("""
            INSERT INTO approval (approval_id, act, subject_id, amount_minor, reason,
              requested_by, requested_at)
            VALUES (:approval_id, :act, :subject_id, :amount_minor, :reason, :requested_by,
              :requested_at)
        """),
        values,
    )


async def open_approvals(connection: AsyncConnection) -> list[OpenApproval]:
    """Return what waits for a decision, oldest first."""
    query = text("""
        SELECT approval_id, act, subject_id, reason, requested_by,
               person.full_name AS requester_name, requested_at
        FROM approval JOIN person ON person.person_id = approval.requested_by
        WHERE decision IS NULL ORDER BY requested_at, approval_id
    """)
    rows = await connection.execute(query)
    return [OpenApproval(**row._mapping) for row in rows]  # noqa: SLF001 - public name


async def decide_approval(
    connection: AsyncConnection, approval_id: UUID, person_id: UUID, decision: str, now: datetime
) -> Any | None:
    """Decide an open approval; None when somebody decided before.

    The database refuses the requester as the decider.
    """
    query = text("""
        UPDATE approval SET decision = :decision, decided_by = :person_id, decided_at = :now
        WHERE approval_id = :approval_id AND decision IS NULL
        RETURNING act, subject_id, requested_by, amount_minor
    """)
    values = {
        "approval_id": approval_id,
        "person_id": person_id,
        "decision": decision,
        "now": now,
    }
    return (await connection.execute(query, values)).one_or_none()
