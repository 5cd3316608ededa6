"""Fees are declared once, only when seen in the bank, and undeclared when the bank takes them."""

from datetime import timedelta

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.context import Context
from payment_service.use_cases.declare_fees import declare_fees
from tests.builders import CERTIFIED_COPY, SIGNATURE_CERTIFICATION, ask_payment
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
    found_town,
    sound,
)
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio


async def test_declaring_again_finds_nothing(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    assert await declare_fees(town.context, MONDAY) == 0
    assert await declare_fees(town.context, TUESDAY) == 0
    assert await town.value("SELECT count(*) FROM declaration") == 1


async def test_declared_at_once_is_declared_once(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], FEE, "FT1", MONDAY)
    assert await declare_fees(town.context, MONDAY) == 0  # announced, not seen
    await town.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    await town.night(MONDAY)
    assert await at_once(*(declare_fees(town.context, TUESDAY) for _ in range(5))) == ["done"] * 5
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_what_a_gateway_notified_is_declared_when_its_payout_is_seen(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    assert await declare_fees(town.context, MONDAY) == 0
    await town.report([("77", reference, FEE)])
    assert await declare_fees(town.context, MONDAY) == 0
    await town.statement(TUESDAY, [line(FEE, "TT LO2611230001", TUESDAY, reference="FT1")])
    assert (await town.night(TUESDAY))["declared_minor"] == FEE


async def test_declared_fees_that_come_back_are_undeclared_and_declared_again(town: Town) -> None:
    asked = await town.ask()
    reference = asked["reference"]
    await town.statement(MONDAY, [line(FEE, reference, MONDAY, reference="FT1")])
    assert (await town.night(MONDAY))["declared_minor"] == FEE
    back = line(FEE, "tra lai", TUESDAY, reference="FT2", returned="FT1", direction=Direction.DEBIT)
    await town.statement(TUESDAY, [back])
    assert (await town.night(TUESDAY))["declared_minor"] == -FEE
    assert await balances(town.context) == {}
    await town.statement(WEDNESDAY, [line(FEE, reference, WEDNESDAY, reference="FT3")])
    assert (await town.night(WEDNESDAY))["declared_minor"] == FEE
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []


async def test_a_part_payment_is_declared_with_the_last_part_only(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(4_000, asked["reference"], MONDAY, reference="FT1")])
    assert (await town.night(MONDAY))["declared_minor"] == 0
    # The rest is announced but not seen: only what the bank showed may be declared.
    await town.notify(asked["reference"], 6_000, "FT2", TUESDAY)
    assert (await town.night(TUESDAY))["declared_minor"] == 4_000
    await town.statement(WEDNESDAY, [line(6_000, "x", WEDNESDAY, reference="FT2")])
    assert (await town.night(WEDNESDAY))["declared_minor"] == 6_000
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_each_kind_of_fee_goes_to_its_own_line_of_the_budget(town: Town) -> None:
    lines = [CERTIFIED_COPY, SIGNATURE_CERTIFICATION]
    asked = await ask_payment(town.context, town.client_id, lines=lines)
    await town.statement(MONDAY, [line(14_000, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    rows = await town.rows("""
        SELECT fee_kind.code, sum(declared.amount_minor)::bigint AS amount_minor
        FROM declared_application AS declared JOIN application USING (application_id)
        JOIN request_line USING (line_id) JOIN fee_kind ON fee_kind.code = request_line.fee_kind
        GROUP BY 1 ORDER BY 1
    """)
    assert {row.code: row.amount_minor for row in rows} == {
        CERTIFIED_COPY.fee_kind: 4_000,
        SIGNATURE_CERTIFICATION.fee_kind: FEE,
    }
    assert await town.value("SELECT count(*) FROM declaration") == 2


async def test_an_account_that_opens_with_money_keeps_it_apart(
    context: Context, clock: MovableClock
) -> None:
    async with sound(context):
        town = await found_town(context, clock, opening_balance_minor=500_000)
        assert await balances(context) == {"bank": 500_000, "opening_difference": -500_000}
        asked = await town.ask()
        await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="FT1")])
        await town.night(MONDAY)
        await town.night(MONDAY + timedelta(days=1))
        assert await balances(context) == {
            "bank": 510_000,
            "opening_difference": -500_000,
            "due_to_budget": -FEE,
        }
