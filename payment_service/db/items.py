"""What is expected on statements, matches, and the breaks that are left."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.database import insert_rows
from payment_service.db.locked_rows import LockedItem, LockedLine
from payment_service.db.sql import text
from reconciliation.breaks import BreakCode

_ITEM = {
    "item_id": "uuid",
    "kind": "text",
    "direction": "text",
    "unit_id": "uuid",
    "account_group_id": "uuid",
    "account_id": "uuid",
    "request_id": "uuid",
    "money_id": "uuid",
    "report_id": "uuid",
    "origin_item_id": "uuid",
    "reference": "text",
    "provider_transaction": "text",
    "amount_minor": "bigint",
    "residual_minor": "bigint",
    "opened_on": "date",
    "due_on": "date",
}
_GROUP = {
    "group_id": "uuid",
    "account_group_id": "uuid",
    "run_id": "uuid",
    "pass_name": "text",
    "evidence_class": "text",
    "ruleset_sha256": "bytea",
    "evidence": "text",
    "evidence_sha256": "bytea",
    "reverses": "uuid",
    "made_at": "timestamptz",
}
_ALLOCATION = {
    "allocation_id": "uuid",
    "group_id": "uuid",
    "line_id": "uuid",
    "item_id": "uuid",
    "money_id": "uuid",
    "amount_minor": "bigint",
    "made_at": "timestamptz",
}
_BREAK = {
    "break_id": "uuid",
    "code": "text",
    "account_group_id": "uuid",
    "unit_id": "uuid",
    "line_id": "uuid",
    "item_id": "uuid",
    "message_id": "uuid",
    "statement_id": "uuid",
    "money_id": "uuid",
    "amount_minor": "bigint",
    "details": "jsonb",
    "opened_on": "date",
    "opened_at": "timestamptz",
    "run_id": "uuid",
    "report_id": "uuid",
}


class NewItem(NamedTuple):
    """Something expected on a statement, or money held for somebody; starts wholly open."""

    item_id: UUID
    kind: str
    direction: str
    unit_id: UUID
    account_group_id: UUID
    account_id: UUID | None
    request_id: UUID | None
    money_id: UUID | None
    report_id: UUID | None
    origin_item_id: UUID | None
    reference: str
    provider_transaction: str
    amount_minor: int
    residual_minor: int
    opened_on: date
    due_on: date


class NewGroup(NamedTuple):
    """One match with its evidence as canonical JSON and the SHA-256 of that text."""

    group_id: UUID
    account_group_id: UUID
    run_id: UUID | None
    pass_name: str
    evidence_class: str
    ruleset_sha256: bytes | None
    evidence: str
    evidence_sha256: bytes
    reverses: UUID | None
    made_at: datetime


class NewAllocation(NamedTuple):
    """What a match takes off a line and off an item; `money_id` is the money it made or proved."""

    allocation_id: UUID
    group_id: UUID
    line_id: UUID | None
    item_id: UUID | None
    money_id: UUID | None
    amount_minor: int
    made_at: datetime


class NewBreak(NamedTuple):
    """Something that does not agree; exactly one of the six subjects is set."""

    break_id: UUID
    code: str
    account_group_id: UUID
    unit_id: UUID
    line_id: UUID | None
    item_id: UUID | None
    message_id: UUID | None
    statement_id: UUID | None
    money_id: UUID | None
    amount_minor: int
    details: str
    opened_on: date
    opened_at: datetime
    run_id: UUID | None
    report_id: UUID | None = None


async def insert_items(connection: AsyncConnection, rows: Sequence[NewItem]) -> None:
    """Store new items."""
    await insert_rows(connection, "item", _ITEM, rows)


async def insert_groups(connection: AsyncConnection, rows: Sequence[NewGroup]) -> None:
    """Store matches; their allocations follow in the same transaction."""
    await insert_rows(connection, "match_group", _GROUP, rows)


async def insert_allocations(connection: AsyncConnection, rows: Sequence[NewAllocation]) -> None:
    """Store allocations; the database lowers the residuals and refuses to go below zero."""
    await insert_rows(connection, "allocation", _ALLOCATION, rows)


async def insert_breaks(connection: AsyncConnection, rows: Sequence[NewBreak]) -> None:
    """Open breaks; one open break for each object, so the caller closes the old one first."""
    await insert_rows(connection, "break_case", _BREAK, rows)


async def close_breaks(
    connection: AsyncConnection,
    now: datetime,
    reason: str,
    *,
    line_ids: Sequence[UUID] = (),
    item_ids: Sequence[UUID] = (),
    break_ids: Sequence[UUID] = (),
) -> None:
    """Close the open breaks on lines and items that are explained now, or breaks themselves."""
    query = text("""
        UPDATE break_case SET closed_at = :now, closed_reason = :reason
        WHERE closed_at IS NULL AND (line_id = ANY(:line_ids) OR item_id = ANY(:item_ids)
                                     OR break_id = ANY(:break_ids))
    """)
    values = {
        "now": now, "reason": reason, "line_ids": list(line_ids), "item_ids": list(item_ids),
        "break_ids": list(break_ids),
    }  # fmt: skip
    await connection.execute(query, values)


async def close_money_breaks(
    connection: AsyncConnection,
    code: BreakCode,
    money_ids: Sequence[UUID],
    now: datetime,
    reason: str = "explained",
) -> None:
    """Close the open breaks of one code on money: what was missing has arrived."""
    query = text("""
        UPDATE break_case SET closed_at = :now, closed_reason = :reason
        WHERE closed_at IS NULL AND code = :code AND money_id = ANY(:money_ids)
    """)
    values = {"now": now, "code": code.value, "money_ids": list(money_ids), "reason": reason}
    await connection.execute(query, values)


async def lock_items(
    connection: AsyncConnection, item_ids: Iterable[UUID | str]
) -> dict[UUID, LockedItem]:
    """Lock items in id order and return them."""
    query = text(
        "SELECT item_id, kind, direction, unit_id, account_group_id, account_id, request_id,"
        " money_id, report_id, reference, amount_minor, residual_minor, is_cancelled,"
        " opened_on, version"
        " FROM item WHERE item_id = ANY(:ids) ORDER BY item_id FOR UPDATE"
    )
    rows = (await connection.execute(query, {"ids": list(item_ids)})).all()
    return {item.item_id: item for item in map(LockedItem._make, rows)}


async def requests_of_items(connection: AsyncConnection, item_ids: Sequence[UUID]) -> list[UUID]:
    """Return the requests that items are about, without locking anything."""
    query = text(
        "SELECT DISTINCT request_id FROM item WHERE item_id = ANY(:ids) AND request_id IS NOT NULL"
    )
    rows = await connection.execute(query, {"ids": list(item_ids)})
    return [row.request_id for row in rows]


async def lock_lines(
    connection: AsyncConnection, line_ids: Iterable[UUID | str]
) -> dict[UUID, LockedLine]:
    """Lock statement lines in id order and return them."""
    query = text(
        "SELECT line_id, account_id, account_group_id, booking_date, direction, amount_minor,"
        " residual_minor, counterparty_account, narrative, version"
        " FROM statement_line WHERE line_id = ANY(:ids) ORDER BY line_id FOR UPDATE"
    )
    rows = (await connection.execute(query, {"ids": list(line_ids)})).all()
    return {line.line_id: line for line in map(LockedLine._make, rows)}


async def live_groups_of_line(connection: AsyncConnection, line_id: UUID) -> list[Any]:
    """Return the allocations of matches of a line that nobody reversed."""
    query = text("""
        SELECT allocation.*, match_group.pass_name, item.kind AS item_kind
        FROM allocation JOIN match_group USING (group_id)
        LEFT JOIN match_group AS reversal ON reversal.reverses = match_group.group_id
        LEFT JOIN item ON item.item_id = allocation.item_id
        WHERE allocation.line_id = :line_id AND reversal.group_id IS NULL
          AND match_group.reverses IS NULL
        ORDER BY allocation.allocation_id
    """)
    return list(await connection.execute(query, {"line_id": line_id}))


async def lock_line_of_notice(
    connection: AsyncConnection, account_id: UUID, bank_reference: str, amount_minor: int
) -> Any | None:
    """Lock the credit line that bears the key of a bank's notice, if it came before.

    Of several, one of the notice's amount; the caller compares, as another amount is a conflict.
    """
    query = text("""
        SELECT line_id, amount_minor, residual_minor FROM statement_line
        WHERE account_id = :account_id AND bank_reference = :bank_reference
          AND direction = 'credit'
        ORDER BY (amount_minor <> :amount_minor), line_id FOR UPDATE
    """)
    values = {
        "account_id": account_id,
        "bank_reference": bank_reference,
        "amount_minor": amount_minor,
    }
    return (await connection.execute(query, values)).first()


async def touch_line(connection: AsyncConnection, line_id: UUID) -> None:
    """Move a line's version, so that a run that read it before drops its match."""
    await connection.execute(
        text("UPDATE statement_line SET version = version + 1 WHERE line_id = :line_id"),
        {"line_id": line_id},
    )
