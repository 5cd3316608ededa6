"""Money paid into one unit's account for another unit's due: from the error to both transfers."""

from dataclasses import replace
from uuid import UUID

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Forbidden, Invalid, SamePerson, StateConflict
from payment_service.domain.resolution import Act
from payment_service.use_cases.ask_resolution import ask_resolution
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.decide_approval import decide_approval
from tests.payment_service.use_cases.days import line, open_break_codes
from tests.payment_service.use_cases.neighbours import (
    HERE,
    THERE,
    Neighbour,
    balances_by_unit,
    moving,
    neighbour,
    paid_here,
    transfer_key,
)
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    line_of,
    line_part,
    live_groups,
    person,
    proposed,
    undoing,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
)

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
DUE = "SELECT residual_minor FROM item WHERE kind = 'due'"


async def test_from_the_wrong_account_to_both_sides_of_the_transfer(
    town: Town, neighbour: Neighbour
) -> None:
    line_id = await paid_here(town, neighbour)
    proposal = await moving(town, neighbour, line_id)
    assert proposal.amount_minor == FEE
    await carry_out(town, proposal)
    assert await balances_by_unit(town) == {
        HERE: {"bank": FEE, "due_to_units": -FEE},
        THERE: {"due_from_units": FEE, "fees_collected": -FEE},
    }
    assert await town.value(DUE) == 0
    assert await open_break_codes(town.context) == []
    facts = await town.rows("SELECT is_notified, is_collected FROM money_fact")
    assert [tuple(row) for row in facts] == [(False, True)]
    key = await transfer_key(town)
    out = line(FEE, f"chuyen tien {key}", TUESDAY, reference="O1", direction=Direction.DEBIT)
    await town.statement(TUESDAY, [out])
    await town.night(TUESDAY)
    assert (await balances_by_unit(town))[HERE] == {}
    assert (await balances_by_unit(town))[THERE]["due_from_units"] == FEE
    # The memo of the transfer may repeat what the payer wrote: it is no second payment.
    memo = f"{key} {neighbour.asked['reference']}"
    await neighbour.statement(WEDNESDAY, line(FEE, memo, WEDNESDAY, reference="I1"))
    await town.night(WEDNESDAY)
    assert await balances_by_unit(town) == {HERE: {}, THERE: {"bank": FEE, "due_to_budget": -FEE}}
    assert await open_break_codes(town.context) == []


async def test_too_much_stays_here_and_too_little_is_held_there(
    town: Town, neighbour: Neighbour
) -> None:
    line_id = await paid_here(town, neighbour, 13_000)
    with pytest.raises(Invalid) as refused:
        await ask(town, await moving(town, neighbour, line_id, 13_000))
    assert refused.value.data["field"] == "amount"
    await carry_out(town, await moving(town, neighbour, line_id, 4_000))
    assert await balances_by_unit(town) == {
        HERE: {"bank": 13_000, "suspense": -9_000, "due_to_units": -4_000},
        THERE: {"due_from_units": 4_000, "part_payments_held": -4_000},
    }
    assert await open_break_codes(town.context) == ["UNDERPAID", "WRONG_UNIT"]
    await carry_out(town, await moving(town, neighbour, line_id, 6_000))
    assert (await balances_by_unit(town))[THERE] == {"due_from_units": FEE, "fees_collected": -FEE}
    assert await open_break_codes(town.context) == ["WRONG_UNIT"]
    part = await line_part(town, line_id)
    await carry_out(town, await proposed(town, Act.REFUND, line_id, part))
    assert await balances_by_unit(town) == {
        HERE: {"bank": 13_000, "due_to_units": -FEE, "refunds_payable": -3_000},
        THERE: {"due_from_units": FEE, "fees_collected": -FEE},
    }


async def test_it_is_taken_back_while_nothing_was_transferred(
    town: Town, neighbour: Neighbour
) -> None:
    line_id = await paid_here(town, neighbour)
    await carry_out(town, await moving(town, neighbour, line_id))
    await town.night(TUESDAY)  # declared there meanwhile: taken back by difference
    [group_id] = await live_groups(town, line_id)
    await carry_out(town, await undoing(town, group_id))
    assert await open_break_codes(town.context) == ["TAKEN_APART"]
    assert await town.value(DUE) == FEE
    await town.night(WEDNESDAY)
    assert await balances_by_unit(town) == {HERE: {"bank": FEE, "suspense": -FEE}, THERE: {}}
    assert (
        await town.value(
            "SELECT count(*) FROM item WHERE kind = 'unit_transfer' AND residual_minor > 0"
        )
        == 0
    )
    await carry_out(town, await moving(town, neighbour, line_id))
    assert await town.value(DUE) == 0


