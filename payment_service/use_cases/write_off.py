"""The shared step that writes a small amount off, and undoes it.

What came in and nobody is found for goes to the budget. What a gateway does not pay is not lost to
the public: the unit puts it back, as it does with costs.
"""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import items, resolutions
from payment_service.db.items import NewItem
from payment_service.db.locked_rows import LockedItem, LockedLine
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.journal import Movement
from payment_service.use_cases.resolution_step import ResolutionStep, require_band
from payment_service.use_cases.settle_item import claim_as_it_was

OWED: Final = frozenset({"gateway_claim", "payout"})
"""Items that stand for money in gateway clearing."""
WRITTEN_OFF: Final = OWED | {"surplus"}
"""Items that can be written off."""


async def write_off(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Work out the write-off of everything that is open on a credit, a surplus or a claim."""
    band = await require_band(connection, step)
    group_id = step.open_group("write_off")
    if len(step.lines) + len(step.items) != 1:
        raise Invalid("one line, or one item, is written off", field="subject")
    row = step.only_row
    if isinstance(row, LockedLine) and row.direction != "credit":
        raise Invalid("only money that came in goes to the budget", field="direction")
    if isinstance(row, LockedItem) and row.kind not in WRITTEN_OFF:
        raise Invalid("this is not written off", field="subject")
    if isinstance(row, LockedItem) and row.kind == "payout" and row.direction != "credit":
        raise Invalid("what a gateway takes back is not written off", field="direction")
    amount_minor = step.whole(row.residual_minor)
    [part] = step.proposal.parts
    step.booking.allocate(group_id, amount_minor, line_id=part.line_id, item_id=part.item_id)
    step.booking.resolved_lines += step.proposal.line_ids
    step.booking.resolved_items += step.proposal.item_ids
    step.post(await _postings(connection, step, row, band.budget_line, amount_minor))
    if _is_owed_to_us(row):
        account = step.account
        # The item bears the id of its match: undoing the one finds the other.
        step.booking.items.append(
            NewItem(
                group_id, "cost_top_up", "credit", account.unit_id, account.account_group_id,
                account.account_id, None, None, None, None, step.printed_reference("PHI"), "",
                amount_minor, amount_minor, step.on_day, step.on_day,
            )
        )  # fmt: skip


def _is_owed_to_us(row: LockedLine | LockedItem) -> bool:
    return isinstance(row, LockedItem) and row.kind in OWED and row.direction == "credit"


async def _postings(
    connection: AsyncConnection,
    step: ResolutionStep,
    row: LockedLine | LockedItem,
    budget_line: str,
    amount_minor: int,
) -> list[Movement]:
    account = step.account
    if isinstance(row, LockedLine):
        return posting_rules.written_off(
            Account.SUSPENSE, str(account.account_id), account.unit_id, budget_line, amount_minor
        )
    if row.kind == "surplus":
        return posting_rules.written_off(
            Account.SURPLUS_TO_RETURN, "", row.unit_id, budget_line, amount_minor
        )
    endpoint_id = await claim_as_it_was(connection, row)
    if _is_owed_to_us(row):
        # What the unit puts back is posted as what a gateway kept: it is the same debt.
        return posting_rules.costs_kept(
            account.unit_id, str(endpoint_id), account.account_id, amount_minor
        )
    return posting_rules.written_off(
        Account.GATEWAY_CLEARING, str(endpoint_id), account.unit_id, budget_line, amount_minor
    )


async def undo_write_off(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    """Work out that nothing was written off.

    Raises `StateConflict` when the unit put back what a gateway did not pay, or the gateway's
    report came since.
    """
    item = step.items.get(row.item_id)
    if item is None or not _is_owed_to_us(item):
        budget_line = await resolutions.budget_line_of(connection, row.group_id)
        source = item or step.lines[row.line_id]
        step.post(await _postings(connection, step, source, budget_line, -row.amount_minor))
        return
    [group_id] = step.groups
    [top_up] = (await items.lock_items(connection, [row.group_id])).values()
    if top_up.residual_minor != top_up.amount_minor:
        raise StateConflict("this money has moved on", field="moved-on")
    step.booking.allocate(group_id, top_up.amount_minor, item_id=top_up.item_id)
    step.booking.explained_items.append(top_up.item_id)
    step.post(await _postings(connection, step, item, "", -row.amount_minor))
