"""Money goes to whom it was meant for at the pages; nobody gets past the second person there."""

import asyncio
import re
from dataclasses import replace

import httpx
import pytest

from payment_service.context import Context
from payment_service.db import accounts, people
from payment_service.db.people import Person
from payment_service.nightly import run_night
from payment_service.use_cases.add_people import add_people
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import ask_payment, open_account, open_endpoint
from tests.payment_service.use_cases.days import bank_notice, broken, deliver, line, vnpay_ipn
from tests.payment_service.use_cases.proposals import HUNG
from tests.payment_service.use_cases.towns import only_approval
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
THERE = "11359"
PAYER = "0071000123456"
_ACT = re.compile(r'href="(/staff/matches/[0-9a-f-]+/(?:move_to_request|learn_payer))"')
_APPROVAL = re.compile(r'action="(/staff/approvals/[0-9a-f-]+)"')


def _acts(answer: httpx.Response) -> dict[str, str]:
    """Return where a payment can be moved, or its payer learned."""
    return {path.rsplit("/", 1)[1]: path for path in _ACT.findall(answer.text)}


async def _filled(browser: Browser, path: str, find: str, reason: str) -> dict[str, str]:
    """Look a due up and take the amount that the form offers for it."""
    page = await browser.get(f"{path}?find={find}")
    [name] = amounts(page)
    [amount] = re.findall(rf'name="{name}"[^>]* value="(\d+)"', page.text)
    return {**hidden(page), name: amount, "reason": reason}


async def _refund_names_its_payer(office: Office, path: str) -> None:
    """Order the money of a break back: where it goes stands there, to be copied."""
    form = {**hidden(await office.lan.get(f"{path}/refund")), "reason": "payer_asks"}
    assert (await ask_for(office.lan, f"{path}/refund", form)).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    for address in ("/staff/approvals", path):
        assert f"Tài khoản nhận {PAYER} Chép" in words(await office.lan.get(address))


async def test_money_of_another_unit_is_handed_over_at_the_pages(
    context: Context, office: Office
) -> None:
    await open_account(context, *await _officers(context), THERE)
    asked = await ask_payment(context, office.client_id, unit_code=THERE)
    path = await unexplained(context, office, 15_000, narrative=asked["reference"])
    act = f"{path}/move_to_unit"
    # The reference that the memo names is looked up by itself.
    offered = words(await office.lan.get(act))
    assert f"{asked['reference']} Phường" in offered
    form = await _filled(office.lan, act, asked["reference"], "other_unit")
    [name] = [each for each in form if each.startswith("amount_")]
    assert form[name] == "10000"
    beyond = await office.lan.post(act, **form | {name: "10001"}, step="preview")
    assert beyond.status_code == 422
    looked = await office.lan.post(act, **form, step="preview")
    for expected in (
        "Tiền chưa giải thích 10.000 đồng",
        "Phải trả đơn vị khác 10.000 đồng",
        "Phải thu đơn vị khác 10.000 đồng",
        "Phí, lệ phí đã thu chung-thuc-chu-ky 10.000 đồng",
    ):
        assert expected in words(looked)
    # Sent twice at the same moment, asked for once.
    twice = {**form, **hidden(looked), "step": "ask"}
    answers = await asyncio.gather(*(office.lan.post(act, **twice) for _ in range(2)))
    assert sorted(each.status_code for each in answers) == [303, 409]
    approvals = await office.minh.get("/staff/approvals")
    assert "Dòng 10.000 đồng ngày 23/11/2026" in words(approvals)
    assert f"Khoản phải nộp 10.000 đồng, {asked['reference']}" in words(approvals)
    [approval] = _APPROVAL.findall(approvals.text)
    assert (await office.lan.post(approval, decision="approve")).status_code == 403
    decided = await asyncio.gather(
        *(office.minh.post(approval, decision="approve") for _ in range(2))
    )
    assert sorted(each.status_code for each in decided) == [303, 409]
    # Who makes the transfer finds there what to write on it, and where to.
    assert "CHUYEN" not in approvals.text
    number = f"{THERE}00001"
    for address in ("/staff/approvals", await line_of_break(office, path), path):
        answer = await office.lan.get(address)
        [key] = re.findall(r'data-copy="(CHUYEN[0-9A-F]{12})"', answer.text)
        assert f"Nội dung, ghi đúng mã này {key} Chép Số tiền 10.000 đồng" in words(answer)
        assert f"Tài khoản nhận {number}" in words(answer)
        assert f'data-copy="{number}"' in answer.text
    english = words(await office.lan.get("/staff/approvals?lang=en"))
    assert f"Memo, exactly this key {key}" in english
    async with context.database.transaction() as connection:
        for each in await accounts.list_accounts(connection):
            if each.unit_code == THERE:
                await accounts.set_account_state(connection, each.account_id, "closed")
    gone = words(await office.lan.get("/staff/approvals"))
    assert "Tài khoản nhận chưa có tài khoản đang dùng; hỏi đơn vị này" in gone
    page = await office.lan.get(await line_of_break(office, path))
    assert "Chuyển cho đơn vị khác" in words(page)
    [undo_path] = undoings(page)
    assert (await ask_for(office.lan, undo_path, {"reason": "wrong_act"})).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    assert "data-copy" not in (await office.lan.get("/staff/approvals")).text
    assert "Cán bộ đã gỡ khớp" in words(await office.lan.get(await office.first("/staff/breaks")))
    assert await broken(context) == {}


