"""What is awaited on a statement: orders of people to the bank, payouts, costs to be put back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text
from payment_service.domain.resolution import AWAITED


async def open_orders(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Return the open orders that come from approvals, or from the approvals of matches, by id.

    A transfer goes to the oldest live account of the other unit, a refund to the account that
    paid; both may be unknown.
    """
    query = text("""
        SELECT asked.approval_id, asked.group_id, ordered.kind, ordered.reference,
               coalesce(money.kind LIKE 'gateway%', false) AS is_of_gateway,
               ordered.residual_minor AS amount_minor, unit.name_vi AS unit_name,
               account.holder_name, bank.short_name AS bank_name,
               CASE ordered.kind WHEN 'refund'
                 THEN coalesce(nullif(line.counterparty_account, ''), money.payer_account, '')
                 ELSE coalesce(account.account_number, '') END AS account_number
        FROM resolved_group AS asked JOIN resolved_group AS made USING (approval_id)
        JOIN item AS ordered ON ordered.item_id = made.group_id AND ordered.direction = 'debit'
          AND ordered.kind IN ('refund', 'unit_transfer') AND ordered.residual_minor > 0
        JOIN allocation AS taken ON taken.group_id = made.group_id
        LEFT JOIN statement_line AS line ON line.line_id = taken.line_id
        LEFT JOIN item AS kept ON kept.item_id = taken.item_id
        LEFT JOIN money ON money.money_id = kept.money_id
        LEFT JOIN LATERAL (
          SELECT unit_id FROM resolved_group AS beside JOIN item ON item_id = beside.group_id
          WHERE beside.approval_id = made.approval_id AND kind = 'unit_transfer'
            AND direction = 'credit') AS there ON true
        LEFT JOIN unit ON unit.unit_id = there.unit_id
        LEFT JOIN LATERAL (
          SELECT account_number, holder_name, bank_bin FROM collection_account
          WHERE unit_id = there.unit_id AND state = 'live'
          ORDER BY created_at, account_id LIMIT 1) AS account ON true
        LEFT JOIN bank ON bank.bin = account.bank_bin
        WHERE asked.approval_id = ANY(:ids) OR asked.group_id = ANY(:ids)
    """)
    found: dict[UUID, Any] = {}
    for row in await connection.execute(query, {"ids": list(ids)}):
        found[row.approval_id] = found[row.group_id] = row
    return found


async def find_awaited(
    connection: AsyncConnection,
    line: Any,
    words: Sequence[str],
    chosen: Sequence[UUID],
    limit: int,
) -> list[Any]:
    """Return what is awaited on a line's account with its open amount, way and all.

    Before that, whatever its account group awaited under an identifier that was chosen before, or
    a key that is one of the words: why that does not fit is said by the act.
    """
    query = text("""
        SELECT item_id, item.version, item.kind, item.amount_minor, item.residual_minor,
               item.is_cancelled, item.reference, item.opened_on, dossier_code,
               unit.name_vi AS unit_name
        FROM item JOIN unit USING (unit_id) LEFT JOIN payment_request USING (request_id)
        WHERE item.account_group_id = :account_group_id AND item.kind = ANY(:kinds)
          AND (item.reference = ANY(:words) OR item_id = ANY(:chosen)
               OR (item.residual_minor = :residual_minor AND item.direction = :direction
                   AND coalesce(item.account_id, :account_id) = :account_id))
        ORDER BY item_id = ANY(:chosen) DESC, coalesce(item.reference = ANY(:words), false) DESC,
                 item.opened_on, item_id
        LIMIT :limit
    """)
    values = {
        "account_group_id": line.account_group_id,
        "account_id": line.account_id,
        "residual_minor": line.residual_minor,
        "direction": line.direction,
        "kinds": list(AWAITED),
        "words": list(words),
        "chosen": list(chosen),
        "limit": limit,
    }
    return list(await connection.execute(query, values))


async def is_awaited(
    connection: AsyncConnection,
    account_group_id: UUID,
    account_id: UUID,
    *,
    keys: Sequence[str],
    references: Sequence[str],
    paid_minor: int | None = None,
) -> bool:
    """Say whether a credit of an account would bear one of these keys of what is awaited there.

    A transfer between units goes by the reference of its due as well; what else is awaited under a
    key has the amount `paid_minor`, where one is given.
    """
    query = text("""
        SELECT EXISTS (
          SELECT FROM item LEFT JOIN payment_request AS due USING (request_id)
          WHERE item.account_group_id = :account_group_id AND kind = ANY(:kinds)
            AND residual_minor > 0 AND direction = 'credit'
            AND coalesce(item.account_id, :account_id) = :account_id
            AND (kind = 'unit_transfer'
                 OR item.residual_minor = coalesce(:paid_minor, item.residual_minor))
            AND (regexp_replace(upper(item.reference), '[^A-Z0-9]', '', 'g') = ANY(:keys)
                 OR (kind = 'unit_transfer' AND due.reference = ANY(:references))))
    """)
    values = {
        "account_group_id": account_group_id,
        "account_id": account_id,
        "kinds": list(AWAITED),
        "keys": list(keys),
        "references": list(references),
        "paid_minor": paid_minor,
    }
    return bool((await connection.execute(query, values)).scalar_one())
