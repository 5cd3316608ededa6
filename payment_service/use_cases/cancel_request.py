"""A dossier system withdraws what it asked for; money that comes later is surplus."""

from uuid import UUID

from payment_service.context import Context
from payment_service.db import money, requests
from payment_service.domain.errors import NotFound, StateConflict


async def cancel_request(context: Context, request_id: UUID, client_id: UUID, reason: str) -> None:
    """Cancel an unpaid request; cancelling it again changes nothing.

    Raises `NotFound`, or `StateConflict` when money is already known of: that is a refund.
    """
    async with context.database.transaction() as connection:
        if await requests.find_request(connection, request_id, client_id) is None:
            raise NotFound
        due = (await money.lock_dues(connection, [request_id]))[request_id]
        if due.is_cancelled:
            return
        if due.residual_minor != due.amount_minor:
            raise StateConflict("money was received for this request; ask for a refund instead")
        await requests.cancel_request(connection, request_id, reason, context.clock())
