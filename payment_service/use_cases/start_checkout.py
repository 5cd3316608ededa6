"""A citizen chooses a gateway: an attempt is stored, the order placed, and the way on returned."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bank_adapters.contract import AdapterError
from bank_adapters.outgoing import (
    Beneficiary,
    Checkout,
    FeeLine,
    Merchant,
    Order,
    OutgoingRequest,
    Payer,
)
from bank_adapters.registry import CHECKOUT_DIALECTS
from payment_service.context import Context
from payment_service.db import attempts, endpoints, money, requests
from payment_service.db.endpoints import Endpoint
from payment_service.db.requests import PaymentRequest, RequestLine
from payment_service.domain.errors import GatewayUnavailable, NotFound, StateConflict
from payment_service.domain.identifiers import new_id

ATTEMPT_MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An order that a gateway took, how much it asks for, and until when."""

    checkout: Checkout
    amount_minor: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    request: PaymentRequest
    lines: list[RequestLine]
    endpoint: Endpoint
    reference: str
    amount_minor: int


async def start_checkout(
    context: Context, link_token: str, client_ip: str, language: str, channel: str = "vnpay"
) -> Placed:
    """Return where the payer goes on to pay what is still open.

    Raises `NotFound` for an unknown link or a unit without this gateway, `StateConflict` when
    nothing is open, `GatewayUnavailable` when the gateway takes no order now.
    """
    dialect = CHECKOUT_DIALECTS.get(channel)
    if dialect is None:
        raise NotFound
    now = context.clock()
    attempt = await _store(context, link_token, channel, now)
    endpoint = attempt.endpoint
    merchant = Merchant(
        code=endpoint.merchant, base_url=endpoint.checkout_base_url, key=endpoint.keys[-1]
    )
    order = _order(context, attempt, now, client_ip, language)
    try:
        placed = dialect.order(merchant, order)
        if isinstance(placed, OutgoingRequest):
            placed = dialect.read_order(merchant, order, await context.send(placed))
    except AdapterError as error:
        raise GatewayUnavailable("the gateway takes no order now") from error
    return Placed(checkout=placed, amount_minor=order.amount_minor, expires_at=order.expires_at)


async def _store(context: Context, link_token: str, channel: str, now: datetime) -> _Attempt:
    async with context.database.transaction() as connection:
        request = await requests.find_request_by_token(connection, link_token)
        if request is None:
            raise NotFound
        endpoint = await endpoints.find_endpoint_of_unit(
            connection, context.sealer, request.collecting_unit_id, channel, now
        )
        if endpoint is None or not endpoint.checkout_base_url or not endpoint.keys:
            raise NotFound("this unit does not take payments through this gateway")
        due = (await money.lock_dues(connection, [request.request_id]))[request.request_id]
        if due.is_cancelled or due.residual_minor == 0:
            raise StateConflict("nothing is open for this request")
        lines = (await requests.lines_of(connection, [request.request_id]))[request.request_id]
        reference = await attempts.insert_attempt(
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
    return _Attempt(
        request=request,
        lines=lines,
        endpoint=endpoint,
        reference=reference,
        amount_minor=due.residual_minor,
    )


def _order(
    context: Context, attempt: _Attempt, now: datetime, client_ip: str, language: str
) -> Order:
    request, endpoint = attempt.request, attempt.endpoint
    back = {"from": endpoint.channel} | ({} if language == "vi" else {"lang": "en"})
    return Order(
        reference=attempt.reference,
        amount_minor=attempt.amount_minor,
        description=f"Nop phi {request.reference}",
        created_at=now,
        expires_at=now + timedelta(minutes=ATTEMPT_MINUTES),
        return_url=f"{context.public_url}/pay/{request.link_token}?{urlencode(back)}",
        notify_url=f"{context.public_url}/callbacks/{endpoint.channel}/{endpoint.slug}",
        client_ip=client_ip,
        language="vi" if language == "vi" else "en",
        # No names are kept here; platforms that demand one are told whose dossier it is.
        payer=Payer(full_name=f"Người nộp hồ sơ {request.dossier_code}"),
        beneficiary=Beneficiary(
            account_number=request.printed_account_number,
            account_name=request.printed_holder_name,
            bank_code=request.printed_bank_bin,
            unit_code=request.collecting_unit_code,
            unit_name=request.collecting_unit_name,
            procedure_code=attempt.lines[0].procedure_code,
            procedure_name=attempt.lines[0].fee_name_vi,
            dossier_code=request.dossier_code,
            fee_lines=_fee_lines(attempt),
        ),
    )


def _fee_lines(attempt: _Attempt) -> tuple[FeeLine, ...]:
    """Name each fee; after a part payment only what is still asked, under one name."""
    if attempt.amount_minor != attempt.request.amount_minor:
        rest = f"Phần còn lại của {attempt.request.reference}"
        return (FeeLine(code=attempt.reference, name=rest, amount_minor=attempt.amount_minor),)
    return tuple(
        FeeLine(
            code=line.fee_kind,
            name=line.fee_name_vi,
            amount_minor=line.amount_minor,
            is_charge=line.category == "le_phi",
        )
        for line in attempt.lines
        if line.amount_minor
    )
