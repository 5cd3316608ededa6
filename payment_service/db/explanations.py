"""What is stored about a line, an item or a request, as the value that explains it."""

from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.payer_mappings import proposed_for_line
from payment_service.db.sql import text
from payment_service.db.suggestions import live_suggestions
from reconciliation import explain
from reconciliation.explanation import Explanation

_SUBJECT = """
    SELECT 'line' AS kind, line_id AS subject_id, bank_reference AS reference, amount_minor,
           residual_minor, booking_date AS since_on, '' AS item_kind, false AS is_cancelled,
           ARRAY[line_id] AS line_ids, ARRAY[]::uuid[] AS item_ids, ARRAY[]::uuid[] AS money_ids
    FROM statement_line WHERE line_id = CAST(:id AS uuid)
    UNION ALL
    SELECT 'item', item_id, coalesce(nullif(reference, ''), provider_transaction), amount_minor,
           residual_minor, opened_on, kind, is_cancelled, ARRAY[]::uuid[], ARRAY[item_id],
           ARRAY[]::uuid[]
    FROM item WHERE item_id = CAST(:id AS uuid)
    UNION ALL
    SELECT 'request', request.request_id, request.reference, due.amount_minor, due.residual_minor,
           due.opened_on, 'due', due.is_cancelled, ARRAY[]::uuid[],
           ARRAY(SELECT item_id FROM item WHERE item.request_id = request.request_id
                 UNION SELECT payout.item_id FROM money
                 JOIN settlement_report_line AS reported USING (money_id)
                 JOIN item AS payout ON payout.report_id = reported.report_id
                   AND payout.kind = 'payout'
                 WHERE money.request_id = request.request_id),
           ARRAY(SELECT money_id FROM money WHERE money.request_id = request.request_id)
    FROM payment_request AS request
    JOIN item AS due ON due.request_id = request.request_id AND due.kind = 'due'
    WHERE request.request_id = CAST(:id AS uuid) OR request.reference = :reference
"""
_MATCHES = """
    SELECT made.group_id AS match_id, made.pass_name, made.evidence_class, made.evidence,
           made.made_at, undoing.made_at AS undone_at,
           allocation.amount_minor, allocation.line_id, allocation.item_id,
           (SELECT min(other.line_id::text)::uuid FROM allocation AS other
            WHERE other.group_id = made.group_id AND other.line_id <> allocation.line_id
              AND other.item_id IS NULL) AS opposite_line_id,
           coalesce(item.kind, '') AS item_kind,
           coalesce(nullif(item.reference, ''), item.provider_transaction, '') AS reference
    FROM allocation JOIN match_group AS made USING (group_id)
    LEFT JOIN item ON item.item_id = allocation.item_id
    LEFT JOIN match_group AS undoing ON undoing.reverses = made.group_id
    WHERE allocation.line_id = ANY(:line_ids) OR allocation.item_id = ANY(:item_ids)
      OR allocation.money_id = ANY(:money_ids)
    ORDER BY made.made_at, made.group_id, allocation.allocation_id
"""
_BREAKS = """
    SELECT break_id, code, details::text AS details, line_id, item_id, opened_on FROM break_case
    WHERE closed_at IS NULL AND (line_id = ANY(:line_ids) OR item_id = ANY(:item_ids)
                                 OR money_id = ANY(:money_ids))
    ORDER BY opened_at, break_id
"""
_PAYMENTS = """
    SELECT money_id, kind, amount_minor,
           (paid_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS paid_on,
           provider_transaction AS transaction, is_notified, is_reported, is_collected
    FROM money_fact WHERE money_id = ANY(:money_ids) ORDER BY paid_at, money_id
"""


async def explain_subject(
    connection: AsyncConnection, subject: str, on_day: date
) -> Explanation | None:
    """Explain a line, an item or a request by its identifier, or a request by its reference.

    What is known about payers counts as it is known on a day.
    """
    values = {"id": _identifier(subject), "reference": subject.strip().upper()}
    found = (await connection.execute(text(_SUBJECT), values)).one_or_none()
    if found is None:
        return None
    ids = {
        "line_ids": found.line_ids,
        "item_ids": found.item_ids,
        "money_ids": found.money_ids,
    }
    payments = [
        explain.payment_of(**row)
        for row in (
            await connection.execute(text(_PAYMENTS), {"money_ids": found.money_ids})
        ).mappings()
    ]
    matches = [
        explain.match_of(**{**row, "evidence": msgspec.json.decode(row["evidence"])})
        for row in (await connection.execute(text(_MATCHES), ids)).mappings()
    ]
    breaks = [
        explain.difference_of(**{**row, "details": msgspec.json.decode(row["details"])})
        for row in (await connection.execute(text(_BREAKS), ids)).mappings()
    ]
    if found.kind == "line":
        proposed = await proposed_for_line(connection, found.subject_id, on_day)
    else:
        proposed = await live_suggestions(connection, item_ids=found.item_ids)
    return Explanation(
        subject=explain.subject_of(
            kind=found.kind,
            subject_id=found.subject_id,
            reference=found.reference,
            amount_minor=found.amount_minor,
            residual_minor=found.residual_minor,
            since_on=found.since_on,
            item_kind=found.item_kind,
            is_cancelled=found.is_cancelled,
            is_known=bool(payments or matches or breaks),
        ),
        payments=tuple(payments),
        matches=tuple(matches),
        breaks=tuple(breaks),
        suggestions=tuple(proposed),
    )


def _identifier(subject: str) -> UUID | None:
    try:
        return UUID(subject)
    except ValueError:
        return None
