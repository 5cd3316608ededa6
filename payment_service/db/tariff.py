"""The tariff as stored: rules, retention rates, sub-items and the business calendar."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.domain.calendar import BusinessCalendar
from payment_service.domain.tariff import ANY, FeeRule

_RULES = text("""
    SELECT code, fee_kind, procedure_code, territory, channel, payer_kind, variant, per,
           unit_amount_minor, further_from_quantity, further_amount_minor, cap_minor,
           citation, valid_from, valid_to, verified
    FROM fee_rule WHERE fee_kind = ANY(:fee_kinds) AND procedure_code = ANY(:procedure_codes)
""")


class BudgetShare(NamedTuple):
    """Where a kind of fee goes: chapter and sub-item, and the permille the unit may keep."""

    budget_line: str
    retained_permille: int


async def rules_for(
    connection: AsyncConnection, fee_kinds: set[str], procedure_codes: set[str]
) -> list[FeeRule]:
    """Return every rule, in force or not, of these kinds for these procedures or for any."""
    rows = await connection.execute(
        _RULES, {"fee_kinds": list(fee_kinds), "procedure_codes": [*procedure_codes, ANY]}
    )
    return [FeeRule(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def budget_shares(connection: AsyncConnection, on_day: date) -> dict[str, BudgetShare]:
    """Return for each kind of fee its budget line and the retention rate in force on a day."""
    query = text("""
        SELECT fee_kind.code, fee_kind.chapter || '/' || fee_kind.sub_item AS budget_line,
               coalesce(fee_retention.retained_permille, 0) AS retained_permille
        FROM fee_kind LEFT JOIN fee_retention ON fee_retention.fee_kind = fee_kind.code
          AND daterange(valid_from, valid_to, '[]') @> CAST(:on_day AS date)
    """)
    rows = await connection.execute(query, {"on_day": on_day})
    return {row.code: BudgetShare(row.budget_line, row.retained_permille) for row in rows}


async def read_calendar(connection: AsyncConnection) -> BusinessCalendar:
    """Return the calendar of holidays and make-up working days."""
    rows = (await connection.execute(text("SELECT day, kind FROM calendar_day"))).all()
    return BusinessCalendar(
        holidays=frozenset(row.day for row in rows if row.kind == "holiday"),
        make_up_days=frozenset(row.day for row in rows if row.kind != "holiday"),
    )
