"""However often a payer asks for it, one order lives at a gateway, and its page can be reloaded."""

import asyncio
import html
import re
from collections import Counter as Counted
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from bank_adapters.outgoing import Answer, OutgoingRequest
from payment_service.db import endpoints
from tests.builders import CERTIFIED_COPY, SIGNATURE_CERTIFICATION, ask_payment, open_endpoint
from tests.payment_service.use_cases.days import bank_notice, deliver
from tests.payment_service.web.citizen.counters import Counter
from tests.postgres import MovableClock
from tests.web import browsing

pytestmark = pytest.mark.anyio
AT_ONCE = 50


@pytest.mark.parametrize("channel", ["baokim", "momo"])
async def test_fifty_at_once_place_one_order(counter: Counter, channel: str) -> None:
    path = f"{counter.path}/checkout/{channel}"
    answers = await asyncio.gather(*(counter.client.post(path) for _ in range(AT_ONCE)))
    assert Counted(answer.status_code for answer in answers) == {303: AT_ONCE}
    assert (len(counter.orders(channel)), await counter.attempts()) == (1, 1)
    answer = await counter.client.get(path)
    assert answer.status_code == 200
    assert "http-equiv" not in answer.text


async def test_reload_back_and_a_second_tab_show_the_same_account(counter: Counter) -> None:
    path = f"{counter.path}/checkout/baokim"
    for _ in ("first", "back and again", "second tab"):
        sent = await counter.client.post(path)
        assert sent.headers["location"] == path
    page = (await counter.client.get(counter.path)).text
    [action] = re.findall(r'action="([^"]+/checkout/baokim[^"]*)"', page)
    assert "known=" in action
    await counter.client.post(action)
    [order] = counter.orders("baokim")
    for _ in ("shown", "reloaded"):
        assert order.provider_order in (await counter.client.get(path)).text


async def test_who_comes_back_from_a_gateway_gets_a_new_order_there(counter: Counter) -> None:
    path = f"{counter.path}/checkout/momo"
    for _ in ("first", "double click"):
        await counter.client.post(path)
    first = (await counter.client.get(path)).text
    assert len(counter.orders("momo")) == 1
    page = (await counter.client.get(f"{counter.path}?from=momo")).text
    [action] = re.findall(r'action="([^"]+/checkout/momo[^"]*)"', page)
    await asyncio.gather(*(counter.client.post(action) for _ in range(3)))
    assert len(counter.orders("momo")) == 2
    assert (await counter.client.get(path)).text != first


async def test_an_open_window_that_follows_goes_on_with_the_order_of_another(
    counter: Counter,
) -> None:
    shown = (await counter.client.get(counter.path)).text
    [follow] = re.findall(r'data-follow="([^"]+)"', shown)
    await counter.client.post(f"{counter.path}/checkout/momo")
    for place, orders in ((follow, 1), (counter.path, 2)):
        page = (await counter.client.get(html.unescape(place))).text
        [action] = re.findall(r'action="([^"]+/checkout/momo[^"]*)"', page)
        for _ in ("pressed", "pressed again"):
            await counter.client.post(html.unescape(action))
        assert len(counter.orders("momo")) == orders


async def test_while_the_gateway_is_asked_everybody_else_waits(
    counter: Counter, clock: MovableClock
) -> None:
    path = f"{counter.path}/checkout/baokim"
    is_asked, may_answer = asyncio.Event(), asyncio.Event()

    async def send(request: OutgoingRequest) -> Answer:
        is_asked.set()
        await may_answer.wait()
        return await counter.context.send(request)

    async with browsing(replace(counter.context, send=send)) as client:
        first = asyncio.create_task(client.post(path))
        await is_asked.wait()
        clock.advance(seconds=29)
        assert (await client.post(path)).headers["location"] == path
        waiting = (await client.get(path)).text
        assert "Đang chờ Bảo Kim" in waiting
        assert '<meta http-equiv="refresh" content="1">' in waiting
        may_answer.set()
        assert (await first).headers["location"] == path
        assert 'id="transfer"' in (await client.get(path)).text
    assert len(counter.orders("baokim")) == 1


async def test_after_a_refusal_an_order_can_be_placed_at_once(
    counter: Counter, clock: MovableClock
) -> None:
    path = f"{counter.path}/checkout/baokim"

    async def send(request: OutgoingRequest) -> Answer:
        spoiled = tuple((name, text[::-1]) for name, text in request.headers)
        return await counter.context.send(replace(request, headers=spoiled))

    async with browsing(replace(counter.context, send=send)) as client:
        for answer in [await client.post(path), await client.get(path), await client.post(path)]:
            assert answer.status_code == 503
            assert "Cổng thanh toán hiện chưa nhận lệnh" in answer.text
    clock.advance(minutes=15)
    old = await counter.client.get(path)
    assert (old.status_code, old.headers["location"]) == (303, counter.path)
    assert (await counter.client.post(path)).status_code == 303
    assert 'id="transfer"' in (await counter.client.get(path)).text
    assert (len(counter.orders("baokim")), await counter.attempts()) == (1, 3)


