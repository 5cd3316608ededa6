"""A second person approves or declines what another asked for; the first decision wins."""

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.context import Context
from payment_service.db import accounts, items, money, resolutions
from payment_service.db.audit import record_act
from payment_service.db.booking import Booking
from payment_service.db.items import NewItem
from payment_service.db.money import NewApplication
from payment_service.db.people import Person
from payment_service.domain import posting_rules
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import Forbidden, NotFound, SamePerson, StateConflict
from payment_service.use_cases.resolve import resolve


async def decide_approval(
    context: Context, person: Person, approval_id: UUID, *, is_approved: bool
) -> None:
    """Decide an open approval and do what it allows, in one transaction.

    Raises `Forbidden` for people who may not approve, `SamePerson` for the requester (the
    database refuses it too), `StateConflict` when it was decided before or what it is about is not
    as the requester saw it: then it is declined and asked for anew.
    """
    if person.role != "approver":
        raise Forbidden
    now = context.clock()
    decision = "approved" if is_approved else "declined"
    try:
        async with context.database.transaction() as connection:
            decided = await accounts.decide_approval(
                connection, approval_id, person.person_id, decision, now
            )
            if decided is None:
                raise StateConflict("this was decided already, or never asked for")
            await record_act(
                connection,
                now,
                person.username,
                f"{decision} {decided.act}",
                str(decided.subject_id),
                {"approval": str(approval_id)},
            )
            if decided.act == "collection_account":
                await _open_account(
                    context, connection, decided.subject_id, is_approved=is_approved
                )
            elif is_approved and decided.act == "surplus_refund":
                await _order_refund(
                    context, connection, decided.subject_id, approval_id, decided.amount_minor
                )
            elif is_approved:
                await _resolve(context, connection, person, approval_id)
    except IntegrityError as error:
        if "approval_check" in str(error.orig):
            raise SamePerson from error
        raise


async def _open_account(
    context: Context, connection: AsyncConnection, account_id: UUID, *, is_approved: bool
) -> None:
    account = await accounts.find_account(connection, account_id)
    if account is None:
        raise NotFound
    await accounts.set_account_state(connection, account_id, "live" if is_approved else "refused")
    if is_approved and account.opening_balance_minor:
        booking = Booking(now=context.clock(), account_group_id=account.account_group_id)
        booking.post(
            ("account_opened", str(account_id), account.book, account.opening_on),
            posting_rules.account_opened(
                account.unit_id, account_id, account.opening_balance_minor
            ),
        )
        await booking.write(connection)


async def _resolve(
    context: Context, connection: AsyncConnection, person: Person, approval_id: UUID
) -> None:
    proposal = await resolutions.find_resolution(connection, approval_id)
    step = await resolve(connection, context.clock(), proposal, approval_id, person.username)
    if step.effect != proposal.effect:
        raise StateConflict("it would post something else than was asked for", field="stale")
    await step.booking.write(connection)
    await resolutions.link_groups(connection, approval_id, step.groups, step.retracted)


async def _order_refund(
    context: Context,
    connection: AsyncConnection,
    item_id: UUID,
    approval_id: UUID,
    approved_minor: int,
) -> None:
    now = context.clock()
    today = business_date(now, None)
    # Dues are locked before what is held for them, everywhere.
    await money.lock_dues(connection, await items.requests_of_items(connection, [item_id]))
    item = (await items.lock_items(connection, [item_id])).get(item_id)
    if item is None or item.residual_minor != approved_minor:
        raise StateConflict("this money was returned or used in part or whole since")
    booking = Booking(now=now, account_group_id=item.account_group_id)
    if item.kind == "part_payment":
        await _reopen_due(connection, booking, item)
    group_id, _ = booking.open_group("refund_ordered", "E", f'{{"approval":"{approval_id}"}}')
    booking.allocate(group_id, item.residual_minor, item_id=item_id)
    booking.explained_items.append(item_id)
    reference = f"HOAN{approval_id.hex[-12:].upper()}"
    booking.items.append(
        NewItem(
            booking.new_id(), "refund", "debit", item.unit_id, item.account_group_id,
            item.account_id, item.request_id, None, None, item_id, reference, "",
            item.residual_minor, item.residual_minor, today, today,
        )
    )  # fmt: skip
    is_surplus = item.kind == "surplus"
    booking.post(
        ("refund_approved", str(approval_id), f"account:{item.account_id}", today),
        posting_rules.refund_approved(
            item.unit_id,
            item.residual_minor if is_surplus else 0,
            0 if is_surplus else item.residual_minor,
        ),
    )
    await booking.write(connection)


async def _reopen_due(connection: AsyncConnection, booking: Booking, item: Any) -> None:
    """Take a part payment off the request lines again: what goes back is still to be paid."""
    applied = await money.live_applications(connection, item.request_id)
    parts = [row for row in applied if row.money_id == item.money_id] or applied
    if sum(row.amount_minor for row in parts) != item.residual_minor:
        raise StateConflict("this money stands for other payments too: a person's decision")
    booking.applications += [
        NewApplication(
            booking.new_id(), row.money_id, row.request_id, row.line_id, -row.amount_minor,
            row.application_id, booking.now,
        )
        for row in parts
    ]  # fmt: skip
