"""Claims on a gateway and the reports that come before, between and after what people do."""

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import StateConflict
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    carry_out,
    line_of,
    live_groups,
    several,
    undo,
    undoing,
)
from tests.payment_service.use_cases.test_claims import (
    FRIDAY,
    SATURDAY,
    claim_of,
    facts,
    missed,
    settling,
    writing_off,
)
from tests.payment_service.use_cases.towns import FEE, TUESDAY, WEDNESDAY, Town, at_once, reported

pytestmark = pytest.mark.anyio


async def test_a_report_between_asking_and_approving_goes_first(town: Town) -> None:
    claim = await missed(town)
    [credit] = await several(town, (FEE, Direction.CREDIT), on=TUESDAY)
    waiting = await ask(town, await settling(town, claim, credit))
    await town.report([("77", "", FEE)], settled_on=FRIDAY)
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]
    with pytest.raises(StateConflict) as refused:
        await town.approve(waiting)
    assert refused.value.data["field"] == "stale"
    assert await facts(town) == (True, True, False)


async def test_a_report_of_what_was_settled_is_the_gateways_to_take_back(town: Town) -> None:
    claim = await missed(town)
    [credit] = await several(town, (FEE, Direction.CREDIT), on=TUESDAY)
    await carry_out(town, await settling(town, claim, credit))
    await town.report([("77", "", FEE)], settled_on=FRIDAY)
    assert await open_break_codes(town.context) == ["REPORTED_SETTLED"]
    [group_id] = await live_groups(town, credit)
    with pytest.raises(StateConflict) as refused:
        await ask(town, await undoing(town, group_id))
    assert refused.value.data["field"] == "reported-since"
    # It pays twice, and takes the second one back in its next report.
    await town.report(
        [reported("99", "", -FEE, kind="adjustment", original="77")],
        batch="B0000002", settled_on=FRIDAY,
    )  # fmt: skip
    assert await open_break_codes(town.context) == []
    batches = "LO2611230001"
    await town.statement(FRIDAY, [line(FEE, batches, FRIDAY, reference="P1")])
    await town.night(FRIDAY)
    assert (await balances(town.context))["gateway_clearing"] == -FEE
    back = line(FEE, "B0000002", SATURDAY, reference="P2", direction=Direction.DEBIT)
    await town.statement(SATURDAY, [back])
    await town.night(SATURDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await facts(town) == (True, True, True)


async def test_a_report_of_another_amount_after_a_part_was_settled(town: Town) -> None:
    claim = await missed(town)
    [credit] = await several(town, (4_000, Direction.CREDIT), on=TUESDAY)
    await carry_out(town, await settling(town, claim, credit))
    await town.report([("77", "", 6_000)], settled_on=FRIDAY)
    assert await open_break_codes(town.context) == []
    await town.statement(FRIDAY, [line(6_000, "LO2611230001", FRIDAY, reference="P1")])
    await town.night(FRIDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await facts(town) == (True, True, True)


@pytest.mark.parametrize("paid_minor", [FEE - 1_000, FEE + 1_000])
async def test_what_a_report_pays_too_little_or_too_much_is_a_claim(
    town: Town, paid_minor: int
) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    await town.report([("77", reference, paid_minor)])
    assert await open_break_codes(town.context) == ["REPORT_AMOUNT"]
    assert await town.value("SELECT amount_minor FROM break_case") == 1_000
    await town.statement(TUESDAY, [line(paid_minor, "LO2611230001", TUESDAY, reference="P1")])
    await town.night(TUESDAY)
    is_short = paid_minor < FEE
    assert (await balances(town.context))["gateway_clearing"] == (1_000 if is_short else -1_000)
    direction = Direction.CREDIT if is_short else Direction.DEBIT
    [rest] = await several(town, (1_000, direction), on=WEDNESDAY)
    claim = await claim_of(town)
    await carry_out(town, await settling(town, claim, rest))
    await town.night(FRIDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []
    assert await facts(town) == (True, True, True)
    await undo(town, rest)
    assert "REPORT_AMOUNT" in await open_break_codes(town.context)
    assert await facts(town) == (True, True, False)
    await carry_out(town, await writing_off(town, claim))
    found = await balances(town.context)
    assert "gateway_clearing" not in found
    assert found.get("costs_recoverable", 0) == (1_000 if is_short else 0)
    assert found["due_to_budget"] == -FEE - (0 if is_short else 1_000)
    # An excess is the budget's at once; what is short counts when the unit has put it back.
    assert await facts(town) == (True, True, not is_short)
    await town.night(SATURDAY)
    found = await balances(town.context)
    assert found.get("fees_collected", 0) == (-FEE if is_short else 0)


@pytest.mark.parametrize("paid_minor", [0, FEE - 1, FEE + 1])
async def test_an_adjustment_ends_a_claim_and_the_payment_is_collected_with_its_payout(
    town: Town, paid_minor: int
) -> None:
    if paid_minor:
        reference = await town.ask_at_gateway()
        await town.ipn(reference, FEE, "77")
        await town.report([("77", reference, paid_minor)])
        await town.statement(TUESDAY, [line(paid_minor, "LO2611230001", TUESDAY, reference="P1")])
        await town.night(TUESDAY)
    else:
        await missed(town)
    rest_minor = FEE - paid_minor
    adjusting = [
        reported("98", "", 50, kind="adjustment"),
        reported("99", "", rest_minor, kind="adjustment", original="77"),
    ]
    await town.report(adjusting, batch="B0000002", settled_on=FRIDAY)
    assert await open_break_codes(town.context) == ["REPORT_ADJUSTMENT"]
    assert (await facts(town))[2] is False
    payout = line(rest_minor + 50, "B0000002", SATURDAY, reference="P2")
    await town.statement(SATURDAY, [payout])
    await town.night(SATURDAY)
    assert (await facts(town))[2] is True
    found = await balances(town.context)
    assert (found["due_to_budget"], found["gateway_clearing"]) == (-FEE, -50)


async def test_a_payout_in_another_amount_is_settled_and_its_rest_written_off(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    await town.report([("77", reference, FEE)])
    await town.statement(TUESDAY, [line(FEE - 7, "TT LO2611230001", TUESDAY, reference="P1")])
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["BATCH_AMOUNT"]
    payout = await town.value("SELECT item_id FROM item WHERE kind = 'payout'")
    short = await line_of(town, "P1")
    await carry_out(town, await settling(town, payout, short, of_line=True))
    assert await open_break_codes(town.context) == []
    assert (await balances(town.context))["gateway_clearing"] == 7
    assert await facts(town) == (True, True, False)
    await undo(town, short)
    assert (await balances(town.context))["gateway_clearing"] == FEE


async def test_a_report_and_an_approval_at_the_same_moment(town: Town) -> None:
    claim = await missed(town)
    [credit] = await several(town, (FEE, Direction.CREDIT), on=TUESDAY)
    waiting = await ask(town, await settling(town, claim, credit))
    found = await at_once(town.approve(waiting), town.report([("77", "", FEE)], settled_on=FRIDAY))
    assert found in (["done", "done"], ["StateConflict", "done"])
    codes = await open_break_codes(town.context)
    assert codes == (["REPORTED_SETTLED"] if found[0] == "done" else ["NO_REFERENCE"])
