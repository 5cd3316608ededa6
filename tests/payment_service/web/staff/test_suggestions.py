"""What a night proposes for a line stands on its break's page and fills a form in, nothing more."""

import re
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.explanations import explain_subject
from payment_service.nightly import run_night
from payment_service.use_cases.cancel_request import cancel_request
from tests.builders import ask_payment, open_account
from tests.payment_service.use_cases.days import broken, line
from tests.payment_service.use_cases.towns import TUESDAY, morning_after
from tests.payment_service.web.staff.browser import add_auditor, logged_in, words
from tests.payment_service.web.staff.clearing import amounts, ask_for, decide, hidden
from tests.payment_service.web.staff.test_books import MONDAY, Office
from tests.payment_service.web.staff.test_resolutions import office
from tests.postgres import MovableClock

__all__ = ["office"]
pytestmark = pytest.mark.anyio

_USE = re.compile(r'href="(/staff/breaks/[0-9a-f-]+/match_by_hand\?suggestion=\d+)"')
_VALUE = re.compile(r'<input name="(amount_[0-9a-f-]+)"[^>]* value="(\d*)"')


def _slip(reference: str) -> str:
    """Return a reference with one symbol mistyped."""
    wrong = "A" if reference[6] != "A" else "B"
    return f"{reference[:6]}{wrong}{reference[7:]}"


async def _left_open(context: Context, office: Office, amount_minor: int, memo: str) -> str:
    """Let a line come that a night does not explain; return the address of its break."""
    path = await office.bring(line(amount_minor, memo, MONDAY, reference="FT1"))
    figures = {"closing_balance": str(office.bank.balance_minor), "line_count": "1"}
    assert (await office.minh.post(f"{path}/confirmation", **figures)).status_code == 303
    await run_night(context, MONDAY)
    return await office.first("/staff/breaks")


def _filled(page: httpx.Response) -> dict[str, str]:
    return dict(_VALUE.findall(page.text))


async def test_a_suggestion_leads_to_a_match_and_is_gone_the_next_night(
    context: Context, clock: MovableClock, office: Office
) -> None:
    asked = await ask_payment(context, office.client_id)
    reference = str(asked["reference"])
    path = await _left_open(context, office, 10_000, f"le phi {_slip(reference)}")
    page = await office.lan.get(path)
    for expected in (
        "Gợi ý 1: Nội dung chỉ lệch một ký tự",
        "Bằng chứng loại C",
        f"{reference} · Hồ sơ H24.11-261122-0001 10.000 đồng",
        "Số tiền: Khớp; dòng 10.000 VND, khoản còn phải nộp 10.000 VND",
        f"Mã nộp tiền: Không khớp; nội dung có {_slip(reference)}, mã của khoản là {reference}",
        "Người nộp: Không khớp; dòng đến từ tài khoản —; khoản này chưa từng được nộp",
    ):
        assert expected in words(page)
    english = words(await office.lan.get(f"{path}?lang=en"))
    assert "Suggestion 1: The memo is one slip away" in english
    [use, *_] = _USE.findall(page.text)
    form = await office.lan.get(use)
    [name] = amounts(form)
    assert _filled(form) == {name: "10000"}
    fields = {**hidden(form), **_filled(form), "reason": "mistyped_reference"}
    assert (await ask_for(office.lan, f"{path}/match_by_hand", fields)).status_code == 303
    assert _USE.findall((await office.lan.get(path)).text) == []  # it waits already
    assert (await decide(office.minh, "approve")).status_code == 303
    assert "Gợi ý" not in words(await office.lan.get(path))
    clock.now = max(clock.now, morning_after(TUESDAY))
    office.lan, office.minh = [await logged_in(office.lan.client, name) for name in ("lan", "minh")]
    await run_night(context, TUESDAY)
    assert "/staff/breaks/" not in (await office.lan.get("/staff/breaks")).text
    assert "Gợi ý" not in words(await office.lan.get(path))
    assert (await office.lan.get(use)).status_code == 409
    assert await broken(context) == {}


async def test_a_lump_sum_fills_in_all_its_parts(context: Context, office: Office) -> None:
    for number in range(3):
        await ask_payment(context, office.client_id, dossier_code=f"H24.11-{number}")
    path = await _left_open(context, office, 30_000, "nop tien")
    page = await office.lan.get(path)
    assert "Số tiền: Khớp; dòng 30.000 VND; khoản này 10.000 VND, cộng các khoản 30.000" in words(
        page
    )
    [use] = _USE.findall(page.text)
    assert list(_filled(await office.lan.get(use)).values()) == ["10000"] * 3


async def test_what_moved_since_is_not_proposed(context: Context, office: Office) -> None:
    asked = await ask_payment(context, office.client_id)
    path = await _left_open(context, office, 10_000, "nop tien")
    [use] = _USE.findall((await office.lan.get(path)).text)
    await cancel_request(context, UUID(asked["request_id"]), office.client_id, "doi y")
    assert "Gợi ý" not in words(await office.lan.get(path))
    gone = await office.lan.get(use)
    assert gone.status_code == 409
    assert "Gợi ý này không còn đúng" in words(gone)
    assert "Gợi ý này không còn đúng" in words(await office.lan.get(use.replace("=1", "=x")))


async def test_another_units_due_is_neither_shown_nor_taken_by_a_forged_form(
    context: Context, office: Office
) -> None:
    async with context.database.read_only() as connection:
        lan, minh = [await people.find_person(connection, name) for name in ("lan", "minh")]
    assert lan is not None
    assert minh is not None
    await open_account(context, lan, minh, "11359")
    foreign = await ask_payment(context, office.client_id, unit_code="11359")
    own = await ask_payment(context, office.client_id, dossier_code="H24.11-9")
    path = await _left_open(context, office, 10_000, f"nop {_slip(str(foreign['reference']))}")
    page = await office.lan.get(path)
    assert str(foreign["reference"]) not in page.text
    [use] = _USE.findall(page.text)  # the own due of this amount, by the amount alone
    assert str(own["reference"]) in (await office.lan.get(use)).text
    async with context.database.read_only() as connection:
        due = await explain_subject(connection, str(foreign["reference"]), MONDAY)
        items = await connection.execute(
            text("SELECT item_id FROM item WHERE reference = :reference"),
            {"reference": foreign["reference"]},
        )
        item_id = items.scalar_one()
    assert due is not None
    assert due.suggestions == ()
    forged = {
        "find": str(foreign["reference"]), "version": "1", f"amount_{item_id}": "10000",
        f"version_{item_id}": "1", "reason": "payer_proof", "step": "preview",
    }  # fmt: skip
    refused = await office.lan.post(f"{path}/match_by_hand", **forged)
    assert refused.status_code == 422
    assert "chọn ít nhất một khoản" in words(refused)


async def test_an_auditor_reads_it_and_nobody_else_without_a_session(
    context: Context, office: Office
) -> None:
    await ask_payment(context, office.client_id)
    path = await _left_open(context, office, 10_000, "nop tien")
    [use] = _USE.findall((await office.lan.get(path)).text)
    await add_auditor(context)
    an = await logged_in(office.lan.client, "an")
    page = await an.get(path)
    assert "Gợi ý 1" in words(page)
    assert _USE.findall(page.text) == []
    assert amounts(await an.get(use)) == []
    nobody = await office.lan.client.get(use)
    assert nobody.status_code == 303
    assert nobody.headers["location"].startswith("/staff/login")
