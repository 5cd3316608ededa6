"""Settlement reports of gateways: what they say they pay out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.database import insert_rows
from payment_service.db.sql import text
from reconciliation.breaks import BreakCode

_LINE = {
    "report_id": "uuid",
    "position": "integer",
    "endpoint_id": "uuid",
    "provider_transaction": "text",
    "kind": "text",
    "our_reference": "text",
    "gross_minor": "bigint",
    "fee_minor": "bigint",
    "vat_minor": "bigint",
    "money_id": "uuid",
    "original_transaction": "text",
    "item_id": "uuid",
}


class NewReportLine(NamedTuple):
    """One transaction of a payout with the money it is about, or the item: never both."""

    report_id: UUID
    position: int
    endpoint_id: UUID
    provider_transaction: str
    kind: str
    our_reference: str
    gross_minor: int
    fee_minor: int
    vat_minor: int
    money_id: UUID | None
    original_transaction: str
    item_id: UUID | None


async def find_report(connection: AsyncConnection, file_sha256: bytes) -> Any | None:
    """Return the report that this file brought before."""
    query = text("SELECT * FROM settlement_report WHERE file_sha256 = :file_sha256")
    return (await connection.execute(query, {"file_sha256": file_sha256})).one_or_none()


async def insert_report(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a report; one batch of an endpoint comes once."""
    await connection.execute(
        text("""
            INSERT INTO settlement_report (report_id, endpoint_id, batch, settled_on, file_sha256,
              line_count, gross_minor, fee_minor, vat_minor, net_minor, recorded_at,
              fees_checked_count, fee_variance_minor)
            VALUES (:report_id, :endpoint_id, :batch, :settled_on, :file_sha256, :line_count,
              :gross_minor, :fee_minor, :vat_minor, :net_minor, :recorded_at,
              :fees_checked_count, :fee_variance_minor)
        """),
        values,
    )


async def insert_report_lines(connection: AsyncConnection, rows: Sequence[NewReportLine]) -> None:
    """Store the lines of a report; a transaction is reported once."""
    await insert_rows(connection, "settlement_report_line", _LINE, rows)


async def notified_money(
    connection: AsyncConnection, endpoint_id: UUID, transactions: Sequence[str]
) -> dict[str, Any]:
    """Return what an endpoint told us before of these transactions."""
    query = text("""
        SELECT provider_transaction, money_id, amount_minor, unit_id, request_id FROM money
        WHERE source_id = :endpoint_id AND provider_transaction = ANY(:transactions)
          AND kind IN ('gateway_notice', 'gateway_report')
    """)
    values = {"endpoint_id": endpoint_id, "transactions": list(transactions)}
    rows = await connection.execute(query, values)
    return {row.provider_transaction: row for row in rows}


async def lock_refund_orders(
    connection: AsyncConnection,
    endpoint_id: UUID,
    account_id: UUID,
    references: Sequence[str],
    originals: Sequence[str],
) -> list[Any]:
    """Lock the open refunds that a report may speak of, in id order.

    They are found by the reference of the order, or by the payment whose money is returned.
    """
    query = text("""
        SELECT item.item_id, item.reference, item.residual_minor, item.unit_id,
               paid.provider_transaction
        FROM item LEFT JOIN item AS origin ON origin.item_id = item.origin_item_id
        LEFT JOIN money AS paid
          ON paid.money_id = origin.money_id AND paid.endpoint_id = :endpoint_id
        WHERE item.kind = 'refund' AND item.account_id = :account_id AND item.residual_minor > 0
          AND (item.reference = ANY(:references) OR paid.provider_transaction = ANY(:originals))
        ORDER BY item.item_id FOR UPDATE OF item
    """)
    values = {
        "endpoint_id": endpoint_id,
        "account_id": account_id,
        "references": list(references),
        "originals": list(originals),
    }
    return list(await connection.execute(query, values))


async def lock_claims(
    connection: AsyncConnection, endpoint_id: UUID, transactions: Sequence[str]
) -> list[Any]:
    """Lock the open claims on a gateway that are about these transactions, in id order."""
    query = text("""
        SELECT item.item_id, item.direction, item.residual_minor, item.provider_transaction
        FROM item LEFT JOIN settlement_report AS report USING (report_id)
        LEFT JOIN money ON money.money_id = item.money_id
        WHERE item.kind = 'gateway_claim' AND item.residual_minor > 0
          AND coalesce(report.endpoint_id, money.endpoint_id) = :endpoint_id
          AND item.provider_transaction = ANY(:transactions)
        ORDER BY item.item_id FOR UPDATE OF item
    """)
    values = {"endpoint_id": endpoint_id, "transactions": list(transactions)}
    return list(await connection.execute(query, values))


async def lock_missing(connection: AsyncConnection, money_ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Lock the claims for payments that no report listed, open or settled, by their money."""
    query = text("""
        SELECT item_id, money_id, residual_minor FROM item
        WHERE money_id = ANY(:ids) AND kind = 'gateway_claim' AND report_id IS NULL
        ORDER BY item_id FOR UPDATE
    """)
    rows = await connection.execute(query, {"ids": list(money_ids)})
    return {row.money_id: row for row in rows}


async def unreported_money(
    connection: AsyncConnection, since: datetime, before: datetime
) -> list[Any]:
    """Return what gateways notified as paid in an interval and no settlement report lists.

    Left out is what has a claim already, whatever became of that, and what is named otherwise.
    """
    query = text("""
        SELECT money.money_id, money.amount_minor, money.provider_transaction,
               (money.paid_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS paid_on,
               account.unit_id, account.account_group_id, money.account_id
        FROM money JOIN collection_account AS account USING (account_id)
        WHERE money.kind = 'gateway_notice' AND money.paid_at >= :since AND money.paid_at < :before
          AND NOT EXISTS (SELECT FROM settlement_report_line AS line
                          WHERE line.money_id = money.money_id AND line.kind = 'payment')
          AND NOT EXISTS (SELECT FROM item AS claim WHERE claim.money_id = money.money_id
                          AND claim.kind = 'gateway_claim')
          AND NOT EXISTS (SELECT FROM break_case AS known WHERE known.money_id = money.money_id
                          AND (known.code = :code OR known.closed_at IS NULL))
        ORDER BY money.money_id
    """)
    values = {"since": since, "before": before, "code": BreakCode.NOTICE_NO_REPORT.value}
    return list(await connection.execute(query, values))


async def find_report_of(
    connection: AsyncConnection,
    *,
    report_id: UUID | None,
    item_id: UUID | None,
    money_id: UUID | None,
) -> Any | None:
    """Return the settlement report that an object is, stands in, or is expected by."""
    query = text("""
        SELECT report.*, endpoint.channel, endpoint.merchant
        FROM settlement_report AS report JOIN endpoint USING (endpoint_id)
        WHERE report_id = coalesce(:report_id,
          (SELECT report_id FROM item WHERE item_id = :item_id),
          (SELECT report_id FROM settlement_report_line WHERE money_id = :money_id))
    """)
    values = {"report_id": report_id, "item_id": item_id, "money_id": money_id}
    return (await connection.execute(query, values)).one_or_none()
