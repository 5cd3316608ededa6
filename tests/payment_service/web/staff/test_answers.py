"""An officer closes a break with a gateway's answer at the pages; another decides; and back."""

import re

import pytest

from payment_service.context import Context
from tests.payment_service.web.staff.browser import add_auditor, logged_in, words
from tests.payment_service.web.staff.clearing import ask_for, decide, hidden
from tests.payment_service.web.staff.test_books import Office, office
from tests.payment_service.web.staff.test_report_breaks import bring_report

__all__ = ["office"]
pytestmark = pytest.mark.anyio
NOTE = "Công văn 12/VNPAY ngày 24/11/2026, bà Hoa"


async def test_money_without_a_notice_is_answered_and_opened_again(
    context: Context, office: Office
) -> None:
    await bring_report(context, office, "LO1", 1)
    path = await office.first("/staff/breaks?code=REPORTED_NO_NOTICE")
    shown = words(await office.lan.get(path))
    assert "đóng khi đã có trả lời" in shown
    assert "Đóng chênh lệch, đã có trả lời" in shown
    form_page = await office.lan.get(f"{path}/answer")
    assert "Báo cáo đối soát có giao dịch 71, 10.000 VND, chưa từng được thông báo." in words(
        form_page
    )
    assert re.findall(r'<option value="(\w+)"', form_page.text) == ["sender_confirmed"]
    form = {**hidden(form_page), "reason": "sender_confirmed", "note": NOTE}
    for wrong, sentence in (
        ({"note": ""}, "Hãy ghi ai trả lời"),
        ({"reason": "contract_corrected"}, "Hãy chọn một lý do"),
        ({"reason": "bank_advice"}, "Hãy chọn một lý do"),
        ({"amount": "9999"}, "Có thay đổi từ lúc xem"),
        ({"amount": "-1"}, "Tổng số tiền phải lớn hơn 0"),
    ):
        refused = await office.lan.post(f"{path}/answer", **form | wrong, step="preview")
        assert sentence in words(refused), wrong
    looked = words(await office.lan.post(f"{path}/answer", **form, step="preview"))
    assert "Không có bút toán." in looked
    assert (await ask_for(office.lan, f"{path}/answer", form)).status_code == 303
    approvals = words(await office.minh.get("/staff/approvals"))
    assert "Chênh lệch: Có đối soát, chưa từng báo" in approvals
    assert NOTE in approvals
    assert "Cổng hoặc ngân hàng xác nhận bằng văn bản là đúng" in approvals
    assert (await decide(office.minh, "approve")).status_code == 303
    closed = await office.lan.get(path)
    assert "đã có trả lời, hai người duyệt" in words(closed)
    assert "Nguyễn Thị Lan đề nghị: Cổng hoặc ngân hàng xác nhận bằng văn bản" in words(closed)
    assert f"{path}/answer" not in closed.text
    assert f"{path}/reopen" in closed.text
    form = {**hidden(await office.lan.get(f"{path}/reopen")), "reason": "wrong_act"}
    assert (await ask_for(office.lan, f"{path}/reopen", form)).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    renewed = await office.first("/staff/breaks?code=REPORTED_NO_NOTICE")
    assert renewed != path
    assert f"{path}/reopen" not in (await office.lan.get(path)).text


async def test_an_auditor_and_english(context: Context, office: Office) -> None:
    await bring_report(context, office, "LO1", 1)
    path = await office.first("/staff/breaks?code=REPORTED_NO_NOTICE")
    await add_auditor(context)
    auditor = await logged_in(office.lan.client, "an")
    assert f"{path}/answer" not in (await auditor.get(path)).text
    refused = await auditor.post(
        f"{path}/answer", reason="sender_confirmed", note="x", amount="10000"
    )
    assert refused.status_code == 403
    page = words(await office.lan.get(f"{path}/answer?lang=en"))
    assert "Close it: it was answered" in page
    assert "The gateway or bank confirmed it in writing" in page
    assert "Who answered, when, and in which letter" in page
    claim = await office.first("/staff/breaks?code=REPORT_ADJUSTMENT")
    assert f"{claim}/answer" not in (await office.lan.get(claim)).text
