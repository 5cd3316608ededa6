"""Attempts to pay a request at a gateway, and the reference that each gateway got."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text


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
