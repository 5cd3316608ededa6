"""Attempts to pay a request at a gateway, and the reference that each gateway got."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.outgoing import Checkout
from payment_service.db.sql import text
from payment_service.domain.attempt import Attempt

_TOLD: Final = ("url", "qr_text", "account_number", "account_name", "bank_name", "memo")


async def insert_attempt(connection: AsyncConnection, values: dict[str, Any]) -> str:
    """Store an attempt at a gateway and return the reference the gateway gets.

    The caller holds the lock on the due.
    """
    query = text("""
        INSERT INTO attempt (attempt_id, request_id, endpoint_id, merchant_reference,
          amount_minor, created_at)
        SELECT :attempt_id, :request_id, :endpoint_id,
          :reference || lpad(number::text, greatest(3, length(number::text)), '0'),
          :amount_minor, :created_at
        FROM (SELECT count(*) + 1 AS number FROM attempt WHERE request_id = :request_id) AS next
        RETURNING merchant_reference
    """)
    return str((await connection.execute(query, values)).scalar_one())


async def insert_answer(
    connection: AsyncConnection,
    attempt_id: UUID,
    checkout: Checkout | None,
    expires_at: datetime | None,
    answered_at: datetime,
) -> None:
    """Store what the gateway answered to an attempt; None when it took no order."""
    query = text("""
        INSERT INTO attempt_answer (attempt_id, url, qr_text, account_number, account_name,
          bank_name, memo, expires_at, answered_at)
        VALUES (:attempt_id, :url, :qr_text, :account_number, :account_name,
          :bank_name, :memo, :expires_at, :answered_at)
    """)
    told = {name: getattr(checkout, name, "") for name in _TOLD}
    values = {
        "attempt_id": attempt_id,
        "expires_at": expires_at,
        "answered_at": answered_at,
    }
    await connection.execute(query, values | told)


async def latest_attempts(connection: AsyncConnection, request_id: UUID) -> dict[str, Attempt]:
    """Return the last attempt for a request at each gateway, by channel."""
    query = text("""
        SELECT DISTINCT ON (endpoint.channel) endpoint.channel, attempt.endpoint_id,
          attempt.merchant_reference AS reference, attempt.amount_minor, attempt.created_at,
          answer.attempt_id IS NOT NULL AS is_answered,
          coalesce(answer.url, '') AS url, coalesce(answer.qr_text, '') AS qr_text,
          coalesce(answer.account_number, '') AS account_number,
          coalesce(answer.account_name, '') AS account_name,
          coalesce(answer.bank_name, '') AS bank_name, coalesce(answer.memo, '') AS memo,
          answer.expires_at
        FROM attempt JOIN endpoint USING (endpoint_id)
        LEFT JOIN attempt_answer AS answer USING (attempt_id)
        WHERE attempt.request_id = :request_id
        ORDER BY endpoint.channel, length(attempt.merchant_reference) DESC,
          attempt.merchant_reference DESC
    """)
    rows = await connection.execute(query, {"request_id": request_id})
    return {row.channel: Attempt(**row._mapping) for row in rows}  # noqa: SLF001 - public name


async def request_of_attempt(
    connection: AsyncConnection, endpoint_id: UUID, merchant_reference: str
) -> UUID | None:
    """Return the request that an attempt at this endpoint was for."""
    query = text("""
        SELECT request_id FROM attempt
        WHERE endpoint_id = :endpoint_id AND merchant_reference = :merchant_reference
    """)
    values = {"endpoint_id": endpoint_id, "merchant_reference": merchant_reference}
    return (await connection.execute(query, values)).scalar_one_or_none()


async def ordered_at(
    connection: AsyncConnection, endpoint_id: UUID, merchant_reference: str
) -> datetime | None:
    """Return when an attempt at this endpoint was made; None when it never was."""
    query = text("""
        SELECT created_at FROM attempt
        WHERE endpoint_id = :endpoint_id AND merchant_reference = :merchant_reference
    """)
    values = {"endpoint_id": endpoint_id, "merchant_reference": merchant_reference}
    return (await connection.execute(query, values)).scalar_one_or_none()


async def requests_of_attempts(
    connection: AsyncConnection, endpoint_id: UUID, merchant_references: list[str]
) -> dict[str, UUID]:
    """Return the requests that attempts at this endpoint were for."""
    query = text("""
        SELECT merchant_reference, request_id FROM attempt
        WHERE endpoint_id = :endpoint_id AND merchant_reference = ANY(:merchant_references)
    """)
    values = {"endpoint_id": endpoint_id, "merchant_references": merchant_references}
    rows = await connection.execute(query, values)
    return {row.merchant_reference: row.request_id for row in rows}
