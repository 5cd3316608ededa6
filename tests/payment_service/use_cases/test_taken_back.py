"""What a settlement report takes back or adjusts: always booked, and under its right name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bank_adapters.contract import Algorithm, Outcome
from bank_adapters.vocabulary import Direction
from payment_service.db import requests
from payment_service.db.standing import standing_of
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import ask_refund
from tests.payment_service.use_cases.towns import (
    FEE,
    TUESDAY,
    WEDNESDAY,
    Town,
    reported,
)

pytestmark = pytest.mark.anyio

THURSDAY = WEDNESDAY + timedelta(days=1)
PAID, BACK = "B0000001", "B0000002"


async def _pay(town: Town, transaction: str, amount_minor: int = FEE) -> tuple[dict[str, Any], str]:
    asked = await town.ask()
    reference = await town.choose_gateway(asked)
    assert await town.ipn(reference, amount_minor, transaction) in {
        Outcome.RECORDED, Outcome.AMOUNT_DIFFERS, Outcome.ALREADY_COVERED,
    }  # fmt: skip
    return asked, reference


async def _report_back(
    town: Town,
    lines: Sequence[tuple[str, str, int, str]],
    *,
    batch: str = BACK,
    reference: str = "",
) -> None:
    """Report lines of (kind, transaction, gross, original)."""
    details = [
        reported(transaction, reference, gross_minor, kind=kind, original=original)
        for kind, transaction, gross_minor, original in lines
    ]
    await town.report(details, batch=batch, settled_on=WEDNESDAY)


async def label_of(town: Town, asked: dict[str, Any]) -> str:
    """Return what the payer of a request is told."""
    token = asked["links"]["pay"].rsplit("/", 1)[-1]
    async with town.context.database.read_only() as connection:
        request = await requests.find_request_by_token(connection, token)
        assert request is not None
        return (await standing_of(connection, request, town.context.clock())).label.value


@pytest.mark.parametrize(
    ("kind", "code"), [("chargeback", "CHARGEBACK"), ("refund", "REFUND_NOT_ORDERED")]
)
async def test_a_payment_taken_back_reopens_its_due_and_is_a_debit(
    town: Town, kind: str, code: str
) -> None:
    asked, reference = await _pay(town, "77")
    await town.report([("77", reference, FEE)], batch=PAID)
    await town.statement(TUESDAY, [line(FEE, PAID, TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    await _report_back(town, [(kind, "99", -FEE, "77")])
    assert await open_break_codes(town.context) == [code]
    assert await balances(town.context) == {
        "bank": FEE,
        "due_to_budget": -FEE,
        "fees_collected": FEE,
        "gateway_clearing": -FEE,
    }
    assert await label_of(town, asked) == "returned"
    back = line(FEE, f"THU {BACK}", WEDNESDAY, reference="FT2", direction=Direction.DEBIT)
    await town.statement(WEDNESDAY, [back])
    await town.night(WEDNESDAY)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == [code]
    again = await town.choose_gateway(asked)
    assert await town.ipn(again, FEE, "78") is Outcome.RECORDED
    assert await balances(town.context) == {"gateway_clearing": FEE, "fees_collected": -FEE}


async def test_a_payment_that_was_never_notified_is_taken_back_in_the_same_report(
    town: Town,
) -> None:
    asked = await town.ask()
    reference = await town.choose_gateway(asked)
    paid = reported("77", reference, FEE)
    back = reported("99", "", -FEE, kind="chargeback", original="77")
    await town.report([back, paid], fee_minor=100, vat_minor=8)
    assert await open_break_codes(town.context) == ["CHARGEBACK", "REPORTED_NO_NOTICE"]
    assert await balances(town.context) == {"costs_recoverable": 216, "gateway_clearing": -216}
    assert await label_of(town, asked) == "returned"
    [(direction, amount_minor)] = await town.rows(
        "SELECT direction, amount_minor FROM item WHERE kind = 'payout'"
    )
    assert (direction, amount_minor) == ("debit", 216)


async def test_a_payment_told_and_taken_back_before_it_was_reported(town: Town) -> None:
    _, reference = await _pay(town, "77")
    await _report_back(town, [("chargeback", "99", -FEE, "77")])
    assert await balances(town.context) == {}
    await town.report([("77", reference, FEE)], batch="B0000003", settled_on=WEDNESDAY)
    lines = [
        line(FEE, BACK, WEDNESDAY, reference="FT1", direction=Direction.DEBIT),
        line(FEE, "B0000003", WEDNESDAY, reference="FT2"),
    ]
    await town.statement(WEDNESDAY, lines)
    await town.night(WEDNESDAY)
    assert await balances(town.context) == {}


async def test_part_payment_and_surplus_are_taken_back_whole(town: Town) -> None:
    for transaction, amount_minor in (("77", 4_000), ("78", FEE + 500)):
        await _pay(town, transaction, amount_minor)
    await _report_back(
        town,
        [("refund", "98", -4_000, "77"), ("chargeback", "99", -(FEE + 500), "78")],
    )
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == ["CHARGEBACK", "REFUND_NOT_ORDERED"]


@pytest.mark.parametrize("original", ["", "77"])
async def test_a_refund_that_we_ordered_is_seen_in_the_report(town: Town, original: str) -> None:
    asked = await town.ask()
    reference = await town.choose_gateway(asked)
    await cancel_request(town.context, UUID(asked["request_id"]), town.client_id, "doi y")
    await town.ipn(reference, FEE, "77")
    [(surplus_id,)] = await town.rows("SELECT item_id FROM item WHERE kind = 'surplus'")
    await town.approve(await ask_refund(town.context, town.officer, surplus_id, "hủy hồ sơ"))
    order = await town.value("SELECT reference FROM item WHERE kind = 'refund'")
    told = reported("99", "" if original else order, -FEE, kind="refund", original=original)
    await town.report([reported("77", reference, FEE), told])
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []
    assert await town.value("SELECT residual_minor FROM item WHERE kind = 'refund'") == 0
    assert await label_of(town, asked) == "refunded"
    await _report_back(town, [("refund", "100", -FEE, "77")], reference=order)
    assert await open_break_codes(town.context) == ["TAKEN_BACK_UNKNOWN"]
    assert await balances(town.context) == {}


@pytest.mark.parametrize(
    ("kind", "gross_minor", "original", "criterion"),
    [
        ("chargeback", -FEE, "76", "original"),
        ("chargeback", -FEE, "", "original"),
        ("refund", -FEE, "", "original"),
        ("refund", -(FEE - 1), "77", "amount"),
        ("chargeback", -(FEE + 1), "77", "amount"),
    ],
)
async def test_what_no_payment_answers_exactly_is_a_claim_on_the_gateway(
    town: Town, kind: str, gross_minor: int, original: str, criterion: str
) -> None:
    _, reference = await _pay(town, "77")
    await town.report([("77", reference, FEE)], batch=PAID)
    await _report_back(town, [(kind, "99", gross_minor, original)])
    assert await open_break_codes(town.context) == ["TAKEN_BACK_UNKNOWN"]
    [(details,)] = await town.rows("SELECT details FROM break_case")
    assert (details["failed_criterion"], details["transaction"]) == (criterion, "99")
    lines = [
        line(FEE, PAID, WEDNESDAY, reference="FT1"),
        line(-gross_minor, BACK, WEDNESDAY, reference="FT2", direction=Direction.DEBIT),
    ]
    await town.statement(WEDNESDAY, lines)
    await town.night(WEDNESDAY)
    found = await balances(town.context)
    assert found["gateway_clearing"] == -gross_minor
    # The gateway takes it back by an adjustment that names the line: nothing is left.
    await _report_back(town, [("adjustment", "101", -gross_minor, "99")], batch="B0000003")
    assert await open_break_codes(town.context) == []
    await town.statement(THURSDAY, [line(-gross_minor, "B0000003", THURSDAY, reference="FT3")])
    await town.night(THURSDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_a_payment_is_taken_back_once(town: Town) -> None:
    await _pay(town, "77")
    await _report_back(town, [("chargeback", "98", -FEE, "77"), ("refund", "99", -FEE, "77")])
    assert await open_break_codes(town.context) == ["CHARGEBACK", "TAKEN_BACK_UNKNOWN"]
    assert await town.value("SELECT count(*) FROM money WHERE kind = 'returned'") == 1


@pytest.mark.parametrize("amount_minor", [300, -300])
async def test_an_adjustment_that_nothing_explains_is_named_and_kept(
    town: Town, amount_minor: int
) -> None:
    _, reference = await _pay(town, "77")
    lines = [
        reported("77", reference, FEE),
        reported("99", "", amount_minor, kind="adjustment"),
    ]
    await town.report(lines)
    assert await open_break_codes(town.context) == ["REPORT_ADJUSTMENT"]
    credit = line(FEE + amount_minor, "LO2611230001", TUESDAY, reference="FT1")
    await town.statement(TUESDAY, [credit])
    await town.night(TUESDAY)
    assert (await balances(town.context))["gateway_clearing"] == -amount_minor
    # Of the wrong sign, amount or name it answers nothing.
    for number, (gross_minor, original) in enumerate(
        ((amount_minor, "99"), (-2 * amount_minor, "99"), (-amount_minor, "98")), 3
    ):
        told = [("adjustment", f"10{number}", gross_minor, original)]
        await _report_back(town, told, batch=f"B000000{number}")
    assert await open_break_codes(town.context) == ["REPORT_ADJUSTMENT"] * 4


async def test_what_another_gateway_took_is_not_taken_back(town: Town) -> None:
    await _pay(town, "77")
    await register_endpoint(
        town.context,
        NewEndpoint(
            channel="vnpay",
            account_id=town.account_id,
            merchant="HPTHUHAI",
            algorithm=Algorithm.HMAC_SHA512_HEX,
            material=town.vnpay.secret,
        ),
    )
    town.vnpay = replace(town.vnpay, merchant="HPTHUHAI")
    await _report_back(town, [("chargeback", "99", -FEE, "77")])
    assert await open_break_codes(town.context) == ["TAKEN_BACK_UNKNOWN"]
