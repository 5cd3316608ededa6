"""The bank's own charges and interest: booked by its code at night, undone by people for good."""

from dataclasses import replace

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.domain.resolution import Act
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    carry_out,
    line_of,
    line_part,
    live_groups,
    proposed,
    undo,
)
from tests.payment_service.use_cases.towns import MONDAY, TUESDAY, WEDNESDAY, Town

pytestmark = pytest.mark.anyio


async def test_a_night_books_what_the_bank_calls_its_own(town: Town) -> None:
    charge = line(3_300, "phi quan ly", MONDAY, reference="C1", direction=Direction.DEBIT)
    interest = line(1_250, "lai tien gui", MONDAY, reference="I1")
    lines = [replace(charge, code="NCHG"), replace(interest, code="NINT", position=2)]
    await town.statement(MONDAY, lines)
    await town.night(MONDAY)
    assert await open_break_codes(town.context) == []
    booked = {"bank": -2_050, "costs_recoverable": 3_300, "interest_due": -1_250}
    assert await balances(town.context) == booked
    reference = await town.value("SELECT reference FROM item WHERE kind = 'cost_top_up'")
    await town.statement(TUESDAY, [line(3_300, f"bu phi {reference}", TUESDAY, reference="T1")])
    await town.night(TUESDAY)
    assert await balances(town.context) == {"bank": 1_250, "interest_due": -1_250}


@pytest.mark.parametrize("is_credit", [False, True])
async def test_the_bank_takes_its_own_line_back_on_a_later_day(
    town: Town, *, is_credit: bool
) -> None:
    there, back = Direction.DEBIT, Direction.CREDIT
    if is_credit:
        there, back = back, there
    first = line(3_300, "phi quan ly", MONDAY, reference="C1", direction=there)
    await town.statement(MONDAY, [replace(first, code="NINT" if is_credit else "NCHG")])
    await town.night(MONDAY)
    assert len(await balances(town.context)) == 2
    returned = line(3_300, "tra lai", TUESDAY, reference="C2", returned="C1", direction=back)
    await town.statement(TUESDAY, [returned])
    await town.night(TUESDAY)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []
    assert await town.rows("SELECT item_id FROM item WHERE residual_minor > 0") == []


async def test_a_charge_that_was_put_back_is_not_undone_by_its_return(town: Town) -> None:
    charge = line(3_300, "phi quan ly", MONDAY, reference="C1", direction=Direction.DEBIT)
    await town.statement(MONDAY, [replace(charge, code="NCHG")])
    await town.night(MONDAY)
    reference = await town.value("SELECT reference FROM item WHERE kind = 'cost_top_up'")
    lines = [
        line(3_300, f"bu phi {reference}", TUESDAY, reference="T1"),
        line(3_300, "tra lai", TUESDAY, reference="C2", returned="C1"),
    ]
    await town.statement(TUESDAY, lines[:1])
    await town.night(TUESDAY)
    await town.statement(WEDNESDAY, [replace(lines[1], booking_date=WEDNESDAY)])
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    assert await balances(town.context) == {"bank": 3_300, "suspense": -3_300}


@pytest.mark.parametrize("is_booked_by_people", [False, True])
async def test_what_people_took_apart_no_code_books_again(
    town: Town, *, is_booked_by_people: bool
) -> None:
    charge = line(3_300, "phi quan ly", MONDAY, reference="C1", direction=Direction.DEBIT)
    await town.statement(MONDAY, [replace(charge, code="NCHG")])
    await town.night(MONDAY)
    line_id = await line_of(town, "C1")
    await undo(town, line_id)
    if is_booked_by_people:
        part = await line_part(town, line_id)
        await carry_out(town, await proposed(town, Act.BOOK_AS_CHARGE, line_id, part))
        await undo(town, line_id)
    for day in (TUESDAY, WEDNESDAY):
        await town.night(day)
        assert await live_groups(town, line_id) == []
        assert await balances(town.context) == {"bank": -3_300, "suspense": 3_300}
        assert await open_break_codes(town.context) == ["TAKEN_APART"]
