"""Breaks that people answer or open again: locked as they are, with what came to them since."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.database import lock
from payment_service.db.sql import text


async def lock_breaks(connection: AsyncConnection, break_ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Lock breaks in id order and return them with the account that their object belongs to.

    `booked_minor` is what they say about money in the books: nothing of a message or a file.
    """
    query = text("""
        SELECT broken.break_id, broken.code, broken.account_group_id, broken.unit_id,
               broken.amount_minor, broken.details::text AS details, broken.opened_on,
               broken.closed_at, broken.closed_reason, broken.line_id, broken.item_id,
               broken.message_id, broken.statement_id, broken.money_id, broken.report_id,
               coalesce(broken.line_id, broken.item_id, broken.message_id, broken.statement_id,
                 broken.money_id, broken.report_id) AS subject_id,
               CASE WHEN num_nonnulls(broken.money_id, broken.report_id) > 0
                 THEN broken.amount_minor::bigint ELSE 0 END AS booked_minor,
               coalesce(line.account_id, item.account_id, paid.account_id, statement.account_id,
                 endpoint.account_id) AS account_id
        FROM break_case AS broken
        LEFT JOIN statement_line AS line ON line.line_id = broken.line_id
        LEFT JOIN item ON item.item_id = broken.item_id
        LEFT JOIN money AS paid ON paid.money_id = broken.money_id
        LEFT JOIN statement ON statement.statement_id = broken.statement_id
        LEFT JOIN inbound_message AS message ON message.message_id = broken.message_id
        LEFT JOIN settlement_report AS report ON report.report_id = broken.report_id
        LEFT JOIN endpoint
          ON endpoint.endpoint_id = coalesce(message.endpoint_id, report.endpoint_id)
        WHERE broken.break_id = ANY(:ids) ORDER BY broken.break_id FOR UPDATE OF broken
    """)
    rows = await connection.execute(query, {"ids": list(break_ids)})
    return {row.break_id: row for row in rows}


async def has_moved_on(connection: AsyncConnection, broken: Any, approval_id: UUID) -> bool:
    """Say whether an answered break was opened again, or what was missing has come since.

    What could bring it waits until the caller's transaction ends. `approval_id` is the act that
    asks.
    """
    if broken.money_id is not None:
        query = "SELECT source_id, provider_transaction FROM money WHERE money_id = :money_id"
        paid = (await connection.execute(text(query), {"money_id": broken.money_id})).one()
        await lock(connection, f"transaction:{paid.source_id}:{paid.provider_transaction}")
    verdict = text("SELECT verdict FROM statement WHERE statement_id = :statement_id FOR UPDATE")
    values = {"statement_id": broken.statement_id}
    if (await connection.execute(verdict, values)).scalar_one_or_none() == "admitted":
        return True
    since = text("""
        SELECT EXISTS (SELECT FROM resolution JOIN approval USING (approval_id)
                       WHERE break_id = :break_id AND act = 'reopen' AND decision = 'approved'
                         AND approval_id <> :approval_id)
          OR EXISTS (SELECT FROM break_case WHERE closed_at IS NULL
                     AND (message_id = :message_id OR statement_id = :statement_id
                          OR money_id = :money_id OR report_id = :report_id))
          OR (:code = 'REPORTED_NO_NOTICE' AND EXISTS (
                SELECT FROM money_fact WHERE money_id = :money_id AND is_notified))
    """)
    values = {
        "break_id": broken.break_id,
        "approval_id": approval_id,
        "code": broken.code,
        "message_id": broken.message_id,
        "statement_id": broken.statement_id,
        "money_id": broken.money_id,
        "report_id": broken.report_id,
    }
    return bool((await connection.execute(since, values)).scalar_one())
