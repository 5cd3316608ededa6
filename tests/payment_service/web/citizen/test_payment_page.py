"""What a citizen sees: what is asked, how to pay, and only money that is confirmed."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest

from bank_adapters import vietqr
from payment_service.context import Context
from payment_service.db.requests import cancel_request
from payment_service.nightly import run_night
from payment_service.paper.qr_image import draw_qr_png
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.request_payment import AskedLine
from tests.builders import (
    BANK,
    CERTIFIED_COPY,
    CHECKOUT_URL,
    SIGNATURE_CERTIFICATION,
    Opened,
    add_officers,
    ask_payment,
    issue_client,
    open_account,
    open_endpoint,
)
from tests.payment_service.use_cases.days import Bank, bank_notice, deliver, line, vnpay_ipn
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
MONDAY = date(2026, 11, 23)


class Place:
    """One unit with its bank, its gateway and a dossier system."""

    def __init__(self, bank: Bank, gateway: Opened, client_id: UUID) -> None:
        self.bank = bank
        self.gateway = gateway
        self.client_id = client_id


@pytest.fixture
async def place(context: Context) -> Place:
    account_id = await open_account(context, *await add_officers(context))
    bank = Bank(opened=await open_endpoint(context, account_id, "rsabank"))
    gateway = await open_endpoint(context, account_id, "vnpay")
    client_id, _ = await issue_client(context)
    return Place(bank, gateway, client_id)


async def _ask(
    context: Context,
    place: Place,
    number: int = 1,
    *,
    lines: Sequence[AskedLine] = (SIGNATURE_CERTIFICATION,),
    expires_in_days: int = 7,
) -> tuple[str, str]:
    """Ask for money and return the path of its page and the payment reference."""
    asked = await ask_payment(
        context,
        place.client_id,
        dossier_code=f"H24.11-{number:04d}",
        lines=lines,
        expires_in_days=expires_in_days,
    )
    return urlsplit(asked["links"]["pay"]).path, asked["reference"]


async def _show(context: Context, place: Place, *lines: tuple[int, str]) -> None:
    """Let the bank's statement of the day show credits, and run the night."""
    booked = [
        line(amount_minor, memo, MONDAY, reference=f"FT{position}")
        for position, (amount_minor, memo) in enumerate(lines)
    ]
    content, signature = place.bank.statement(MONDAY, booked)
    delivered = DeliveredFile(name="s.sta", content=content, signature=signature)
    await import_statement(context, delivered)
    await run_night(context, MONDAY)


