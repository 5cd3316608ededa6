"""The shared step by which people say that a bank line is what an order or a report announced.

What is awaited on a statement bears a key of its own, and the nights match it by that key; this is
for a line that lost it. It ends as a night would have ended it.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import money
from payment_service.domain import posting_rules
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import AWAITED
from payment_service.use_cases.resolution_step import ResolutionStep


async def match_awaited(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Work out that all that is open of a line is one awaited item, or several, each whole.

    Raises `Invalid` that names what does not fit: way, account or amount; `StateConflict` for an
    item that a line has settled already.
    """
    line, parts = step.only_line, step.proposal.parts
    for part in parts:
        item: Any = step.items.get(part.item_id) if part.item_id else None
        _require_fit(line, item, part.amount_minor)
        group_id = step.open_group("match_by_hand")
        step.booking.allocate(
            group_id, part.amount_minor, line_id=line.line_id, item_id=item.item_id
        )
        step.booking.resolved_items.append(item.item_id)
        await _post(connection, step, item, part.amount_minor)
    if sum(part.amount_minor for part in parts) != line.residual_minor:
        raise Invalid("the awaited amounts are not what is open on the line", field="awaited-sum")
    step.booking.resolved_lines.append(line.line_id)


def _require_fit(line: Any, item: Any, amount_minor: int) -> None:
    if item is None or item.kind not in AWAITED:
        raise Invalid("a line is a due's, or what was awaited, not both", field="awaited-alone")
    if item.residual_minor == 0:
        raise StateConflict("a line has settled this already", field="awaited-done")
    if item.direction != line.direction:
        raise Invalid("this is awaited the other way", field="awaited-direction")
    if item.account_id not in {None, line.account_id}:
        raise Invalid("this is awaited on another account", field="awaited-account")
    if item.residual_minor != amount_minor:
        raise Invalid("what is awaited comes as a whole", field="awaited-amount")


async def undo_awaited(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    """Let what a line was taken for be awaited again; the caller reopens the line."""
    await _post(connection, step, step.items[row.item_id], -row.amount_minor)


async def _post(
    connection: AsyncConnection, step: ResolutionStep, item: Any, amount_minor: int
) -> None:
    account = step.account
    reports = [item.report_id] if item.kind == "payout" else []
    endpoints = await money.endpoints_of_reports(connection, reports)
    step.post(
        posting_rules.line_matched(
            item.kind, item.direction, account.unit_id, account.account_id, amount_minor,
            item_unit_id=item.unit_id, endpoint_id=endpoints.get(item.report_id),
        )
    )  # fmt: skip
