"""Nights: which business date is due, who has it, and the report it left."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def start_night(
    connection: AsyncConnection, business_date: date, now: datetime
) -> int | None:
    """Take a business date and return the fencing number; None when its night is finished.

    The caller holds the lock on nights. A higher number than one's own means: somebody took over.
    """
    query = text("""
        INSERT INTO night (business_date, fence, started_at) VALUES (:business_date, 1, :now)
        ON CONFLICT (business_date) DO UPDATE SET fence = night.fence + 1, started_at = :now
          WHERE night.finished_at IS NULL
        RETURNING fence
    """)
    values = {"business_date": business_date, "now": now}
    return (await connection.execute(query, values)).scalar_one_or_none()


async def finish_night(
    connection: AsyncConnection, business_date: date, fence: int, report: str, now: datetime
) -> bool:
    """Store the report of a night; False when somebody else took the night over."""
    query = text("""
        UPDATE night SET finished_at = :now, report = CAST(:report AS jsonb)
        WHERE business_date = :business_date AND fence = :fence AND finished_at IS NULL
        RETURNING business_date
    """)
    values = {"business_date": business_date, "fence": fence, "report": report, "now": now}
    return (await connection.execute(query, values)).one_or_none() is not None


async def find_report(connection: AsyncConnection, business_date: date) -> dict[str, Any]:
    """Return the report of a finished night; empty when there is none."""
    query = text("""
        SELECT report FROM night WHERE business_date = :business_date AND finished_at IS NOT NULL
    """)
    found = (await connection.execute(query, {"business_date": business_date})).scalar_one_or_none()
    return dict(found or {})


async def last_finished(connection: AsyncConnection) -> date | None:
    """Return the last business date whose night is finished."""
    query = text("SELECT max(business_date) FROM night WHERE finished_at IS NOT NULL")
    found: date | None = (await connection.execute(query)).scalar_one()
    return found


async def account_groups(connection: AsyncConnection) -> list[Any]:
    """Return the account groups that have a live account."""
    query = text("""
        SELECT DISTINCT account_group_id FROM collection_account WHERE state = 'live'
        ORDER BY account_group_id
    """)
    return [row.account_group_id for row in await connection.execute(query)]


async def control_totals(connection: AsyncConnection, business_date: date) -> list[Any]:
    """Return lines and amounts by pass and bucket over all runs of a business date."""
    query = text("""
        SELECT total ->> 'pass' AS pass_name, total ->> 'bucket' AS bucket,
               sum((total ->> 'lines')::bigint)::bigint AS lines,
               sum((total ->> 'amount_minor')::bigint)::bigint AS amount_minor
        FROM (SELECT DISTINCT ON (account_group_id) * FROM run
              WHERE business_date = :business_date
              ORDER BY account_group_id, dropped_count = 0 DESC, decision_count DESC, made_at,
                run_id) AS fullest_run,
             jsonb_array_elements(totals) AS total
        GROUP BY 1, 2 ORDER BY 1, 2
    """)
    return list(await connection.execute(query, {"business_date": business_date}))


async def sums_of(connection: AsyncConnection, business_date: date) -> Any:
    """Return how much a date's runs decided and declared, whichever start of its night did it."""
    query = text("""
        SELECT (SELECT coalesce(sum(decision_count), 0)::bigint FROM run
                WHERE business_date = :business_date) AS decisions,
               (SELECT coalesce(sum(amount_minor), 0)::bigint FROM declaration
                WHERE declared_on = :business_date) AS declared_minor
    """)
    return (await connection.execute(query, {"business_date": business_date})).one()


async def breaks_by_code(connection: AsyncConnection) -> list[Any]:
    """Return the open breaks by code with their number and amount."""
    query = text("""
        SELECT code, count(*) AS breaks, sum(amount_minor)::bigint AS amount_minor,
               min(opened_on) AS oldest_on
        FROM break_case WHERE closed_at IS NULL GROUP BY code ORDER BY code
    """)
    return list(await connection.execute(query))


async def find_account_group(connection: AsyncConnection, code: str) -> UUID | None:
    """Return the account group with this code (the statistical code of its unit)."""
    query = text("SELECT account_group_id FROM account_group WHERE code = :code")
    return (await connection.execute(query, {"code": code})).scalar_one_or_none()
