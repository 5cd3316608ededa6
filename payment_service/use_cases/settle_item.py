"""The shared step that pairs something expected with the line that settles it, and undoes that.

The engine pairs by keys and exact sums; people pair what came in another amount, or never had a
key. The smaller of both amounts is taken, and what is left stays open under its name. What is kept
of a payment that the bank took back is settled by the line that took it.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import expected_items, resolutions, returns
from payment_service.domain import posting_rules
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.use_cases.order_refund import KEPT, reopen_due
from payment_service.use_cases.resolution_step import ResolutionStep

EXPECTED: Final = frozenset({"gateway_claim", "payout", "bank_notice"})
"""The kinds of items that a line settles in another amount; what comes whole is awaited."""


async def settle_item(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Work out what a line settles of an item.

    Raises `Invalid` for what the line cannot have settled, `StateConflict` for another amount than
    the smaller of what is open on both.
    """
    if len(step.proposal.parts) != 1 or len(step.items) != 1:
        raise Invalid("one line settles one item", field="opposite")
    line, [item] = step.only_line, step.items.values()
    await _require_fitting(connection, line, item)
    [part] = step.proposal.parts
    amount_minor = min(line.residual_minor, item.residual_minor)
    if part.amount_minor != amount_minor or not amount_minor:
        raise StateConflict("this is about everything that both have open", field="stale")
    if item.kind == "part_payment":
        await reopen_due(connection, step, item)
    group_id = step.open_group("settle_item")
    step.booking.allocate(
        group_id, amount_minor, line_id=line.line_id, item_id=item.item_id, money_id=item.money_id
    )
    endpoint_id = await expected_items.gateway_of(connection, item.item_id)
    _post(step, line, item, endpoint_id, amount_minor)
    of_line = await resolutions.open_break_of(connection, line_id=line.line_id)
    of_item = await resolutions.open_break_of(connection, item_id=item.item_id)
    step.reopen(of_line, line.residual_minor - amount_minor, line_id=line.line_id)
    step.reopen(of_item, item.residual_minor - amount_minor, item_id=item.item_id)


async def _require_fitting(connection: AsyncConnection, line: Any, item: Any) -> None:
    if item.kind in KEPT:
        original_id = await returns.original_of(connection, line.line_id)
        if original_id not in await returns.lines_of_kept(connection, [item.item_id]):
            raise Invalid("this line did not take that money back", field="opposite")
    elif item.kind not in EXPECTED:
        raise Invalid("no line settles this", field="subject")
    if item.account_id != line.account_id:
        raise Invalid("it is expected on another account", field="another-unit")
    if item.direction != line.direction:
        raise Invalid("the line goes the other way", field="opposite")


async def undo_settled(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    """Work out that a line did not settle an item: both are open again.

    Raises `Invalid` for a part payment: its due reopened with it, and may be paid since.
    """
    item, line = step.items[row.item_id], step.lines[row.line_id]
    if item.kind == "part_payment":
        raise Invalid("a part payment is asked for anew", field="not-undoable")
    endpoint_id = await claim_as_it_was(connection, item)
    _post(step, line, item, endpoint_id, -row.amount_minor)


def _post(
    step: ResolutionStep, line: Any, item: Any, endpoint_id: UUID | None, amount_minor: int
) -> None:
    account = step.account
    step.post(
        posting_rules.line_matched(
            item.kind, line.direction, account.unit_id, account.account_id, amount_minor,
            item_unit_id=item.unit_id, endpoint_id=endpoint_id,
        )
    )  # fmt: skip


async def claim_as_it_was(connection: AsyncConnection, item: Any) -> UUID | None:
    """Return the gateway of an item, if it is one's; `StateConflict` when its report came since.

    That report was accepted in the belief that the claim was settled.
    """
    is_unreported = item.kind == "gateway_claim" and item.report_id is None
    if is_unreported and await expected_items.is_reported(connection, item.money_id):
        raise StateConflict("the report came since", field="reported-since")
    return await expected_items.gateway_of(connection, item.item_id)
