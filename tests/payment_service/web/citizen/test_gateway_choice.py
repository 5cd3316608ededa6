"""A citizen chooses among the gateways of the unit; each is reached by its own way."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import httpx
import pytest

from bank_adapters.registry import ALGORITHMS
from payment_service.context import Context
from payment_service.outside.gateway_calls import GatewayCalls
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.setting_up import make_address
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.builders import add_officers, ask_payment, issue_client, open_account
from tests.postgres import MovableClock
from tests.web import browsing

pytestmark = pytest.mark.anyio
CHANNELS = ("vnpay", "npsp", "momo", "zalopay", "viettelpay", "onepay", "keypay")


@dataclass(slots=True, kw_only=True)
class Counter:
    """A unit with every gateway, and the page of one request."""

    client: httpx.AsyncClient
    gateways: GatewayServer
    merchants: dict[str, str]
    path: str


@pytest.fixture
async def counter(context: Context, clock: MovableClock) -> AsyncIterator[Counter]:
    calls = GatewayCalls()
    context = replace(context, send=calls.send)
    account_id = await open_account(context, *await add_officers(context))
    client_id, _ = await issue_client(context)
    merchants = {}
    async with browsing(context) as client, GatewayServer(clock) as gateways:
        for channel in CHANNELS:
            address = make_address(channel, "11329", 1)
            merchants[channel] = address.merchant
            gateways.enrol(channel, address.merchant, address.material.encode())
            [algorithm] = ALGORITHMS[channel]
            await register_endpoint(
                context,
                NewEndpoint(
                    channel=channel,
                    account_id=account_id,
                    merchant=address.merchant,
                    algorithm=algorithm,
                    material=address.material.encode(),
                    checkout_base_url=gateways.address_of(channel, address.merchant),
                ),
            )
        asked = await ask_payment(context, client_id)
        path = urlsplit(asked["links"]["pay"]).path
        yield Counter(client=client, gateways=gateways, merchants=merchants, path=path)
    await calls.close()


async def test_every_gateway_is_offered_in_one_order_and_both_languages(counter: Counter) -> None:
    vietnamese = (await counter.client.get(counter.path)).text
    assert re.findall(r"/checkout/([a-z]+)", vietnamese) == list(CHANNELS)
    assert "Thanh toán qua Cổng Dịch vụ công quốc gia" in vietnamese
    english = (await counter.client.get(f"{counter.path}?lang=en")).text
    assert "Pay with the National Public Service Portal" in english


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_citizen_gets_to_the_gateway(counter: Counter, channel: str) -> None:
    answer = await counter.client.post(f"{counter.path}/checkout/{channel}")
    assert answer.status_code in {200, 303}, answer.text
    if answer.status_code == 303:
        origin = urlsplit(answer.headers["location"]).netloc
        policy = (await counter.client.get(counter.path)).headers["content-security-policy"]
        assert origin in policy
        return
    [address] = re.findall(r'class="button main" href="([^"]+)"', answer.text)
    assert urlsplit(html.unescape(address)).scheme in {"https", "http"}
    assert "Chỉ nhập thông tin thẻ tại đó" in answer.text
    books = counter.gateways.merchants[channel, counter.merchants[channel]].books
    [order] = books.orders.values()
    assert order.amount_minor == 10_000


async def test_a_gateway_that_does_not_answer_is_said_in_one_sentence(counter: Counter) -> None:
    counter.gateways.unanswered.add(f"momo/{counter.merchants['momo']}")
    await counter.gateways.__aexit__()
    answer = await counter.client.post(f"{counter.path}/checkout/momo")
    assert answer.status_code == 503
    assert "Thanh toán qua VNPAY" in answer.text


async def test_an_unknown_gateway_is_not_found(counter: Counter) -> None:
    for channel in ("sepay", "nobody", "rsabank"):
        assert (await counter.client.post(f"{counter.path}/checkout/{channel}")).status_code == 404
