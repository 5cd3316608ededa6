"""A weakly signed notice: its gateway is asked over real HTTP; only its own word brings money."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest
from sqlalchemy import text

from bank_adapters.contract import CallbackRequest, Outcome
from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.outgoing import OutgoingRequest
from bank_adapters.registry import ALGORITHMS, DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.context import Context
from payment_service.nightly import run_night
from payment_service.outside.gateway_calls import GatewayCalls
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.keys import exchange, make_rsa_key, strangers_key
from payment_service.simulation.setting_up import make_address
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import add_officers, ask_payment, issue_client, open_account
from tests.payment_service.use_cases.days import balances, open_break_codes
from tests.postgres import MovableClock
from tests.web import browsing

pytestmark = pytest.mark.anyio
R = NoticeResult
FEE = 10_000
TELL_FAILURES = ("keypay", "npsp", "viettelpay")
WEAK = ("baokim", *TELL_FAILURES)
"""Baokim tells of money alone."""


@dataclass(slots=True, kw_only=True)
class Till:
    """One unit at a weakly signing gateway, with an order that a citizen placed there."""

    context: Context
    client: httpx.AsyncClient
    gateways: GatewayServer
    channel: str
    merchant: str
    material: str
    path: str
    order: TakenOrder

    def notice(self, result: NoticeResult, *, amount_minor: int = FEE) -> CallbackRequest:
        """Sign a notice about the order."""
        counterpart = COUNTERPARTS[self.channel]
        written = PaymentNotice(
            result=result,
            result_code=counterpart.result_code(result),
            merchant=self.merchant,
            our_reference=self.order.our_reference,
            provider_transaction=self.order.provider_transaction,
            amount_minor=amount_minor,
            currency="VND",
            paid_at=self.context.clock(),
            memo=self.order.memo,
            virtual_account=self.order.provider_order,
        )
        return counterpart.notify(written, self.material.encode(), self.context.clock())

    async def send(self, request: CallbackRequest, expected: Outcome) -> None:
        """Deliver a notice over HTTP and compare the answer's status and words."""
        target = f"{self.path}?{request.query.decode()}" if request.query else self.path
        answer = await self.client.request(
            request.method, target, content=request.body,
            headers=[(name.encode(), value) for name, value in request.headers],
        )  # fmt: skip
        due = DIALECTS[self.channel].acknowledge(expected)
        assert answer.status_code == due.status, answer.content
        told = answer.json()
        for name, value in json.loads(due.body).items():
            assert told[name] == value or not value  # what repeats the request is empty in `due`

    def take(self, result: NoticeResult) -> None:
        """Let the gateway's own books say what became of the order."""
        self.order.result = result
        self.order.paid_at = self.context.clock()


@pytest.fixture(params=WEAK)
async def till(
    request: pytest.FixtureRequest, context: Context, clock: MovableClock
) -> AsyncIterator[Till]:
    channel = str(request.param)
    calls = GatewayCalls()
    context = replace(context, send=calls.send)
    officer, approver = await add_officers(context)
    account_id = await open_account(context, officer, approver)
    client_id, _ = await issue_client(context)
    async with browsing(context) as client, GatewayServer(clock) as gateways:
        address = make_address(channel, "11329", 1)
        material, address.material = exchange(channel, address.material, make_rsa_key())
        gateways.enrol(channel, address.merchant, address.material.encode())
        [algorithm] = ALGORITHMS[channel]
        path = await register_endpoint(
            context,
            NewEndpoint(
                channel=channel,
                account_id=account_id,
                merchant=address.merchant,
                algorithm=algorithm,
                material=material,
                checkout_base_url=gateways.address_of(channel, address.merchant),
            ),
        )
        asked = await ask_payment(context, client_id)
        token = asked["links"]["pay"].rsplit("/", 1)[-1]
        if url := await start_checkout(context, token, "127.0.0.1", "vi", channel):
            gateways.answer(OutgoingRequest(method="GET", url=url))
        [order] = gateways.merchants[channel, address.merchant].books.orders.values()
        made = Till(
            context=context, client=client, gateways=gateways, channel=channel,
            merchant=address.merchant, material=address.material, path=path, order=order,
        )  # fmt: skip
        order.provider_transaction = "26327000001"
        order.provider_transaction = (
            DIALECTS[channel].read(made.notice(R.PAID)).provider_transaction
        )
        yield made
        await calls.close()


