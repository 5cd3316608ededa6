"""A wrong match is undone by two people, by reversal, and no night makes it again by itself."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Forbidden, Invalid, StateConflict
from payment_service.use_cases.ask_resolution import ask_resolution
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    line_of,
    live_groups,
    open_break,
    person,
    split,
    undo,
    undoing,
    unexplained,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
)

pytestmark = pytest.mark.anyio
THURSDAY = WEDNESDAY + timedelta(days=1)
DUE = "SELECT residual_minor FROM item WHERE kind = 'due' AND reference = :reference"


async def test_what_the_night_matched_is_undone_and_stays_undone(town: Town) -> None:
    wrong, right = await town.ask(), await town.ask()
    await town.statement(MONDAY, [line(FEE, wrong["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    line_id = await line_of(town, "FT1")
    [before] = await live_groups(town, line_id)
    await carry_out(town, await undoing(town, before))
    # Declared before it was undone: the next declaration takes it back by difference.
    assert (await balances(town.context))["suspense"] == -FEE
    assert await town.value(DUE, reference=wrong["reference"]) == FEE
    assert await open_break_codes(town.context) == ["TAKEN_APART"]
    broken = await open_break(town, line_id)
    for day in (TUESDAY, WEDNESDAY):
        await town.night(day)
        assert await live_groups(town, line_id) == []
        assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}
        assert await open_break(town, line_id) == broken
    await carry_out(town, await split(town, line_id, (right, FEE)))
    await town.night(THURSDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []
    history = await town.rows("SELECT pass_name, evidence_class FROM match_group ORDER BY 1")
    assert [tuple(row) for row in history] == [
        ("match_by_hand", "E"), ("reference_in_memo", "B"), ("unmatch_by_hand", "E"),
    ]  # fmt: skip


async def test_the_due_is_as_if_the_money_had_never_been_for_it(town: Town) -> None:
    wrong = await town.ask()
    await town.notify(wrong["reference"], 4_000, "FT0", MONDAY)
    line_id = await unexplained(town, 9_000)
    await carry_out(town, await split(town, line_id, (wrong, 9_000)))
    await undo(town, line_id)
    assert await town.value(DUE, reference=wrong["reference"]) == 6_000
    assert await balances(town.context) == {
        "bank": 9_000, "notices_in_transit": 4_000, "suspense": -9_000,
        "part_payments_held": -4_000,
    }  # fmt: skip
    facts = await town.rows("SELECT kind FROM money_fact")
    assert [row.kind for row in facts] == ["bank_notice"]


@pytest.mark.parametrize("is_returned", [True, False])
async def test_a_second_payment_is_taken_off_and_the_first_one_stays(
    town: Town, *, is_returned: bool
) -> None:
    """All of it was surplus: the request is as covered as before, whoever takes it off."""
    asked = await town.ask()
    await town.notify(asked["reference"], FEE, "FT0", MONDAY)
    await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    books = {"notices_in_transit": FEE, "fees_collected": -FEE}
    assert await balances(town.context) == books | {"bank": FEE, "surplus_to_return": -FEE}
    if is_returned:
        back = line(FEE, "x", TUESDAY, reference="R", returned="FT1", direction=Direction.DEBIT)
        await town.statement(TUESDAY, [back])
        await town.night(TUESDAY)
    else:
        await undo(town, await line_of(town, "FT1"))
        books |= {"bank": FEE, "suspense": -FEE}
    assert await balances(town.context) == books
    assert await town.value(DUE, reference=asked["reference"]) == 0


async def test_a_split_is_undone_part_by_part(town: Town) -> None:
    first, second = await town.ask(), await town.ask()
    line_id = await unexplained(town, 2 * FEE)
    await carry_out(town, await split(town, line_id, (first, FEE), (second, FEE)))
    one, _ = await live_groups(town, line_id)
    await carry_out(town, await undoing(town, one))
    assert await balances(town.context) == {
        "bank": 2 * FEE, "suspense": -FEE, "fees_collected": -FEE,
    }  # fmt: skip
    await undo(town, line_id)
    assert await balances(town.context) == {"bank": 2 * FEE, "suspense": -2 * FEE}
    [standing] = await town.rows("SELECT amount_minor FROM break_case WHERE closed_at IS NULL")
    assert standing == (2 * FEE,)


async def test_money_that_moved_on_stays_matched(town: Town) -> None:
    asked = await town.ask()
    line_id = await unexplained(town, 13_000)
    await carry_out(town, await split(town, line_id, (asked, 13_000)))
    [group_id] = await live_groups(town, line_id)
    waiting = await ask(town, await undoing(town, group_id))
    surplus = await town.value("SELECT item_id FROM item WHERE kind = 'surplus'")
    await town.approve(await ask_refund(town.context, town.officer, surplus, "nop thua"))
    with pytest.raises(StateConflict) as refused:
        await town.approve(waiting)
    assert refused.value.data["field"] == "moved-on"
    await town.approve(waiting, is_approved=False)
    with pytest.raises(StateConflict):
        await ask(town, await undoing(town, group_id))


async def test_a_match_is_undone_once_and_a_wrong_one_not_at_all(town: Town) -> None:
    asked, line_id = await town.ask(), await unexplained(town, FEE)
    await carry_out(town, await split(town, line_id, (asked, FEE)))
    [group_id] = await live_groups(town, line_id)
    proposal = await undoing(town, group_id)
    part = proposal.parts[0]
    for parts in ((), (replace(part, amount_minor=1),), (replace(part, group_id=None),)):
        with pytest.raises(Invalid):
            await ask(town, replace(proposal, parts=parts))
    for unknown in (uuid4(), line_id):
        with pytest.raises((StateConflict, Invalid)):
            await ask(town, replace(proposal, subject_id=unknown))
    with pytest.raises(Forbidden):
        await ask_resolution(town.context, await person(town, "auditor"), proposal)
    found = await at_once(ask(town, proposal), ask(town, proposal))
    assert found == ["StateConflict", "done"]
    [waiting] = await town.rows("SELECT approval_id FROM approval WHERE decision IS NULL")
    found = await at_once(*(town.approve(waiting.approval_id) for _ in range(3)))
    assert found == ["StateConflict", "StateConflict", "done"]
    with pytest.raises(StateConflict):
        await ask(town, proposal)
    with pytest.raises(StateConflict):
        await ask(town, await undoing(town, group_id))


async def test_a_notice_and_its_line_are_one_movement_and_stay_so(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], FEE, "FT1", MONDAY)
    await town.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    await town.night(MONDAY)
    [group_id] = await live_groups(town, await line_of(town, "FT1"))
    with pytest.raises(Invalid) as refused:
        await ask(town, await undoing(town, group_id))
    assert refused.value.data["field"] == "not-undoable"


async def test_the_bank_takes_back_what_people_split(town: Town) -> None:
    first, second = await town.ask(), await town.ask()
    line_id = await unexplained(town, 3 * FEE)
    await carry_out(town, await split(town, line_id, (first, FEE), (second, FEE)))
    back = line(
        3 * FEE, "tra lai", TUESDAY, reference="R1", returned="K00", direction=Direction.DEBIT
    )
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []


async def test_what_was_open_of_a_returned_line_keeps_its_name(town: Town) -> None:
    """A part of it was matched and refunded, so a person decides; the rest is still unexplained."""
    asked = await town.ask()
    line_id = await unexplained(town, 13_000)
    await carry_out(town, await split(town, line_id, (asked, 4_000)))
    before = await open_break(town, line_id)
    part = await town.value("SELECT item_id FROM item WHERE kind = 'part_payment'")
    await town.approve(await ask_refund(town.context, town.officer, part, "nguoi nop de nghi"))
    back = line(
        13_000, "tra lai", TUESDAY, reference="R1", returned="K00", direction=Direction.DEBIT
    )
    await town.statement(TUESDAY, [back])
    for day in (TUESDAY, WEDNESDAY):
        await town.night(day)
        assert await open_break_codes(town.context) == ["NO_REFERENCE", "RETURN_SETTLED"]
        assert await open_break(town, line_id) == before


async def test_a_line_taken_apart_is_still_returned_by_its_key(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    await undo(town, await line_of(town, "FT1"))
    back = line(FEE, "tra lai", TUESDAY, reference="R1", returned="FT1", direction=Direction.DEBIT)
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []


async def test_the_night_and_two_people_at_once_leave_sound_books(town: Town) -> None:
    asked, line_id = await town.ask(), await unexplained(town, FEE)
    approval_id = await ask(town, await split(town, line_id, (asked, FEE)))
    await town.statement(TUESDAY, [line(FEE, asked["reference"], TUESDAY, reference="FT9")])
    found = await at_once(town.approve(approval_id), town.night(TUESDAY))
    assert found in (["done", "done"], ["StateConflict", "done"])
    await town.night(WEDNESDAY)
    assert (await balances(town.context))["bank"] == 2 * FEE
    assert len(await open_break_codes(town.context)) == 1
