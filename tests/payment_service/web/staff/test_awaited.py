"""A line without its key is tied to what was awaited at the pages, and taken off it again."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest

from bank_adapters.vocabulary import Direction
from payment_service.context import Context
from payment_service.nightly import run_night
from tests.payment_service.use_cases.days import broken, line
from tests.payment_service.web.staff.browser import Browser, add_auditor, logged_in, words
from tests.payment_service.web.staff.clearing import (
    amounts,
    ask_for,
    decide,
    hidden,
    line_of_break,
    undoings,
    unexplained,
)
from tests.payment_service.web.staff.test_books import MONDAY, Office
from tests.payment_service.web.staff.test_resolutions import office

__all__ = ["office"]
pytestmark = pytest.mark.anyio
DEBIT = Direction.DEBIT
FRIDAY = MONDAY - timedelta(days=3)


async def _refund_ordered(context: Context, office: Office) -> str:
    """Let somebody pay 5.000 for nothing and order it back; return the printed key."""
    path = await unexplained(context, office, 5_000, FRIDAY)
    form = {**hidden(await office.lan.get(f"{path}/refund")), "reason": "nothing_owed"}
    assert (await ask_for(office.lan, f"{path}/refund", form)).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    [key] = re.findall(r'data-copy="(HOAN[0-9A-F]{12})"', (await office.lan.get(path)).text)
    return str(key)


async def _paid_out(context: Context, office: Office, *amounts_minor: int) -> list[str]:
    """Let debits without a key come and a night pass; return the addresses of their breaks."""
    path = await office.bring(
        *(
            line(minor, "hoan tien khach", MONDAY, reference=f"D{number}", direction=DEBIT)
            for number, minor in enumerate(amounts_minor)
        )
    )
    figures = {
        "closing_balance": str(office.bank.balance_minor),
        "line_count": str(len(amounts_minor)),
    }
    assert (await office.minh.post(f"{path}/confirmation", **figures)).status_code == 303
    await run_night(context, MONDAY)
    return [await office.first("/staff/breaks", number) for number, _ in enumerate(amounts_minor)]


async def _filled(browser: Browser, path: str, find: str = "") -> tuple[str, dict[str, str]]:
    """Return the one amount field and the fields as the form offers them."""
    page = await browser.get(f"{path}?find={find}" if find else path)
    [name] = amounts(page)
    [amount] = re.findall(rf'name="{name}"[^>]* value="(\d+)"', page.text)
    return name, {**hidden(page), name: amount, "reason": "payment_order"}


async def test_a_debit_is_tied_to_the_order_that_fits_it(context: Context, office: Office) -> None:
    key = await _refund_ordered(context, office)
    [path] = await _paid_out(context, office, 5_000)
    assert "Khớp tay với khoản phải nộp hoặc khoản đang chờ" in words(await office.lan.get(path))
    act = f"{path}/match_by_hand"
    # What fits to the last đồng is offered without looking for it.
    page = await office.lan.get(act)
    assert f"{key} Phường Ngô Quyền Lệnh hoàn trả" in words(page)
    assert "Mã nộp tiền, mã hồ sơ hoặc mã của khoản đang chờ" in words(page)
    name, form = await _filled(office.lan, act)
    assert form[name] == "5000"
    looked = await office.lan.post(act, **form, step="preview")
    assert "Hoàn trả phải trả 5.000 đồng" in words(looked)
    assert "Tiền chưa giải thích 5.000 đồng" in words(looked)
    english = await office.lan.post(f"{act}?lang=en", **form, step="preview")
    assert "A line without the key of what is awaited" in words(english)
    assert "Refund order" in words(english)
    twice = {**form, **hidden(looked), "step": "ask"}
    answers = await asyncio.gather(*(office.lan.post(act, **twice) for _ in range(2)))
    assert sorted(each.status_code for each in answers) == [303, 409]
    approvals = words(await office.minh.get("/staff/approvals"))
    assert f"5.000 đồng của dòng ngày 23/11/2026 → Lệnh hoàn trả {key}" in approvals
    assert "Ủy nhiệm chi ghi đúng khoản này" in approvals
    assert (await decide(office.minh, "approve")).status_code == 303
    line_path = await line_of_break(office, path)
    shown = await office.lan.get(line_path)
    assert "lan đề nghị, minh duyệt: Ủy nhiệm chi ghi đúng khoản này" in words(shown)
    assert f"Lệnh hoàn trả {key}" in words(shown)
    assert "move_to_request" not in shown.text
    [of_order] = re.findall(r'href="(/staff/explanations/[0-9a-f-]{36})"', shown.text)[-1:]
    told = words(await office.lan.get(f"{of_order}?lang=en"))
    assert "The written order to the bank names this payment" in told
    # Taken off again: both are open, and what happened stays to be read.
    [undo_path] = undoings(shown)
    page = await office.lan.post(undo_path, reason="wrong_act", step="preview")
    assert "Hoàn trả phải trả 5.000 đồng" in words(page)
    assert (await ask_for(office.lan, undo_path, {"reason": "wrong_act"})).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    assert "Đã gỡ" in words(await office.lan.get(line_path))
    again = await office.first("/staff/breaks")
    assert f"{key} Phường" in words(await office.lan.get(f"{again}/match_by_hand"))
    assert await broken(context) == {}


async def test_what_does_not_fit_is_said_beside_the_form(context: Context, office: Office) -> None:
    key = await _refund_ordered(context, office)
    one, two, less = await _paid_out(context, office, 5_000, 5_000, 4_999)
    [short] = [
        each for each in (one, two, less) if "4.999 đồng" in words(await office.lan.get(each))
    ]
    one, two = [each for each in (one, two, less) if each != short]
    nothing = await office.lan.get(f"{short}/match_by_hand")
    assert "Không tìm thấy khoản nào" in words(nothing)
    name, form = await _filled(office.lan, f"{short}/match_by_hand", key.lower())
    for amount, sentence in (
        ("5000", "không lệch một đồng"),
        ("4999", "Khoản đang chờ chỉ khớp trọn"),
        ("0", "lớn hơn 0"),
        ("5.000", "chỉ gồm các chữ số"),
    ):
        answer = await office.lan.post(
            f"{short}/match_by_hand", **form | {name: amount}, step="preview"
        )
        assert answer.status_code == 422
        assert sentence in words(answer)
    _, first = await _filled(office.lan, f"{one}/match_by_hand")
    _, second = await _filled(office.lan, f"{two}/match_by_hand")
    assert (await ask_for(office.lan, f"{one}/match_by_hand", first)).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    # The other officer still has the old page open.
    late = await office.minh.post(f"{two}/match_by_hand", **second, step="preview")
    assert late.status_code == 409
    assert "Có thay đổi từ lúc xem" in words(late)
    fresh = second | {key: value for key, value in hidden(late).items() if key != "find"}
    done = await office.minh.post(f"{two}/match_by_hand", **fresh, step="preview")
    assert done.status_code == 409
    assert "đã khớp với dòng khác" in words(done)
    await add_auditor(context)
    an = await logged_in(office.lan.client, "an")
    assert (await an.post(f"{two}/match_by_hand", **second, step="preview")).status_code == 403
    nonsense = await office.lan.post(
        f"{two}/match_by_hand", **second | {"amount_x": "1"}, step="preview"
    )
    assert nonsense.status_code in {404, 422}
    assert isinstance(nonsense, httpx.Response)
    assert await broken(context) == {}


async def _refunds_ordered(context: Context, office: Office, count: int) -> list[str]:
    """Let as many credits of one price be ordered back; return the keys."""
    came = (line(5_000, "khong ro", FRIDAY, reference=f"FT{number}") for number in range(count))
    path = await office.bring(*came)
    figures = {"closing_balance": str(office.bank.balance_minor), "line_count": str(count)}
    assert (await office.minh.post(f"{path}/confirmation", **figures)).status_code == 303
    await run_night(context, FRIDAY)
    keys: list[str] = []
    for _ in range(count):
        path = await office.first("/staff/breaks")
        form = {**hidden(await office.lan.get(f"{path}/refund")), "reason": "nothing_owed"}
        assert (await ask_for(office.lan, f"{path}/refund", form)).status_code == 303
        assert (await decide(office.minh, "approve")).status_code == 303
        keys += re.findall(r'data-copy="(HOAN[0-9A-F]{12})"', (await office.lan.get(path)).text)
    assert len(set(keys)) == count
    return keys


async def test_a_key_is_found_among_many_orders_of_one_price(
    context: Context, office: Office
) -> None:
    keys = await _refunds_ordered(context, office, 25)
    [path] = await _paid_out(context, office, 5_000)
    act = f"{path}/match_by_hand"
    offered = words(await office.lan.get(act))
    last, *others = [key for key in keys if key not in offered]
    assert len(others) == 4
    page = await office.lan.get(f"{act}?find={last.lower()}")
    assert last in words(page)
    form = {**hidden(page), amounts(page)[0]: "5000", "reason": "payment_order"}
    # Nothing is looked for any more when the form comes back: what was chosen is enough.
    for find in (last, ""):
        assert (await office.lan.post(act, **form | {"find": find}, step="preview")).is_success
    assert (await ask_for(office.lan, act, form | {"find": ""})).status_code == 303
    assert f"→ Lệnh hoàn trả {last}" in words(await office.minh.get("/staff/approvals"))
    assert (await decide(office.minh, "approve")).status_code == 303
    assert await broken(context) == {}
