"""Open lines and items as Arrow tables for the matching engine, and the runs it made.

Rows leave PostgreSQL by COPY over the same connection, so they are of one snapshot.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
from pyarrow import csv
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.database import driver_of
from payment_service.db.sql import text
from reconciliation.schemas import ITEMS, LINES

_LINES = """
    SELECT line.line_id, line.account_group_id AS account_group, line.account_id AS account,
      account.currency, direction, booking_date, amount_minor, residual_minor,
      is_reversal AND apart.is_of_line IS NOT TRUE AS is_reversal,
      CASE WHEN apart.is_of_line THEN '' ELSE bank_reference END AS bank_reference,
      CASE WHEN apart.is_of_due THEN '' ELSE end_to_end_reference END AS end_to_end_reference,
      CASE WHEN apart.is_of_line THEN '' ELSE returned_reference END AS returned_reference,
      CASE WHEN apart.is_of_due THEN '' ELSE batch_reference END AS batch_reference,
      CASE WHEN apart.is_of_due THEN '' ELSE counterparty_account END AS counterparty_account,
      CASE WHEN apart.is_of_due THEN '' ELSE counterparty_name END AS counterparty_name,
      CASE WHEN apart.is_of_line THEN '' ELSE code END AS bank_code,
      CASE WHEN apart.is_of_due THEN '' ELSE narrative END AS narrative,
      encode(content_key, 'hex') AS content_key, occurrence, version
    FROM statement_line AS line JOIN collection_account AS account USING (account_id)
    LEFT JOIN line_taken_apart AS apart ON apart.line_id = line.line_id
    WHERE line.account_group_id = ANY($1::uuid[]) AND booking_date <= $2
      AND (residual_minor > 0 OR booking_date >= $3)
"""
_ITEMS = """
    SELECT item_id, kind, item.account_group_id AS account_group,
      coalesce(item.account_id::text, '') AS account, 'VND' AS currency, direction, amount_minor,
      residual_minor,
      CASE WHEN is_cancelled THEN 'cancelled' WHEN residual_minor = 0 THEN 'closed'
           ELSE 'open' END AS state,
      reference,
      CASE WHEN kind <> 'unit_transfer' THEN item.provider_transaction
           ELSE coalesce((SELECT due.reference FROM payment_request AS due
                          WHERE due.request_id = item.request_id), '') END AS provider_transaction,
      coalesce(payer.payer_account, '') AS payer_account,
      opened_on, due_on,
      concat_ws(':', item.kind, account_number, reference, item.provider_transaction, opened_on,
        endpoint.channel, endpoint.merchant) AS order_key, version
    FROM item LEFT JOIN collection_account AS account ON account.account_id = item.account_id
    LEFT JOIN settlement_report AS report ON report.report_id = item.report_id
    LEFT JOIN endpoint ON endpoint.endpoint_id = report.endpoint_id
    LEFT JOIN LATERAL (
      SELECT min(paid.payer_account) AS payer_account FROM money AS paid
      WHERE item.kind = 'due' AND item.residual_minor BETWEEN 1 AND item.amount_minor - 1
        AND paid.request_id = item.request_id AND paid.payer_account <> ''
        AND paid.kind <> 'returned'
        AND paid.money_id NOT IN (SELECT money_id FROM money_retraction)
        -- A wallet or an agent pays for many from one account.
        AND NOT EXISTS (SELECT FROM money AS other WHERE other.payer_account = paid.payer_account
                        AND other.request_id IS DISTINCT FROM paid.request_id)
      HAVING count(DISTINCT paid.payer_account) = 1) AS payer
      ON true
    WHERE item.account_group_id = ANY($1::uuid[]) AND opened_on <= $2
      AND kind IN ('due', 'bank_notice', 'payout', 'cost_top_up', 'refund', 'unit_transfer')
      AND (residual_minor > 0 OR opened_on >= $3)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRows:
    """What a run sees: both tables, and the version of every row when it was read."""

    lines: pa.Table
    items: pa.Table
    line_versions: dict[str, int]
    item_versions: dict[str, int]


async def read_open_rows(
    connection: AsyncConnection, group_ids: Sequence[UUID], as_of: date, since: date
) -> OpenRows:
    """Read open rows, and closed ones since a day, of account groups in one snapshot."""
    lines, line_versions = await _copy(connection, _LINES, LINES, group_ids, as_of, since)
    items, item_versions = await _copy(connection, _ITEMS, ITEMS, group_ids, as_of, since)
    return OpenRows(
        lines=lines, items=items, line_versions=line_versions, item_versions=item_versions
    )


async def _copy(
    connection: AsyncConnection, query: str, schema: pa.Schema, *arguments: Any
) -> tuple[pa.Table, dict[str, int]]:
    output = io.BytesIO()
    driver = await driver_of(connection)
    await driver.copy_from_query(query, *arguments, output=output, format="csv", header=True)
    output.seek(0)
    table = csv.read_csv(
        output,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={
                **dict(zip(schema.names, schema.types, strict=True)),
                "version": pa.int32(),
            },
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=False,
        ),
    )
    versions = dict(
        zip(table.column(0).to_pylist(), table.column("version").to_pylist(), strict=True)
    )
    return table.select(schema.names).cast(schema), versions


