"""Payments at a gateway: the citizen goes there and pays, the gateway tells well, badly or not.

Functions that return an act are words of the catalogue of scenarios.
"""

import html
import re
from typing import Final

from bank_adapters.contract import Outcome
from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.outgoing import OutgoingRequest
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.simulation.callbacks import send
from payment_service.simulation.gateway import WRONG_BY_MINOR
from payment_service.simulation.keys import strangers_key
from payment_service.simulation.lives import Life, Sent
from payment_service.simulation.places import Address
from payment_service.simulation.setting_up import make_address
from payment_service.simulation.stage import Act, Stage, Surprise

Told = tuple[NoticeResult, Outcome]
"""What a notice says, and what is to become of it."""

PAID_WELL: Final[Told] = (NoticeResult.PAID, Outcome.RECORDED)
_STRANGER: Final = 999
_TRANSFER: Final = 'id="transfer"'
_ONWARD: Final = re.compile(r'class="button main" href="([^"]+)"')


def go_to_gateway() -> Act:
    """Let the citizen open the checkout and not pay yet."""

    async def act(stage: Stage, life: Life) -> None:
        life.orders[0] = await _checkout(stage, life, 0)

    return act


def pay_at_gateway(
    *,
    notices: tuple[Told, ...] = (PAID_WELL,),
    is_taken: bool = True,
    is_short: bool = False,
    names_stranger: bool = False,
    signs_as_stranger: bool = False,
    reference: str = "",
    request: int = 0,
) -> Act:
    """Let the citizen pay one of the life's requests at the gateway, which sends `notices`.

    Whatever they say, all have the same transaction number; unless it is taken, the gateway's own
    books hold the result of the first. With `reference` the order is one that nobody ever made.
    """

    async def act(stage: Stage, life: Life) -> None:
        address = stage.place_of(life).gateways[life.channel]
        if reference:
            life.orders[request] = _unknown_order(stage, life, address, reference)
        elif request not in life.orders:
            life.orders[request] = await _checkout(stage, life, request)
        order, paid_at = life.orders[request], stage.clock().replace(microsecond=0)
        order.result = NoticeResult.PAID if is_taken else notices[0][0]
        order.paid_at = paid_at
        if is_short:
            order.amount_minor -= WRONG_BY_MINOR
        order.provider_transaction = _numbered(stage, life, order)
        life.names.add(order.provider_transaction)
        if is_taken:
            stage.gateway.take(life, order, paid_at)
        stranger = make_address(life.channel, "00000", _STRANGER) if names_stranger else address
        merchant = stranger.merchant
        material = strangers_key(life.channel) if signs_as_stranger else address.material
        for told in notices:
            await tell(stage, life, told, order, merchant=merchant, material=material)

    return act


def tell_again(told: Told, *, request: int = 0) -> Act:
    """Let the gateway tell of a payment, later."""

    async def act(stage: Stage, life: Life) -> None:
        address = stage.place_of(life).gateways[life.channel]
        order = life.orders[request]
        await tell(stage, life, told, order, merchant=address.merchant, material=address.material)

    return act


def be_away(notice: Told) -> Act:
    """Let the gateway tell of the payment while nobody there answers questions about it."""
    told = tell_again(notice)

    async def act(stage: Stage, life: Life) -> None:
        # Some are asked by our name of the payment, some by theirs.
        names = {life.asked.reference, life.orders[0].provider_transaction}
        stage.gateway_server.unanswered |= names
        await told(stage, life)
        stage.gateway_server.unanswered -= names

    return act


async def tell(
    stage: Stage, life: Life, told: Told, order: TakenOrder, *, merchant: str, material: str
) -> None:
    """Send one signed notice about an order; raise `Surprise` at another outcome."""
    result, expected = told
    notice = _notice(life.channel, order, result, merchant)
    request = COUNTERPARTS[life.channel].notify(notice, material.encode(), stage.clock())
    path = stage.place_of(life).gateways[life.channel].path
    await send(stage, life, Sent(channel=life.channel, path=path, request=request), expected)


def _numbered(stage: Stage, life: Life, order: TakenOrder) -> str:
    """Return the payment's name as the gateway writes it; some use our own reference."""
    order.provider_transaction = life.next_transaction(stage.today)
    written = COUNTERPARTS[life.channel].notify(
        _notice(life.channel, order, NoticeResult.PAID, order.merchant),
        stage.place_of(life).gateways[life.channel].material.encode(),
        stage.clock(),
    )
    return DIALECTS[life.channel].read(written).provider_transaction


async def _checkout(stage: Stage, life: Life, request: int) -> TakenOrder:
    asked = life.requests[request]
    target = f"{asked.pay_path}/checkout/{life.channel}"
    answer = await stage.transport.send("POST", target)
    address = answer.header("location")
    if address == target:
        answer = await stage.transport.send("GET", target)
        page = answer.body.decode(errors="replace")
        onward = _ONWARD.search(page)
        address = html.unescape(onward[1]) if onward else ""
        if not onward and _TRANSFER not in page:
            raise Surprise(f"going to {life.channel}: {answer.status} leads nowhere")
    if address:
        stage.gateway_server.answer(OutgoingRequest(method="GET", url=address))
    merchant = stage.place_of(life).gateways[life.channel].merchant
    orders = stage.gateway_server.merchants[life.channel, merchant].books.orders.values()
    ours = [order for order in orders if asked.reference in order.our_reference]
    if not ours:
        raise Surprise(f"{life.channel} got no order for {asked.reference}")
    return ours[-1]


def _notice(channel: str, order: TakenOrder, result: NoticeResult, merchant: str) -> PaymentNotice:
    if order.paid_at is None:
        raise Surprise("nobody paid")
    return PaymentNotice(
        result=result,
        result_code=COUNTERPARTS[channel].result_code(result),
        merchant=merchant,
        our_reference=order.our_reference,
        provider_transaction=order.provider_transaction,
        amount_minor=order.amount_minor,
        currency="VND",
        paid_at=order.paid_at,
        memo=order.memo,
        virtual_account=order.provider_order,
    )


def _unknown_order(stage: Stage, life: Life, address: Address, reference: str) -> TakenOrder:
    order = TakenOrder(
        merchant=address.merchant,
        our_reference=reference + life.name,
        amount_minor=50_000,
        memo="phi",
    )
    books = stage.gateway_server.merchants[life.channel, address.merchant].books
    books.orders[order.our_reference] = order
    return order
