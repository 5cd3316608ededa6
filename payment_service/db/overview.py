"""What the books say as a whole, for people who look at all units together. Reads only."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_COUNTED = (
    "money", "application", "item", "match_group", "allocation", "break_case", "journal_entry",
    "posting", "statement", "statement_line", "settlement_report", "message_outcome", "declaration",
)  # fmt: skip


async def collected_by_unit(connection: AsyncConnection) -> list[Any]:
    """Return for each unit the requests, what was asked, and what was seen in the bank of it."""
    query = text("""
        SELECT unit.code, unit.name_vi, count(due.item_id) AS requests,
               coalesce(sum(due.amount_minor) FILTER (WHERE NOT due.is_cancelled), 0)::bigint
                 AS asked_minor,
               coalesce(sum(paid.collected_minor), 0)::bigint AS collected_minor
        FROM unit LEFT JOIN item AS due ON due.unit_id = unit.unit_id AND due.kind = 'due'
        LEFT JOIN (
          SELECT application.request_id, sum(application.amount_minor)::bigint AS collected_minor
          FROM application JOIN money_fact AS money USING (money_id)
          WHERE money.is_collected GROUP BY application.request_id
        ) AS paid ON paid.request_id = due.request_id
        GROUP BY unit.code, unit.name_vi ORDER BY collected_minor DESC, unit.code
    """)
    return list(await connection.execute(query))


async def collected_by_fee_kind(connection: AsyncConnection) -> list[Any]:
    """Return for each kind of fee what was seen in the bank, declared, and due to the budget."""
    query = text("""
        SELECT fee_kind.code, fee_kind.name_vi, count(DISTINCT line.request_id) AS requests,
               sum(application.amount_minor)::bigint AS collected_minor
        FROM application JOIN request_line AS line USING (line_id)
        JOIN fee_kind ON fee_kind.code = line.fee_kind
        JOIN money_fact AS money USING (money_id)
        WHERE money.is_collected
        GROUP BY fee_kind.code, fee_kind.name_vi ORDER BY collected_minor DESC, fee_kind.code
    """)
    return list(await connection.execute(query))


async def facts_by_request(connection: AsyncConnection) -> list[Any]:
    """Return for each request with money the amount of each fact."""
    query = text("""
        SELECT request_id::text AS request_id,
          coalesce(sum(amount_minor) FILTER (WHERE is_notified), 0)::bigint AS notified_minor,
          coalesce(sum(amount_minor) FILTER (WHERE is_reported), 0)::bigint AS reported_minor,
          coalesce(sum(amount_minor) FILTER (WHERE is_collected), 0)::bigint AS collected_minor
        FROM money_fact WHERE request_id IS NOT NULL AND kind <> 'returned' GROUP BY request_id
    """)
    return list(await connection.execute(query))


async def line_targets(connection: AsyncConnection) -> list[Any]:
    """Return for each bank line that is matched where it went, and under which names.

    Reversed matches are left out. What is neither the bank's own (`bank_rules`) nor has an item is
    paired with its return.
    """
    query = text("""
        SELECT line.bank_reference, match_group.pass_name, item.kind, item.reference,
               item.provider_transaction, item.request_id::text AS request_id
        FROM allocation JOIN statement_line AS line USING (line_id)
        JOIN match_group USING (group_id)
        LEFT JOIN match_group AS reversal ON reversal.reverses = match_group.group_id
        LEFT JOIN item ON item.item_id = allocation.item_id
        WHERE match_group.reverses IS NULL AND reversal.group_id IS NULL
    """)
    return list(await connection.execute(query))


async def open_break_names(connection: AsyncConnection) -> list[Any]:
    """Return the open breaks with every name of the object that each is about."""
    query = text("""
        SELECT break_case.code, line.bank_reference, item.reference AS item_reference,
               item.provider_transaction, item.request_id::text AS request_id,
               coalesce(item_money.provider_transaction, money.provider_transaction)
                 AS transaction,
               break_case.details ->> 'transaction' AS told_transaction,
               account.account_number || '/' || statement.number AS statement, report.batch
        FROM break_case
        LEFT JOIN statement_line AS line ON line.line_id = break_case.line_id
        LEFT JOIN item ON item.item_id = break_case.item_id
        LEFT JOIN money AS item_money ON item_money.money_id = item.money_id
        LEFT JOIN money ON money.money_id = break_case.money_id
        LEFT JOIN statement ON statement.statement_id = break_case.statement_id
        LEFT JOIN settlement_report AS report ON report.report_id = break_case.report_id
        LEFT JOIN collection_account AS account ON account.account_id = statement.account_id
        WHERE break_case.closed_at IS NULL ORDER BY break_case.opened_at, break_case.break_id
    """)
    return list(await connection.execute(query))


async def bank_balances(connection: AsyncConnection) -> list[Any]:
    """Return for each live account the bank balance in the ledger and the last proven closing."""
    query = text("""
        SELECT account.account_number, unit.code AS unit_code, bank.short_name AS bank_name,
               coalesce(book.balance_minor, 0) AS ledger_minor,
               coalesce(proven.closing_minor, account.opening_balance_minor) AS statement_minor
        FROM collection_account AS account JOIN unit USING (unit_id)
        JOIN bank ON bank.bin = account.bank_bin
        LEFT JOIN (
          SELECT detail, sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)::bigint
            AS balance_minor FROM posting WHERE account = 'bank' GROUP BY detail
        ) AS book ON book.detail = account.account_id::text
        LEFT JOIN LATERAL (
          SELECT closing_minor FROM statement
          WHERE statement.account_id = account.account_id AND verdict = 'admitted'
          ORDER BY closing_on DESC, admitted_at DESC, number DESC LIMIT 1) AS proven ON true
        WHERE account.state = 'live' ORDER BY account.account_number
    """)
    return list(await connection.execute(query))


async def count_rows(connection: AsyncConnection) -> dict[str, int]:
    """Return how many rows the books hold, table by table: what a rerun must not change."""
    counts = " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*) AS rows FROM {table}"  # noqa: S608 - constants
        for table in _COUNTED
    )
    return {row.name: row.rows for row in await connection.execute(text(counts))}
