"""Citizens and officers at their pages: a real browser, a real server, a real database."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from bank_adapters.contract import Algorithm
from payment_service.context import Context
from payment_service.db import accounts
from payment_service.domain.calendar import business_date
from payment_service.nightly import run_night
from payment_service.settings import Settings
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.builders import (
    CHECKOUT_URL,
    PASSWORD,
    Opened,
    add_officers,
    ask_payment,
    issue_client,
    open_account,
    open_endpoint,
)
from tests.payment_service.use_cases.days import Bank, bank_notice, deliver, line, vnpay_ipn
from tests.stories.browser import FAULTS, chromium, house, served, window

__all__ = ["chromium", "house", "served"]
pytestmark = [pytest.mark.anyio, pytest.mark.slow]


class Town:
    """One unit that collects, with its bank and gateway, and four payments asked for."""

    def __init__(self, today: date, bank: Bank, gateway: Opened, asked: list[Any]) -> None:
        self.today = today
        self.bank = bank
        self.gateway = gateway
        self.paths = [urlsplit(each["links"]["pay"]).path for each in asked]
        self.references = [str(each["reference"]) for each in asked]


@pytest.fixture
async def town(house: Context) -> Town:
    today = business_date(house.clock(), None)
    account_id = await open_account(house, *await add_officers(house), opening_on=today)
    bank = Bank(opened=await open_endpoint(house, account_id, "rsabank"), last_on=today)
    gateway = await open_endpoint(house, account_id, "vnpay")
    client_id, _ = await issue_client(house)
    asked = [await ask_payment(house, client_id, dossier_code=f"H24.11-{n:04d}") for n in range(4)]
    return Town(today, bank, gateway, asked)


async def _tell(house: Context, town: Town, number: int) -> None:
    """Let the bank tell of the whole amount of one request."""
    opened = town.bank.opened
    notice = bank_notice(opened, town.references[number], 10_000, f"FT{number}", town.today)
    await deliver(house, opened, notice)


async def test_the_page_follows_a_payment_without_reloading(
    served: Settings, house: Context, town: Town, chromium: Browser
) -> None:
    async with window(chromium, served) as page:
        await page.goto(town.paths[0])
        await expect(page.get_by_text("Chờ nộp")).to_be_visible()
        await expect(page.get_by_role("img", name=re.compile("VietQR"))).to_be_visible()
        assert await page.evaluate("document.querySelector('.qr').naturalWidth") > 200
        await page.evaluate("window.isSamePage = true")
        await _tell(house, town, 0)
        await expect(page.get_by_text("Đã nộp", exact=True)).to_be_visible(timeout=10_000)
        await expect(page.locator(".qr")).to_have_count(0)
        await expect(page).to_have_title(re.compile("^Đã nộp: 10.000 đồng"))
        assert await page.evaluate("window.isSamePage") is True
        assert await page.evaluate(FAULTS) == []


async def test_without_scripts_the_page_follows_too(
    served: Settings, house: Context, town: Town, chromium: Browser
) -> None:
    async with window(chromium, served, java_script_enabled=False) as page:
        await page.goto(f"{town.paths[0]}?lang=en")
        await expect(page.get_by_text(town.references[0])).to_be_visible()
        await expect(page.get_by_role("button", name="Copy")).to_have_count(0)
        await _tell(house, town, 0)
        await expect(page.get_by_text("There is nothing more to do")).to_be_visible(timeout=25_000)


async def test_copies_what_has_to_be_typed(served: Settings, town: Town, chromium: Browser) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    async with window(chromium, served, permissions=permissions) as page:
        await page.goto(town.paths[0])
        for name, value in (
            ("Nội dung chuyển khoản", town.references[0]),
            ("Số tiền", "10000"),
            ("Số tài khoản", town.bank.opened.account_number),
        ):
            await page.get_by_role("button", name=f"Chép {name}").click()
            assert await page.evaluate("navigator.clipboard.readText()") == value


async def test_an_order_to_transfer_is_shown_until_it_is_paid(
    served: Settings, house: Context, town: Town, chromium: Browser
) -> None:
    opened = town.bank.opened
    async with house.database.read_only() as connection:
        [account] = await accounts.list_accounts(connection)
    await register_endpoint(
        house,
        NewEndpoint(
            channel="sepay",
            account_id=account.account_id,
            merchant=opened.account_number,
            algorithm=Algorithm.HMAC_SHA256_HEX,
            material=b"a-secret-of-sixteen-or-more:an-api-token-of-theirs",
            checkout_base_url="https://sepay.test",
        ),
    )
    async with window(chromium, served) as page:
        await page.goto(town.paths[0])
        await page.get_by_role("button", name="Thanh toán qua SePay").click()
        code = page.get_by_role("img", name="Mã QR của SePay để chuyển 10.000 đồng")
        await expect(code).to_be_visible()
        assert await page.evaluate("document.querySelector('.qr svg').clientWidth") > 200
        await page.reload()
        await expect(code).to_be_visible()
        for name, value in (("Số tài khoản", opened.account_number), ("Số tiền", "10.000 đồng")):
            await expect(page.get_by_role("button", name=f"Chép {name}")).to_be_visible()
            await expect(page.locator("#transfer").get_by_text(value).last).to_be_visible()
        assert await page.evaluate(FAULTS) == []
        await page.go_back()
        await page.get_by_role("button", name="Thanh toán qua SePay").click()
        await expect(code).to_be_visible()
        async with house.database.read_only() as connection:
            rows = await connection.exec_driver_sql("SELECT count(*) FROM attempt")
            assert rows.scalar_one() == 1, "loaded again or gone back to, it is the same order"
        await page.wait_for_timeout(4_000)
        await expect(code).to_be_visible()
        await _tell(house, town, 0)
        await expect(page.get_by_text("Đã nộp", exact=True)).to_be_visible(timeout=10_000)
        await expect(code).to_have_count(0)


async def test_pays_at_the_gateway_and_believes_only_its_notice(
    served: Settings, house: Context, town: Town, chromium: Browser
) -> None:
    async with window(chromium, served) as page:
        await page.goto(town.paths[0])
        async with page.expect_request(f"{CHECKOUT_URL}**") as going:
            await page.get_by_role("button", name="Thanh toán qua VNPAY").click()
        [reference] = re.findall(r"vnp_TxnRef=(\w+)", (await going.value).url)
        # The gateway of the test does not exist: the browser shows its own page for that.
        await page.wait_for_url("chrome-error://**")
        await page.goto(f"{town.paths[0]}?from=vnpay&vnp_ResponseCode=00&vnp_TransactionStatus=00")
        await expect(page.get_by_text("Bạn vừa quay lại từ cổng thanh toán")).to_be_visible()
        await expect(page.get_by_text("Chưa có xác nhận", exact=True)).to_be_visible()
        assert urlsplit(page.url).query == ""
        ipn = vnpay_ipn(town.gateway, reference, 10_000, "14001", town.today)
        await deliver(house, town.gateway, ipn)
        await expect(page.get_by_text("Đã nộp", exact=True)).to_be_visible(timeout=10_000)
        await expect(page.get_by_text("Bạn vừa quay lại từ cổng thanh toán")).to_have_count(0)


async def _log_in(page: Page, username: str) -> None:
    await page.goto("/staff")
    await page.get_by_label("Tên đăng nhập").fill(username)
    await page.get_by_label("Mật khẩu").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("heading", name="Các đêm đối soát")).to_be_visible()


@pytest.mark.usefixtures("town")
async def test_two_officers_open_an_account(served: Settings, chromium: Browser) -> None:
    async with window(chromium, served, width=1280) as lan:
        await _log_in(lan, "lan")
        await lan.get_by_role("link", name="Tài khoản thu").click()
        await lan.get_by_label("Đơn vị", exact=True).select_option("11359")
        await lan.get_by_label("Ngân hàng", exact=True).select_option("970436")
        await lan.get_by_label("Số tài khoản", exact=True).fill("0031000123456")
        await lan.get_by_label("Chủ tài khoản").fill("UBND PHUONG")
        await lan.get_by_label("Số quyết định").fill("45/QĐ-UBND")
        await lan.get_by_label("Số dư đầu (").fill("1.000")
        await lan.get_by_label("Ngày của số dư đầu").fill("2026-11-20")
        await lan.get_by_role("button", name="Gửi đề nghị").click()
        await expect(lan.get_by_role("alert")).to_contain_text("chỉ gồm các chữ số")
        await lan.get_by_label("Số dư đầu (").fill("1000")
        await lan.get_by_role("button", name="Gửi đề nghị").click()
        await expect(lan.get_by_role("status")).to_contain_text("chờ người khác duyệt")
        async with window(chromium, served, width=1280) as minh:
            await _log_in(minh, "minh")
            await minh.get_by_role("link", name="Chờ duyệt").click()
            await minh.get_by_role("button", name="Duyệt", exact=True).click()
            await expect(minh.get_by_role("status")).to_contain_text("Đã duyệt")
        await lan.reload()
        await expect(lan.get_by_role("row", name="0031000123456")).to_contain_text("Đang thu")


async def _book(house: Context, town: Town) -> None:
    """Show a short, a doubled and an unexplained payment on the bank's statement."""
    lines = [
        line(4_000, town.references[1], town.today, reference="A1"),
        line(10_000, town.references[2], town.today, reference="A2"),
        line(10_000, f"{town.references[2]} lan 2", town.today, reference="A3"),
        line(20_000, "NGUYEN VAN B chuyen tien", town.today, reference="A4"),
    ]
    content, signature = town.bank.statement(town.today, lines)
    delivered = DeliveredFile(name="saoke.sta", content=content, signature=signature)
    await import_statement(house, delivered)
    await run_night(house, town.today)


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (360, "en"), (1280, "vi")])
async def test_every_page_can_be_read_by_everybody(
    served: Settings, house: Context, town: Town, chromium: Browser, width: int, language: str
) -> None:
    await _book(house, town)
    query = "?lang=en" if language == "en" else ""
    async with window(chromium, served, width=width) as page:
        await page.goto(f"/staff/login{query}")
        assert await page.evaluate(FAULTS) == []
        await _log_in(page, "minh")
        addresses = [
            *town.paths,
            "/staff",
            f"/staff/nights/{town.today}",
            "/staff/breaks",
            "/staff/statements",
            "/staff/accounts",
            "/staff/approvals",
            *(f"/staff/explanations/{reference}" for reference in town.references),
        ]
        for listing in ("/staff/breaks", "/staff/statements"):
            await page.goto(listing)
            links = await page.locator("tbody th a").all()
            addresses += [str(await link.get_attribute("href")) for link in links]
        await page.goto(addresses[-1])
        first_line = page.locator("tbody th a").first
        addresses.append(str(await first_line.get_attribute("href")))
        for address in addresses:
            answer = await page.goto(f"{address}{query}")
            assert answer is not None
            assert answer.status == 200
            assert await page.evaluate("document.documentElement.lang") == language
            assert await page.evaluate(FAULTS) == [], address
