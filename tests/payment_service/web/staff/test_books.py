"""Statements, nights, lines and breaks at the pages, over a real day of money."""

import re
from datetime import date
from uuid import UUID

import httpx
import pytest

from bank_adapters.vocabulary import StatementLine
from payment_service.context import Context
from payment_service.nightly import run_night
from tests.builders import (
    Opened,
    add_officers,
    ask_payment,
    issue_client,
    open_account,
    open_endpoint,
)
from tests.payment_service.use_cases.days import Bank, deliver, line, vnpay_ipn
from tests.payment_service.web.staff.browser import Browser, logged_in, words

pytestmark = pytest.mark.anyio
MONDAY = date(2026, 11, 23)


class Office:
    """Two officers at their pages, over one unit with a bank and a gateway."""

    def __init__(self, lan: Browser, minh: Browser, bank: Bank, client_id: UUID) -> None:
        self.lan = lan
        self.minh = minh
        self.bank = bank
        self.client_id = client_id
        self.gateway: Opened | None = None

    async def bring(self, *lines: StatementLine) -> str:
        """Let Lan bring the next statement; return the address of its page."""
        content, _ = self.bank.statement(MONDAY, list(lines))
        answer = await self.lan.bring(("saoke.sta", content))
        assert answer.headers.get("location") == "/staff/statements?done=uploaded", answer.text
        return await self.first("/staff/statements")

    async def first(self, path: str, number: int = 0) -> str:
        """Return the address that a row of a list leads to."""
        page = (await self.minh.get(path)).text
        return str(re.findall(r'<th scope="row"[^>]*><a href="([^"]+)"', page)[number])


@pytest.fixture
async def office(context: Context, client: httpx.AsyncClient) -> Office:
    account_id = await open_account(context, *await add_officers(context))
    bank = Bank(opened=await open_endpoint(context, account_id, "rsabank"))
    client_id, _ = await issue_client(context)
    lan, minh = await logged_in(client, "lan"), await logged_in(client, "minh")
    office = Office(lan, minh, bank, client_id)
    office.gateway = await open_endpoint(context, account_id, "vnpay")
    return office


async def test_an_unsigned_statement_waits_for_a_second_person(office: Office) -> None:
    path = await office.bring(line(20_000, "NGUYEN VAN B", MONDAY, reference="FT1"))
    for page in (await office.minh.get(path), await office.minh.get("/staff/statements")):
        assert "Chờ xác nhận" in words(page)
        assert "20.000" not in words(page)
    assert "cần người thứ hai xác nhận" in words(await office.lan.get(path))
    figures = {"closing_balance": "20000", "line_count": "1"}
    own = await office.lan.post(f"{path}/confirmation", **figures)
    assert own.status_code == 403
    assert "Sao kê vẫn chờ người thứ hai" in words(own)
    for wrong in (
        {"closing_balance": "20001"},
        {"line_count": "2"},
        {"closing_balance": "20.000"},
        {"line_count": "một"},
    ):
        refused = await office.minh.post(f"{path}/confirmation", **figures | wrong)
        assert refused.status_code == 422
        assert "Chờ xác nhận" in words(refused)
    answer = await office.minh.post(f"{path}/confirmation", **figures)
    assert answer.headers["location"] == f"{path}?done=confirmed"
    booked = words(await office.lan.get(path))
    assert "Đã ghi sổ" in booked
    assert "Trần Văn Minh" in booked
    again = await office.minh.post(f"{path}/confirmation", **figures)
    assert again.status_code == 409


async def test_files_are_taken_one_by_one_and_refused_by_name(office: Office) -> None:
    content, _ = office.bank.statement(MONDAY, [line(20_000, "x", MONDAY, reference="FT1")])
    answer = await office.lan.bring(("../../tot.sta", content), ("<hong>.sta", b":20:nothing"))
    assert answer.status_code == 422
    page = words(answer)
    assert "tot.sta Đã nhận" in page
    assert "../" not in page
    assert "&lt;hong&gt;.sta Không thực hiện được" in page
    assert "không có gì được ghi sổ" in page
    none = await office.lan.post("/staff/statements")
    assert none.status_code == 422
    assert "chọn ít nhất một tệp" in words(none)


async def test_a_body_beyond_the_limit_is_refused(office: Office) -> None:
    headers = {
        "cookie": office.lan.cookie,
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(60 * 1024 * 1024),
    }
    answer = await office.lan.client.post("/staff/statements", content=b"a=1", headers=headers)
    assert answer.status_code == 413
    assert "quá lớn" in words(answer)


async def test_a_held_back_statement_says_why(office: Office) -> None:
    office.bank.balance_minor = 777
    path = await office.bring(line(20_000, "x", MONDAY, reference="FT1"))
    page = words(await office.minh.get(path))
    assert "Bị giữ lại" in page
    assert "thiếu sao kê ở giữa" in page
    assert (await office.minh.get(f"{path}?lang=en")).text.count("a statement is missing") == 1


