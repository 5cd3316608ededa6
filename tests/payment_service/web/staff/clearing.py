"""Two officers clear a line at the pages: what they find, look ahead at, ask for and decide."""

import html
import re
from collections.abc import Mapping
from datetime import date

import httpx

from payment_service.context import Context
from payment_service.nightly import run_night
from tests.payment_service.use_cases.days import line
from tests.payment_service.web.staff.browser import Browser
from tests.payment_service.web.staff.test_books import MONDAY, Office

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_APPROVAL = re.compile(r'action="(/staff/approvals/[0-9a-f-]+)"')
_AMOUNT = re.compile(r'name="(amount_[0-9a-f-]+)"')
_LINE = re.compile(r'href="(/staff/lines/[0-9a-f-]+)"')
_UNDO = re.compile(r'href="(/staff/matches/[0-9a-f-]+/unmatch)"')


async def unexplained(
    context: Context,
    office: Office,
    amount_minor: int,
    on: date = MONDAY,
    *,
    narrative: str = "khong ro",
) -> str:
    """Let one line come that says nothing; return the address of its break."""
    path = await office.bring(line(amount_minor, narrative, on, reference="FT1"))
    figures = {"closing_balance": str(office.bank.balance_minor), "line_count": "1"}
    assert (await office.minh.post(f"{path}/confirmation", **figures)).status_code == 303
    await run_night(context, on)
    return await office.first("/staff/breaks")


def hidden(answer: httpx.Response) -> dict[str, str]:
    """Return the hidden fields of the last form of a page, as a browser sends them."""
    form = answer.text.rpartition("<form")[2]
    fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(form)}
    fields.pop("form_token", None)
    return fields


def amounts(answer: httpx.Response) -> list[str]:
    """Return the names of the fields for amounts, one a due."""
    return _AMOUNT.findall(answer.text)


async def ask_for(browser: Browser, path: str, fields: Mapping[str, str]) -> httpx.Response:
    """Look ahead at the postings, then ask for exactly these."""
    looked = await browser.post(path, **fields, step="preview")
    assert looked.status_code == 200, looked.text
    return await browser.post(path, **{**fields, **hidden(looked), "step": "ask"})


async def decide(browser: Browser, decision: str) -> httpx.Response:
    """Decide the one act that waits."""
    [path] = _APPROVAL.findall((await browser.get("/staff/approvals")).text)
    return await browser.post(path, decision=decision)


async def split(office: Office, path: str, parts: Mapping[str, int]) -> None:
    """Split a break's line over dues by their references, by both officers."""
    page = await office.lan.get(f"{path}/match_by_hand?find={'+'.join(parts)}")
    typed = dict(zip(amounts(page), map(str, parts.values()), strict=True))
    fields = {**hidden(page), **typed, "reason": "several_dossiers"}
    asked = await ask_for(office.lan, f"{path}/match_by_hand", fields)
    assert asked.status_code == 303, asked.text
    assert (await decide(office.minh, "approve")).status_code == 303


async def line_of_break(office: Office, path: str) -> str:
    """Return the address of the line that a break is about."""
    return str(_LINE.findall((await office.lan.get(path)).text)[0])


def undoings(answer: httpx.Response) -> list[str]:
    """Return where the matches of a line can be undone."""
    return _UNDO.findall(answer.text)


async def undo(office: Office, path: str) -> None:
    """Undo one match, by both officers."""
    asked = await ask_for(office.lan, path, {"reason": "wrong_request"})
    assert asked.status_code == 303, asked.text
    assert (await decide(office.minh, "approve")).status_code == 303