async def _kept_answers(context: Context) -> list[str]:
    async with context.database.read_only() as connection:
        rows = await connection.execute(text("SELECT result FROM status_answer ORDER BY sequence"))
        return [row.result for row in rows]


async def test_a_paid_notice_brings_money_once_the_gateway_confirms_it(till: Till) -> None:
    till.take(R.PAID)
    notice = till.notice(R.PAID)
    await till.send(notice, Outcome.RECORDED)
    await till.send(notice, Outcome.RECORDED)
    assert (await balances(till.context))["fees_collected"] == -FEE
    assert await _kept_answers(till.context) == ["paid"]
    assert await open_break_codes(till.context) == []


@pytest.mark.parametrize("till", TELL_FAILURES, indirect=True)
async def test_a_failure_sent_again_as_paid_brings_nothing(till: Till) -> None:
    till.take(R.FAILED)
    await till.send(till.notice(R.FAILED), Outcome.RECORDED)
    await till.send(till.notice(R.PAID), Outcome.UNCONFIRMED)
    assert "fees_collected" not in await balances(till.context)
    assert await open_break_codes(till.context) == ["UNCONFIRMED_NOTICE"]


async def test_another_amount_than_the_gateways_own_brings_nothing(till: Till) -> None:
    till.take(R.PAID)
    await till.send(till.notice(R.PAID, amount_minor=FEE - 1), Outcome.UNCONFIRMED)
    assert "fees_collected" not in await balances(till.context)
    await till.send(till.notice(R.PAID), Outcome.RECORDED)
    assert (await balances(till.context))["fees_collected"] == -FEE


@pytest.mark.parametrize("till", TELL_FAILURES, indirect=True)
async def test_a_late_failure_does_not_take_money_back(till: Till) -> None:
    till.take(R.PAID)
    await till.send(till.notice(R.PAID), Outcome.RECORDED)
    await till.send(till.notice(R.FAILED), Outcome.ALREADY_RECORDED)
    assert (await balances(till.context))["fees_collected"] == -FEE
    assert await open_break_codes(till.context) == []


async def test_an_undecided_or_silent_gateway_has_to_send_again(till: Till) -> None:
    await till.send(till.notice(R.PAID), Outcome.RETRY_LATER)
    silent = f"/{till.channel}/{till.merchant}"
    till.take(R.PAID)
    till.gateways.unanswered.add(silent)
    await till.send(till.notice(R.PAID), Outcome.RETRY_LATER)
    assert "fees_collected" not in await balances(till.context)
    till.gateways.unanswered.discard(silent)
    await till.send(till.notice(R.PAID), Outcome.RECORDED)
    assert (await balances(till.context))["fees_collected"] == -FEE


async def test_the_night_asks_again_and_is_not_stopped_by_silence(
    till: Till, clock: MovableClock
) -> None:
    silent = f"/{till.channel}/{till.merchant}"
    till.take(R.PAID)
    till.gateways.unanswered.add(silent)
    await till.send(till.notice(R.PAID), Outcome.RETRY_LATER)
    today = clock().date()
    clock.advance(hours=17)
    report = await run_night(till.context, today)
    assert report["left_over_messages"] == 0
    till.gateways.unanswered.discard(silent)
    clock.advance(days=1)
    report = await run_night(till.context, clock().date())
    assert report["left_over_messages"] == 1
    assert (await balances(till.context))["gateway_clearing"] == FEE


async def test_a_right_answer_under_another_key_proves_nothing(till: Till) -> None:
    till.take(R.PAID)
    other = strangers_key(till.channel)
    till.gateways.merchants[till.channel, till.merchant].material = other.encode()
    await till.send(till.notice(R.PAID), Outcome.RETRY_LATER)
    assert "fees_collected" not in await balances(till.context)