async def test_a_gateway_that_says_nothing_may_have_taken_the_order(
    counter: Counter, clock: MovableClock
) -> None:
    path = f"{counter.path}/checkout/baokim"
    counter.gateways.unanswered.add(f"baokim/{counter.merchants['baokim']}")
    silent = await counter.client.post(path)
    counter.gateways.unanswered.clear()
    assert (await counter.client.post(path)).headers["location"] == path
    assert "Đang chờ Bảo Kim" in (await counter.client.get(path)).text
    assert (len(counter.orders("baokim")), await counter.attempts()) == (0, 1)
    clock.advance(seconds=30)
    for answer, when in ((silent, "sau nửa phút"), (await counter.client.get(path), "lại ngay")):
        assert answer.status_code == 503
        assert "Cổng thanh toán không trả lời" in answer.text
        assert when in answer.text
    await counter.client.post(path)
    assert 'id="transfer"' in (await counter.client.get(path)).text
    assert (len(counter.orders("baokim")), await counter.attempts()) == (1, 2)


async def test_an_order_lives_until_the_limit_that_its_gateway_was_told(
    counter: Counter, clock: MovableClock
) -> None:
    await counter.open_sepay()
    for channel in ("baokim", "sepay", "momo"):
        await counter.client.post(f"{counter.path}/checkout/{channel}")
    clock.advance(minutes=14)
    late = await counter.client.get(f"{counter.path}/checkout/baokim?lang=en")
    assert (late.status_code, late.headers["location"]) == (303, f"{counter.path}?lang=en")
    kept = await counter.client.get(f"{counter.path}/checkout/sepay")
    assert 'id="transfer"' in kept.text
    clock.advance(days=2)
    for channel in ("baokim", "sepay", "momo"):
        await counter.client.post(f"{counter.path}/checkout/{channel}")
    placed = {channel: len(counter.orders(channel)) for channel in ("baokim", "momo")}
    assert (placed, await counter.attempts()) == ({"baokim": 2, "momo": 1}, 4)


async def test_an_order_of_another_amount_than_is_open_is_not_shown(
    counter: Counter, clock: MovableClock
) -> None:
    bank = await open_endpoint(counter.context, counter.account_id, "rsabank")
    asked = await ask_payment(
        counter.context,
        counter.client_id,
        dossier_code="H24-3",
        lines=(SIGNATURE_CERTIFICATION, CERTIFIED_COPY),
    )
    home = urlsplit(asked["links"]["pay"]).path
    path = f"{home}/checkout/baokim"
    await counter.client.post(path)
    today = clock().date()
    for number, amount_minor in enumerate((4_000, 10_000)):
        notice = bank_notice(bank, asked["reference"], amount_minor, f"FT{number}", today)
        await deliver(counter.context, bank, notice)
        assert (await counter.client.get(path)).headers["location"] == home
        await counter.client.post(path)
    assert [order.amount_minor for order in counter.orders("baokim")] == [14_000, 10_000]


async def test_an_order_is_shown_only_while_one_can_be_placed(
    counter: Counter, clock: MovableClock
) -> None:
    await counter.open_sepay()
    path = f"{counter.path}/checkout/sepay"
    await counter.client.post(path)
    assert 'id="transfer"' in (await counter.client.get(path)).text
    clock.advance(minutes=1)
    async with counter.context.database.transaction() as connection:
        for endpoint in await endpoints.all_endpoints(connection, counter.context.sealer, clock()):
            await endpoints.end_keys(connection, endpoint.endpoint_id, clock(), clock())
    assert (await counter.client.post(path)).status_code == 404
    gone = await counter.client.get(path)
    assert (gone.status_code, gone.headers["location"]) == (303, counter.path)
    assert "/checkout/" not in (await counter.client.get(counter.path)).text


async def test_no_order_leads_to_the_payment_page(counter: Counter) -> None:
    for channel in ("baokim", "nobody"):
        answer = await counter.client.get(f"{counter.path}/checkout/{channel}")
        assert (answer.status_code, answer.headers["location"]) == (303, counter.path)
    wrong = await counter.client.get(f"/pay/{'A' * 22}/checkout/baokim")
    assert wrong.status_code == 404