async def _text(client: httpx.AsyncClient, path: str) -> str:
    """Return the words of a page, without its tags."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


async def test_says_who_asks_for_what_and_how_to_pay(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    path, reference = await _ask(context, place, lines=(SIGNATURE_CERTIFICATION, CERTIFIED_COPY))
    words = await _text(client, path)
    for expected in (
        "Phường Ngô Quyền", "H24.11-0001", "hết ngày 30/11/2026", "14.000 đồng", "10.000 đồng",
        "4.000 đồng", "Thông tư 226/2016/TT-BTC", "Vietcombank", "1132900001", "UBND 11329",
        reference, "Thanh toán qua VNPAY", "Chờ nộp", "Chưa có xác nhận", "Không cần",
    ):  # fmt: skip
        assert expected in words
    for name in ("Nguyễn Thị Lan", "Trần Văn Minh"):
        assert name not in words


async def test_speaks_english_and_keeps_it_in_links(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    path, _ = await _ask(context, place)
    answer = await client.get(f"{path}?lang=en")
    assert '<html lang="en">' in answer.text
    assert "10,000 đồng" in answer.text
    own = [
        found
        for found in re.findall(r'(?:src|href|action)="([^"]+)"', answer.text)
        if path in found
    ]
    other = [found for found in own if "lang=en" not in found]
    assert len(own) > 2
    assert other == [path]


async def test_the_qr_code_asks_for_what_is_open(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    path, reference = await _ask(context, place)
    expected = vietqr.encode(
        bank_bin=BANK, account_number="1132900001", amount_minor=10_000, purpose=reference
    )
    answer = await client.get(f"{path}/qr.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == draw_qr_png(expected)
    await _show(context, place, (4_000, reference))
    rest = vietqr.encode(
        bank_bin=BANK, account_number="1132900001", amount_minor=6_000, purpose=reference
    )
    assert (await client.get(f"{path}/qr.png")).content == draw_qr_png(rest)


async def test_a_paid_or_withdrawn_request_has_no_qr_code(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    paid, reference = await _ask(context, place, 1)
    withdrawn, _ = await _ask(context, place, 2)
    await _show(context, place, (10_000, reference))
    async with context.database.transaction() as connection:
        row = await connection.exec_driver_sql(
            "SELECT request_id FROM payment_request WHERE dossier_code = 'H24.11-0002'"
        )
        await cancel_request(connection, row.scalar_one(), "rút", context.clock())
    for path in (paid, withdrawn):
        assert (await client.get(f"{path}/qr.png")).status_code == 409
        words = await _text(client, path)
        assert "Không còn khoản nào phải nộp" in words
        assert "VNPAY" not in words
    assert "Đã hủy" in await _text(client, withdrawn)
    refused = await client.post(f"{paid}/checkout/vnpay")
    assert refused.status_code == 409
    assert "Không còn gì phải nộp" in refused.text


async def test_goes_to_the_gateway_and_believes_nothing_it_brings_back(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    path, _ = await _ask(context, place)
    answer = await client.post(f"{path}/checkout/vnpay")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(CHECKOUT_URL)
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    forged = f"{path}?from=vnpay&vnp_ResponseCode=00&vnp_Amount=1000000&vnp_TransactionStatus=00"
    words = await _text(client, forged)
    assert "Bạn vừa quay lại từ cổng thanh toán" in words
    assert "Chưa có xác nhận" in words
    assert "Đã nộp" not in words
    ipn = vnpay_ipn(place.gateway, asked["vnp_TxnRef"][0], 10_000, "14001", MONDAY)
    await deliver(context, place.gateway, ipn)
    words = await _text(client, forged)
    assert "Đã nộp" in words
    assert "Bạn vừa quay lại" not in words


async def test_the_gateway_may_be_reached_by_our_form_only(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    path, _ = await _ask(context, place)
    policy = (await client.get(path)).headers["content-security-policy"]
    assert "form-action 'self' https://gateway.test;" in policy
    assert "unsafe" not in policy
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.test"}):
        assert (await client.post(f"{path}/checkout/vnpay", headers=headers)).status_code == 403


async def test_a_unit_without_a_gateway_offers_none(
    context: Context, client: httpx.AsyncClient
) -> None:
    await open_account(context, *await add_officers(context))
    client_id, _ = await issue_client(context)
    asked = await ask_payment(context, client_id)
    path = urlsplit(asked["links"]["pay"]).path
    assert "VNPAY" not in await _text(client, path)
    assert (await client.post(f"{path}/checkout/vnpay")).status_code == 404


async def test_the_four_lights_follow_a_notice_to_the_bank(
    context: Context, client: httpx.AsyncClient, place: Place, clock: MovableClock
) -> None:
    path, reference = await _ask(context, place)
    notice = bank_notice(place.bank.opened, reference, 10_000, "FT0", MONDAY)
    await deliver(context, place.bank.opened, notice)
    words = await _text(client, path)
    assert "Ngân hàng/cổng báo đã nộp Xong 10.000 đồng 09:00 ngày 23/11/2026" in words
    assert "Tiền đã vào tài khoản thu Đang chờ" in words
    clock.advance(days=1)
    await _show(context, place, (10_000, "x"))
    words = await _text(client, path)
    assert "Tiền đã vào tài khoản thu Xong 10.000 đồng 23/11/2026" in words
    assert "Đã thu" in words


async def test_short_and_doubled_payments_say_what_happens_next(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    short, first = await _ask(context, place, 1)
    doubled, second = await _ask(context, place, 2)
    over, third = await _ask(context, place, 3)
    await _show(
        context,
        place,
        (4_000, first),
        (10_000, second),
        (10_000, f"{second} lan 2"),
        (15_000, third),
    )
    assert "Còn thiếu 6.000 đồng" in await _text(client, short)
    assert "4.000 đồng trong 10.000 đồng" in await _text(client, short)
    assert "nộp nhiều hơn một lần; thừa 10.000 đồng" in await _text(client, doubled)
    assert "Thừa 5.000 đồng" in await _text(client, over)


async def test_an_expired_request_can_still_be_paid_late(
    context: Context, client: httpx.AsyncClient, place: Place, clock: MovableClock
) -> None:
    path, reference = await _ask(context, place, expires_in_days=0)
    clock.advance(days=1)
    assert "Quá hạn nộp" in await _text(client, path)
    tuesday = MONDAY + timedelta(days=1)
    notice = bank_notice(place.bank.opened, reference, 10_000, "FT0", tuesday)
    await deliver(context, place.bank.opened, notice)
    assert "Nộp muộn" in await _text(client, path)


async def test_follows_the_payment_by_fragments_that_change_only_with_it(
    context: Context, client: httpx.AsyncClient, place: Place
) -> None:
    path, reference = await _ask(context, place)
    whole_page = (await client.get(path)).text
    assert f'data-follow="{path}/status"' in whole_page
    assert '<noscript><meta http-equiv="refresh" content="15;' in whole_page
    assert 'aria-live="polite"' in whole_page
    first = await client.get(f"{path}/status")
    same = await client.get(f"{path}/status", headers={"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await _show(context, place, (10_000, reference))
    after = await client.get(f"{path}/status", headers={"if-none-match": first.headers["etag"]})
    assert after.status_code == 200
    assert 'data-finished="yes"' in after.text
    assert "<html" not in after.text
    assert "http-equiv" not in (await client.get(path)).text


@pytest.mark.parametrize("token", ["A" * 22, "short", "A" * 200, "..%2f..", "a%00b"])
@pytest.mark.parametrize("end", ["", "/status", "/qr.png"])
async def test_every_wrong_token_gets_the_same_page(
    client: httpx.AsyncClient, token: str, end: str
) -> None:
    known = await client.get(f"/pay/{'B' * 22}")
    answer = await client.get(f"/pay/{token}{end}", headers={"accept": "text/html"})
    assert answer.status_code == known.status_code == 404
    if token.isalnum():
        assert answer.text.replace(f"{token}{end}", "") == known.text.replace("B" * 22, "")


async def test_scripts_and_styles_are_our_own_files(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/pay/{'A' * 22}")
    assert not re.search(r"<(script|style)[^>]*>[^<]+</", answer.text)
    assert not re.search(r"\son[a-z]+=|style=", answer.text)
    assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text)
    assert len(assets) == 3
    for asset in assets:
        assert (await client.get(asset)).status_code == 200
    assert (await client.get("/static/../pages.py")).status_code == 404
    assert (await client.get("/static/unknown.css")).status_code == 404
