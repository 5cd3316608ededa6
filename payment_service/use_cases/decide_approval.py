"""A second person approves or declines what another asked for; the first decision wins."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.context import Context
from payment_service.db import accounts, resolutions
from payment_service.db.audit import record_act
from payment_service.db.booking import Booking, write_together
from payment_service.db.people import Person
from payment_service.domain import posting_rules
from payment_service.domain.errors import Forbidden, NotFound, SamePerson, StateConflict
from payment_service.domain.resolution import Act
from payment_service.use_cases.learn_payer import keep_payer
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
    if proposal is None:
        raise StateConflict("it does not say what is to be done: ask anew", field="stale")
    step = await resolve(connection, context.clock(), proposal, approval_id, person.username)
    if step.effect != proposal.effect:
        raise StateConflict("it would post something else than was asked for", field="stale")
    # The other unit's side first: ours names the money that it takes.
    await write_together(connection, [side.booking for side in reversed(step.sides)])
    if proposal.act is Act.LEARN_PAYER:
        await keep_payer(connection, step)
    for side in step.sides:
        await resolutions.link_groups(connection, approval_id, side.groups, side.retracted)
