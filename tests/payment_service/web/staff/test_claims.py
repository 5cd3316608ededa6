"""An officer pairs a claim with the line that settles it, at either page, or writes it off."""

import re

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.context import Context
from payment_service.nightly import run_night
from tests.payment_service.use_cases.days import broken, line
from tests.payment_service.web.staff.browser import words
from tests.payment_service.web.staff.clearing import ask_for, decide, hidden, undoings
from tests.payment_service.web.staff.test_books import MONDAY, Office, office
from tests.payment_service.web.staff.test_report_breaks import bring_report

__all__ = ["office"]
pytestmark = pytest.mark.anyio
_CHOICE = re.compile(r'name="opposite" value="([^"]+)"')


async def _claim_and_lines(context: Context, office: Office) -> tuple[str, str]:
    """Let a report keep 300 đồng and 500 come; return the pages of the claim and of the credit."""
    await bring_report(context, office, "LO1", 1)
    lines = (
        line(500, "VNPAY tra lai", MONDAY, reference="FT1"),
        line(300, "phi", MONDAY, reference="FT2", direction=Direction.DEBIT),
    )
    path = await office.bring(*lines)
    figures = {"closing_balance": "200", "line_count": "2"}
    assert (await office.minh.post(f"{path}/confirmation", **figures)).status_code == 303
    await run_night(context, MONDAY)
    claim = await office.first("/staff/breaks?code=REPORT_ADJUSTMENT")
    return claim, await office.first("/staff/breaks?code=NO_REFERENCE")


@pytest.mark.parametrize("side", [0, 1])
async def test_a_claim_is_paired_at_either_page_and_taken_apart(
    context: Context, office: Office, side: int
) -> None:
    paths = await _claim_and_lines(context, office)
    address = f"{paths[side]}/settle_item"
    page = await office.lan.get(address)
    choices = _CHOICE.findall(page.text)
    # A claim of ours is settled by the credit alone; the credit may be payout or claim.
    assert len(choices) == (1 if side == 0 else 2)
    form = {**hidden(page), "reason": "bank_advice", "opposite": choices[0]}
    for wrong, sentence in (
        ({"opposite": "x"}, "Hãy chọn một dòng hoặc khoản"),
        ({"opposite": choices[0].replace(":", ":9")}, "Có thay đổi từ lúc xem"),
        ({"reason": "nobody_found"}, "Hãy chọn một lý do"),
    ):
        assert sentence in words(await office.lan.post(address, **form | wrong, step="preview"))
    looked = words(await office.lan.post(address, **form, step="preview"))
    assert "Phải thu cổng thanh toán 300 đồng" in looked
    assert (await ask_for(office.lan, address, form)).status_code == 303
    approvals = words(await office.minh.get("/staff/approvals"))
    assert "300 đồng của dòng ngày 23/11/2026 → Khoản chưa thống nhất với cổng 91" in approvals
    assert (await decide(office.minh, "approve")).status_code == 303
    rest = await office.first("/staff/breaks?code=NO_REFERENCE")
    assert "200 đồng" in words(await office.lan.get(rest))
    assert await broken(context) == {}
    closed = await office.lan.get(paths[0])
    assert "đã xử lý, hai người duyệt" in words(closed)
    [undoing] = undoings(closed)
    assert (await ask_for(office.lan, undoing, {"reason": "wrong_act"})).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    assert await office.first("/staff/breaks?code=REPORT_ADJUSTMENT") != paths[0]
    assert await broken(context) == {}


async def test_a_claim_is_written_off_in_english(context: Context, office: Office) -> None:
    claim, _ = await _claim_and_lines(context, office)
    address = f"{claim}/write_off"
    page = await office.lan.get(f"{address}?lang=en")
    assert "Write a small amount off" in words(page)
    form = {**hidden(page), "reason": "not_to_be_had"}
    looked = words(await office.lan.post(address, **form, step="preview"))
    assert "Chi phí đơn vị phải bù 300 đồng" in looked
    assert (await ask_for(office.lan, address, form)).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    assert undoings(await office.lan.get(claim))
    assert await broken(context) == {}
