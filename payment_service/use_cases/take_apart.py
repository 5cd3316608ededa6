"""The shared step that undoes a match, whoever made it: by reversal, in today's books.

What money did is undone only while the money is still where it was placed.
"""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import items, money, resolutions
from payment_service.db.booking import canonical_json
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import AWAITED, Act
from payment_service.use_cases.match_awaited import undo_awaited
from payment_service.use_cases.move_to_unit import undo_move_to_unit
from payment_service.use_cases.order_refund import undo_refund
from payment_service.use_cases.resolution_step import ResolutionStep
from payment_service.use_cases.settle import record_undoing, undo_own_line
from payment_service.use_cases.settle_item import undo_settled
from payment_service.use_cases.write_off import undo_write_off
from reconciliation.breaks import BreakCode

PAIRS: Final = frozenset({"pair_lines", "reversals"})


async def take_apart(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Work out the undoing of one match, or of the two matches of one act in two units.

    Raises `StateConflict` when it is undone already or its money has moved on (refunded, put back,
    used), `Invalid` for a match that is not undone by people: a notice, a payout or a refund and
    its line are one movement by the bank's or the gateway's own key.
    """
    rows = await resolutions.live_group(connection, step.proposal.subject_id)
    require_whole(step, rows)
    first, is_moving = rows[0], step.proposal.act is Act.MOVE_TO_REQUEST
    if first.pass_name == Act.MOVE_TO_UNIT and not is_moving:
        await undo_move_to_unit(connection, step, rows)
        await _reopen(connection, step, next(row for row in rows if row.item_kind != "due"))
        return
    undo = _UNDO.get(first.pass_name)
    if first.pass_name == Act.MATCH_BY_HAND and first.item_kind in AWAITED:
        undo = undo_awaited
    is_payment = first.item_kind == "due" and len(rows) == 1
    is_pair = first.pass_name in PAIRS and not any(row.item_id for row in rows)
    if not is_payment and (is_moving or (undo is None and not is_pair)):
        raise Invalid("this match is not undone by people", field="not-undoable")
    group_id = step.open_group("unmatch_by_hand", reverses=first.group_id)
    for row in rows:
        step.booking.allocate(
            group_id, -row.amount_minor, line_id=row.line_id, item_id=row.item_id,
            money_id=row.money_id,
        )  # fmt: skip
    if is_payment:
        await _undo_payment(connection, step, first)
    elif undo is not None:
        await undo(connection, step, first)
    for row in () if is_moving else rows:
        await _reopen(connection, step, row)


def require_whole(step: ResolutionStep, rows: list[Any]) -> None:
    """See that the parts that name a match are all of it, and that nobody undid it."""
    if not rows:
        raise StateConflict("this match is undone already", field="undone")
    asked = {
        (part.group_id, part.line_id, part.item_id, part.amount_minor)
        for part in step.proposal.parts
        if part.group_id is not None or step.proposal.act is not Act.MOVE_TO_REQUEST
    }
    found = {(row.group_id, row.line_id, row.item_id, row.amount_minor) for row in rows}
    if asked != found or step.proposal.break_id is not None:
        raise Invalid("a match is undone as a whole", field="subject")


async def _undo_payment(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    [group_id] = step.groups
    returning = await money.find_returning(connection, row.money_id)
    if not returning.is_whole:
        raise StateConflict("this money has moved on", field="moved-on")
    step.post(
        record_undoing(
            step.booking,
            group_id=group_id,
            returning=returning,
            due=step.dues[row.request_id],
            source=Account.SUSPENSE,
            detail=step.account.account_id,
            on_day=step.on_day,
        )
    )
    step.retracted.append((row.money_id, group_id))


async def _undo_charge(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    [group_id] = step.groups
    item = (await items.lock_items(connection, [row.group_id]))[row.group_id]
    if item.residual_minor != item.amount_minor:
        raise StateConflict("this money has moved on", field="moved-on")
    direction = step.lines[row.line_id].direction
    step.post(undo_own_line(step.booking, item, direction, step.account, group_id))


_UNDO: Final = {
    "bank_rules": _undo_charge,
    "write_off": undo_write_off,
    "settle_item": undo_settled,
    "book_as_charge": _undo_charge,
    "refund_ordered": undo_refund,
}


async def _reopen(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    """Open the breaks again: of the line, and of what was expected or kept."""
    # What a night matches by its key, a night also says is not there.
    if row.line_id is None or row.pass_name == Act.SETTLE_ITEM:
        await _reopen_item(connection, step, row)
    if row.line_id is None:
        return
    line = step.lines[row.line_id]
    residual_minor = line.residual_minor + row.amount_minor
    details = {
        "amount_minor": residual_minor,
        "booked_on": line.booking_date.isoformat(),
        "currency": "VND",
    }
    step.booking.resolved_lines.append(line.line_id)
    step.booking.open_break(
        BreakCode.TAKEN_APART,
        step.account.unit_id,
        residual_minor,
        canonical_json(details),
        step.on_day,
        line_id=line.line_id,
    )


async def _reopen_item(connection: AsyncConnection, step: ResolutionStep, row: Any) -> None:
    before = await resolutions.last_break_of_item(connection, row.item_id)
    if before is not None:
        open_minor = step.items[row.item_id].residual_minor + row.amount_minor
        step.reopen(before, open_minor, item_id=row.item_id)
