"""After the runs of all account groups: lines that name another unit's request get that name."""

from uuid import UUID

import msgspec

from payment_service.context import Context
from payment_service.db import items, matching
from payment_service.db.booking import Booking, canonical_json
from reconciliation.break_codes import BreakCode
from reconciliation.wrong_units import name_wrong_unit


async def name_wrong_units(context: Context) -> int:
    """Rename open breaks of unknown references that another unit issued; return how many.

    The line stays open and the break keeps its age; a person decides.
    """
    now = context.clock()
    async with context.database.transaction() as connection:
        found = await matching.references_of_other_units(connection)
        lines = await items.lock_lines(connection, sorted({row.line_id for row in found}))
        # A person may have acted since: what is still so is read under the locks.
        found = await matching.references_of_other_units(connection)
        named = {row.break_id: row for row in found if row.line_id in lines}
        for row in named.values():
            units = {each.reference: each.units for each in found if each.break_id == row.break_id}
            details = name_wrong_unit(row.unit_name, msgspec.json.decode(row.details), units)
            if details is None:
                continue
            await matching.close_breaks_by_id(connection, [row.break_id], "renamed", now)
            booking = Booking(
                now=now, account_group_id=UUID(row.account_group_id), run_id=row.run_id
            )
            booking.open_break(
                BreakCode.WRONG_UNIT, row.unit_id, row.amount_minor, canonical_json(details),
                row.opened_on, line_id=row.line_id,
            )  # fmt: skip
            await booking.write(connection)
    return len(named)
