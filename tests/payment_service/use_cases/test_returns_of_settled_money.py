"""The bank returns a line whose money had moved on: two people close what is left, whatever it is.

Money that came back goes where it belongs, money that is gone is put back by the unit, and what is
still open of the line itself is paired with its return.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.db import items, money
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    line_of,
    line_part,
    proposed,
    split,
    undo,
    unexplained,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    until_waiting,
)

pytestmark = pytest.mark.anyio
DEBIT = Direction.DEBIT
THURSDAY = WEDNESDAY + timedelta(days=1)


async def _key(town: Town, kind: str) -> str:
    found: str = await town.value(
        "SELECT reference FROM item WHERE kind = :kind AND residual_minor > 0", kind=kind
    )
    return found


async def _about(town: Town, act: Act, line_id: UUID) -> UUID:
    return await carry_out(town, await proposed(town, act, line_id, await line_part(town, line_id)))


async def test_a_charge_that_was_put_back_and_returned_goes_to_the_unit(town: Town) -> None:
    charge = line(3_300, "phi quan ly", MONDAY, reference="C1", direction=DEBIT)
    await town.statement(MONDAY, [replace(charge, code="NCHG")])
    await town.night(MONDAY)
    put_back = f"bu phi {await _key(town, 'cost_top_up')}"
    await town.statement(TUESDAY, [line(3_300, put_back, TUESDAY, reference="T1")])
    await town.night(TUESDAY)
    back = line(3_300, "tra lai", WEDNESDAY, reference="C2", returned="C1")
    await town.statement(WEDNESDAY, [back])
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    line_id = await line_of(town, "C2")
    with pytest.raises(Invalid) as refused:
        await _about(town, Act.BOOK_AS_CHARGE, line_id)
    assert refused.value.data["field"] == "direction"
    await _about(town, Act.REFUND, line_id)
    assert await open_break_codes(town.context) == []
    paid = line(3_300, await _key(town, "refund"), THURSDAY, reference="T2", direction=DEBIT)
    await town.statement(THURSDAY, [paid])
    await town.night(THURSDAY)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []


async def test_money_that_left_twice_is_put_back_by_the_unit(town: Town) -> None:
    """Its payer has it from us and from the bank."""
    line_id = await unexplained(town, 8_000)
    await _about(town, Act.REFUND, line_id)
    paid = line(8_000, await _key(town, "refund"), TUESDAY, reference="T1", direction=DEBIT)
    back = line(8_000, "tra lai", TUESDAY, reference="T2", returned="K00", direction=DEBIT)
    await town.statement(TUESDAY, [paid, back])
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    await _about(town, Act.BOOK_AS_CHARGE, await line_of(town, "T2"))
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {"bank": -8_000, "costs_recoverable": 8_000}
    put_back = line(8_000, await _key(town, "cost_top_up"), WEDNESDAY, reference="T3")
    await town.statement(WEDNESDAY, [put_back])
    await town.night(WEDNESDAY)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []


async def test_what_is_open_of_a_returned_line_is_paired_and_never_refunded(town: Town) -> None:
    asked = await town.ask()
    line_id = await unexplained(town, 15_000)
    await carry_out(town, await split(town, line_id, (asked, 12_000)))
    surplus = await town.value("SELECT item_id FROM item WHERE kind = 'surplus'")
    await town.approve(await ask_refund(town.context, town.officer, surplus, "x"))
    back = line(15_000, "tra lai", TUESDAY, reference="T1", returned="K00", direction=DEBIT)
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["NO_REFERENCE", "RETURN_SETTLED"]
    with pytest.raises(StateConflict) as refused:
        await ask(town, await proposed(town, Act.REFUND, line_id, await line_part(town, line_id)))
    assert refused.value.data["field"] == "taken-back"
    debit_id = await line_of(town, "T1")
    parts = [await line_part(town, each, 3_000) for each in (debit_id, line_id)]
    await carry_out(town, await proposed(town, Act.PAIR_LINES, debit_id, *parts))
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    assert (await line_part(town, debit_id)).amount_minor == 12_000
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    await _about(town, Act.BOOK_AS_CHARGE, debit_id)
    await town.night(THURSDAY)
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {
        "costs_recoverable": 12_000,
        "refunds_payable": -2_000,
        "due_to_budget": -FEE,
    }
    await undo(town, debit_id)
    assert await open_break_codes(town.context) == ["TAKEN_APART", "TAKEN_APART"]


async def test_only_a_return_is_paired_with_less(town: Town) -> None:
    one = await unexplained(town, 5_000)
    other = await unexplained(town, 3_000, on=TUESDAY, direction=DEBIT)
    parts = [await line_part(town, each, 3_000) for each in (other, one)]
    with pytest.raises(Invalid) as refused:
        await ask(town, await proposed(town, Act.PAIR_LINES, other, *parts))
    assert refused.value.data["field"] == "opposite"


async def test_a_return_waits_for_its_due_before_it_takes_what_is_kept(town: Town) -> None:
    """As people do, who lock the due and then what is kept of its money: nobody waits for ever."""
    asked = await town.ask()
    await town.statement(MONDAY, [line(13_000, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    surplus = await town.value("SELECT item_id FROM item WHERE kind = 'surplus'")
    back = line(13_000, "tra lai", TUESDAY, reference="FT2", returned="FT1", direction=DEBIT)
    await town.statement(TUESDAY, [back])
    async with town.context.database.transaction() as connection:
        await money.lock_dues(connection, [UUID(asked["request_id"])])
        night = asyncio.create_task(town.night(TUESDAY))
        await until_waiting(town.context, 1)
        await items.lock_items(connection, [surplus])
    await night
    assert await balances(town.context) == {}


async def test_a_return_waits_for_its_due_before_a_refund_that_is_named(town: Town) -> None:
    """As people do, who lock the due of an order before they take the order back."""
    asked, late = await town.ask(), MONDAY + timedelta(days=10)
    for day, key, amount_minor in ((MONDAY, "FT1", 13_000), (TUESDAY, "FT2", 4_000)):
        paid = line(amount_minor, asked["reference"], day, reference=key)
        await town.statement(day, [paid])
        await town.night(day)
    surplus = await town.value("SELECT item_id FROM item WHERE amount_minor = 3000")
    await town.approve(await ask_refund(town.context, town.officer, surplus, "x"))
    refund = await town.value("SELECT item_id FROM item WHERE kind = 'refund'")
    back = line(4_000, "tra lai", late, reference="FT3", returned="FT2", direction=DEBIT)
    await town.statement(late, [back])
    async with town.context.database.transaction() as connection:
        await money.lock_dues(connection, [UUID(asked["request_id"])])
        night = asyncio.create_task(town.night(late))
        await until_waiting(town.context, 1)
        await items.lock_items(connection, [refund])
    await night
    assert await open_break_codes(town.context) == ["REFUND_NOT_SEEN"]
