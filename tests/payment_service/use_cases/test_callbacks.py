"""Callbacks copied, contradicted, misdirected and late: money is recorded once and never lost."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from bank_adapters.contract import CallbackRejected, CallbackRequest, Outcome
from bank_adapters.counterpart.callbacks import sign_notice, write_credit_notice
from bank_adapters.counterpart.vnpay import sign_vnpay_ipn, vnpay_ipn_fields
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.domain.errors import NotFound
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.keep_callback import keep_callback
from tests.builders import open_account, open_endpoint
from tests.payment_service.use_cases.days import (
    balances,
    bank_notice,
    deliver,
    open_break_codes,
    vnpay_ipn,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town

OTHER_UNIT = "11311"
pytestmark = pytest.mark.anyio


def _notice(town: Town, **changes: object) -> CallbackRequest:
    """Return a signed bank notice with some fields changed."""
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code="credit",
        merchant=town.bank.opened.account_number,
        our_reference=None,
        provider_transaction="FT1",
        amount_minor=FEE,
        currency="VND",
        paid_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
        memo="",
        account_number=town.bank.opened.account_number,
    )
    return _signed(town, write_credit_notice(replace(notice, **changes)))  # type: ignore[arg-type] # loose on purpose


def _signed(town: Town, body: bytes) -> CallbackRequest:
    headers = sign_notice(body, town.bank.opened.private_key)
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


async def test_fifty_copies_at_once_are_one_payment(town: Town) -> None:
    reference = await town.ask_at_gateway()
    outcomes = await asyncio.gather(*(town.ipn(reference, FEE, "77") for _ in range(50)))
    assert set(outcomes) == {Outcome.RECORDED}
    other = await town.ask()
    outcomes = await asyncio.gather(
        *(town.notify(other["reference"], FEE, "FT1", MONDAY) for _ in range(50))
    )
    assert set(outcomes) == {Outcome.RECORDED}
    assert await balances(town.context) == {
        "gateway_clearing": FEE,
        "notices_in_transit": FEE,
        "fees_collected": -2 * FEE,
    }
    assert await town.value("SELECT count(*) FROM inbound_message") == 2


async def test_the_same_copy_kept_but_not_acted_on_is_acted_on(town: Town) -> None:
    reference = await town.ask_at_gateway()
    request = vnpay_ipn(town.vnpay, reference, FEE, "77", MONDAY)
    kept = await keep_callback(town.context, DIALECTS["vnpay"], town.vnpay.slug, request)
    assert kept.outcome is None
    assert await deliver(town.context, town.vnpay, request) is Outcome.RECORDED
    assert await act_on_callback(town.context, kept.message_id) is Outcome.RECORDED
    assert await town.value("SELECT count(*) FROM money") == 1


async def test_four_hundred_days_later_it_is_still_the_same_message(town: Town) -> None:
    reference = await town.ask_at_gateway()
    assert await town.ipn(reference, FEE, "77") is Outcome.RECORDED
    before = await balances(town.context)
    town.clock.advance(days=400)
    assert await town.ipn(reference, FEE, "77") is Outcome.RECORDED
    assert await balances(town.context) == before


async def test_racing_amounts_for_one_transaction_are_one_payment_and_a_break(town: Town) -> None:
    reference = await town.ask_at_gateway()
    amounts = [FEE, FEE - 1_000, FEE + 1_000, 1]
    outcomes = await asyncio.gather(*(town.ipn(reference, minor, "77") for minor in amounts))
    assert await town.value("SELECT count(*) FROM money") == 1
    assert outcomes.count(Outcome.AMOUNT_DIFFERS) >= 3
    codes = await open_break_codes(town.context)
    assert codes.count("CONFLICTING_DUPLICATE") == 3


async def test_failure_after_success_undoes_nothing(town: Town) -> None:
    reference = await town.ask_at_gateway()
    assert await town.ipn(reference, FEE, "77") is Outcome.RECORDED
    before = await balances(town.context)
    assert await town.ipn(reference, FEE, "77", code="24") is Outcome.ALREADY_RECORDED
    assert await balances(town.context) == before
    assert await open_break_codes(town.context) == ["CONFLICTING_DUPLICATE"]


async def test_success_after_failure_is_money(town: Town) -> None:
    reference = await town.ask_at_gateway()
    assert await town.ipn(reference, FEE, "77", code="24") is Outcome.RECORDED
    assert await balances(town.context) == {}
    assert await town.ipn(reference, FEE, "77") is Outcome.RECORDED
    assert await balances(town.context) == {"gateway_clearing": FEE, "fees_collected": -FEE}
    assert await open_break_codes(town.context) == []


async def test_half_a_success_is_no_money(town: Town) -> None:
    reference = await town.ask_at_gateway()
    fields = vnpay_ipn_fields(
        PaymentNotice(
            result=NoticeResult.PAID,
            result_code="00/02",
            merchant=town.vnpay.merchant,
            our_reference=reference,
            provider_transaction="77",
            amount_minor=FEE,
            currency="VND",
            paid_at=datetime(2026, 11, 23, 2, tzinfo=UTC),
        )
    )
    for changes in ({}, {"vnp_ResponseCode": "77", "vnp_TransactionStatus": "00"}):
        query = sign_vnpay_ipn(fields | changes, town.vnpay.secret)
        request = CallbackRequest(method="GET", query=query, headers=(), body=b"")
        await deliver(town.context, town.vnpay, request)
    assert await balances(town.context) == {}


async def test_too_little_too_much_and_again(town: Town) -> None:
    reference = await town.ask_at_gateway()
    assert await town.ipn(reference, 4_000, "1") is Outcome.AMOUNT_DIFFERS
    assert await town.ipn(reference, 7_000, "2") is Outcome.AMOUNT_DIFFERS
    assert await town.ipn(reference, FEE, "3") is Outcome.ALREADY_COVERED
    assert await balances(town.context) == {
        "gateway_clearing": 21_000,
        "fees_collected": -FEE,
        "surplus_to_return": -11_000,
    }
    assert await open_break_codes(town.context) == ["OVERPAID", "REFERENCE_CLOSED"]


async def test_money_for_a_cancelled_request_is_surplus(town: Town) -> None:
    asked = await town.ask()
    reference = await town.choose_gateway(asked)
    await cancel_request(town.context, UUID(asked["request_id"]), town.client_id, "doi y")
    assert await town.ipn(reference, FEE, "77") is Outcome.ALREADY_COVERED
    assert await town.notify(asked["reference"], FEE, "FT1", MONDAY) is Outcome.ALREADY_COVERED
    assert await open_break_codes(town.context) == ["REFERENCE_CANCELLED"] * 2
    assert (await balances(town.context))["surplus_to_return"] == -2 * FEE


async def test_money_after_its_time_is_taken(town: Town) -> None:
    reference = await town.ask_at_gateway()
    town.clock.advance(days=60)
    assert await town.ipn(reference, FEE, "77") is Outcome.RECORDED
    assert await balances(town.context) == {"gateway_clearing": FEE, "fees_collected": -FEE}


async def test_money_for_nobody_is_kept(town: Town) -> None:
    assert await town.ipn("KHONGCO001", FEE, "77") is Outcome.UNKNOWN_REFERENCE
    assert await town.notify("tien com", FEE, "FT1", MONDAY) is Outcome.UNKNOWN_REFERENCE
    asked = [await town.ask(), await town.ask()]
    both = " ".join(each["reference"] for each in asked)
    assert await town.notify(both, 2 * FEE, "FT2", MONDAY) is Outcome.UNKNOWN_REFERENCE
    assert await open_break_codes(town.context) == ["UNKNOWN_REFERENCE"] * 3


async def test_another_unit_s_reference_is_nobody_s_here(town: Town) -> None:
    there = await open_account(town.context, town.officer, town.approver, OTHER_UNIT)
    bank_there = await open_endpoint(town.context, there, "rsabank")
    asked = await town.ask()
    notice = bank_notice(bank_there, asked["reference"], FEE, "FT1", MONDAY)
    assert await deliver(town.context, bank_there, notice) is Outcome.UNKNOWN_REFERENCE
    due = "SELECT residual_minor FROM item WHERE kind = 'due'"
    assert await town.value(due) == FEE


async def test_another_account_merchant_or_currency_is_not_ours(town: Town) -> None:
    reference = await town.ask_at_gateway()
    elsewhere = replace(town.vnpay, merchant="HPOTHER")
    other = vnpay_ipn(elsewhere, reference, FEE, "77", MONDAY)
    assert await deliver(town.context, town.vnpay, other) is Outcome.OTHER_MERCHANT
    account = _notice(town, account_number="9999999999")
    assert await deliver(town.context, town.bank.opened, account) is Outcome.OTHER_MERCHANT
    dollars = _notice(town, currency="USD", provider_transaction="FT2")
    assert await deliver(town.context, town.bank.opened, dollars) is Outcome.UNREADABLE
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == [
        "OTHER_MERCHANT", "OTHER_MERCHANT", "UNREADABLE_NOTICE",
    ]  # fmt: skip


async def test_genuine_nonsense_is_kept_and_named(town: Town) -> None:
    bodies = [
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"a":' * 5_000,
        write_credit_notice_raw(town, amount="10000"),
        write_credit_notice_raw(town, amount=1e30),
        write_credit_notice_raw(town, amount=-5),
        write_credit_notice_raw(town, amount=0),
        write_credit_notice_raw(town, amount=10**17),
        write_credit_notice_raw(town, memo="\0"),
        write_credit_notice_raw(town, memo="\ud800"),
        write_credit_notice_raw(town, bookedAt="2026-02-30T00:00:00+07:00"),
    ]
    for body in bodies:
        assert await deliver(town.context, town.bank.opened, _signed(town, body)) is (
            Outcome.UNREADABLE
        ), body
    assert await open_break_codes(town.context) == ["UNREADABLE_NOTICE"] * len(bodies)
    assert await balances(town.context) == {}


def write_credit_notice_raw(town: Town, **changes: object) -> bytes:
    """Return a notice with fields that its writer would refuse."""
    fields = json.loads(_notice(town).body) | changes
    return json.dumps(fields).encode()


async def test_what_nobody_signed_leaves_no_trace(town: Town) -> None:
    genuine = _notice(town)
    forged = replace(genuine, body=genuine.body.replace(b"10000", b"90000"))
    assert forged != genuine
    dialect = DIALECTS["rsabank"]
    for request in (forged, replace(genuine, headers=())):
        with pytest.raises(CallbackRejected):
            await keep_callback(town.context, dialect, town.bank.opened.slug, request)
    with pytest.raises(NotFound):
        await keep_callback(town.context, dialect, town.vnpay.slug, genuine)
    for slug in ("nobody", "", "../x", "\0", "%00"):
        with pytest.raises(NotFound):
            await keep_callback(town.context, dialect, slug, genuine)
    assert await town.value("SELECT count(*) FROM inbound_message") == 0
