"""The shared step by which people keep in mind which account pays for a dossier.

It posts nothing and matches nothing: suggestions may use it, the passes of the engine never see it.
"""

from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import payer_mappings, resolutions
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.use_cases.resolution_step import ResolutionStep
from payment_service.use_cases.take_apart import require_whole

KNOWN_FOR: Final = timedelta(days=365)
"""After a year it is asked for anew."""


async def learn_payer(connection: AsyncConnection, step: ResolutionStep) -> None:
    """See that a payer can be learned from one live match of a line with a due.

    Raises `Invalid` when the bank told no account, `StateConflict` when it is known already.
    """
    rows = await resolutions.live_group(connection, step.proposal.subject_id)
    require_whole(step, rows)
    [row] = rows if len(rows) == 1 else [None]
    if row is None or row.item_kind != "due":
        raise Invalid("a payer is learned from the payment of a due", field="subject")
    payer_account = step.only_line.counterparty_account
    if not payer_account:
        raise Invalid("the bank did not tell the payer's account", field="no-payer-account")
    if await payer_mappings.is_known(connection, payer_account, row.item_id, step.on_day):
        raise StateConflict("this is known already", field="known-payer")


async def keep_payer(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Store what was approved, for a year from the day of the approval."""
    on_day: date = step.on_day
    await payer_mappings.insert_mapping(connection, step.approval_id, on_day, on_day + KNOWN_FOR)
