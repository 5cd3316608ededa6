"""Lines that the bank took back after their money had moved on, and what came by them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text


async def lines_of_kept(connection: AsyncConnection, item_ids: Sequence[UUID]) -> list[UUID]:
    """Return the lines by which the money of items came, also before it was handed over."""
    # A payment by line is named by what it was taken off: the line, or surplus of an earlier one.
    query = text("""
        WITH RECURSIVE named AS NOT MATERIALIZED (
          SELECT money_id, CASE kind WHEN 'bank_line'
            THEN CAST(split_part(provider_transaction, ':', 1) AS uuid) END AS source_id
          FROM money
        ), paid AS (
          SELECT named.* FROM item JOIN named USING (money_id) WHERE item_id = ANY(:ids)
          UNION SELECT named.* FROM paid JOIN item ON item.item_id = paid.source_id
          JOIN named ON named.money_id = item.money_id
        )
        SELECT line_id FROM paid JOIN statement_line ON line_id = source_id
        UNION SELECT line_id FROM paid JOIN item USING (money_id) JOIN allocation USING (item_id)
        WHERE item.kind = 'bank_notice' AND line_id IS NOT NULL
        GROUP BY line_id HAVING sum(allocation.amount_minor) > 0
    """)
    rows = await connection.execute(query, {"ids": list(item_ids)})
    return [row.line_id for row in rows]


async def is_taken_back(
    connection: AsyncConnection, line_ids: Sequence[UUID], *, is_settled_too: bool = False
) -> bool:
    """Say whether the bank returned one of the lines, and the return is still open, or ever was.

    However the return is called by now: what it named once holds.
    """
    query = text("""
        SELECT EXISTS (
          SELECT FROM break_case AS broken JOIN statement_line AS back USING (line_id)
          WHERE broken.code = 'RETURN_SETTLED' AND (:is_settled_too OR back.residual_minor > 0)
            AND details ->> 'original_line' = ANY(:ids))
    """)
    values = {"ids": [str(each) for each in line_ids], "is_settled_too": is_settled_too}
    return bool((await connection.execute(query, values)).scalar_one())


async def original_of(connection: AsyncConnection, line_id: UUID) -> UUID | None:
    """Return the line that a line took back after its money had moved on."""
    query = text("""
        SELECT CAST(details ->> 'original_line' AS uuid) FROM break_case
        WHERE line_id = :line_id AND code = 'RETURN_SETTLED' ORDER BY opened_at DESC LIMIT 1
    """)
    found: UUID | None = (await connection.execute(query, {"line_id": line_id})).scalar()
    return found


async def is_open_still(connection: AsyncConnection, line_id: UUID) -> bool:
    """Say whether a line, or what is kept of its money in its account, is open."""
    query = text("""
        SELECT line.residual_minor > 0 OR EXISTS (
          SELECT FROM allocation JOIN item AS kept USING (money_id)
          WHERE allocation.line_id = line.line_id AND kept.kind IN ('surplus', 'part_payment')
            AND kept.account_id = line.account_id AND kept.residual_minor > 0)
        FROM statement_line AS line WHERE line.line_id = :line_id
    """)
    return bool((await connection.execute(query, {"line_id": line_id})).scalar())
