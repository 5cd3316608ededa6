"""Genuine callbacks, raw as they came, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.contract import CallbackRequest
from bank_adapters.vocabulary import NoticeResult
from payment_service.db.sql import text
from payment_service.domain.weak_notice import StatusAnswer

BANK_LINE: Final = "bank_line"
"""`failed_criterion` of a notice that only a line of the bank can prove, or say what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """A kept callback and, when it was acted on, its outcome."""

    message_id: UUID
    endpoint_id: UUID
    request: CallbackRequest
    received_at: datetime
    outcome: str | None


async def keep_message(
    connection: AsyncConnection, values: dict[str, Any]
) -> tuple[UUID, str | None]:
    """Store a verified message once; return its id and, if acted on before, its outcome."""
    inserted = await connection.execute(
        text("""
            INSERT INTO inbound_message (message_id, endpoint_id, content_sha256, method, query,
              headers, body, received_at)
            VALUES (:message_id, :endpoint_id, :content_sha256, :method, :query,
              CAST(:headers AS jsonb), :body, :received_at)
            ON CONFLICT (endpoint_id, content_sha256) DO NOTHING RETURNING message_id
        """),
        values,
    )
    if inserted.scalar_one_or_none() is not None:
        return values["message_id"], None
    query = text("""
        SELECT message_id, outcome FROM inbound_message LEFT JOIN message_outcome
        USING (message_id) WHERE endpoint_id = :endpoint_id AND content_sha256 = :content_sha256
    """)
    row = (await connection.execute(query, values)).one()
    return row.message_id, row.outcome


async def find_message(connection: AsyncConnection, message_id: UUID) -> KeptMessage | None:
    """Return a kept message with its outcome, if any."""
    query = text("""
        SELECT message_id, endpoint_id, method, query, headers, body, received_at, outcome
        FROM inbound_message LEFT JOIN message_outcome USING (message_id)
        WHERE message_id = :message_id
    """)
    row = (await connection.execute(query, {"message_id": message_id})).one_or_none()
    if row is None:
        return None
    return KeptMessage(
        message_id=row.message_id,
        endpoint_id=row.endpoint_id,
        request=CallbackRequest(
            method=row.method,
            query=row.query,
            headers=tuple((name, value.encode("latin-1")) for name, value in row.headers),
            body=row.body,
        ),
        received_at=row.received_at,
        outcome=row.outcome,
    )


async def unhandled_messages(connection: AsyncConnection, before: datetime) -> list[UUID]:
    """Return messages kept before an instant and never acted on, oldest first."""
    query = text("""
        SELECT message_id FROM inbound_message LEFT JOIN message_outcome USING (message_id)
        WHERE outcome IS NULL AND received_at < :before ORDER BY received_at, message_id
    """)
    return [row.message_id for row in await connection.execute(query, {"before": before})]


async def insert_outcome(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Note what became of a message, once."""
    await connection.execute(
        text("""
            INSERT INTO message_outcome (message_id, outcome, details, money_id, acted_at)
            VALUES (:message_id, :outcome, CAST(:details AS jsonb), :money_id, :acted_at)
        """),
        values,
    )


async def insert_status_answer(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Keep what a gateway answered about a notice."""
    await connection.execute(
        text("""
            INSERT INTO status_answer (status_answer_id, message_id, result, result_code,
              our_reference, provider_transaction, amount_minor, memo, answer_status,
              answer_body, asked_at)
            VALUES (:status_answer_id, :message_id, :result, :result_code, :our_reference,
              :provider_transaction, :amount_minor, :memo, :answer_status, :answer_body,
              :asked_at)
        """),
        values,
    )


async def last_status_answer(connection: AsyncConnection, message_id: UUID) -> StatusAnswer | None:
    """Return the newest answer about a notice; None when nobody asked."""
    query = text("""
        SELECT result, result_code, our_reference, provider_transaction, amount_minor, memo
        FROM status_answer WHERE message_id = :message_id
        ORDER BY sequence DESC LIMIT 1
    """)
    row = (await connection.execute(query, {"message_id": message_id})).one_or_none()
    if row is None:
        return None
    return StatusAnswer(
        result=NoticeResult(row.result),
        result_code=row.result_code,
        our_reference=row.our_reference,
        provider_transaction=row.provider_transaction,
        amount_minor=row.amount_minor,
        memo=row.memo,
    )


async def notices_to_judge(
    connection: AsyncConnection, since: datetime, before: datetime
) -> list[Any]:
    """Return the notices that wait for a bank line and whose break is not the one they should have.

    Those of an interval have waited long enough; a break that stands is looked at for ever, and one
    that a person closed is not opened again. `code` is absent when a credit line of the account
    bears transaction and amount.
    """
    query = text("""
        SELECT message_id, unit_id, account_group_id, details::text AS details, line_minor, code,
               break_id
        FROM (
          SELECT outcome.message_id, endpoint.unit_id, account.account_group_id, outcome.details,
                 outcome.acted_at, line.amount_minor AS line_minor,
                 CASE WHEN line.is_same THEN NULL
                      WHEN line.is_same IS NULL AND outcome.outcome = 'unconfirmed'
                        THEN 'UNCONFIRMED_NOTICE'
                      WHEN line.is_same IS NULL THEN 'NOTICE_NO_BANK'
                      ELSE 'CONFLICTING_DUPLICATE' END AS code,
                 standing.break_id, standing.code AS standing_code
          FROM message_outcome AS outcome
          JOIN inbound_message USING (message_id) JOIN endpoint USING (endpoint_id)
          JOIN collection_account AS account USING (account_id)
          LEFT JOIN break_case AS standing
            ON standing.message_id = outcome.message_id AND standing.closed_at IS NULL
          CROSS JOIN LATERAL (
            SELECT bool_or(amount_minor = (outcome.details ->> 'amount_minor')::bigint) AS is_same,
                   min(amount_minor) AS amount_minor
            FROM statement_line
            WHERE statement_line.account_id = endpoint.account_id AND direction = 'credit'
              AND bank_reference = outcome.details ->> 'transaction') AS line
          WHERE outcome.details ->> 'failed_criterion' = 'bank_line') AS judged
        WHERE code IS DISTINCT FROM standing_code
          AND (break_id IS NOT NULL OR (acted_at >= :since AND acted_at < :before))
          AND NOT EXISTS (
            SELECT FROM break_case AS closed
            WHERE closed.message_id = judged.message_id AND closed.code = judged.code
              AND closed.closed_reason NOT IN ('explained', 'renamed'))
        ORDER BY message_id
    """)
    return list(await connection.execute(query, {"since": since, "before": before}))
