"""After the runs of all account groups: lines that name another unit's request get that name."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.context import Context
from payment_service.db import items, matching
from payment_service.db.booking import canonical_json
from payment_service.db.items import NewBreak
from payment_service.domain.identifiers import new_id
from reconciliation.break_codes import BreakCode
from reconciliation.wrong_units import name_wrong_unit

LINES_AT_ONCE: Final = 2_000
"""So that nobody waits long for a line."""


async def name_wrong_units(context: Context) -> None:
    """Rename open breaks of unknown references that another unit issued, some lines at a time.

    The lines stay open and the breaks keep their age; a person decides.
    """
    after: UUID | None = UUID(int=0)
    while after is not None:
        async with context.database.transaction() as connection:
            lines = await matching.lines_of_unknown_references(connection, after, LINES_AT_ONCE)
            found = await matching.references_of_other_units(connection, lines)
            await items.lock_lines(connection, [row.line_id for row in found])
            # A person may have acted since: what is still so is read under the locks.
            found = await matching.references_of_other_units(
                connection, [row.line_id for row in found]
            )
            await _rename(connection, found, context.clock())
        after = lines[-1] if len(lines) == LINES_AT_ONCE else None


async def _rename(connection: AsyncConnection, found: Sequence[Any], now: datetime) -> None:
    renamed = []
    for _, group in groupby(found, key=lambda row: row.line_id):
        rows = list(group)
        names = {key: name for row in rows for key, name in zip(row.groups, row.units, strict=True)}
        details = name_wrong_unit(
            str(rows[0].account_group_id),
            msgspec.json.decode(rows[0].details),
            {row.reference: row.groups for row in rows},
        )
        if details is not None:
            details["other_groups"] = [names[key] for key in details["other_groups"]]
            renamed.append((rows[0], canonical_json(details)))
    await matching.close_breaks_by_id(
        connection, [row.break_id for row, _ in renamed], "renamed", now
    )
    breaks = [
        NewBreak(
            new_id(now), BreakCode.WRONG_UNIT.value, row.account_group_id, row.unit_id,
            row.line_id, None, None, None, None, row.amount_minor, details, row.opened_on, now,
            row.run_id,
        )
        for row, details in renamed
    ]  # fmt: skip
    await items.insert_breaks(connection, breaks)
