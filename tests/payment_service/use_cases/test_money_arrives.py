"""Money by each channel, from the request to the bank, ends in the right accounts."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction
from payment_service.context import Context
from payment_service.nightly import run_night
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import add_officers, ask_payment, issue_client, open_account, open_endpoint
from tests.payment_service.use_cases.days import (
    Bank,
    balances,
    bank_notice,
    broken,
    deliver,
    line,
    open_break_codes,
    vnpay_ipn,
)
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)


async def _take(context: Context, signed: tuple[bytes, bytes]) -> bytes:
    content, signature = signed
    return await import_statement(
        context, DeliveredFile(name="s.sta", content=content, signature=signature)
    )


async def _world(context: Context) -> tuple[UUID, Bank, UUID]:
    officer, approver = await add_officers(context)
    account_id = await open_account(context, officer, approver)
    opened = await open_endpoint(context, account_id, "rsabank")
    client_id, _ = await issue_client(context)
    return account_id, Bank(opened=opened), client_id


async def test_a_direct_transfer_is_matched_by_its_memo(
    context: Context, clock: MovableClock
) -> None:
    _, bank, client_id = await _world(context)
    asked = await ask_payment(context, client_id)
    memo = f"MBVCB.1.{asked['reference'].lower()}.CT tu 012 NGUYEN VAN A"
    await _take(context, bank.statement(MONDAY, [line(10_000, memo, MONDAY, reference="FT1")]))
    assert await balances(context) == {"bank": 10_000, "suspense": -10_000}
    clock.advance(days=1)
    report = await run_night(context, MONDAY)
    assert report["broken_invariants"] == {}
    assert await balances(context) == {"bank": 10_000, "due_to_budget": -10_000}
    assert await open_break_codes(context) == []
    again = await run_night(context, MONDAY)
    assert again == report


async def test_a_notice_and_its_line_are_one_money(context: Context, clock: MovableClock) -> None:
    _, bank, client_id = await _world(context)
    asked = await ask_payment(context, client_id)
    notice = bank_notice(bank.opened, asked["reference"], 10_000, "FT1", MONDAY)
    assert await deliver(context, bank.opened, notice) is Outcome.RECORDED
    assert await deliver(context, bank.opened, notice) is Outcome.RECORDED
    assert await balances(context) == {"notices_in_transit": 10_000, "fees_collected": -10_000}
    assert await broken(context) == {}
    await _take(context, bank.statement(MONDAY, [line(10_000, "x", MONDAY, reference="FT1")]))
    clock.advance(days=1)
    report = await run_night(context, MONDAY)
    assert report["broken_invariants"] == {}
    assert await balances(context) == {"bank": 10_000, "due_to_budget": -10_000}


async def test_short_then_completed_then_returned(context: Context, clock: MovableClock) -> None:
    _, bank, client_id = await _world(context)
    asked = await ask_payment(context, client_id)
    reference = asked["reference"]
    first = [line(4_000, reference, MONDAY, reference="FT1")]
    await _take(context, bank.statement(MONDAY, first))
    clock.advance(days=1)
    assert (await run_night(context, MONDAY))["broken_invariants"] == {}
    assert await balances(context) == {"bank": 4_000, "part_payments_held": -4_000}
    assert await open_break_codes(context) == ["UNDERPAID"]
    second = [line(9_000, reference, TUESDAY, reference="FT2")]
    await _take(context, bank.statement(TUESDAY, second))
    clock.advance(days=1)
    assert (await run_night(context, TUESDAY))["broken_invariants"] == {}
    assert await open_break_codes(context) == ["OVERPAID"]
    assert await balances(context) == {
        "bank": 13_000,
        "due_to_budget": -10_000,
        "surplus_to_return": -3_000,
    }
    wednesday = TUESDAY + timedelta(days=1)
    back = line(
        9_000, "tra lai", wednesday, reference="FT3", returned="FT2", direction=Direction.DEBIT
    )
    await _take(context, bank.statement(wednesday, [back]))
    clock.advance(days=1)
    report = await run_night(context, wednesday)
    assert report["broken_invariants"] == {}
    assert await open_break_codes(context) == ["UNDERPAID"]
    assert await balances(context) == {"bank": 4_000, "part_payments_held": -4_000}


async def test_a_gateway_payment_is_notified(context: Context) -> None:
    account_id, _, client_id = await _world(context)
    vnpay = await open_endpoint(context, account_id, "vnpay")
    asked = await ask_payment(context, client_id)
    token = asked["links"]["pay"].rsplit("/", 1)[-1]
    address = await start_checkout(context, token, "127.0.0.1", "vi")
    assert f"vnp_TxnRef={asked['reference']}001" in address
    ipn = vnpay_ipn(vnpay, f"{asked['reference']}001", 10_000, "14422574", MONDAY)
    assert await deliver(context, vnpay, ipn) is Outcome.RECORDED
    assert await balances(context) == {"gateway_clearing": 10_000, "fees_collected": -10_000}
    other = vnpay_ipn(vnpay, f"{asked['reference']}001", 10_000, "14422575", MONDAY)
    assert await deliver(context, vnpay, other) is Outcome.ALREADY_COVERED
    assert await open_break_codes(context) == ["REFERENCE_CLOSED"]
    wrong = vnpay_ipn(vnpay, f"{asked['reference']}001", 9_000, "14422574", MONDAY)
    assert await deliver(context, vnpay, wrong) is Outcome.AMOUNT_DIFFERS
    assert await broken(context) == {}
