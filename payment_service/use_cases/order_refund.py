"""The shared step that orders money back to its payer, and undoes the order.

The order is an item with a printed reference; the money is gone once a statement shows that.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import items, money
from payment_service.db.items import NewItem
from payment_service.db.locked_rows import LockedItem, LockedLine
from payment_service.db.money import NewApplication
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.use_cases.resolution_step import ResolutionStep

KEPT = {
    "surplus": Account.SURPLUS_TO_RETURN,
    "part_payment": Account.PART_PAYMENTS_HELD,
}


async def order_refund(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Work out the refund of everything that is open on a credit, a surplus or a part payment.

    Raises `StateConflict` when nothing or less is open, or the money stands for other payments too.
    """
    if len(step.proposal.parts) != 1 or len(step.lines) + len(step.items) != 1:
        raise Invalid("one line, or one kept amount, goes back", field="subject")
    [part] = step.proposal.parts
    row = step.only_row
    if row.residual_minor != part.amount_minor:
        raise StateConflict("this is about everything that is open", field="stale")
    if isinstance(row, LockedLine) and row.direction != "credit":
        raise Invalid("only money that came in goes back", field="direction")
    if isinstance(row, LockedItem) and row.kind not in KEPT:
        raise Invalid("this is not kept for anybody", field="subject")
    if isinstance(row, LockedItem) and row.kind == "part_payment":
        await reopen_due(connection, step, row)
    group_id = step.open_group("refund_ordered")
    step.booking.allocate(group_id, row.residual_minor, line_id=part.line_id, item_id=part.item_id)
    step.booking.resolved_lines += step.proposal.line_ids
    step.booking.resolved_items += step.proposal.item_ids
    account, request_id = step.account, row.request_id if isinstance(row, LockedItem) else None
    # The item bears the id of its match: undoing the one finds the other.
    step.booking.items.append(
        NewItem(
            group_id, "refund", "debit", account.unit_id, account.account_group_id,
            account.account_id, request_id, None, None, part.item_id,
            step.printed_reference("HOAN"), "", row.residual_minor, row.residual_minor,
            step.on_day, step.on_day,
        )
    )  # fmt: skip
    step.post(_postings(step, row, row.residual_minor))


def _postings(step: ResolutionStep, row: Any, amount_minor: int) -> Any:
    source, detail = Account.SUSPENSE, str(step.account.account_id)
    if step.items:
        source, detail = KEPT[row.kind], ""
    return posting_rules.refund_approved(source, detail, step.account.unit_id, amount_minor)


async def reopen_due(connection: AsyncConnection, step: ResolutionStep, item: Any) -> None:
    """Take a part payment off the request lines again: what goes back is still to be paid.

    Raises `StateConflict` when its money stands for other payments too.
    """
    applied = await money.live_applications(connection, item.request_id)
    parts = [row for row in applied if row.money_id == item.money_id]
    if sum(row.amount_minor for row in parts) != item.residual_minor:
        raise StateConflict("this money stands for other payments too: a person's decision")
    booking = step.booking
    booking.applications += [
        NewApplication(
            booking.new_id(), row.money_id, row.request_id, row.line_id, -row.amount_minor,
            row.application_id, booking.now,
        )
        for row in parts
    ]  # fmt: skip


async def undo_refund(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    """Take the order back while no statement shows it.

    Raises `Invalid` for a part payment: its due reopened with the order, and may be paid since.
    """
    [group_id] = step.groups
    order = (await items.lock_items(connection, [row.group_id]))[row.group_id]
    if order.residual_minor != order.amount_minor:
        raise StateConflict("this money has moved on", field="moved-on")
    source = step.items.get(row.item_id)
    if source is not None and source.kind == "part_payment":
        raise Invalid("a part payment is asked for anew", field="not-undoable")
    step.booking.allocate(group_id, order.amount_minor, item_id=order.item_id)
    step.booking.explained_items.append(order.item_id)
    step.post(_postings(step, source, -row.amount_minor))
