"""One person takes back what was known about a payer: it moves no money and binds nobody."""

from uuid import UUID

from payment_service.context import Context
from payment_service.db import payer_mappings
from payment_service.db.audit import record_act
from payment_service.db.people import Person
from payment_service.domain.errors import Forbidden, StateConflict


async def revoke_payer(context: Context, person: Person, approval_id: UUID) -> None:
    """Take a mapping back, once and for good; raises `StateConflict` when it is gone already."""
    if person.role == "auditor":
        raise Forbidden
    now = context.clock()
    async with context.database.transaction() as connection:
        if not await payer_mappings.revoke_mapping(connection, approval_id, person.person_id, now):
            raise StateConflict("this was taken back already, or never known")
        await record_act(
            connection, now, person.username, "revoked learn_payer", str(approval_id), {}
        )