async def find_run(connection: AsyncConnection, run_key: bytes) -> UUID | None:
    """Return the stored run of the same input and rules."""
    query = text("SELECT run_id FROM run WHERE run_key = :run_key")
    return (await connection.execute(query, {"run_key": run_key})).scalar_one_or_none()


async def insert_run(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store what a run of one account group found."""
    await connection.execute(
        text("""
            INSERT INTO run (run_id, account_group_id, business_date, run_key, ruleset_sha256,
              totals, decision_count, dropped_count, result_sha256, made_at)
            VALUES (:run_id, :account_group_id, :business_date, :run_key, :ruleset_sha256,
              CAST(:totals AS jsonb), :decision_count, :dropped_count, :result_sha256, :made_at)
        """),
        values,
    )


async def stored_proof(connection: AsyncConnection, run_id: UUID) -> dict[str, Any] | None:
    """Return what a stored run can be proven by when it is performed again elsewhere."""
    query = text("""
        SELECT encode(run_key, 'hex') AS run_key, encode(result_sha256, 'hex') AS result_sha256,
               dropped_count, encode(ruleset_sha256, 'hex') AS ruleset_sha256,
               rule_set.version AS ruleset_version
        FROM run JOIN rule_set USING (ruleset_sha256) WHERE run_id = :run_id
    """)
    row = (await connection.execute(query, {"run_id": run_id})).one_or_none()
    return None if row is None else dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def keep_ruleset(
    connection: AsyncConnection, ruleset_sha256: bytes, version: str, body: str, now: datetime
) -> None:
    """Store a rule set once, under its hash."""
    await connection.execute(
        text("""
            INSERT INTO rule_set (ruleset_sha256, version, body, created_at)
            VALUES (:sha256, :version, CAST(:body AS jsonb), :now) ON CONFLICT DO NOTHING
        """),
        {"sha256": ruleset_sha256, "version": version, "body": body, "now": now},
    )


async def open_breaks(connection: AsyncConnection, group_ids: Sequence[UUID]) -> list[Any]:
    """Return the open breaks on lines and expected items of account groups."""
    query = text("""
        SELECT break_id, code, line_id, break_case.item_id, details::text AS details
        FROM break_case LEFT JOIN item ON item.item_id = break_case.item_id
        WHERE break_case.account_group_id = ANY(:group_ids) AND closed_at IS NULL
          AND (line_id IS NOT NULL
               OR item.kind IN ('bank_notice', 'payout', 'cost_top_up', 'refund', 'unit_transfer'))
    """)
    return list(await connection.execute(query, {"group_ids": list(group_ids)}))


async def lines_of_unknown_references(
    connection: AsyncConnection, after: UUID, limit: int
) -> list[UUID]:
    """Return lines with an open break of an unknown reference, in id order, after one of them."""
    query = text("""
        SELECT line_id FROM break_case
        WHERE closed_at IS NULL AND code = 'UNKNOWN_REFERENCE' AND line_id > :after
        ORDER BY line_id LIMIT :limit
    """)
    rows = await connection.execute(query, {"after": after, "limit": limit})
    return [row.line_id for row in rows]


async def references_of_other_units(
    connection: AsyncConnection, line_ids: Sequence[UUID]
) -> list[Any]:
    """Return the open breaks of unknown references on lines, with the groups that issued these.

    One row for each reference, the breaks in the order of their lines; `groups` and `units`, the
    names, belong together.
    """
    query = text("""
        SELECT broken.break_id, broken.line_id, broken.account_group_id, broken.unit_id,
               broken.amount_minor, broken.run_id, broken.details::text AS details,
               broken.opened_on, named.reference,
               array_agg(due.account_group_id::text ORDER BY due.account_group_id) AS groups,
               array_agg(unit.name_vi ORDER BY due.account_group_id) AS units
        FROM break_case AS broken
        CROSS JOIN jsonb_array_elements_text(broken.details -> 'references') AS named (reference)
        JOIN payment_request AS request ON request.reference = named.reference
        JOIN item AS due ON due.request_id = request.request_id AND due.kind = 'due'
        JOIN unit ON unit.unit_id = due.unit_id
        WHERE broken.closed_at IS NULL AND broken.code = 'UNKNOWN_REFERENCE'
          AND broken.line_id = ANY(:line_ids) AND due.account_group_id <> broken.account_group_id
        GROUP BY broken.break_id, named.reference ORDER BY broken.line_id, named.reference
    """)
    return list(await connection.execute(query, {"line_ids": list(line_ids)}))


async def close_breaks_by_id(
    connection: AsyncConnection, break_ids: Sequence[UUID], reason: str, now: datetime
) -> None:
    """Close breaks."""
    await connection.execute(
        text("""
            UPDATE break_case SET closed_at = :now, closed_reason = :reason
            WHERE break_id = ANY(:break_ids) AND closed_at IS NULL
        """),
        {"break_ids": list(break_ids), "reason": reason, "now": now},
    )
