"""The label of a payment whose money came by several ways, and of money that left again."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.context import Context
from payment_service.db import accounts
from payment_service.db.requests import find_request_by_token
from payment_service.db.standing import Standing, standing_of
from payment_service.nightly import run_night
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.start_checkout import start_checkout
from reconciliation.labels import Label
from tests.builders import add_officers, ask_payment, issue_client, open_account, open_endpoint
from tests.payment_service.use_cases.days import Bank, deliver, line, vnpay_ipn
from tests.payment_service.use_cases.proposals import ask_refund
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)


async def _standing(context: Context, token: str) -> Standing:
    async with context.database.read_only() as connection:
        request = await find_request_by_token(connection, token)
        assert request is not None
        return await standing_of(connection, request, context.clock())


async def _take(context: Context, signed: tuple[bytes, bytes], on: date) -> None:
    content, signature = signed
    delivered = DeliveredFile(name="s.sta", content=content, signature=signature)
    await import_statement(context, delivered)
    await run_night(context, on)


async def test_paid_by_two_channels_and_one_refunded_is_still_paid(
    context: Context, clock: MovableClock
) -> None:
    officer, approver = await add_officers(context)
    account_id = await open_account(context, officer, approver)
    bank = Bank(opened=await open_endpoint(context, account_id, "rsabank"))
    gateway = await open_endpoint(context, account_id, "vnpay")
    client_id, _ = await issue_client(context)
    asked = await ask_payment(context, client_id)
    token = asked["links"]["pay"].rsplit("/", 1)[1]
    address = await start_checkout(context, token, "127.0.0.1", "vi")
    reference = parse_qs(urlsplit(address).query)["vnp_TxnRef"][0]
    await deliver(context, gateway, vnpay_ipn(gateway, reference, 10_000, "14001", MONDAY))
    assert (await _standing(context, token)).label is Label.PAID_NOT_COLLECTED
    clock.advance(days=1)
    credit = line(10_000, asked["reference"], MONDAY, reference="FT1")
    await _take(context, bank.statement(MONDAY, [credit]), MONDAY)
    twice = await _standing(context, token)
    assert twice.label is Label.OVERPAID
    assert (twice.facts.notified_minor, twice.facts.collected_minor) == (10_000, 10_000)
    assert twice.facts.reported_minor == 0
    assert twice.facts.surplus_minor == 10_000

    async with context.database.read_only() as connection:
        found = await connection.exec_driver_sql("SELECT item_id FROM item WHERE kind = 'surplus'")
        item_id = found.scalar_one()
    approval_id = await ask_refund(context, officer, item_id, "nộp hai lần")
    async with context.database.read_only() as connection:
        assert len(await accounts.open_approvals(connection)) == 1
    await decide_approval(context, approver, approval_id, is_approved=True)
    ordered = await _standing(context, token)
    assert (ordered.label, ordered.refund_ordered_minor) == (Label.OVERPAID, 10_000)

    clock.advance(days=1)
    memo = f"HOAN{approval_id.hex[-12:].upper()}"
    debit = line(10_000, memo, TUESDAY, reference="FT2", direction=Direction.DEBIT, end_to_end=memo)
    await _take(context, bank.statement(TUESDAY, [debit]), TUESDAY)
    refunded = await _standing(context, token)
    assert refunded.refund_ordered_minor == 0
    assert refunded.facts.refunded_minor == 10_000
    assert refunded.label is Label.PAID_NOT_COLLECTED


async def test_money_that_the_bank_took_back_can_be_paid_again_late(
    context: Context, clock: MovableClock
) -> None:
    account_id = await open_account(context, *await add_officers(context))
    bank = Bank(opened=await open_endpoint(context, account_id, "rsabank"))
    client_id, _ = await issue_client(context)
    asked = await ask_payment(context, client_id, expires_in_days=0)
    token = asked["links"]["pay"].rsplit("/", 1)[1]
    credit = line(10_000, asked["reference"], MONDAY, reference="FT1")
    await _take(context, bank.statement(MONDAY, [credit]), MONDAY)
    assert (await _standing(context, token)).label is Label.COLLECTED
    clock.advance(days=1)
    back = line(10_000, "hoan", TUESDAY, reference="FT2", direction=Direction.DEBIT, returned="FT1")
    await _take(context, bank.statement(TUESDAY, [back]), TUESDAY)
    assert (await _standing(context, token)).label is Label.RETURNED
    clock.advance(days=1)
    wednesday = TUESDAY + timedelta(days=1)
    again = line(10_000, asked["reference"], wednesday, reference="FT3")
    await _take(context, bank.statement(wednesday, [again]), wednesday)
    assert (await _standing(context, token)).label is Label.LATE
