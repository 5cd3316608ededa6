"""Which collected fees were declared, and so split between the budget and the unit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Only money seen on a statement may be declared, and of a part payment nothing until the request is
# covered. Each application should be declared with its amount or with zero; what differs from what
# was declared so far is declared now, so that a payment the bank took back is undeclared again.
_DIFFERENCES = """
    SELECT application.application_id, money.unit_id, request_line.fee_kind,
      CASE WHEN fact.is_collected AND due.residual_minor = 0 AND application.reverses IS NULL
             AND reversal.application_id IS NULL
           THEN application.amount_minor ELSE 0 END
        - coalesce(declared.amount_minor, 0) AS amount_minor
    FROM application
    JOIN money ON money.money_id = application.money_id
    LEFT JOIN money_fact AS fact ON fact.money_id = application.money_id
    JOIN request_line ON request_line.line_id = application.line_id
    JOIN item AS due ON due.request_id = application.request_id AND due.kind = 'due'
    LEFT JOIN application AS reversal ON reversal.reverses = application.application_id
    LEFT JOIN (SELECT application_id, sum(amount_minor)::bigint AS amount_minor
               FROM declared_application GROUP BY application_id) AS declared
      ON declared.application_id = application.application_id
"""


async def undeclared_fees(connection: AsyncConnection) -> list[Any]:
    """Return unit, fee kind and amount to declare now, with each application's part of it."""
    query = text(f"""
        SELECT unit_id, fee_kind, sum(amount_minor)::bigint AS amount_minor,
               array_agg(application_id) AS application_ids,
               array_agg(amount_minor) AS amounts_minor
        FROM ({_DIFFERENCES}) AS difference WHERE amount_minor <> 0
        GROUP BY unit_id, fee_kind ORDER BY unit_id, fee_kind
    """)  # noqa: S608 - the constant above
    return list(await connection.execute(query))


async def insert_declaration(
    connection: AsyncConnection,
    declaration_id: UUID,
    unit_id: UUID,
    declared_on: date,
    fees: Any,
    now: datetime,
) -> None:
    """Store a unit's declaration of one kind of fee with everything it covers."""
    values = {
        "declaration_id": declaration_id,
        "unit_id": unit_id,
        "declared_on": declared_on,
        "amount_minor": fees.amount_minor,
        "application_ids": fees.application_ids,
        "amounts_minor": fees.amounts_minor,
        "now": now,
    }
    await connection.execute(
        text("""
            INSERT INTO declaration (declaration_id, unit_id, declared_on, amount_minor,
              declared_at)
            VALUES (:declaration_id, :unit_id, :declared_on, :amount_minor, :now)
        """),
        values,
    )
    await connection.execute(
        text("""
            INSERT INTO declared_application (application_id, declaration_id, amount_minor)
            SELECT application_id, :declaration_id, amount_minor FROM unnest(
              CAST(:application_ids AS uuid[]), CAST(:amounts_minor AS bigint[])
            ) AS part (application_id, amount_minor)
        """),
        values,
    )
