"""Who gets in, for how long, and what a form must carry."""

import re

import httpx
import pytest
from litestar.routes import HTTPRoute

from payment_service.app import create_app
from payment_service.context import Context
from tests.builders import PASSWORD, add_officers
from tests.payment_service.web.staff.browser import Browser, add_auditor, logged_in, words
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
ACCOUNT = {
    "unit_code": "11329",
    "bank_bin": "970436",
    "account_number": "0031000123456",
    "holder_name": "UBND PHUONG NGO QUYEN",
    "decision_number": "45/QĐ-UBND",
    "opening_balance": "0",
    "opening_on": "2026-11-22",
}


def _paths(method: str) -> list[str]:
    """Return every officers' address of the application for a method, but the login page."""
    return sorted(
        re.sub(r"\{[^}]+\}", "0192f0c4-0000-7000-8000-000000000000", route.path)
        for route in create_app().routes
        if isinstance(route, HTTPRoute)
        and route.path.startswith("/staff")
        and route.path != "/staff/login"
        and method in route.methods
    )


async def test_every_page_sends_strangers_to_log_in(client: httpx.AsyncClient) -> None:
    assert len(_paths("GET")) > 8
    assert len(_paths("POST")) > 5
    for method in ("GET", "POST"):
        for path in _paths(method):
            answer = await client.request(method, path, headers={"cookie": "session=unknown"})
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/staff/login")


async def test_logs_in_with_a_cookie_that_scripts_cannot_read(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    answer = await Browser(client).log_in("lan")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/staff"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert "no-store" in answer.headers["cache-control"]


async def test_a_wrong_name_and_a_wrong_password_read_the_same(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    browser = Browser(client)
    unknown = await browser.log_in("nobody")
    wrong = await browser.log_in("lan", "x" * 12)
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text.replace("nobody", "lan") == wrong.text
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in wrong.text
    assert not browser.cookie


async def test_many_failures_from_one_address_must_wait(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    browser = Browser(client)
    answers = [(await browser.log_in("lan", "wrong")).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    assert (await browser.log_in("lan")).status_code == 429


async def test_goes_back_to_the_page_that_was_asked_for_and_nowhere_else(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    asked = await client.get("/staff/breaks?code=GAP")
    page = await client.get(asked.headers["location"])
    assert 'name="next" value="/staff/breaks?code=GAP"' in page.text
    for way_back, target in (
        ("/staff/breaks?code=GAP", "/staff/breaks?code=GAP"),
        ("https://evil.test/staff", "/staff"),
        ("//evil.test", "/staff"),
        ("/staff/../pay", "/staff"),
        ("/staff\r\nx: y", "/staff"),
    ):
        fields = {"username": "lan", "password": PASSWORD, "next": way_back}
        answer = await client.post("/staff/login", data=fields)
        client.cookies.clear()
        assert answer.headers["location"] == target


async def test_an_idle_or_old_session_ends(
    context: Context, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await add_officers(context)
    browser = await logged_in(client, "lan")
    for _ in range(19):
        clock.advance(minutes=29)
        assert (await browser.get("/staff")).status_code == 200
    clock.advance(minutes=31)
    assert (await browser.get("/staff")).status_code == 303
    browser = await logged_in(client, "lan")
    for _ in range(20):
        clock.advance(minutes=29)
        await browser.get("/staff")
    clock.advance(minutes=25)
    assert (await browser.get("/staff")).status_code == 303


async def test_logging_out_ends_the_session_everywhere(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    browser = await logged_in(client, "lan")
    answer = await browser.post("/staff/logout")
    assert answer.headers["location"] == "/staff/login"
    assert (await browser.get("/staff")).status_code == 303


async def test_a_new_login_ends_the_old_session_of_the_browser(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    old = await logged_in(client, "lan")
    fields = {"username": "lan", "password": PASSWORD}
    again = await client.post("/staff/login", data=fields, headers={"cookie": old.cookie})
    client.cookies.clear()
    assert again.status_code == 303
    assert (await old.get("/staff")).status_code == 303


@pytest.mark.parametrize("token", ["", "wrong", None])
async def test_a_form_without_the_sessions_token_changes_nothing(
    context: Context, client: httpx.AsyncClient, token: str | None
) -> None:
    await add_officers(context)
    browser = await logged_in(client, "lan")
    fields = ACCOUNT if token is None else ACCOUNT | {"form_token": token}
    answer = await client.post("/staff/accounts", data=fields, headers={"cookie": browser.cookie})
    assert answer.status_code == 403
    assert "Xin tải lại trang" in words(answer)
    assert "0031000123456" not in (await browser.get("/staff/accounts")).text


async def test_another_persons_token_is_not_ones_own(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    lan, minh = await logged_in(client, "lan"), await logged_in(client, "minh")
    answer = await lan.post("/staff/accounts", **ACCOUNT | {"form_token": await minh.token()})
    assert answer.status_code == 403


async def test_a_form_from_another_site_is_refused(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    browser = await logged_in(client, "lan")
    fields = ACCOUNT | {"form_token": await browser.token()}
    for foreign in ({"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        headers = {"cookie": browser.cookie, **foreign}
        answer = await client.post("/staff/accounts", data=fields, headers=headers)
        assert answer.status_code == 403
        login = {"username": "lan", "password": PASSWORD}
        answer = await client.post("/staff/login", data=login, headers=foreign)
        assert answer.status_code == 403


async def test_auditors_read_everything_and_change_nothing(
    context: Context, client: httpx.AsyncClient
) -> None:
    await add_officers(context)
    await add_auditor(context)
    auditor = await logged_in(client, "an")
    for path in _paths("GET"):
        answer = await auditor.get(path)
        assert answer.status_code in {200, 404}, path
        assert re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', answer.text) in (
            ["/staff/logout"],
            [],
        )
    for path in _paths("POST"):
        if path != "/staff/logout":
            assert (await auditor.post(path, **ACCOUNT)).status_code == 403, path
    assert "0031000123456" not in (await auditor.get("/staff/accounts")).text


async def test_what_is_not_a_form_is_refused(context: Context, client: httpx.AsyncClient) -> None:
    await add_officers(context)
    browser = await logged_in(client, "lan")
    for kind, body in (
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"a=%ff&form_token=x"),
        ("application/x-www-form-urlencoded", "a=ệ".encode()),
        ("application/x-www-form-urlencoded", b"a=1&" * 60),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
    ):
        headers = {"cookie": browser.cookie, "content-type": kind}
        answer = await client.post("/staff/accounts", content=body, headers=headers)
        assert answer.status_code == 400, (kind, body)
        assert answer.headers["content-type"].startswith("text/html")
