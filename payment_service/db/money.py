"""Money received, one row for each real payment, and what it was applied to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.database import insert_rows
from payment_service.db.sql import text
from payment_service.domain.settlement import DueState, LineState, Payment

_MONEY = {
    "money_id": "uuid",
    "kind": "text",
    "source_id": "uuid",
    "provider_transaction": "text",
    "unit_id": "uuid",
    "account_id": "uuid",
    "endpoint_id": "uuid",
    "request_id": "uuid",
    "amount_minor": "bigint",
    "memo": "text",
    "payer_account": "text",
    "paid_at": "timestamptz",
    "recorded_at": "timestamptz",
}
_APPLICATION = {
    "application_id": "uuid",
    "money_id": "uuid",
    "request_id": "uuid",
    "line_id": "uuid",
    "amount_minor": "bigint",
    "reverses": "uuid",
    "applied_at": "timestamptz",
}


class NewMoney(NamedTuple):
    """One real payment; `source_id` is an endpoint, or the account for a bank line."""

    money_id: UUID
    kind: str
    source_id: UUID
    provider_transaction: str
    unit_id: UUID
    account_id: UUID
    endpoint_id: UUID | None
    request_id: UUID | None
    amount_minor: int
    memo: str
    payer_account: str
    paid_at: datetime
    recorded_at: datetime


class NewApplication(NamedTuple):
    """Money applied to one request line; negative when it reverses another application."""

    application_id: UUID
    money_id: UUID
    request_id: UUID
    line_id: UUID
    amount_minor: int
    reverses: UUID | None
    applied_at: datetime


async def insert_money(connection: AsyncConnection, rows: Sequence[NewMoney]) -> None:
    """Store money, once for each source, transaction and kind."""
    await insert_rows(connection, "money", _MONEY, rows)


async def insert_applications(connection: AsyncConnection, rows: Sequence[NewApplication]) -> None:
    """Apply money to request lines; the database keeps the sums."""
    await insert_rows(connection, "application", _APPLICATION, rows)


async def find_money(
    connection: AsyncConnection, source_id: UUID, provider_transaction: str
) -> list[Any]:
    """Return money that one source already told us under this transaction."""
    query = text("""
        SELECT money_id, kind, amount_minor, request_id FROM money
        WHERE source_id = :source_id AND provider_transaction = :provider_transaction
          AND kind <> 'returned'
    """)
    values = {"source_id": source_id, "provider_transaction": provider_transaction}
    return list(await connection.execute(query, values))


async def lock_dues(
    connection: AsyncConnection, request_ids: Sequence[UUID]
) -> dict[UUID, DueState]:
    """Lock the dues of requests in id order; return them with lines, payments and what is held."""
    query = text("""
        SELECT item_id, request_id, unit_id, reference, amount_minor, residual_minor, is_cancelled
        FROM item WHERE request_id = ANY(:request_ids) AND kind = 'due'
        ORDER BY item_id FOR UPDATE
    """)
    locked = (await connection.execute(query, {"request_ids": list(request_ids)})).all()
    return await read_dues(connection, locked)


async def read_dues(connection: AsyncConnection, locked: Iterable[Any]) -> dict[UUID, DueState]:
    """Return dues, whose items the caller locked, with lines, payments and what is held."""
    dues = {
        row.request_id: DueState(
            item_id=row.item_id,
            request_id=row.request_id,
            unit_id=row.unit_id,
            reference=row.reference,
            amount_minor=row.amount_minor,
            residual_minor=row.residual_minor,
            is_cancelled=row.is_cancelled,
            lines=[],
        )
        for row in locked
    }
    # In one statement, after the dues are locked: what they hold changes under their lock only.
    parts = text("""
        WITH held AS MATERIALIZED (
          SELECT item_id, request_id, money_id, residual_minor FROM item
          WHERE request_id = ANY(:request_ids) AND kind = 'part_payment' AND residual_minor > 0
          ORDER BY item_id FOR UPDATE
        )
        SELECT request_id, line_id AS part_id, position, fee_kind, amount_minor, applied_minor,
               NULL::uuid AS money_id, NULL::uuid AS account_id
        FROM request_line WHERE request_id = ANY(:request_ids)
        UNION ALL SELECT request_id, item_id, NULL, NULL, residual_minor, NULL, NULL, NULL FROM held
        UNION ALL SELECT paid.request_id, held.item_id, NULL, NULL, paid.amount_minor, NULL,
               money_id, money.account_id
        FROM (SELECT request_id, money_id, sum(amount_minor)::bigint AS amount_minor
              FROM application WHERE request_id = ANY(:request_ids)
              GROUP BY request_id, money_id HAVING sum(amount_minor) <> 0) AS paid
        JOIN money USING (money_id) LEFT JOIN held USING (money_id)
        ORDER BY request_id, position, part_id, money_id
    """)
    rows = (await connection.execute(parts, {"request_ids": list(dues)})).all()
    for request_id, part_id, position, fee_kind, amount, applied, money_id, account_id in rows:
        due = dues[request_id]
        if money_id is not None:
            due.payments[money_id] = Payment(
                account_id=account_id, amount_minor=amount, held_item_id=part_id
            )
            continue
        if position is None:
            due.held[part_id] = amount
            continue
        due.lines.append(
            LineState(
                line_id=part_id, fee_kind=fee_kind, amount_minor=amount, applied_minor=applied
            )
        )
    return dues


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """Money that a bank took back, with everything it did: all of it is undone.

    `applications` are its live rows; `surplus` maps its surplus items to their open amounts.
    """

    money: Any
    applications: Sequence[Any]
    surplus: dict[UUID, int]

    @property
    def is_whole(self) -> bool:
        """Whether all of the money is still where it was placed (no part was refunded since)."""
        applied_minor = sum(row.amount_minor for row in self.applications)
        return bool(applied_minor + sum(self.surplus.values()) == self.money.amount_minor)


async def find_returning(connection: AsyncConnection, money_id: UUID) -> Returning:
    """Return money with its live applications and what is left of its surplus."""
    values = {"money_id": money_id}
    paid = (
        await connection.execute(text("SELECT * FROM money WHERE money_id = :money_id"), values)
    ).one()
    applications = text("""
        SELECT application.* FROM application
        LEFT JOIN application AS reversal ON reversal.reverses = application.application_id
        WHERE application.money_id = :money_id AND application.reverses IS NULL
          AND reversal.application_id IS NULL
        ORDER BY application.application_id
    """)
    kept = text("""
        SELECT item_id, residual_minor FROM item
        WHERE money_id = :money_id AND kind = 'surplus' AND residual_minor > 0
        ORDER BY item_id FOR UPDATE
    """)
    rows = (await connection.execute(kept, values)).all()
    return Returning(
        money=paid,
        applications=list(await connection.execute(applications, values)),
        surplus={row.item_id: row.residual_minor for row in rows},
    )


async def find_kept(connection: AsyncConnection, money_id: UUID) -> Any:
    """Return money of which something is kept, and whether a statement shows it."""
    query = text("""
        SELECT money.memo, money.payer_account, money.paid_at,
               coalesce(fact.is_collected, false) AS is_collected
        FROM money LEFT JOIN money_fact AS fact USING (money_id) WHERE money_id = :money_id
    """)
    return (await connection.execute(query, {"money_id": money_id})).one()


async def requests_of_lines(connection: AsyncConnection, line_ids: Sequence[UUID]) -> list[UUID]:
    """Return the requests that the money of lines is, or was, for, without locking anything."""
    query = text("""
        SELECT DISTINCT request_id FROM allocation JOIN money USING (money_id)
        WHERE line_id = ANY(:ids) AND request_id IS NOT NULL
    """)
    rows = await connection.execute(query, {"ids": list(line_ids)})
    return [row.request_id for row in rows]


async def live_applications(connection: AsyncConnection, request_id: UUID) -> list[Any]:
    """Return what money was applied to a request and was not taken off again."""
    query = text("""
        SELECT application.* FROM application
        LEFT JOIN application AS reversal ON reversal.reverses = application.application_id
        WHERE application.request_id = :request_id AND application.reverses IS NULL
          AND reversal.application_id IS NULL
        ORDER BY application.application_id
    """)
    return list(await connection.execute(query, {"request_id": request_id}))


async def units_of_groups(
    connection: AsyncConnection, group_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Return for each account group the unit that lives on (the one without a successor)."""
    query = text("""
        SELECT account_group_id, unit_id FROM unit
        WHERE account_group_id = ANY(:group_ids) AND successor_id IS NULL
    """)
    rows = await connection.execute(query, {"group_ids": list(group_ids)})
    return {row.account_group_id: row.unit_id for row in rows}


async def groups_of_units(
    connection: AsyncConnection, unit_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Return the account group of each unit."""
    query = text("SELECT unit_id, account_group_id FROM unit WHERE unit_id = ANY(:unit_ids)")
    rows = await connection.execute(query, {"unit_ids": list(unit_ids)})
    return {row.unit_id: row.account_group_id for row in rows}


async def endpoints_of_reports(
    connection: AsyncConnection, report_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Return the gateway endpoint of each settlement report."""
    query = text("SELECT report_id, endpoint_id FROM settlement_report WHERE report_id = ANY(:ids)")
    rows = await connection.execute(query, {"ids": list(report_ids)})
    return {row.report_id: row.endpoint_id for row in rows}
