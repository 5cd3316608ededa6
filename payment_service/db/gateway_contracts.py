"""What contracts let gateways keep: dated, for each address and kind of report line."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text
from payment_service.domain.gateway_contract import Contract


async def contracts_of(connection: AsyncConnection, endpoint_id: UUID) -> list[Contract]:
    """Return every contract of a gateway's address, newest first."""
    query = text("""
        SELECT line_kind, rate_ppm, fixed_minor, vat_permille, rounding, citation, verified,
               valid_from, valid_to
        FROM gateway_contract WHERE endpoint_id = :endpoint_id ORDER BY valid_from DESC, line_kind
    """)
    rows = await connection.execute(query, {"endpoint_id": endpoint_id})
    return [Contract(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def insert_contract(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a contract; two for one kind of line never begin on one day."""
    await connection.execute(
        text("""
            INSERT INTO gateway_contract (contract_id, endpoint_id, line_kind, rate_ppm,
              fixed_minor, vat_permille, rounding, citation, verified, valid_from, valid_to,
              registered_at)
            VALUES (:contract_id, :endpoint_id, :line_kind, :rate_ppm, :fixed_minor, :vat_permille,
              :rounding, :citation, :verified, :valid_from, :valid_to, :registered_at)
        """),
        values,
    )