async def _a_night(context: Context, office: Office) -> dict[str, str]:
    """Book a day with a match, a surplus and an unexplained line; return their references."""
    asked = [
        (await ask_payment(context, office.client_id, dossier_code=f"H24.11-{n}"))["reference"]
        for n in (1001, 1002)
    ]
    path = await office.bring(
        line(10_000, asked[0], MONDAY, reference="FT1"),
        line(15_000, asked[1], MONDAY, reference="FT2"),
        line(10_000, "HPF khong ro", MONDAY, reference="FT3"),
    )
    figures = {"closing_balance": "35000", "line_count": "3"}
    await office.minh.post(f"{path}/confirmation", **figures)
    await run_night(context, MONDAY)
    return {"statement": path, "matched": asked[0], "surplus": asked[1]}


async def test_a_night_shows_totals_that_add_up(context: Context, office: Office) -> None:
    await _a_night(context, office)
    listed = words(await office.lan.get("/staff"))
    assert "23/11/2026 09:30 ngày 23/11/2026 3 2 1 2" in listed
    night = words(await office.lan.get("/staff/nights/2026-11-23"))
    assert "Phường Ngô Quyền 3 35.000 đồng 2 25.000 đồng 1 10.000 đồng Khớp" in night
    assert "Mã trong nội dung Đã khớp 1 10.000 đồng" in night
    assert "Quy tắc sổ sách bị vi phạm Không có" in night
    for wrong in ("2026-11-24", "yesterday", "2026-13-01"):
        assert (await office.lan.get(f"/staff/nights/{wrong}")).status_code == 404


async def test_a_line_says_why_it_was_matched(context: Context, office: Office) -> None:
    found = await _a_night(context, office)
    page = words(await office.lan.get(await office.first(found["statement"])))
    assert f"Nội dung có mã nộp tiền {found['matched']} đúng ký tự kiểm tra" in page
    assert "Mã giao dịch của ngân hàng FT1" in page
    assert "Đêm đối soát 23/11/2026" in page
    english = await office.lan.get(await office.first(found["statement"]) + "?lang=en")
    assert "with a correct check symbol" in english.text


async def test_a_break_shows_the_line_and_the_nearest_miss_in_both_languages(
    context: Context, office: Office
) -> None:
    await _a_night(context, office)
    listed = words(await office.lan.get("/staff/breaks?code=NO_REFERENCE"))
    assert "không có mã nộp tiền. 10.000 đồng Phường Ngô Quyền Kế toán đơn vị" in listed
    assert "01/12/2026 Tuổi (ngày làm việc): 0 Dòng" in listed
    page = words(await office.lan.get(await office.first("/staff/breaks?code=NO_REFERENCE")))
    for expected in (
        "Dòng 10.000 VND ngày 23/11/2026 không có mã nộp tiền.",
        "The line of 10,000 VND on 23 Nov 2026 has no payment reference.",
        "Nội dung HPF khong ro",
        "Mã giao dịch của ngân hàng FT3",
        "Hỏi người nộp.",
        "Hạn xử lý 01/12/2026 Tuổi (ngày làm việc) 0",
        "Quy tắc cho phép khớp tay; hoàn trả; hỏi người nộp; chuyển cho đúng đơn vị; ghi phí hoặc",
    ):
        assert expected in page


async def test_breaks_are_filtered_by_code_and_unit(context: Context, office: Office) -> None:
    await _a_night(context, office)
    for query, count in (
        ("", 2),
        ("?code=OVERPAID", 1),
        ("?unit=11329", 2),
        ("?unit=11359", 0),
        ("?code=GAP&unit=11329", 0),
        ("?code='--", 0),
    ):
        page = await office.lan.get(f"/staff/breaks{query}")
        assert len(re.findall(r'href="/staff/breaks/[0-9a-f-]{36}"', page.text)) == count, query
    first = (await office.first("/staff/breaks")).rsplit("/", 1)[1]
    page = await office.lan.get(f"/staff/breaks?after=2026-12-01.{first}")
    assert len(re.findall(r'href="/staff/breaks/[0-9a-f-]{36}"', page.text)) == 1
    assert (await office.lan.get("/staff/breaks?after=x")).status_code == 404


async def test_a_message_is_shown_as_it_came(context: Context, office: Office) -> None:
    assert office.gateway
    ipn = vnpay_ipn(office.gateway, "KHONGCO1", 10_000, "14001", MONDAY, code="<b>")
    await deliver(context, office.gateway, ipn)
    page = await office.lan.get(await office.first("/staff/breaks"))
    assert "vnp_TxnRef=KHONGCO1" in page.text
    assert "<b>" not in page.text


async def test_what_does_not_exist_is_a_page(office: Office) -> None:
    unknown = "0192f0c4-0000-7000-8000-000000000000"
    for path in (f"/staff/breaks/{unknown}", f"/staff/lines/{unknown}", "/staff/lines/1"):
        answer = await office.lan.get(path)
        assert answer.status_code == 404
        assert "Không có bản ghi này" in words(answer)
    answer = await office.lan.post(f"/staff/breaks/{unknown}/refund", reason="paid_twice")
    assert answer.status_code == 404
