"""Write-offs, charges, interest and pairs: two people, a band, a posting, and back again."""

from uuid import UUID

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Part
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    line_of,
    line_part,
    live_groups,
    proposed,
    several,
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
CREDIT, DEBIT = Direction.CREDIT, Direction.DEBIT


async def _about(town: Town, act: Act, line_id: UUID, *more: Part) -> UUID:
    return await carry_out(
        town, await proposed(town, act, line_id, await line_part(town, line_id), *more)
    )


async def test_a_small_credit_goes_to_the_budget_and_back(town: Town) -> None:
    line_id = await unexplained(town, 20_000)
    await _about(town, Act.WRITE_OFF, line_id)
    assert await balances(town.context) == {"bank": 20_000, "due_to_budget": -20_000}
    assert await open_break_codes(town.context) == []
    [row] = await town.rows("SELECT detail FROM posting WHERE account = 'due_to_budget'")
    assert row.detail == "805/4949"
    await undo(town, line_id)
    assert await balances(town.context) == {"bank": 20_000, "suspense": -20_000}
    assert await open_break_codes(town.context) == ["TAKEN_APART"]
    # It was never taken for anything, so the night may name it by its own words again.
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]


async def test_what_may_not_be_written_off(town: Town) -> None:
    large, small, gone = await several(town, (20_001, CREDIT), (5_000, CREDIT), (5_001, DEBIT))
    for line_id, amount_minor, field in (
        (large, None, "band"), (small, 4_999, "stale"), (gone, None, "resolution"),
    ):  # fmt: skip
        part = await line_part(town, line_id, amount_minor)
        with pytest.raises((Invalid, StateConflict)) as refused:
            await ask(town, await proposed(town, Act.WRITE_OFF, line_id, part))
        assert refused.value.data["field"] == field


async def test_a_surplus_is_written_off_and_back(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], 13_000, "FT1", MONDAY)
    [row] = await town.rows("SELECT item_id, version FROM item WHERE kind = 'surplus'")
    part = Part(item_id=row.item_id, item_version=row.version, amount_minor=3_000)
    proposal = await proposed(town, Act.WRITE_OFF, row.item_id, part)
    waiting = await ask(town, proposal)
    with pytest.raises(StateConflict):
        await ask_refund(town.context, town.officer, row.item_id, "x")
    await town.approve(waiting)
    assert (await balances(town.context))["due_to_budget"] == -3_000
    assert await open_break_codes(town.context) == []
    [group] = await town.rows("SELECT group_id FROM match_group WHERE pass_name = 'write_off'")
    await carry_out(town, await undoing(town, group.group_id))
    assert (await balances(town.context))["surplus_to_return"] == -3_000
    assert await open_break_codes(town.context) == ["OVERPAID"]


async def test_a_bank_charge_is_recovered_from_the_unit(town: Town) -> None:
    line_id = await unexplained(town, 3_300, direction=DEBIT, narrative="phi quan ly tai khoan")
    await _about(town, Act.BOOK_AS_CHARGE, line_id)
    assert await balances(town.context) == {"bank": -3_300, "costs_recoverable": 3_300}
    reference = await town.value("SELECT reference FROM item WHERE kind = 'cost_top_up'")
    await town.statement(TUESDAY, [line(3_300, f"bu phi {reference}", TUESDAY, reference="T1")])
    await town.night(TUESDAY)
    assert await balances(town.context) == {}
    [group_id] = await live_groups(town, line_id)
    with pytest.raises(StateConflict) as refused:
        await ask(town, await undoing(town, group_id))
    assert refused.value.data["field"] == "moved-on"


async def test_a_charge_is_undone_before_it_is_put_back(town: Town) -> None:
    line_id = await unexplained(town, 3_300, direction=DEBIT)
    part = await line_part(town, line_id)
    charge = await proposed(town, Act.BOOK_AS_CHARGE, line_id, part)
    found = await at_once(*(ask(town, charge) for _ in range(3)))
    assert found == ["StateConflict", "StateConflict", "done"]
    [waiting] = await town.rows("SELECT approval_id FROM approval WHERE decision IS NULL")
    assert await balances(town.context) == {"bank": -3_300, "suspense": 3_300}
    await town.approve(waiting.approval_id)
    await undo(town, line_id)
    assert await balances(town.context) == {"bank": -3_300, "suspense": 3_300}
    assert await open_break_codes(town.context) == ["TAKEN_APART"]


async def test_interest_is_kept_apart_and_undone(town: Town) -> None:
    line_id = await unexplained(town, 1_250, narrative="tra lai tien gui")
    await _about(town, Act.BOOK_AS_CHARGE, line_id)
    assert await balances(town.context) == {"bank": 1_250, "interest_due": -1_250}
    await undo(town, line_id)
    assert await balances(town.context) == {"bank": 1_250, "suspense": -1_250}


async def test_a_payment_and_its_return_are_declared_a_pair_and_undone(town: Town) -> None:
    one, back = await several(town, (FEE, CREDIT), (FEE, DEBIT))
    await _about(town, Act.PAIR_LINES, back, await line_part(town, one))
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []
    await undo(town, back)
    assert await open_break_codes(town.context) == ["TAKEN_APART", "TAKEN_APART"]
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["TAKEN_APART", "TAKEN_APART"]


async def test_a_pair_of_the_engine_taken_apart_is_not_paired_again(town: Town) -> None:
    lines = [
        line(FEE, "khong ro", MONDAY, reference="A1"),
        line(FEE, "tra lai", MONDAY, reference="A2", returned="A1", direction=DEBIT),
    ]
    await town.statement(MONDAY, lines)
    await town.night(MONDAY)
    one = await line_of(town, "A1")
    assert await open_break_codes(town.context) == []
    await undo(town, one)
    await town.night(TUESDAY)
    assert await live_groups(town, one) == []
    assert await open_break_codes(town.context) == ["TAKEN_APART", "TAKEN_APART"]


async def test_a_payment_that_was_not_returned_after_all_pays_again(town: Town) -> None:
    """The night paired it with a return; people undo that, and the next night takes it anew."""
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="A1")])
    await town.night(MONDAY)
    back = line(FEE, "x", TUESDAY, reference="A2", returned="A1", direction=DEBIT)
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert await balances(town.context) == {}
    await undo(town, await line_of(town, "A1"))
    await town.night(WEDNESDAY)
    assert await balances(town.context) == {"suspense": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == ["TAKEN_APART"]


async def test_lines_that_are_no_pair(town: Town) -> None:
    one, other, short = await several(town, (FEE, CREDIT), (FEE, DEBIT), (FEE - 1, DEBIT))
    for opposite in (one, other):
        parts = (await line_part(town, short), await line_part(town, opposite))
        with pytest.raises(Invalid) as refused:
            await ask(town, await proposed(town, Act.PAIR_LINES, short, *parts))
        assert refused.value.data["field"] == "opposite"
    with pytest.raises(Invalid) as refused:
        await ask(town, await proposed(town, Act.PAIR_LINES, short, await line_part(town, short)))
    assert refused.value.data["field"] == "opposite"