async def test_a_payment_is_moved_and_its_payer_learned_at_the_pages(
    context: Context, office: Office
) -> None:
    wrong = await ask_payment(context, office.client_id)
    right = await ask_payment(context, office.client_id, dossier_code="H24.11-2")
    lines = [
        line(10_000, wrong["reference"], MONDAY, reference="FT1"),
        line(4_000, "nop not", MONDAY, reference="FT2"),
    ]
    path = await office.bring(*(replace(each, counterparty_account=PAYER) for each in lines))
    figures = {"closing_balance": str(office.bank.balance_minor), "line_count": "2"}
    assert (await office.minh.post(f"{path}/confirmation", **figures)).status_code == 303
    await run_night(context, MONDAY)
    found = re.findall(r'href="(/staff/lines/[0-9a-f-]+)"', (await office.lan.get(path)).text)
    act = _acts(await office.lan.get(found[0]))["move_to_request"]
    form = await _filled(office.lan, act, right["reference"], "wrong_request")
    assert (await ask_for(office.lan, act, form)).status_code == 303
    approvals = words(await office.minh.get("/staff/approvals"))
    assert f"khoản {right['reference']}, hồ sơ H24.11-2" in approvals
    assert (await decide(office.minh, "approve")).status_code == 303
    page = await office.lan.get(found[0])
    assert "Gỡ khớp theo đề nghị" in words(page)
    act = _acts(page)["learn_payer"]
    assert "không đêm nào tự khớp" in words(await office.lan.get(act))
    # The approver asks, and then may not decide; nor may who only reads, or only asks.
    assert (await ask_for(office.minh, act, {"reason": "payer_proof"})).status_code == 303
    approval = f"/staff/approvals/{await only_approval(context)}"
    await add_auditor(context)
    await add_people(
        context, [replace(HUNG, identity_number="031190000004")], only_when_empty=False
    )
    auditor, hung = [await logged_in(office.lan.client, name) for name in ("an", "hung")]
    for nobody in (office.minh, office.lan, auditor):
        assert (await nobody.post(approval, decision="approve")).status_code == 403
    assert (await hung.post(approval, decision="approve")).status_code == 303
    more = await ask_payment(context, office.client_id, dossier_code="H24.11-2", sequence=2)
    path = await office.first("/staff/breaks")
    page = await office.lan.get(path)
    assert "Gợi ý 1: Tài khoản chuyển tiền đã được hai người ghi nhớ" in words(page)
    assert f"dòng đến từ tài khoản {PAYER}; hai người ghi nhớ ngày" in words(page)
    its_line = words(await office.lan.get(await line_of_break(office, path)))
    assert f"dòng đến từ tài khoản {PAYER}; hai người ghi nhớ ngày" in its_line
    [use] = re.findall(r'href="([^"]+suggestion=\d+)"', page.text)
    filled = await office.lan.get(use)
    assert more["reference"] in words(filled)
    assert re.search(r'name="amount_[0-9a-f-]+"[^>]* value="4000"', filled.text)
    listed = await office.minh.get("/staff/payers")
    assert f"{PAYER} H24.11-2" in words(listed)
    [revocation] = re.findall(r'action="(/staff/payers/[0-9a-f-]+/revocation)"', listed.text)
    assert (await auditor.post(revocation)).status_code == 403
    assert "revocation" not in (await auditor.get("/staff/payers")).text
    assert (await office.lan.post(revocation)).status_code == 303
    assert (await office.lan.post(revocation)).status_code == 409
    assert "Nguyễn Thị Lan thu hồi" in words(await office.minh.get("/staff/payers"))
    assert "Gợi ý" not in words(await office.lan.get(path))
    gone = await office.lan.get(use)
    assert gone.status_code == 409
    await _refund_names_its_payer(office, path)
    assert await broken(context) == {}


