"""The shared step that hands a credit over to the unit it was meant for, and takes that back.

Two books, one act: here the money is owed to the other unit, there its due is paid and the money
expected. Both close on the two lines of the transfer, which bears the printed reference.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import items, money
from payment_service.db.items import NewItem
from payment_service.db.money import NewMoney
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.settlement import DueState, place
from payment_service.use_cases.resolution_step import ResolutionStep
from payment_service.use_cases.settle import noon_of, record_placement, record_undoing
from reconciliation.breaks import BreakCode


def move_to_unit(step: ResolutionStep) -> int:
    """Work out the handing over of a part of a credit for one due; return what it takes.

    Raises `Invalid` for more than the due still asks: what is beyond goes back from here.
    """
    other = step.other
    if other is None:
        raise Invalid("the due is of the same unit", field="same-unit")
    if not len(step.lines) == len(step.items) == len(step.proposal.parts) - 1 == 1:
        raise Invalid("one line is for one due", field="one-due")
    [line], [item] = step.lines.values(), step.items.values()
    amounts = {part.amount_minor for part in step.proposal.parts}
    amount_minor = min(amounts)
    if item.kind != "due":
        raise Invalid("money is handed over for a due", field="due")
    if line.direction != "credit":
        raise Invalid("only money that came in is handed over", field="direction")
    due = step.dues[item.request_id]
    if len(amounts) != 1 or amount_minor > min(line.residual_minor, due.residual_minor):
        raise Invalid("more than the line has or the due asks", field="amount")
    if due.is_cancelled:
        raise Invalid("nothing is asked for this due any more", field="due")
    received = _pay(other, step, line, due, amount_minor)
    group_id = step.open_group("move_to_unit")
    step.booking.allocate(group_id, amount_minor, line_id=line.line_id, money_id=received.money_id)
    _expect(step, "debit", step.account.account_id, None, amount_minor)
    # It may arrive in any account of the other unit.
    _expect(other, "credit", None, item, amount_minor)
    step.post(
        posting_rules.handed_over(step.account.unit_id, step.account.account_id, amount_minor)
    )
    return amount_minor


def _pay(
    other: ResolutionStep, step: ResolutionStep, line: Any, due: DueState, amount_minor: int
) -> NewMoney:
    group_id = other.open_group("move_to_unit")
    account = other.account
    received = NewMoney(
        other.booking.new_id(), "bank_line", step.account.account_id, f"{line.line_id}:{group_id}",
        account.unit_id, account.account_id, None, due.request_id, amount_minor, line.narrative,
        line.counterparty_account, noon_of(line.booking_date), other.booking.now,
    )  # fmt: skip
    other.booking.allocate(group_id, amount_minor, item_id=due.item_id, money_id=received.money_id)
    placement = place(due, amount_minor)
    record_placement(
        other.booking,
        received=received,
        due=due,
        placement=placement,
        reference=due.reference,
        surplus_code=BreakCode.OVERPAID,
        details={
            "amount_minor": amount_minor,
            "booked_on": line.booking_date.isoformat(),
            "currency": "VND",
            "reference": due.reference,
        },
        on_day=line.booking_date,
    )
    other.post(posting_rules.money_placed(Account.DUE_FROM_UNITS, "", account.unit_id, placement))
    return received


def _expect(
    step: ResolutionStep, direction: str, account_id: UUID | None, due: Any, amount_minor: int
) -> None:
    # The item bears the id of its match: undoing the one finds the other.
    account, [group_id] = step.account, step.groups
    step.booking.items.append(
        NewItem(
            group_id, "unit_transfer", direction, account.unit_id, account.account_group_id,
            account_id, due.request_id if due else None, None, None,
            due.item_id if due else None, step.printed_reference("CHUYEN"), "", amount_minor,
            amount_minor, step.on_day, step.on_day,
        )
    )  # fmt: skip


async def undo_move_to_unit(
    connection: AsyncConnection, step: ResolutionStep, rows: list[Any]
) -> None:
    """Take a credit back from the other unit while neither side of the transfer was seen.

    Raises `StateConflict` when one was, or the other unit used the money.
    """
    other = step.other
    if other is None:
        raise StateConflict("the other unit's side is missing", field="moved-on")
    transfers = await items.lock_items(connection, [row.group_id for row in rows])
    if any(each.residual_minor != each.amount_minor for each in transfers.values()):
        raise StateConflict("this money has moved on", field="moved-on")
    for row in rows:
        side = step if row.line_id else other
        group_id = side.open_group("unmatch_by_hand", reverses=row.group_id)
        side.booking.allocate(
            group_id, -row.amount_minor, line_id=row.line_id, item_id=row.item_id,
            money_id=row.money_id,
        )  # fmt: skip
        side.booking.allocate(group_id, row.amount_minor, item_id=row.group_id)
        side.booking.explained_items.append(row.group_id)
    [paid] = [row for row in rows if row.item_id]
    returning = await money.find_returning(connection, paid.money_id)
    if not returning.is_whole:
        raise StateConflict("this money has moved on", field="moved-on")
    [group_id] = other.groups
    other.post(
        record_undoing(
            other.booking,
            group_id=group_id,
            returning=returning,
            due=other.dues[paid.request_id],
            source=Account.DUE_FROM_UNITS,
            detail="",
            on_day=step.on_day,
        )
    )
    other.retracted.append((paid.money_id, group_id))
    account = step.account
    step.post(posting_rules.handed_over(account.unit_id, account.account_id, -paid.amount_minor))
