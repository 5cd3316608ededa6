"""A citizen chooses among the gateways of the unit; each is reached by its own way."""

import html
import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from bank_adapters.contract import Algorithm
from payment_service.context import Context
from payment_service.domain.errors import Invalid
from payment_service.paper.qr_image import draw_qr_svg
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.bank_adapters.key_pairs import registered
from tests.builders import CERTIFIED_COPY, ask_payment
from tests.payment_service.web.citizen.counters import CHANNELS, Counter

pytestmark = pytest.mark.anyio


async def test_every_gateway_is_offered_in_one_order_and_both_languages(counter: Counter) -> None:
    vietnamese = (await counter.client.get(counter.path)).text
    assert re.findall(r"/checkout/([a-z]+)", vietnamese) == list(CHANNELS)
    assert "Thanh toán qua Cổng Dịch vụ công quốc gia" in vietnamese
    english = (await counter.client.get(f"{counter.path}?lang=en")).text
    assert "Pay with the National Public Service Portal" in english


@pytest.mark.parametrize("channel", sorted(set(CHANNELS) - {"baokim"}))
async def test_the_citizen_gets_to_the_gateway(counter: Counter, channel: str) -> None:
    answer = await counter.client.post(f"{counter.path}/checkout/{channel}")
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"]
    if location != f"{counter.path}/checkout/{channel}":
        policy = (await counter.client.get(counter.path)).headers["content-security-policy"]
        assert urlsplit(location).netloc in policy
        return
    answer = await counter.client.get(location)
    [address] = re.findall(r'class="button main" href="([^"]+)"', answer.text)
    assert urlsplit(html.unescape(address)).scheme in {"https", "http"}
    assert "Chỉ nhập thông tin thẻ tại đó" in answer.text
    [order] = counter.orders(channel)
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
    sent = await counter.client.post(f"{counter.path}/checkout/baokim{language}")
    assert sent.status_code == 303, sent.text
    answer = await counter.client.get(sent.headers["location"])
    [order] = counter.orders("baokim")
    assert (answer.status_code, order.amount_minor) == (200, 10_000)
    assert order.provider_order in answer.text
    for each in (*words, "UBND 11329", "BVBank", 'data-asks="10000"'):
        assert each in answer.text, each
    shown = re.findall(r"<svg.*</svg>", answer.text)
    assert shown == [draw_qr_svg(f"QR{order.provider_order}")]
    assert "http-equiv" not in answer.text, "it must not run away from somebody who is paying"
    assert "<form" not in answer.text, "nor offer a second way beside it"
    status = (await counter.client.get(f"{counter.path}/status")).text
    assert 'data-open="10000"' in status


async def test_an_amount_that_a_gateway_never_takes_is_not_offered_there(counter: Counter) -> None:
    asked = await ask_payment(
        counter.context, counter.client_id, dossier_code="H24-2", lines=(CERTIFIED_COPY,)
    )
    page = (await counter.client.get(urlsplit(asked["links"]["pay"]).path)).text
    assert re.findall(r"/checkout/([a-z]+)", page) == list(CHANNELS[:-1])


async def test_an_amount_that_a_gateway_never_takes_is_refused_and_nothing_is_stored(
    counter: Counter,
) -> None:
    asked = await ask_payment(
        counter.context, counter.client_id, dossier_code="H24-2", lines=(CERTIFIED_COPY,)
    )
    path = f"{urlsplit(asked['links']['pay']).path}/checkout/baokim"
    for language, words in (
        ("", "Cổng thanh toán này không nhận số tiền này. Xin chọn cách nộp khác."),
        ("?lang=en", "This gateway does not take this amount. Please choose another way to pay."),
    ):
        answer = await counter.client.post(path + language)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert (await counter.attempts(), counter.orders("baokim")) == (0, [])


async def test_a_transfer_that_a_gateway_watches_is_written_out_and_has_no_limit(
    counter: Counter,
) -> None:
    await counter.open_sepay()
    assert "Thanh toán qua SePay" in (await counter.client.get(counter.path)).text
    sent = await counter.client.post(f"{counter.path}/checkout/sepay")
    page = (await counter.client.get(sent.headers["location"])).text
    assert page.count("<svg") == 1
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Chuyển đúng 10.000 đồng, một lần. " in words
    assert "Ngân hàng Vietcombank" in words
    [reference] = re.findall(r'data-copy="(HP[0-9A-Z]+)"', page)
    for label, shown, copied in (
        ("Số tài khoản", "1132900001", "1132900001"),
        ("Chủ tài khoản", "UBND 11329", "UBND 11329"),
        ("Số tiền", "10.000 đồng", "10000"),
        ("Nội dung chuyển khoản", reference, reference),
    ):
        assert f"{label} {shown} Chép" in words
        assert f'data-copy="{copied}"' in page


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
