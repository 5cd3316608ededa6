"""What is expected on a statement and the line that settles it, found and told apart by people."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text

_FITS = """
    (item.kind IN ('gateway_claim', 'payout', 'bank_notice')
     OR item.kind IN ('surplus', 'part_payment') AND EXISTS (
       SELECT FROM break_case AS taken JOIN allocation
         ON allocation.line_id = CAST(taken.details ->> 'original_line' AS uuid)
       WHERE taken.line_id = line.line_id AND taken.code = 'RETURN_SETTLED'
         AND allocation.money_id = item.money_id))
    AND item.account_id = line.account_id
    AND item.account_group_id = line.account_group_id AND item.direction = line.direction
"""


async def lines_for_item(connection: AsyncConnection, item_id: UUID, limit: int) -> list[Any]:
    """Return open lines that may settle an item, those of the nearest amount first."""
    query = text(f"""
        SELECT line.line_id AS opposite_id, line.version, line.booking_date,
               line.residual_minor::bigint AS residual_minor,
               line.bank_reference AS reference, line.narrative, '' AS item_kind
        FROM item JOIN statement_line AS line ON line.residual_minor > 0
        WHERE item.item_id = :item_id AND item.residual_minor > 0 AND {_FITS}
        ORDER BY abs(line.residual_minor - item.residual_minor), line.booking_date, line.line_id
        LIMIT :limit
    """)  # noqa: S608 - a constant of this module
    return list(await connection.execute(query, {"item_id": item_id, "limit": limit}))


async def items_for_line(connection: AsyncConnection, line_id: UUID, limit: int) -> list[Any]:
    """Return expected items that a line may settle, those of the nearest amount first."""
    query = text(f"""
        SELECT item.item_id AS opposite_id, item.version, item.opened_on AS booking_date,
               item.residual_minor::bigint AS residual_minor,
               coalesce(nullif(item.reference, ''), item.provider_transaction) AS reference,
               '' AS narrative, item.kind AS item_kind
        FROM statement_line AS line
        JOIN item ON item.residual_minor > 0
        WHERE line.line_id = :line_id AND line.residual_minor > 0 AND {_FITS}
        ORDER BY abs(line.residual_minor - item.residual_minor), item.opened_on, item.item_id
        LIMIT :limit
    """)  # noqa: S608 - a constant of this module
    return list(await connection.execute(query, {"line_id": line_id, "limit": limit}))


async def gateway_of(connection: AsyncConnection, item_id: UUID) -> UUID | None:
    """Return the endpoint of the gateway of an item: by its report, or by its money."""
    query = text("""
        SELECT coalesce(report.endpoint_id, money.endpoint_id)
        FROM item LEFT JOIN settlement_report AS report USING (report_id)
        LEFT JOIN money ON money.money_id = item.money_id WHERE item.item_id = :item_id
    """)
    found: UUID | None = (await connection.execute(query, {"item_id": item_id})).scalar_one()
    return found


async def is_reported(connection: AsyncConnection, money_id: UUID) -> bool:
    """Say whether a settlement report lists a payment."""
    query = text("""
        SELECT EXISTS (SELECT FROM settlement_report_line
                       WHERE money_id = :money_id AND kind = 'payment')
    """)
    return bool((await connection.execute(query, {"money_id": money_id})).scalar_one())
