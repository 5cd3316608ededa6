"""The page of a break over a message says its sender's own codes in words, in both languages."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import httpx
import pytest

from bank_adapters.contract import Algorithm, Outcome
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.counterpart.keypay import KeyPayCounterpart
from bank_adapters.outgoing import Answer, OutgoingRequest
from bank_adapters.registry import DIALECTS, EXPLANATIONS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.context import Context
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.confirm_notice import confirm_notice
from payment_service.use_cases.keep_callback import keep_callback
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.builders import open_endpoint
from tests.payment_service.use_cases.days import deliver, vnpay_ipn
from tests.payment_service.web.staff.browser import Browser, logged_in, words

pytestmark = pytest.mark.anyio
MONDAY = date(2026, 11, 23)
KEYS = b"a-secret-of-sixteen-or-more:another-of-sixteen-or-more"


@pytest.fixture
async def lan(client: httpx.AsyncClient, account: UUID) -> Browser:  # noqa: ARG001 - with people
    return await logged_in(client, "lan")


async def _only_break(lan: Browser) -> str:
    page = (await lan.get("/staff/breaks")).text
    [path] = re.findall(r'<th scope="row"[^>]*><a href="([^"]+)"', page)
    return str(path)


STRANGE = (
    (
        "ZZ/02 – VNPAY gửi một mã mà hệ thống chưa biết; kết quả đang được kiểm tra. "
        "Hệ thống không suy đoán gì từ mã này."
    ),
    (
        "ZZ/02 – VNPAY sent a code that is not known here; the result is being checked. "
        "Nothing was assumed from this code."
    ),
)


@pytest.mark.parametrize(
    ("code", "vietnamese", "english"),
    [("07", "07/02 – Tiền đã bị trừ", "07/02 – The money was taken"), ("ZZ", *STRANGE)],
)
async def test_a_result_code_is_said_in_words(
    context: Context, account: UUID, lan: Browser, code: str, vietnamese: str, english: str
) -> None:
    vnpay = await open_endpoint(context, account, "vnpay")
    ipn = vnpay_ipn(vnpay, "KHONGCO1", 10_000, "14001", MONDAY, code=code)
    await deliver(context, vnpay, ipn)
    path = await _only_break(lan)
    assert vietnamese in words(await lan.get(path))
    page = words(await lan.get(f"{path}?lang=en"))
    assert english in page
    assert "VNPAY gửi" not in page
    assert "Tiền đã bị trừ" not in page


async def test_both_codes_of_an_unconfirmed_notice_are_said(
    context: Context, account: UUID, lan: Browser
) -> None:
    path = await register_endpoint(
        context,
        NewEndpoint(
            channel="keypay",
            account_id=account,
            merchant="HPKP1",
            algorithm=Algorithm.HMAC_SHA256_HEX,
            material=KEYS,
            checkout_base_url="https://keypay.test",
        ),
    )
    gateway, now = KeyPayCounterpart(), context.clock()
    notice = PaymentNotice(
        result=NoticeResult.PAID, result_code="0", merchant="HPKP1", our_reference="KHONGCO1",
        provider_transaction="KHONGCO1", amount_minor=10_000, currency="VND", paid_at=now,
    )  # fmt: skip
    books = GatewayBooks()
    books.orders["KHONGCO1"] = TakenOrder(
        merchant="HPKP1", our_reference="KHONGCO1", amount_minor=10_000, result=NoticeResult.FAILED
    )

    async def send(request: OutgoingRequest) -> Answer:
        return gateway.answer(request, books, KEYS, now)

    asking = replace(context, send=send)
    kept = await keep_callback(
        asking, DIALECTS["keypay"], path.rsplit("/", 1)[-1], gateway.notify(notice, KEYS, now)
    )
    await confirm_notice(asking, kept.message_id)
    assert await act_on_callback(asking, kept.message_id) is Outcome.UNCONFIRMED
    page = words(await lan.get(await _only_break(lan)))
    failed = gateway.result_code(NoticeResult.FAILED)
    said = EXPLANATIONS["keypay"]
    assert f"Mã kết quả trong thông báo 0 – {said('0').vietnamese}" in page
    assert f"Mã trả lời khi hỏi lại {failed} – {said(failed).vietnamese}" in page
