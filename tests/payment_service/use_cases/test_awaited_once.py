"""What is awaited is settled once, and only by what fits, whoever hurries or errs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from payment_service.domain.errors import StateConflict
from tests.builders import open_account, open_endpoint
from tests.payment_service.use_cases.awaiting import (
    DEBIT,
    OVER,
    awaited,
    paid_back,
    refund_ordered,
    refused,
    tying,
)
from tests.payment_service.use_cases.days import Bank, balances, line, open_break_codes
from tests.payment_service.use_cases.neighbours import (
    HERE,
    Neighbour,
    balances_by_unit,
    moving,
    neighbour,
    paid_here,
)
from tests.payment_service.use_cases.proposals import (
    ask,
    carry_out,
    line_of,
    split,
    undo,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
)

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
THURSDAY = WEDNESDAY + timedelta(days=1)


async def test_what_does_not_fit_is_refused_by_name(town: Town, neighbour: Neighbour) -> None:
    second = await open_account(
        town.context, town.officer, town.approver, HERE, account_number="1132900002"
    )
    other = Bank(opened=await open_endpoint(town.context, second, "rsabank"))
    asked, _ = await town.ask(), await refund_ordered(town)
    refund = await awaited(town, "refund")
    outs = [
        line(minor, "hoan", TUESDAY, reference=f"D{minor}", direction=DEBIT)
        for minor in (OVER, OVER - 1, OVER + 1)
    ]
    back = line(OVER, "tra lai", TUESDAY, reference="C1")
    await town.statement(TUESDAY, [back, *outs])
    elsewhere = line(OVER, "hoan", TUESDAY, reference="E1", direction=DEBIT)
    fund = line(FEE, "nop", TUESDAY, reference="E0")
    await town.take(other.statement(TUESDAY, [fund, elsewhere]), "u.sta")
    await neighbour.statement(TUESDAY, line(OVER, "x", TUESDAY, reference="N0"))
    await town.night(TUESDAY)
    exact, less, more = [await line_of(town, f"D{minor}") for minor in (OVER, OVER - 1, OVER + 1)]
    for line_id, amount_minor, field in (
        (await line_of(town, "C1"), None, "awaited-direction"),
        (await line_of(town, "E1"), None, "awaited-account"),
        (less, OVER - 1, "awaited-amount"),
        (less, None, "awaited-sum"),
        (more, OVER + 1, "awaited-amount"),
        (more, None, "awaited-sum"),
        (await line_of(town, "N0"), None, "another-unit"),
    ):
        proposal = await tying(town, line_id, refund, amount_minor=amount_minor)
        assert await refused(town, proposal) == field
    due = (await split(town, exact, (asked, 1))).parts[0]
    good = await tying(town, exact, refund)
    assert await refused(town, replace(good, parts=(*good.parts, due))) == "awaited-alone"
    assert await refused(town, replace(good, parts=(due,))) == "direction"
    assert await refused(town, await tying(town, exact, refund, refund)) == "due"
    assert (await awaited(town, "refund")).residual_minor == OVER
    await carry_out(town, good)
    assert (await awaited(town, "refund")).residual_minor == 0


async def test_an_order_is_executed_once_whoever_hurries(town: Town) -> None:
    key = await refund_ordered(town)
    outs = [line(OVER, "hoan", TUESDAY, reference=f"D{n}", direction=DEBIT) for n in (1, 2)]
    await town.statement(TUESDAY, [line(OVER, "x", TUESDAY, reference="C1"), *outs])
    await town.night(TUESDAY)
    refund = await awaited(town, "refund")
    one, two = [await tying(town, await line_of(town, each), refund) for each in ("D1", "D2")]
    # The same line asked for by two officers at once, then the same order for two lines.
    assert await at_once(ask(town, one), ask(town, one)) == ["StateConflict", "done"]
    waiting = [await town.value("SELECT approval_id FROM approval WHERE decision IS NULL")]
    waiting.append(await ask(town, two))
    assert await at_once(*map(town.approve, waiting)) == ["StateConflict", "done"]
    assert (await awaited(town, "refund")).residual_minor == 0
    for proposal in (one, two):
        with pytest.raises(StateConflict):
            await ask(town, proposal)
    [left] = await town.rows(
        "SELECT line_id FROM statement_line WHERE direction = 'debit' AND residual_minor > 0"
    )
    fresh = await tying(town, left.line_id, await awaited(town, "refund"))
    assert await refused(town, fresh) == "awaited-done"
    # Its own key on a later line does not execute it again either.
    again = line(OVER, key, WEDNESDAY, reference="D3", direction=DEBIT)
    await town.statement(WEDNESDAY, [line(OVER, "y", WEDNESDAY, reference="C2"), again])
    await town.night(WEDNESDAY)
    assert "refunds_payable" not in await balances(town.context)
    assert (await open_break_codes(town.context)).count("UNEXPLAINED_DEBIT") == 2


async def test_the_night_finds_the_key_while_people_tie_another_line(town: Town) -> None:
    key = await refund_ordered(town)
    line_id = await paid_back(town, "hoan tien khach")
    waiting = await ask(town, await tying(town, line_id, await awaited(town, "refund")))
    keyed = line(OVER, key, WEDNESDAY, reference="D2", direction=DEBIT)
    await town.statement(WEDNESDAY, [line(OVER, "x", WEDNESDAY, reference="C1"), keyed])
    found = await at_once(town.approve(waiting), town.night(WEDNESDAY))
    assert found in (["StateConflict", "done"], ["done", "done"])
    await town.night(THURSDAY)
    assert "refunds_payable" not in await balances(town.context)
    assert await open_break_codes(town.context) == ["NO_REFERENCE", "UNEXPLAINED_DEBIT"]


async def test_the_bank_returns_a_line_that_people_tied(town: Town) -> None:
    await refund_ordered(town)
    line_id = await paid_back(town, "hoan tien khach")
    await carry_out(town, await tying(town, line_id, await awaited(town, "refund")))
    back = line(OVER, "tra lai", WEDNESDAY, reference="R1", returned="D1")
    await town.statement(WEDNESDAY, [back])
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    await undo(town, line_id)
    await town.night(THURSDAY)
    # Undone, the night pairs both, and the refund is to be ordered to the bank again.
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {
        "bank": FEE + OVER, "refunds_payable": -OVER, "due_to_budget": -FEE,
    }  # fmt: skip


async def test_no_second_person_no_tie(town: Town, neighbour: Neighbour) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    line_id = await paid_back(town, "chuyen nham don vi", FEE)
    waiting = await ask(town, await tying(town, line_id, await awaited(town, "unit_transfer")))
    assert (await balances_by_unit(town))[HERE] == {"suspense": FEE, "due_to_units": -FEE}
    await town.approve(waiting, is_approved=False)
    assert await open_break_codes(town.context) == ["UNEXPLAINED_DEBIT"]
    theirs = await tying(town, line_id, await awaited(town, "unit_transfer", "credit"))
    assert await refused(town, theirs) == "another-unit"
