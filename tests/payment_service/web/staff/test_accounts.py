"""Collection accounts are proposed by one person at the pages and decided by another."""

import re

import httpx
import pytest

from payment_service.context import Context
from tests.builders import add_officers
from tests.payment_service.web.staff.browser import logged_in, words
from tests.payment_service.web.staff.test_sessions import ACCOUNT

pytestmark = pytest.mark.anyio
_APPROVAL = re.compile(r'action="(/staff/approvals/[0-9a-f-]+)"')


async def test_one_person_proposes_another_approves(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    lan, minh = await logged_in(client, "lan"), await logged_in(client, "minh")
    answer = await lan.post("/staff/accounts", **ACCOUNT | {"opening_balance": "1250000"})
    assert answer.headers["location"] == "/staff/accounts?done=account"
    page = words(await lan.get(answer.headers["location"]))
    assert "chờ người khác duyệt" in page
    assert "0031000123456 UBND PHUONG NGO QUYEN 1.250.000 đồng 22/11/2026 Chờ duyệt" in page
    own = await lan.get("/staff/approvals")
    assert "Bạn là người đề nghị" in own.text
    assert not _APPROVAL.search(own.text)
    [path] = _APPROVAL.findall((await minh.get("/staff/approvals")).text)
    refused = await lan.post(path, decision="approve")
    assert refused.status_code == 403
    answer = await minh.post(path, decision="approve")
    assert answer.headers["location"] == "/staff/approvals?done=approved"
    assert "Đang thu" in words(await minh.get("/staff/accounts"))
    again = await minh.post(path, decision="decline")
    assert again.status_code == 409
    assert "đã được quyết định trước đó" in words(again)
    assert "Trần Văn Minh – duyệt" in words(await lan.get("/staff/approvals"))


async def test_an_approver_does_not_decide_what_the_approver_asked(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    minh = await logged_in(client, "minh")
    await minh.post("/staff/accounts", **ACCOUNT)
    async with context.database.read_only() as connection:
        found = await connection.exec_driver_sql("SELECT approval_id FROM approval")
        path = f"/staff/approvals/{found.scalar_one()}"
    answer = await minh.post(path, decision="approve")
    assert answer.status_code == 403
    assert "không được tự duyệt" in words(answer)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("opening_balance", "1.000", "chỉ gồm các chữ số"),
        ("opening_balance", "-1", "chỉ gồm các chữ số"),
        ("opening_balance", "", "chỉ gồm các chữ số"),
        ("opening_on", "22/11/2026", "Ngày của số dư đầu không đúng"),
        ("account_number", "12 34", "6 đến 19 chữ số"),
        ("holder_name", "UBND PHƯỜNG", "viết không dấu"),
        ("decision_number", " ", "Thiếu số quyết định"),
        ("unit_code", "00000", "Mã đơn vị không đúng"),
        ("bank_bin", "000000", "Mã ngân hàng"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_changes(
    context: Context, client: httpx.AsyncClient, field: str, value: str, sentence: str
) -> None:
    await add_officers(context)
    lan = await logged_in(client, "lan")
    typed = ACCOUNT | {"holder_name": "UBND <NGO> QUYEN"} | {field: value}
    answer = await lan.post("/staff/accounts", **typed)
    assert answer.status_code == 422
    assert words(answer).count("Không thực hiện được") == 1
    assert sentence in words(answer)
    if field != "holder_name":
        assert 'value="UBND &lt;NGO&gt; QUYEN"' in answer.text
    async with context.database.read_only() as connection:
        count = await connection.exec_driver_sql("SELECT count(*) FROM collection_account")
        assert count.scalar_one() == 0


async def test_a_number_is_registered_once(context: Context, client: httpx.AsyncClient) -> None:
    await add_officers(context)
    lan = await logged_in(client, "lan")
    await lan.post("/staff/accounts", **ACCOUNT)
    again = await lan.post("/staff/accounts?lang=en", **ACCOUNT)
    assert again.status_code == 409
    assert "This account number is registered already" in again.text


async def test_a_decision_is_one_of_two(context: Context, client: httpx.AsyncClient) -> None:
    await add_officers(context)
    minh = await logged_in(client, "minh")
    path = "/staff/approvals/0192f0c4-0000-7000-8000-000000000000"
    assert (await minh.post(path, decision="maybe")).status_code == 422
    assert (await minh.post(path)).status_code == 422
    assert (await minh.post(path, decision="approve")).status_code == 409
    assert (await minh.post("/staff/approvals/1", decision="approve")).status_code == 404
