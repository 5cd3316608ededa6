"""Settlement reports of gateways: what they say they pay out."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.database import insert_rows

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
}


class NewReportLine(NamedTuple):
    """One transaction of a payout with the money it is about."""

    report_id: UUID
    position: int
    endpoint_id: UUID
    provider_transaction: str
    kind: str
    our_reference: str
    gross_minor: int
    fee_minor: int
    vat_minor: int
    money_id: UUID


async def find_report(connection: AsyncConnection, file_sha256: bytes) -> Any | None:
    """Return the report that this file brought before."""
    query = text("SELECT * FROM settlement_report WHERE file_sha256 = :file_sha256")
    return (await connection.execute(query, {"file_sha256": file_sha256})).one_or_none()


async def insert_report(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a report; one batch of an endpoint comes once."""
    await connection.execute(
        text("""
            INSERT INTO settlement_report (report_id, endpoint_id, batch, settled_on, file_sha256,
              line_count, gross_minor, fee_minor, vat_minor, net_minor, recorded_at)
            VALUES (:report_id, :endpoint_id, :batch, :settled_on, :file_sha256, :line_count,
              :gross_minor, :fee_minor, :vat_minor, :net_minor, :recorded_at)
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
        SELECT provider_transaction, money_id, amount_minor, unit_id FROM money
        WHERE source_id = :endpoint_id AND provider_transaction = ANY(:transactions)
          AND kind IN ('gateway_notice', 'gateway_report')
    """)
    values = {"endpoint_id": endpoint_id, "transactions": list(transactions)}
    rows = await connection.execute(query, values)
    return {row.provider_transaction: row for row in rows}
