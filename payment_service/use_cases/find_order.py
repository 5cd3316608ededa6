"""What a payer who chooses a gateway goes on with, asked alike by those who order and who look."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.registry import takes_amount
from payment_service.context import Context
from payment_service.db import attempts, endpoints
from payment_service.db.endpoints import Endpoint
from payment_service.db.requests import PaymentRequest
from payment_service.domain.attempt import Attempt
from payment_service.domain.errors import Invalid, NotFound, StateConflict


async def find_order(
    context: Context,
    connection: AsyncConnection,
    request: PaymentRequest,
    channel: str,
    open_minor: int,
    now: datetime,
) -> tuple[Endpoint, Attempt | None]:
    """Return the endpoint that can take an order now, and the last attempt there, live or not.

    Raises `NotFound` for a unit without this gateway or without a key for it, `StateConflict` when
    nothing is open, `Invalid` for an amount that the gateway never takes.
    """
    endpoint = await endpoints.find_endpoint_of_unit(
        connection, context.sealer, request.collecting_unit_id, channel, now
    )
    if endpoint is None or not endpoint.checkout_base_url or not endpoint.keys:
        raise NotFound("this unit does not take payments through this gateway")
    if not open_minor:
        raise StateConflict("nothing is open for this request")
    if not takes_amount(channel, open_minor):
        raise Invalid("the gateway never takes this amount", field="amount")
    last = (await attempts.latest_attempts(connection, request.request_id)).get(channel)
    is_theirs = last is not None and last.endpoint_id == endpoint.endpoint_id
    return endpoint, last if is_theirs else None
