"""The one shared step: this money arrived, or went back. Fills the booking of the caller.

Runs inside the caller's transaction; the caller has locked the dues in id order.
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from uuid import UUID

from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking, canonical_json
from payment_service.db.items import NewItem
from payment_service.db.locked_rows import LockedItem, LockedLine
from payment_service.db.money import NewApplication, NewMoney, Returning
from payment_service.domain import posting_rules
from payment_service.domain.calendar import VIETNAM
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.journal import Movement
from payment_service.domain.settlement import DueState, Payment, Placement, unplace
from reconciliation.breaks import BreakCode


def record_placement(
    booking: Booking,
    *,
    received: NewMoney,
    due: DueState | None,
    placement: Placement,
    reference: str,
    surplus_code: BreakCode,
    details: dict[str, object],
    on_day: date,
) -> UUID | None:
    """Record money with what it covers, what is held and what is surplus; return the surplus item.

    Part payments and surplus are items of their own, each with an open break; part payments that
    the money completes are released and their breaks close.
    """
    booking.money.append(received)
    if due is not None:
        booking.applications += [
            NewApplication(
                booking.new_id(), received.money_id, due.request_id, line_id, amount_minor, None,
                booking.now,
            )
            for line_id, amount_minor in placement.applications
        ]  # fmt: skip
        if placement.taken_minor:
            due.payments[received.money_id] = Payment(
                account_id=received.account_id, amount_minor=placement.taken_minor
            )
        if placement.held_minor:
            _hold(booking, received.unit_id, received.money_id, due, details, on_day)
        _release(booking, due, placement)
    if not placement.surplus_minor:
        return None
    surplus_id = booking.new_id()
    booking.items.append(
        NewItem(
            surplus_id, "surplus", "debit", received.unit_id, booking.account_group_id,
            received.account_id, received.request_id, received.money_id, None,
            due.item_id if due else None, reference, "", placement.surplus_minor,
            placement.surplus_minor, on_day, on_day,
        )
    )  # fmt: skip
    booking.open_break(
        surplus_code,
        received.unit_id,
        placement.surplus_minor,
        canonical_json(details | {"surplus_minor": placement.surplus_minor}),
        on_day,
        item_id=surplus_id,
    )
    return surplus_id


def _hold(
    booking: Booking,
    unit_id: UUID,
    money_id: UUID,
    due: DueState,
    details: dict[str, object],
    on_day: date,
) -> None:
    """Hold what one money gave to a request as its own part payment: it goes back to its payer."""
    payment, item_id = due.payments[money_id], booking.new_id()
    booking.items.append(
        NewItem(
            item_id, "part_payment", "debit", unit_id, booking.account_group_id,
            payment.account_id, due.request_id, money_id, None, due.item_id, due.reference, "",
            payment.amount_minor, payment.amount_minor, on_day, on_day,
        )
    )  # fmt: skip
    payment.held_item_id = item_id
    due.held[item_id] = payment.amount_minor
    short = {
        "asked_minor": due.amount_minor,
        "paid_minor": due.amount_minor - due.residual_minor,
        "short_minor": due.residual_minor,
        "reference": due.reference,
    }
    booking.open_break(
        BreakCode.UNDERPAID,
        unit_id,
        due.residual_minor,
        canonical_json(details | short),
        on_day,
        item_id=item_id,
    )


def _release(booking: Booking, due: DueState, placement: Placement) -> None:
    if not placement.released:
        return
    evidence = canonical_json({"request": str(due.request_id), "reference": due.reference})
    group_id, _ = booking.open_group("part_payments_complete", "A", evidence)
    for item_id, amount_minor in placement.released:
        booking.allocate(group_id, amount_minor, item_id=item_id)
        booking.explained_items.append(item_id)


def _undo(money_id: UUID, due: DueState | None, by_line: dict[UUID, int]) -> Placement:
    if due is None:
        return Placement()
    payment = due.payments.pop(money_id, None)
    if payment is not None and payment.held_item_id in due.held:
        # The last in order leaves first: the money takes its own part payment with it.
        due.held[payment.held_item_id] = due.held.pop(payment.held_item_id)
    return unplace(due, by_line)


def record_return(
    booking: Booking,
    *,
    group_id: UUID,
    returning: Returning,
    due: DueState | None,
    source: Account,
    detail: UUID,
    on_day: date,
) -> list[Movement]:
    """Undo what money did that the bank took back: the due reopens, surplus vanishes.

    Returns the movements to post.
    """
    paid = returning.money
    back = NewMoney(
        booking.new_id(), "returned", paid.account_id, str(paid.money_id), paid.unit_id,
        paid.account_id, None, paid.request_id, paid.amount_minor, "", "", paid.paid_at,
        booking.now,
    )  # fmt: skip
    booking.money.append(back)
    return record_undoing(
        booking,
        group_id=group_id,
        returning=returning,
        due=due,
        source=source,
        detail=detail,
        on_day=on_day,
    )


def record_undoing(
    booking: Booking,
    *,
    group_id: UUID,
    returning: Returning,
    due: DueState | None,
    source: Account,
    detail: UUID | str,
    on_day: date,
) -> list[Movement]:
    """Undo what money did, whoever says so; return the movements to post.

    What stays of a covered request is held again, for each payer apart.
    """
    paid = returning.money
    by_line: dict[UUID, int] = {}
    for row in returning.applications:
        by_line[row.line_id] = by_line.get(row.line_id, 0) + row.amount_minor
        booking.applications.append(
            NewApplication(
                booking.new_id(), paid.money_id, row.request_id, row.line_id, -row.amount_minor,
                row.application_id, booking.now,
            )
        )  # fmt: skip
    undone = _undo(paid.money_id, due, by_line)
    for item_id, amount_minor in (*undone.released, *returning.surplus.items()):
        booking.allocate(group_id, amount_minor, item_id=item_id)
        if due is None or not due.held.get(item_id):
            booking.explained_items.append(item_id)
    if due is not None and undone.held_minor:
        for money_id in due.payments:
            _hold(
                booking, paid.unit_id, money_id, due, {"returned_minor": paid.amount_minor}, on_day
            )
    return posting_rules.money_returned(
        source, detail, paid.unit_id, undone, paid.amount_minor, sum(returning.surplus.values())
    )


def pay_from_line(
    booking: Booking,
    *,
    line: LockedLine,
    account: CollectionAccount,
    due: DueState,
    placement: Placement,
    amount_minor: int,
    group_id: UUID,
    transaction: str,
    surplus_code: BreakCode,
) -> list[Movement]:
    """Take an amount of a bank line for a due; return the movements to post.

    `transaction` names the payment: a line that is split is several.
    """
    received = NewMoney(
        booking.new_id(), "bank_line", account.account_id, transaction, account.unit_id,
        account.account_id, None, due.request_id, amount_minor, line.narrative,
        line.counterparty_account, noon_of(line.booking_date), booking.now,
    )  # fmt: skip
    booking.allocate(
        group_id, amount_minor, line_id=line.line_id, item_id=due.item_id,
        money_id=received.money_id,
    )  # fmt: skip
    record_placement(
        booking,
        received=received,
        due=due,
        placement=placement,
        reference=due.reference,
        surplus_code=surplus_code,
        details={
            "amount_minor": amount_minor,
            "reference": due.reference,
            "currency": "VND",
            "booked_on": line.booking_date.isoformat(),
        },
        on_day=line.booking_date,
    )
    return posting_rules.money_placed(
        Account.SUSPENSE, account.account_id, account.unit_id, placement
    )


def book_own_line(
    booking: Booking,
    line: LockedLine,
    account: CollectionAccount,
    group_id: UUID,
    amount_minor: int,
    on_day: date,
) -> list[Movement]:
    """Book a whole line as the bank's own: a charge that the unit puts back, or interest."""
    kind, direction = (
        ("cost_top_up", "credit") if line.direction == "debit" else ("interest", "debit")
    )
    booking.allocate(group_id, amount_minor, line_id=line.line_id)
    # The item bears the id of its match: undoing the one finds the other.
    booking.items.append(
        NewItem(
            group_id, kind, direction, account.unit_id, account.account_group_id,
            account.account_id, None, None, None, None, f"PHI{group_id.hex[-12:].upper()}", "",
            amount_minor, amount_minor, on_day, on_day,
        )
    )  # fmt: skip
    return posting_rules.charge_booked(
        line.direction, account.unit_id, account.account_id, amount_minor
    )


def undo_own_line(
    booking: Booking, item: LockedItem, direction: str, account: CollectionAccount, group_id: UUID
) -> list[Movement]:
    """Take back what `book_own_line` did: nothing is asked of the unit, or kept, any more."""
    booking.allocate(group_id, item.amount_minor, item_id=item.item_id)
    booking.explained_items.append(item.item_id)
    return posting_rules.charge_booked(
        direction, account.unit_id, account.account_id, -item.amount_minor
    )


@lru_cache(maxsize=400)
def noon_of(day: date) -> datetime:
    """Return when a line was paid, as far as a statement says: the day, not the hour."""
    return datetime.combine(day, time(12), VIETNAM).astimezone(UTC)
