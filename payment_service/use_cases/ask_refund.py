"""An officer asks to return surplus money or a part payment; another person decides."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from payment_service.context import Context
from payment_service.db import accounts, items
from payment_service.db.people import Person
from payment_service.domain.errors import Forbidden, Invalid, StateConflict
from payment_service.domain.identifiers import new_id


async def ask_refund(context: Context, person: Person, item_id: UUID, reason: str) -> UUID:
    """Store the request for approval and return its id.

    Raises `Forbidden` for an auditor, `Invalid` without a reason, `StateConflict` when nothing is
    left to return or it is asked for already.
    """
    if person.role == "auditor":
        raise Forbidden
    if not reason.strip():
        raise Invalid("a refund needs a reason", field="reason")
    now = context.clock()
    approval_id = new_id(now)
    try:
        async with context.database.transaction() as connection:
            item = (await items.lock_items(connection, [item_id])).get(item_id)
            if (
                item is None
                or item.kind not in {"surplus", "part_payment"}
                or not item.residual_minor
            ):
                raise StateConflict("there is no money here to return")
            await accounts.request_approval(
                connection,
                {
                    "approval_id": approval_id,
                    "act": "surplus_refund",
                    "subject_id": item_id,
                    "amount_minor": item.residual_minor,
                    "reason": reason.strip(),
                    "requested_by": person.person_id,
                    "requested_at": now,
                },
            )
    except IntegrityError as error:
        raise StateConflict("this refund is asked for already") from error
    return approval_id
