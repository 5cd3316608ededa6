"""A citizen chooses a gateway: an order is placed there once, and the way on is kept."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.contract import AdapterError
from bank_adapters.outgoing import (
    AnswerRefuses,
    Beneficiary,
    Checkout,
    FeeLine,
    Merchant,
    Order,
    OutgoingRequest,
    Payer,
)
from bank_adapters.registry import CHECKOUT_DIALECTS, ENDS_ORDERS
from payment_service.context import Context
from payment_service.db import attempts, money, requests
from payment_service.db.endpoints import Endpoint
from payment_service.db.requests import PaymentRequest, RequestLine
from payment_service.domain.attempt import ATTEMPT_DURATION
from payment_service.domain.errors import (
    GatewaySilent,
    GatewayUnavailable,
    NotFound,
)
from payment_service.domain.identifiers import new_id
from payment_service.use_cases.find_order import find_order


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    link_token: str
    client_ip: str
    language: str
    channel: str
    known_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    request: PaymentRequest
    lines: list[RequestLine]
    endpoint: Endpoint
    reference: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unplaced:
    attempt_id: UUID
    merchant: Merchant
    order: Order
    request: OutgoingRequest


async def start_checkout(
    context: Context,
    link_token: str,
    client_ip: str,
    language: str,
    channel: str = "vnpay",
    known_reference: str = "",
) -> str:
    """Place an order for what is open; return the gateway's address, empty where it has none yet.

    While an order lives, whoever asks again is sent on with that one. Only a payer who knows of it
    and left the gateway's page gets a new one: the old may have failed there. `known_reference` is
    the newest that the payer's page knew of when it was loaded.

    Raises `NotFound` for an unknown link or a unit without this gateway, `StateConflict` when
    nothing is open, `Invalid` for an amount that the gateway never takes; nothing is stored then.
    `GatewayUnavailable` when it takes no order now, `GatewaySilent` when it may have taken one.
    """
    if channel not in CHECKOUT_DIALECTS:
        raise NotFound
    choice = _Choice(
        link_token=link_token, client_ip=client_ip, language=language, channel=channel,
        known_reference=known_reference,
    )  # fmt: skip
    try:
        async with context.database.transaction() as connection:
            begun = await _begin(context, connection, choice, context.clock())
    except AdapterError as error:
        raise GatewayUnavailable("the gateway takes no such order") from error
    return begun if isinstance(begun, str) else await _place(context, channel, begun)


async def _begin(
    context: Context, connection: AsyncConnection, choice: _Choice, now: datetime
) -> _Unplaced | str:
    """Store an attempt under the lock of the due, unless one lives; nobody is asked in here."""
    channel = choice.channel
    request = await requests.find_request_by_token(connection, choice.link_token)
    if request is None:
        raise NotFound
    due = (await money.lock_dues(connection, [request.request_id]))[request.request_id]
    open_minor = 0 if due.is_cancelled else due.residual_minor
    endpoint, last = await find_order(context, connection, request, channel, open_minor, now)
    if last and last.is_live(now, open_minor):
        is_given_up = last.url and last.is_known_to(choice.known_reference)
        if not is_given_up:
            return last.url
    attempt_id = new_id(now)
    reference = await attempts.insert_attempt(
        connection,
        {
            "attempt_id": attempt_id,
            "request_id": request.request_id,
            "endpoint_id": endpoint.endpoint_id,
            "reference": request.reference,
            "amount_minor": open_minor,
            "created_at": now,
        },
    )
    asked = _Asked(
        request=request,
        lines=(await requests.lines_of(connection, [request.request_id]))[request.request_id],
        endpoint=endpoint,
        reference=reference,
        amount_minor=open_minor,
    )
    merchant = Merchant(
        code=endpoint.merchant, base_url=endpoint.checkout_base_url, key=endpoint.keys[-1]
    )
    order = _order(context, asked, now, choice)
    placed = CHECKOUT_DIALECTS[channel].order(merchant, order)
    if isinstance(placed, OutgoingRequest):
        return _Unplaced(attempt_id=attempt_id, merchant=merchant, order=order, request=placed)
    ends_at = _ends_at(channel, order)
    await attempts.insert_answer(connection, attempt_id, placed, ends_at, now)
    return placed.url


async def _place(context: Context, channel: str, unplaced: _Unplaced) -> str:
    """Ask the gateway and keep what it answered, also that it took no order.

    Where nobody knows whether it did, nothing is kept, and nobody may ask at once for another.
    """
    dialect, order = CHECKOUT_DIALECTS[channel], unplaced.order
    try:
        answer = await context.send(unplaced.request)
        placed = dialect.read_order(unplaced.merchant, order, answer)
    except GatewaySilent:
        raise
    except (GatewayUnavailable, AnswerRefuses) as error:
        await _keep(context, channel, unplaced, None)
        raise GatewayUnavailable("the gateway takes no order now") from error
    except AdapterError as error:
        raise GatewaySilent(
            "the gateway's answer does not say whether it took the order"
        ) from error
    await _keep(context, channel, unplaced, placed)
    return placed.url


async def _keep(
    context: Context, channel: str, unplaced: _Unplaced, placed: Checkout | None
) -> None:
    ends_at = _ends_at(channel, unplaced.order)
    async with context.database.transaction() as connection:
        await attempts.insert_answer(
            connection, unplaced.attempt_id, placed, ends_at, context.clock()
        )


def _ends_at(channel: str, order: Order) -> datetime | None:
    return order.expires_at if channel in ENDS_ORDERS else None


def _order(context: Context, asked: _Asked, now: datetime, choice: _Choice) -> Order:
    request, endpoint = asked.request, asked.endpoint
    is_vietnamese = choice.language == "vi"
    back = {"from": endpoint.channel} | ({} if is_vietnamese else {"lang": "en"})
    return Order(
        reference=asked.reference,
        amount_minor=asked.amount_minor,
        description=f"Nop phi {request.reference}",
        created_at=now,
        expires_at=now + ATTEMPT_DURATION,
        return_url=f"{context.public_url}/pay/{request.link_token}?{urlencode(back)}",
        notify_url=f"{context.public_url}/callbacks/{endpoint.channel}/{endpoint.slug}",
        client_ip=choice.client_ip,
        language="vi" if is_vietnamese else "en",
        # No names are kept here; platforms that demand one are told whose dossier it is.
        payer=Payer(full_name=f"Người nộp hồ sơ {request.dossier_code}"),
        beneficiary=Beneficiary(
            account_number=request.printed_account_number,
            account_name=request.printed_holder_name,
            bank_code=request.printed_bank_bin,
            bank_name=request.printed_bank_name,
            unit_code=request.collecting_unit_code,
            unit_name=request.collecting_unit_name,
            procedure_code=asked.lines[0].procedure_code,
            procedure_name=asked.lines[0].fee_name_vi,
            dossier_code=request.dossier_code,
            fee_lines=_fee_lines(asked),
        ),
    )


def _fee_lines(asked: _Asked) -> tuple[FeeLine, ...]:
    """Name each fee; after a part payment only what is still asked, under one name."""
    if asked.amount_minor != asked.request.amount_minor:
        rest = f"Phần còn lại của {asked.request.reference}"
        return (FeeLine(code=asked.reference, name=rest, amount_minor=asked.amount_minor),)
    return tuple(
        FeeLine(
            code=line.fee_kind,
            name=line.fee_name_vi,
            amount_minor=line.amount_minor,
            is_charge=line.category == "le_phi",
        )
        for line in asked.lines
        if line.amount_minor
    )
