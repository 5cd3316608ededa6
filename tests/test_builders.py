"""The builders build what they say, over a database that starts fresh for every test."""

import pytest
from sqlalchemy import text

from payment_service.context import Context
from tests.builders import (
    CERTIFIED_COPY,
    SIGNATURE_CERTIFICATION,
    add_officers,
    ask_payment,
    issue_client,
    open_account,
    open_endpoint,
)
from tests.postgres import MovableClock


@pytest.mark.anyio
async def test_a_unit_that_collects(context: Context, clock: MovableClock) -> None:
    officer, approver = await add_officers(context)
    account_id = await open_account(context, officer, approver, opening_balance_minor=1_000)
    paths = {
        (await open_endpoint(context, account_id, channel)).path.split("/")[2]
        for channel in ("vnpay", "rsabank", "webhookbank")
    }
    assert paths == {"vnpay", "rsabank", "webhookbank"}
    client_id, _ = await issue_client(context)
    answer = await ask_payment(context, client_id, lines=[CERTIFIED_COPY, SIGNATURE_CERTIFICATION])
    assert answer["amount_minor"] == 14_000
    assert answer["created_at"] == clock().isoformat().replace("+00:00", "Z")


@pytest.mark.anyio
@pytest.mark.parametrize("_time", [1, 2])
async def test_every_test_starts_fresh(context: Context, _time: int) -> None:
    await issue_client(context)
    async with context.database.read_only() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM api_client"))).scalar_one() == 1
        assert (await connection.execute(text("SELECT count(*) FROM unit"))).scalar_one() >= 114
