"""A citizen chooses among the gateways of the unit; each is reached by its own way."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from bank_adapters.contract import Algorithm
from bank_adapters.registry import ALGORITHMS
from payment_service.context import Context
from payment_service.domain.errors import Invalid
from payment_service.outside.gateway_calls import GatewayCalls
from payment_service.paper.qr_image import draw_qr_svg
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.keys import exchange, make_rsa_key
from payment_service.simulation.setting_up import make_address
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.bank_adapters.key_pairs import registered
from tests.builders import CERTIFIED_COPY, add_officers, ask_payment, issue_client, open_account
from tests.postgres import MovableClock
from tests.web import browsing

pytestmark = pytest.mark.anyio
CHANNELS = ("vnpay", "npsp", "momo", "zalopay", "viettelpay", "onepay", "keypay", "baokim")


@dataclass(slots=True, kw_only=True)
class Counter:
    """A unit with every gateway, and the page of one request."""

    context: Context
    client: httpx.AsyncClient
    client_id: UUID
    account_id: UUID
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
            material, address.material = exchange(channel, address.material, make_rsa_key())
            gateways.enrol(channel, address.merchant, address.material.encode())
            [algorithm] = ALGORITHMS[channel]
            await register_endpoint(
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
        path = urlsplit(asked["links"]["pay"]).path
        yield Counter(
            context=context, client=client, client_id=client_id, account_id=account_id,
            gateways=gateways, merchants=merchants, path=path,
        )  # fmt: skip
    await calls.close()


async def test_every_gateway_is_offered_in_one_order_and_both_languages(counter: Counter) -> None:
    vietnamese = (await counter.client.get(counter.path)).text
    assert re.findall(r"/checkout/([a-z]+)", vietnamese) == list(CHANNELS)
    assert "Thanh toán qua Cổng Dịch vụ công quốc gia" in vietnamese
    english = (await counter.client.get(f"{counter.path}?lang=en")).text
    assert "Pay with the National Public Service Portal" in english


@pytest.mark.parametrize("channel", sorted(set(CHANNELS) - {"baokim"}))
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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", ("Chuyển khoản qua Bảo Kim", "Chuyển đúng 10.000 đồng, một lần", "Ngân hàng")),
        ("?lang=en", ("Transfer through Baokim", "Transfer exactly 10,000 đồng, once", "Bank")),
    ],
)
async def test_a_virtual_account_is_shown_on_the_page_itself(
    counter: Counter, language: str, words: tuple[str, ...]
) -> None:
    answer = await counter.client.post(f"{counter.path}/checkout/baokim{language}")
    books = counter.gateways.merchants["baokim", counter.merchants["baokim"]].books
    [order] = books.orders.values()
    assert (answer.status_code, order.amount_minor) == (200, 10_000)
    assert order.provider_order in answer.text
    for each in (*words, "UBND 11329", "BVBank", 'data-asks="10000"'):
        assert each in answer.text, each
    shown = re.findall(r"<svg.*</svg>", answer.text)
    assert shown == [draw_qr_svg(f"QR{order.provider_order}")]
    assert "http-equiv" not in answer.text, "it must not run away from somebody who is paying"
    assert "/checkout/" not in answer.text, "nor offer a second way beside it"
    status = (await counter.client.get(f"{counter.path}/status")).text
    assert 'data-open="10000"' in status


async def test_an_amount_that_a_gateway_never_takes_is_not_offered_there(counter: Counter) -> None:
    asked = await ask_payment(
        counter.context, counter.client_id, dossier_code="H24-2", lines=(CERTIFIED_COPY,)
    )
    page = (await counter.client.get(urlsplit(asked["links"]["pay"]).path)).text
    assert re.findall(r"/checkout/([a-z]+)", page) == list(CHANNELS[:-1])


async def test_a_channel_with_a_qr_code_alone_is_shown_too(counter: Counter) -> None:
    await register_endpoint(
        counter.context,
        NewEndpoint(
            channel="sepay",
            account_id=counter.account_id,
            merchant="1132900001",
            algorithm=Algorithm.HMAC_SHA256_HEX,
            material=b"a-secret-of-sixteen-or-more:an-api-token-of-theirs",
            checkout_base_url="https://sepay.test",
        ),
    )
    assert "Thanh toán qua SePay" in (await counter.client.get(counter.path)).text
    answer = await counter.client.post(f"{counter.path}/checkout/sepay")
    assert answer.status_code == 200
    assert answer.text.count("<svg") == 1
    assert "Số tài khoản" not in answer.text


async def test_a_merchants_code_that_leaves_no_room_for_the_order_is_not_registered(
    context: Context, account: UUID
) -> None:
    for merchant in ("HPNGOQUYE", "HP.NGO", ""):
        with pytest.raises(Invalid):
            await register_endpoint(
                context,
                NewEndpoint(
                    channel="baokim",
                    account_id=account,
                    merchant=merchant,
                    algorithm=Algorithm.RSA_SHA1,
                    material=registered(),
                    checkout_base_url="https://baokim.test",
                ),
            )


async def test_a_gateway_that_does_not_answer_is_said_in_one_sentence(counter: Counter) -> None:
    counter.gateways.unanswered.add(f"momo/{counter.merchants['momo']}")
    await counter.gateways.__aexit__()
    answer = await counter.client.post(f"{counter.path}/checkout/momo")
    assert answer.status_code == 503
    assert "Thanh toán qua VNPAY" in answer.text


async def test_an_unknown_gateway_is_not_found(counter: Counter) -> None:
    for channel in ("sepay", "nobody", "rsabank"):
        assert (await counter.client.post(f"{counter.path}/checkout/{channel}")).status_code == 404