async def test_it_stays_once_one_side_was_seen_or_the_money_moved_on(
    town: Town, neighbour: Neighbour
) -> None:
    line_id = await paid_here(town, neighbour)
    await carry_out(town, await moving(town, neighbour, line_id, 4_000))
    [group_id] = await live_groups(town, line_id)
    waiting = await ask(town, await undoing(town, group_id))
    held = await town.value("SELECT item_id FROM item WHERE kind = 'part_payment'")
    await town.approve(await ask_refund(town.context, town.officer, held, "doi y"))
    with pytest.raises(StateConflict):
        await town.approve(waiting)
    await town.approve(waiting, is_approved=False)
    key = await transfer_key(town)
    out = line(4_000, key, TUESDAY, reference="O1", direction=Direction.DEBIT)
    await town.statement(TUESDAY, [out])
    await town.night(TUESDAY)
    with pytest.raises(StateConflict) as refused:
        await ask(town, await undoing(town, group_id))
    assert refused.value.data["field"] == "moved-on"


async def test_nobody_hands_over_alone_twice_or_on_an_old_look(
    town: Town, neighbour: Neighbour
) -> None:
    line_id = await paid_here(town, neighbour)
    proposal = await moving(town, neighbour, line_id)
    second = await person(town, "approver")
    own, _ = await ask_resolution(town.context, town.approver, proposal)
    with pytest.raises(SamePerson):
        await town.approve(own)
    with pytest.raises(Forbidden):
        await decide_approval(town.context, town.officer, own, is_approved=True)
    with pytest.raises(StateConflict):
        await ask(town, proposal)
    found = await at_once(
        *(decide_approval(town.context, second, own, is_approved=True) for _ in range(3))
    )
    assert found == ["StateConflict", "StateConflict", "done"]
    with pytest.raises(StateConflict) as refused:
        await ask(town, proposal)
    assert refused.value.data["field"] == "stale"
    assert (await balances_by_unit(town))[HERE] == {"bank": FEE, "due_to_units": -FEE}


async def test_what_the_other_unit_was_paid_meanwhile_stops_it(
    town: Town, neighbour: Neighbour
) -> None:
    waiting = await ask(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    paid = line(FEE, neighbour.asked["reference"], TUESDAY, reference="I1")
    await neighbour.statement(TUESDAY, paid)
    found = await at_once(town.approve(waiting), town.night(TUESDAY))
    assert found in (["StateConflict", "done"], ["done", "done"])
    await town.night(WEDNESDAY)
    there, codes = (await balances_by_unit(town))[THERE], await open_break_codes(town.context)
    collected = {"bank": FEE, "due_to_budget": -FEE}
    if found != ["done", "done"]:
        assert (there, codes) == (collected, ["WRONG_UNIT"])
        return
    # The due was paid by the handing over. What came with its reference is a second payment to
    # the night that looked before; to one that knows of the transfer it may be that.
    assert (there, codes) in (
        (collected | {"due_from_units": FEE, "surplus_to_return": -FEE}, ["REFERENCE_CLOSED"]),
        (collected | {"due_from_units": FEE, "suspense": -FEE}, ["AMBIGUOUS_REFERENCE"]),
    )


async def test_two_units_hand_over_to_each_other_at_once(town: Town, neighbour: Neighbour) -> None:
    own = await town.ask()
    mine = line(FEE, own["reference"], MONDAY, reference="FT2")
    await neighbour.statement(MONDAY, mine)
    here = await moving(town, neighbour, await paid_here(town, neighbour, codes=2))
    there = await moving(town, Neighbour(town, town.bank, own), await line_of(town, "FT2"))
    waiting = [await ask(town, each) for each in (here, there)]
    assert await at_once(*map(town.approve, waiting)) == ["done", "done"]
    assert await balances_by_unit(town) == {
        unit: {"bank": FEE, "due_to_units": -FEE, "due_from_units": FEE, "fees_collected": -FEE}
        for unit in (HERE, THERE)
    }


async def test_what_cannot_be_handed_over_is_refused_by_name(
    town: Town, neighbour: Neighbour
) -> None:
    own = await town.ask()
    line_id = await paid_here(town, neighbour)
    good = await moving(town, neighbour, line_id)
    here = await moving(town, Neighbour(town, town.bank, own), line_id)
    of_line, of_due = good.parts
    for proposal, field in (
        (here, "same-unit"),
        (replace(good, parts=(of_line,)), "same-unit"),
        (replace(good, parts=(of_line, replace(of_due, amount_minor=1))), "amount"),
        (replace(good, parts=(*good.parts, here.parts[1])), "one-due"),
        (replace(good, act=Act.MATCH_BY_HAND), "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            await ask(town, proposal)
        assert refused.value.data["field"] == field
    request_id = UUID(neighbour.asked["request_id"])
    await cancel_request(town.context, request_id, town.client_id, "doi y")
    with pytest.raises(Invalid):
        await ask(town, await moving(town, neighbour, line_id))


async def test_the_bank_takes_back_what_was_handed_over_and_a_person_decides(
    town: Town, neighbour: Neighbour
) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    back = line(FEE, "tra lai", TUESDAY, reference="R1", returned="FT1", direction=Direction.DEBIT)
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
