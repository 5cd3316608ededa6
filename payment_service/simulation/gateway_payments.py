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
from payment_service.simulation.lives import Life, Sent
from payment_service.simulation.places import Address
from payment_service.simulation.setting_up import make_address
from payment_service.simulation.stage import Act, Stage, Surprise

Told = tuple[NoticeResult, Outcome]
"""What a notice says, and what is to become of it."""

PAID_WELL: Final[Told] = (NoticeResult.PAID, Outcome.RECORDED)
_STRANGER: Final = 999
_ONWARD: Final = re.compile(r'class="button main" href="([^"]+)"')


def go_to_gateway() -> Act:
    """Let the citizen open the checkout and not pay yet."""

    async def act(stage: Stage, life: Life) -> None:
        life.order = await _checkout(stage, life)

    return act


def pay_at_gateway(
    *,
    notices: tuple[Told, ...] = (PAID_WELL,),
    is_taken: bool = True,
    is_short: bool = False,
    names_stranger: bool = False,
    signs_as_stranger: bool = False,
    reference: str = "",
) -> Act:
    """Let the citizen pay at the gateway, which sends `notices`.

    Whatever they say, all have the same transaction number; unless it is taken, the gateway's own
    books hold the result of the first. With `reference` the order is one that nobody ever made.
    """

    async def act(stage: Stage, life: Life) -> None:
        address = stage.place_of(life).gateways[life.channel]
        if reference:
            life.order = _unknown_order(stage, life, address, reference)
        elif life.order is None:
            life.order = await _checkout(stage, life)
        order, paid_at = life.order, stage.clock().replace(microsecond=0)
        order.result = NoticeResult.PAID if is_taken else notices[0][0]
        order.paid_at = paid_at
        if is_short:
            order.amount_minor -= WRONG_BY_MINOR
        order.provider_transaction = _numbered(stage, life, order)
        life.names.add(order.provider_transaction)
        if is_taken:
            stage.gateway.take(life, order, paid_at)
        stranger = make_address(life.channel, "00000", _STRANGER)
        for told in notices:
            await tell(
                stage, life, told,
                merchant=stranger.merchant if names_stranger else address.merchant,
                material=stranger.material if signs_as_stranger else address.material,
            )  # fmt: skip

    return act


def tell_again(told: Told) -> Act:
    """Let the gateway tell of the last payment, later."""

    async def act(stage: Stage, life: Life) -> None:
        address = stage.place_of(life).gateways[life.channel]
        await tell(stage, life, told, merchant=address.merchant, material=address.material)

    return act


def be_away(notice: Told) -> Act:
    """Let the gateway tell of the last payment while nobody there answers questions about it."""
    told = tell_again(notice)

    async def act(stage: Stage, life: Life) -> None:
        stage.gateway_server.unanswered.add(life.asked.reference)
        await told(stage, life)
        stage.gateway_server.unanswered.discard(life.asked.reference)

    return act


async def tell(stage: Stage, life: Life, told: Told, *, merchant: str, material: str) -> None:
    """Send one signed notice about the life's order; raise `Surprise` at another outcome."""
    order = life.order
    if order is None:
        raise Surprise("nobody paid")
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


async def _checkout(stage: Stage, life: Life) -> TakenOrder:
    target = f"{life.asked.pay_path}/checkout/{life.channel}"
    answer = await stage.transport.send("POST", target)
    address = answer.header("location")
    if onward := _ONWARD.search(answer.body.decode(errors="replace")):
        address = html.unescape(onward[1])
    if not address:
        raise Surprise(f"going to {life.channel}: {answer.status} leads nowhere")
    stage.gateway_server.answer(OutgoingRequest(method="GET", url=address))
    merchant = stage.place_of(life).gateways[life.channel].merchant
    orders = stage.gateway_server.merchants[life.channel, merchant].books.orders.values()
    ours = [order for order in orders if life.asked.reference in order.our_reference]
    if not ours:
        raise Surprise(f"{life.channel} got no order for {life.asked.reference}")
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
