"""The shared step that hands money over to the unit it was meant for, and takes that back.

Two books, one act: here the money is owed to the other unit, there its due is paid and the money
expected. Both close on the two lines of the transfer, which bears the printed reference.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import items, money
from payment_service.db.items import NewItem
from payment_service.db.money import NewMoney
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.journal import Movement
from payment_service.domain.settlement import DueState, place
from payment_service.use_cases.resolution_step import ResolutionStep
from payment_service.use_cases.settle import noon_of, record_placement, record_undoing
from reconciliation.breaks import BreakCode


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Money in this unit's account: a credit, or surplus whose money a statement shows.

    `taken_off` names the row that a match takes it off.
    """

    taken_off: dict[str, UUID]
    residual_minor: int
    memo: str
    payer_account: str
    paid_at: datetime
    on_day: date


async def move_to_unit(connection: AsyncConnection, step: ResolutionStep, broken: Any) -> None:
    """Work out the handing over of a credit or surplus, or a part of it, for one due.

    Raises `Invalid` for more than the due still asks: what is beyond goes back from here; and for
    surplus that was only announced: what is not in the account is not handed over.
    """
    other = step.other
    if other is None:
        raise Invalid("the due is of the same unit", field="same-unit")
    asked = [item for item in step.items.values() if item.kind == "due"]
    if not len(asked) == len(step.lines) + len(step.items) - 1 == len(step.proposal.parts) - 1 == 1:
        raise Invalid("money is handed over for one due", field="one-due")
    [item], amounts = asked, {part.amount_minor for part in step.proposal.parts}
    source, amount_minor = await _source(connection, step), min(amounts)
    due = step.due_of(item)
    if len(amounts) != 1 or amount_minor > min(source.residual_minor, due.residual_minor):
        raise Invalid("more than there is, or than the due asks", field="amount")
    if due.is_cancelled:
        raise Invalid("nothing is asked for this due any more", field="due")
    received = _pay(other, step, source, due, amount_minor)
    group_id = step.open_group("move_to_unit")
    step.booking.allocate(group_id, amount_minor, money_id=received.money_id, **source.taken_off)
    _expect(step, "debit", step.account.account_id, None, amount_minor)
    # It may arrive in any account of the other unit.
    _expect(other, "credit", None, item, amount_minor)
    step.post(_postings(step, amount_minor))
    step.reopen(broken, source.residual_minor - amount_minor, **source.taken_off)


async def _source(connection: AsyncConnection, step: ResolutionStep) -> _Source:
    if step.lines:
        line = step.only_line
        if line.direction != "credit":
            raise Invalid("only money that came in is handed over", field="direction")
        return _Source(
            taken_off={"line_id": line.line_id}, residual_minor=line.residual_minor,
            memo=line.narrative, payer_account=line.counterparty_account,
            paid_at=noon_of(line.booking_date), on_day=line.booking_date,
        )  # fmt: skip
    [kept] = [item for item in step.items.values() if item.kind != "due"]
    if kept.kind != "surplus" or kept.money_id is None:
        raise Invalid("this is not surplus", field="subject")
    paid = await money.find_kept(connection, kept.money_id)
    if not paid.is_collected:
        raise Invalid("no statement shows this money yet", field="not-collected")
    return _Source(
        taken_off={"item_id": kept.item_id}, residual_minor=kept.residual_minor, memo=paid.memo,
        payer_account=paid.payer_account, paid_at=paid.paid_at, on_day=kept.opened_on,
    )  # fmt: skip


def _postings(step: ResolutionStep, amount_minor: int) -> list[Movement]:
    source, detail = Account.SUSPENSE, str(step.account.account_id)
    if not step.lines:
        source, detail = Account.SURPLUS_TO_RETURN, ""
    return posting_rules.handed_over(source, detail, step.account.unit_id, amount_minor)


def _pay(
    other: ResolutionStep, step: ResolutionStep, source: _Source, due: DueState, amount_minor: int
) -> NewMoney:
    group_id = other.open_group("move_to_unit")
    account, [source_id] = other.account, source.taken_off.values()
    received = NewMoney(
        other.booking.new_id(), "bank_line", step.account.account_id, f"{source_id}:{group_id}",
        account.unit_id, account.account_id, None, due.request_id, amount_minor, source.memo,
        source.payer_account, source.paid_at, other.booking.now,
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
            "booked_on": source.on_day.isoformat(),
            "currency": "VND",
            "reference": due.reference,
        },
        on_day=source.on_day,
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
    """Take money back from the other unit while neither side of the transfer was seen.

    Raises `StateConflict` when one was, or the other unit used the money.
    """
    other = step.other
    if other is None:
        raise StateConflict("the other unit's side is missing", field="moved-on")
    transfers = await items.lock_items(connection, [row.group_id for row in rows])
    if any(each.residual_minor != each.amount_minor for each in transfers.values()):
        raise StateConflict("this money has moved on", field="moved-on")
    for row in rows:
        side = other if row.item_kind == "due" else step
        group_id = side.open_group("unmatch_by_hand", reverses=row.group_id)
        side.booking.allocate(
            group_id, -row.amount_minor, line_id=row.line_id, item_id=row.item_id,
            money_id=row.money_id,
        )  # fmt: skip
        side.booking.allocate(group_id, row.amount_minor, item_id=row.group_id)
        side.booking.explained_items.append(row.group_id)
    [paid] = [row for row in rows if row.item_kind == "due"]
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
    step.post(_postings(step, -paid.amount_minor))
