"""The open breaks by code and day of opening, with their age: what queues and figures are made of.

Few rows, however many breaks: age, bucket and due day are those of the group.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.tariff import read_calendar
from reconciliation.ageing import Age, age_of
from reconciliation.breaks import BREAK_RULES, BreakCode, BreakRule


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedBreaks:
    """The open breaks of one code that were opened on one day."""

    code: BreakCode
    opened_on: date
    age: Age
    breaks: int
    amount_minor: int

    @property
    def rule(self) -> BreakRule:
        """What follows from this code."""
        return BREAK_RULES[self.code]


async def aged_breaks(
    connection: AsyncConnection, today: date, *, unit_code: str = ""
) -> list[AgedBreaks]:
    """Return the open breaks of one unit, or of all, by code and age on a day."""
    calendar = await read_calendar(connection)
    query = text("""
        SELECT code, opened_on, count(*) AS breaks,
               sum(amount_minor)::bigint AS amount_minor
        FROM break_case WHERE closed_at IS NULL AND (CAST(:unit_code AS text) = ''
          OR unit_id = (SELECT unit_id FROM unit WHERE unit.code = :unit_code))
        GROUP BY code, opened_on ORDER BY code, opened_on
    """)
    return [
        AgedBreaks(
            code=BreakCode(row.code),
            opened_on=row.opened_on,
            age=age_of(BreakCode(row.code), row.opened_on, today, calendar),
            breaks=row.breaks,
            amount_minor=row.amount_minor,
        )
        for row in await connection.execute(query, {"unit_code": unit_code})
    ]


def next_due(
    groups: Iterable[AgedBreaks], limit: int, *, since: date | None = None
) -> list[AgedBreaks]:
    """Return the groups that hold the first `limit` breaks by due day, of which it has any part.

    With `since` those of the days before it are left out, and its own do not count.
    """
    chosen: list[AgedBreaks] = []
    count = 0
    ordered = sorted(groups, key=lambda group: group.age.due_on)
    for due_on, same in groupby(ordered, key=lambda group: group.age.due_on):
        if since is not None and due_on < since:
            continue
        if count >= limit:
            break
        day = list(same)
        chosen += day
        count += 0 if due_on == since else sum(group.breaks for group in day)
    return chosen
