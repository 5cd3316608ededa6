"""The queue of breaks: overdue first, its filters and pages, and figures that lead to it."""

import html
import re
from datetime import UTC, date, datetime, time

import httpx
import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.domain.calendar import VIETNAM
from payment_service.nightly import run_night
from payment_service.web.staff import break_queue
from payment_service.web.staff.break_queue import Wanted
from tests.payment_service.use_cases.days import line
from tests.payment_service.web.staff.browser import words
from tests.payment_service.web.staff.clearing import unexplained
from tests.payment_service.web.staff.test_books import MONDAY, Office, office
from tests.postgres import MovableClock

__all__ = ["office"]
pytestmark = pytest.mark.anyio
FRIDAY = date(2026, 11, 27)
_ROW = re.compile(r'<th scope="row"><a href="/staff/breaks/[^"]+">([A-Z_]+)</a>')
_FIGURE = re.compile(r'<a href="(/staff/breaks\?[^"]+)">([0-9]+)</a>')
_BREAK = re.compile(r'href="(/staff/breaks/[0-9a-f-]+)"')
_MORE = re.compile(r'<a class="button" href="(/staff/breaks\?[^"]+)"')


def codes(answer: httpx.Response) -> list[str]:
    """Return the codes of the queue, row by row."""
    return _ROW.findall(answer.text)


async def _morning(office: Office, clock: MovableClock, day: date) -> None:
    """Let both officers come to work."""
    clock.now = datetime.combine(day, time(9), VIETNAM).astimezone(UTC)
    for browser, name in ((office.lan, "lan"), (office.minh, "minh")):
        await browser.log_in(name)


async def _two_weeks(context: Context, office: Office, clock: MovableClock) -> None:
    """Leave a line of Monday, three of Friday, and a statement that nobody confirms."""
    await _morning(office, clock, MONDAY)
    await unexplained(context, office, 20_000)
    await _morning(office, clock, FRIDAY)
    path = await office.bring(
        *(line(1_000 * n, f"khong ro {n}", FRIDAY, reference=f"FT{n}") for n in (2, 3, 4))
    )
    figures = {"closing_balance": str(office.bank.balance_minor), "line_count": "3"}
    assert (await office.minh.post(f"{path}/confirmation", **figures)).status_code == 303
    await run_night(context, FRIDAY)
    await office.bring(line(5_000, "khong ro", FRIDAY, reference="FT5"))


async def test_what_is_overdue_stands_first(
    context: Context, office: Office, clock: MovableClock
) -> None:
    await _two_weeks(context, office, clock)
    # 24 November is a holiday: Monday's line may wait until 1 December, the statement one day.
    await _morning(office, clock, date(2026, 12, 1))
    listed = await office.lan.get("/staff/breaks")
    assert codes(listed) == ["NOT_CONFIRMED"] + ["NO_REFERENCE"] * 4
    assert "Đang mở: 5. Quá hạn: 1." in words(listed)
    assert "NOT_CONFIRMED Sao kê chờ xác nhận Cần xử lý 30/11/2026 Quá hạn" in words(listed)
    line = "NO_REFERENCE Không có mã nộp tiền Cần xử lý 01/12/2026 Tuổi (ngày làm việc): 5 Dòng"
    assert line in words(listed)
    await _morning(office, clock, date(2026, 12, 2))
    assert "Đang mở: 5. Quá hạn: 2." in words(await office.lan.get("/staff/breaks"))
    figures = (await office.lan.get("/metrics")).text
    assert 'payment_service_open_breaks{age="2–5",code="NO_REFERENCE"} 3.0' in figures
    assert 'payment_service_open_breaks{age="6–20",code="NO_REFERENCE"} 1.0' in figures
    assert 'payment_service_overdue_breaks{code="NO_REFERENCE"} 1.0' in figures
    async with context.database.transaction() as connection:
        await connection.execute(
            text("INSERT INTO calendar_day VALUES ('2026-12-02', 'holiday', 'Bão', 'công điện')")
        )
    # A day off decreed afterwards takes the alarm back: nothing of it was stored.
    assert "Đang mở: 5. Quá hạn: 1." in words(await office.lan.get("/staff/breaks"))


async def test_every_figure_opens_its_list_and_filters_narrow_it(
    context: Context, office: Office, clock: MovableClock
) -> None:
    await _two_weeks(context, office, clock)
    await _morning(office, clock, date(2026, 12, 2))
    for page in ("/staff", "/staff/breaks", "/staff/breaks?owner=accountant&severity=warning"):
        figures = _FIGURE.findall((await office.lan.get(page)).text)
        assert len(figures) >= 4
        for address, number in figures:
            assert len(codes(await office.lan.get(html.unescape(address)))) == int(number), address
    both = words(await office.lan.get("/staff"))
    assert "NO_REFERENCE Không có mã nộp tiền 1 20.000 đồng – 3 9.000 đồng 1 20.000 đồng" in both
    # The sum of a statement is for a second person to read off the bank's own screen.
    assert "NOT_CONFIRMED Sao kê chờ xác nhận 1 – 1 – – – 1 NO_REFERENCE" in both
    assert "Tổng cộng 2 20.000 đồng" in both
    for filters, expected in (
        ("owner=chief_accountant", ["NOT_CONFIRMED"]),
        ("owner=operator", []),
        ("severity=error", []),
        ("overdue=1", ["NOT_CONFIRMED", "NO_REFERENCE"]),
        ("code=NO_REFERENCE&age=1", ["NO_REFERENCE"] * 3),
        ("age=1&overdue=1&owner=accountant", []),
        ("unit=00000", []),
        ("code=NOBODY", []),
        ("age=x", []),
        ("overdue=0", ["NOT_CONFIRMED"] + ["NO_REFERENCE"] * 4),
    ):
        answer = await office.lan.get(f"/staff/breaks?{filters}")
        assert codes(answer) == expected, filters
        assert ("không có chênh lệch nào đúng" in words(answer).lower()) is not bool(expected)


async def test_pages_continue_where_the_last_ended(
    context: Context, office: Office, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _two_weeks(context, office, clock)
    await _morning(office, clock, date(2026, 12, 2))
    whole = _BREAK.findall((await office.lan.get("/staff/breaks")).text)
    monkeypatch.setattr(break_queue, "BREAKS_A_PAGE", 2)
    seen, address = [], "/staff/breaks?severity=warning"
    while address:
        answer = await office.lan.get(address)
        assert "Đang mở: 5. Quá hạn: 2." in words(answer)
        seen += _BREAK.findall(answer.text)
        address = html.unescape("".join(_MORE.findall(answer.text)[:1]))
    assert seen == whole
    for name in Wanted.__dataclass_fields__:
        assert (await office.lan.get(f"/staff/breaks?{name}=%00")).status_code == 404
    for wrong in ("2026-12-01", "2026-13-01." + whole[0][-36:], "2026-12-01.x", "x." + whole[0]):
        assert (await office.lan.get(f"/staff/breaks?after={wrong}")).status_code == 404