async def _officers(context: Context) -> tuple[Person, Person]:
    async with context.database.read_only() as connection:
        found = [await people.find_person(connection, name) for name in ("lan", "minh")]
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1]


async def test_what_was_announced_waits_for_its_line_at_the_pages(
    context: Context, office: Office
) -> None:
    await open_account(context, *await _officers(context), THERE)
    asked = await ask_payment(context, office.client_id, unit_code=THERE)
    memo = f"nop phi {asked['reference']} cam on"
    notice = bank_notice(office.bank.opened, memo, 15_000, "FT1", MONDAY)
    await deliver(context, office.bank.opened, notice)
    path = await office.first("/staff/breaks")
    act = f"{path}/move_to_unit"
    assert "Chuyển cho đơn vị được nộp" in words(await office.lan.get(path))
    # The memo is searched for what it names.
    form = {**hidden(await office.lan.get(act)), "reason": "other_unit"}
    [name] = amounts(await office.lan.get(act))
    early = await office.lan.post(act, **form, **{name: "10000"}, step="preview")
    assert early.status_code == 422
    assert "được ngay khi sao kê của tài khoản có dòng này" in words(early)
    english = await office.lan.post(f"{act}?lang=en", **form, **{name: "10000"}, step="preview")
    assert "This money was only announced. It can be handed over once" in words(english)
    path = await unexplained(context, office, 15_000, narrative=memo)
    act = f"{path}/move_to_unit"
    form = await _filled(office.lan, act, asked["reference"], "other_unit")
    assert form[name] == "10000"
    looked = await office.lan.post(act, **form, step="preview")
    assert "Tiền thừa phải trả 10.000 đồng" in words(looked)
    assert (await ask_for(office.lan, act, form)).status_code == 303
    approvals = words(await office.minh.get("/staff/approvals"))
    assert "Tiền thừa phải trả lại 10.000 đồng" in approvals
    assert f"Khoản phải nộp 10.000 đồng, {asked['reference']}" in approvals
    assert (await decide(office.minh, "approve")).status_code == 303
    shown = await office.lan.get(path)
    [key] = re.findall(r'data-copy="(CHUYEN[0-9A-F]{12})"', shown.text)
    assert f"Nội dung, ghi đúng mã này {key} Chép Số tiền 10.000 đồng" in words(shown)
    rest = await office.first("/staff/breaks")
    assert "5.000 đồng" in words(await office.lan.get(rest))
    [undo_path] = undoings(shown)
    page = await office.lan.post(undo_path, reason="wrong_act", step="preview")
    assert "Tiền thừa phải trả 10.000 đồng" in words(page)
    assert (await ask_for(office.lan, undo_path, {"reason": "wrong_act"})).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    assert "15.000 đồng" in words(await office.lan.get(await office.first("/staff/breaks")))
    assert await broken(context) == {}


async def test_money_of_a_gateway_may_go_back_through_it(context: Context, office: Office) -> None:
    async with context.database.read_only() as connection:
        [account] = await accounts.list_accounts(connection)
    gateway = await open_endpoint(context, account.account_id, "vnpay")
    asked = await ask_payment(context, office.client_id)
    await start_checkout(context, asked["links"]["pay"].rsplit("/", 1)[-1], "127.0.0.1", "vi")
    for transaction in ("77", "78"):
        ipn = vnpay_ipn(gateway, f"{asked['reference']}001", 10_000, transaction, MONDAY)
        await deliver(context, gateway, ipn)
    path = await office.first("/staff/breaks")
    form = {**hidden(await office.lan.get(f"{path}/refund")), "reason": "paid_twice"}
    assert (await ask_for(office.lan, f"{path}/refund", form)).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    shown = words(await office.lan.get(path))
    assert "Cần hoàn trả qua cổng thanh toán hoặc bằng chuyển khoản" in shown
    assert "chưa biết; hỏi người nộp" in shown
