"""One transfer for two dossiers says nothing: split by hand, taken apart, and split again.

Everything goes through the officers' pages; the nights run between.
"""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.db.requests import find_request_by_token
from payment_service.db.standing import standing_of
from payment_service.nightly import run_night
from reconciliation.labels import Label
from tests.builders import add_officers, ask_payment, issue_client, open_account, open_endpoint
from tests.payment_service.use_cases.days import Bank, balances, broken, open_break_codes
from tests.payment_service.web.staff.browser import logged_in
from tests.payment_service.web.staff.clearing import (
    line_of_break,
    split,
    undo,
    undoings,
    unexplained,
)
from tests.payment_service.web.staff.test_books import MONDAY, Office
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
FEE = 10_000


async def _night(context: Context, clock: MovableClock, office: Office, day: date) -> None:
    clock.advance(days=1)
    report = await run_night(context, day)
    assert report["broken_invariants"] == {}
    for browser, name in ((office.lan, "lan"), (office.minh, "minh")):
        assert (await browser.log_in(name)).status_code == 303


async def _labels(context: Context, asked: list[dict[str, Any]]) -> list[Label]:
    found = []
    async with context.database.read_only() as connection:
        for each in asked:
            token = each["links"]["pay"].rsplit("/", 1)[1]
            request = await find_request_by_token(connection, token)
            assert request is not None
            found.append((await standing_of(connection, request, context.clock())).label)
    return found


async def test_one_transfer_for_two_dossiers(
    context: Context, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    account_id = await open_account(context, *await add_officers(context))
    bank = Bank(opened=await open_endpoint(context, account_id, "rsabank"))
    client_id, _ = await issue_client(context)
    asked = [await ask_payment(context, client_id, dossier_code=f"H24.11-{n}") for n in (1, 2, 3)]
    one, two, three = [each["reference"] for each in asked]
    office = Office(
        await logged_in(client, "lan"), await logged_in(client, "minh"), bank, client_id
    )

    path = await unexplained(context, office, 2 * FEE)
    line_path = await line_of_break(office, path)
    await split(office, path, {one: FEE, two: FEE})
    await _night(context, clock, office, MONDAY + timedelta(days=1))
    assert await balances(context) == {"bank": 2 * FEE, "due_to_budget": -2 * FEE}
    assert await _labels(context, asked) == [Label.COLLECTED, Label.COLLECTED, Label.REQUESTED]

    # It was for the third dossier and not for the second: both matches are undone.
    for match in undoings(await office.lan.get(line_path)):
        await undo(office, match)
    await _night(context, clock, office, MONDAY + timedelta(days=2))
    assert await balances(context) == {"bank": 2 * FEE, "suspense": -2 * FEE}
    assert await open_break_codes(context) == ["TAKEN_APART"]
    assert await _labels(context, asked) == [Label.REQUESTED] * 3

    await split(office, await office.first("/staff/breaks"), {one: FEE, three: FEE})
    await _night(context, clock, office, MONDAY + timedelta(days=3))
    assert await balances(context) == {"bank": 2 * FEE, "due_to_budget": -2 * FEE}
    assert await open_break_codes(context) == []
    assert await _labels(context, asked) == [Label.COLLECTED, Label.REQUESTED, Label.COLLECTED]
    assert await broken(context) == {}
    async with context.database.read_only() as connection:
        history = await connection.execute(
            text("""
                SELECT pass_name, count(*), count(reverses) FROM match_group
                GROUP BY pass_name ORDER BY pass_name
            """)
        )
        assert [tuple(row) for row in history] == [
            ("match_by_hand", 4, 0),
            ("unmatch_by_hand", 2, 2),
        ]
