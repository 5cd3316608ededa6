"""The shared steps by which people say what a line is: a credit for dues, or something awaited."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.domain.errors import Invalid
from payment_service.domain.resolution import AWAITED, Part
from payment_service.domain.settlement import DueState, place
from payment_service.use_cases.match_awaited import match_awaited
from payment_service.use_cases.resolution_step import ResolutionStep
from payment_service.use_cases.settle import pay_from_line
from payment_service.use_cases.take_apart import take_apart
from reconciliation.breaks import BreakCode


async def match_by_hand(connection: AsyncConnection, step: ResolutionStep, broken: Any) -> None:
    """Work out what the parts of one credit pay; what is left of it stays open.

    A line that is an awaited item is that as a whole.
    """
    line, proposal = step.only_line, step.proposal
    if proposal.subject_id != line.line_id:
        raise Invalid("a line is matched from its own break", field="subject")
    if any(item.kind in AWAITED for item in step.items.values()):
        await match_awaited(connection, step)
        return
    total_minor = sum(part.amount_minor for part in proposal.parts)
    if line.direction != "credit":
        raise Invalid("only money that came in is matched with a due", field="direction")
    if total_minor > line.residual_minor:
        raise Invalid("the parts are more than what is open on the line", field="amount")
    for part in proposal.parts:
        _pay(step, line, _due(step, part), part.amount_minor)
    step.reopen(broken, line.residual_minor - total_minor, line_id=line.line_id)


def _due(step: ResolutionStep, part: Part) -> DueState:
    item = step.items.get(part.item_id) if part.item_id else None
    if item is None or item.kind != "due":
        raise Invalid("money is matched with dues", field="due")
    due, account = step.due_of(item), step.account
    # A merged unit's account takes its successor's money, but the parts stand in one unit's books.
    is_split = any(paid.account_id != account.account_id for paid in due.payments.values())
    if item.unit_id != account.unit_id and is_split:
        raise Invalid("parts of this came to another unit's account", field="another-unit")
    return due


def _pay(step: ResolutionStep, line: Any, due: DueState, amount_minor: int) -> None:
    code = BreakCode.REFERENCE_CLOSED if due.residual_minor == 0 else BreakCode.OVERPAID
    group_id = step.open_group("match_by_hand")
    movements = pay_from_line(
        step.booking,
        line=line,
        account=step.account,
        placement=place(due, amount_minor),
        due=due,
        amount_minor=amount_minor,
        group_id=group_id,
        transaction=f"{line.line_id}:{group_id}",
        surplus_code=BreakCode.REFERENCE_CANCELLED if due.is_cancelled else code,
    )
    step.post(movements)


async def move_to_request(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Undo the match of one request and make it with another: the line stays as it is."""
    targets = [part for part in step.proposal.parts if part.group_id is None]
    sources = [part for part in step.proposal.parts if part.group_id is not None]
    if len(targets) != 1 or len(sources) != 1:
        raise Invalid("one payment goes to one request", field="one-due")
    [target], [source] = targets, sources
    if (target.line_id, target.amount_minor) != (source.line_id, source.amount_minor):
        raise Invalid("a payment is moved as a whole", field="amount")
    await take_apart(connection, step)
    _pay(step, step.only_line, _due(step, target), target.amount_minor)
