"""A citizen chooses a gateway: an attempt is stored, and the gateway's signed address returned."""

from datetime import timedelta

from bank_adapters.gateways.vnpay import checkout_url
from payment_service.context import Context
from payment_service.db import attempts, endpoints, money, requests
from payment_service.domain.errors import NotFound, StateConflict
from payment_service.domain.identifiers import new_id

ATTEMPT_MINUTES = 15


async def start_checkout(context: Context, link_token: str, client_ip: str, language: str) -> str:
    """Return the address at VNPAY that asks for what is still open.

    Raises `NotFound` for an unknown link or a unit without this gateway, `StateConflict` when
    nothing is open.
    """
    now = context.clock()
    async with context.database.transaction() as connection:
        request = await requests.find_request_by_token(connection, link_token)
        if request is None:
            raise NotFound
        endpoint = await endpoints.find_endpoint_of_unit(
            connection, context.sealer, request.collecting_unit_id, "vnpay", now
        )
        if endpoint is None or not endpoint.checkout_base_url or not endpoint.keys:
            raise NotFound("this unit does not take payments through VNPAY")
        due = (await money.lock_dues(connection, [request.request_id]))[request.request_id]
        if due.is_cancelled or due.residual_minor == 0:
            raise StateConflict("nothing is open for this request")
        merchant_reference = await attempts.insert_attempt(
            connection,
            {
                "attempt_id": new_id(now),
                "request_id": request.request_id,
                "endpoint_id": endpoint.endpoint_id,
                "reference": request.reference,
                "amount_minor": due.residual_minor,
                "created_at": now,
            },
        )
    return checkout_url(
        endpoint.checkout_base_url,
        merchant=endpoint.merchant,
        secret=endpoint.keys[-1].material,
        amount_minor=due.residual_minor,
        reference=merchant_reference,
        order_info=f"Nop phi {request.reference}",
        created_at=now,
        expires_at=now + timedelta(minutes=ATTEMPT_MINUTES),
        return_url=f"{context.public_url}/pay/{link_token}{'' if language == 'vi' else '?lang=en'}",
        client_ip=client_ip,
        locale="vn" if language == "vi" else "en",
    )
