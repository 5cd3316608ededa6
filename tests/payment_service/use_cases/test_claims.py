"""What a gateway owes: settled by a line, by a report, written off, undone; and in which order."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Part, Proposal
from payment_service.use_cases.miss_reports import miss_reports
from reconciliation.ruleset import RuleSet
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    carry_out,
    proposed,
    several,
    undo,
    undoing,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
    reported,
)

pytestmark = pytest.mark.anyio
FRIDAY = WEDNESDAY + timedelta(days=2)
SATURDAY = WEDNESDAY + timedelta(days=3)


async def missed(town: Town, amount_minor: int = FEE) -> UUID:
    """Let a payment be notified and not reported in time; return its claim."""
    reference = await town.ask_at_gateway()
    await town.ipn(reference, amount_minor, "77")
    await miss_reports(town.context, FRIDAY, ruleset=RuleSet())
    assert "NOTICE_NO_REPORT" in await open_break_codes(town.context)
    return await claim_of(town)


async def claim_of(town: Town) -> UUID:
    """Return the one open claim."""
    found: UUID = await town.value(
        "SELECT item_id FROM item WHERE kind = 'gateway_claim' AND residual_minor > 0"
    )
    return found


async def settling(town: Town, item_id: UUID, line_id: UUID, *, of_line: bool = False) -> Proposal:
    """Propose to settle an item with a line, as both are now."""
    [row] = await town.rows(
        "SELECT item.version AS item_version, line.version AS line_version,"
        " least(item.residual_minor, line.residual_minor)::bigint AS minor"
        " FROM item, statement_line AS line WHERE item_id = :item_id AND line_id = :line_id",
        item_id=item_id,
        line_id=line_id,
    )
    part = Part(
        line_id=line_id, line_version=row.line_version, item_id=item_id,
        item_version=row.item_version, amount_minor=row.minor,
    )  # fmt: skip
    return await proposed(town, Act.SETTLE_ITEM, line_id if of_line else item_id, part)


async def writing_off(town: Town, item_id: UUID) -> Proposal:
    """Propose to write off what is open of an item."""
    [row] = await town.rows(
        "SELECT version, residual_minor FROM item WHERE item_id = :id", id=item_id
    )
    part = Part(item_id=item_id, item_version=row.version, amount_minor=row.residual_minor)
    return await proposed(town, Act.WRITE_OFF, item_id, part)


async def group_of_item(town: Town, item_id: UUID) -> UUID:
    """Return the newest match of an item that nobody undid."""
    found: UUID = await town.value(
        "SELECT group_id FROM allocation JOIN match_group USING (group_id)"
        " WHERE item_id = :item_id AND reverses IS NULL AND NOT EXISTS (SELECT FROM match_group"
        " AS undoing WHERE undoing.reverses = allocation.group_id) ORDER BY group_id DESC LIMIT 1",
        item_id=item_id,
    )
    return found


async def facts(town: Town) -> tuple[bool, bool, bool]:
    """Return the facts of payment 77."""
    [row] = await town.rows(
        "SELECT is_notified, is_reported, is_collected FROM money_fact"
        " WHERE provider_transaction = '77'"
    )
    return row.is_notified, row.is_reported, row.is_collected


@pytest.mark.parametrize("of_line", [False, True])
async def test_a_credit_settles_what_no_report_brought_and_is_undone(
    town: Town,
    of_line: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    claim = await missed(town)
    [credit] = await several(town, (FEE, Direction.CREDIT), on=TUESDAY)
    assert await open_break_codes(town.context) == ["NOTICE_NO_REPORT", "NO_REFERENCE"]
    await carry_out(town, await settling(town, claim, credit, of_line=of_line))
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {"bank": FEE, "fees_collected": -FEE}
    assert await facts(town) == (True, False, True)
    await town.night(FRIDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []
    await undo(town, credit)
    assert await open_break_codes(town.context) == ["NOTICE_NO_REPORT", "TAKEN_APART"]
    found = await balances(town.context)
    assert (found["gateway_clearing"], found["suspense"]) == (FEE, -FEE)
    assert await facts(town) == (True, False, False)
    # And again: what people took apart, people may join.
    await carry_out(town, await settling(town, claim, credit))
    assert await open_break_codes(town.context) == []


async def test_one_credit_settles_a_part_and_another_the_rest(town: Town) -> None:
    claim = await missed(town)
    small, large = await several(
        town, (4_000, Direction.CREDIT), (7_000, Direction.CREDIT), on=TUESDAY
    )
    await carry_out(town, await settling(town, claim, small))
    assert await open_break_codes(town.context) == ["NOTICE_NO_REPORT", "NO_REFERENCE"]
    assert await facts(town) == (True, False, False)
    await carry_out(town, await settling(town, claim, large))
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]
    assert await town.value("SELECT amount_minor FROM break_case WHERE closed_at IS NULL") == 1_000
    assert await facts(town) == (True, False, True)
    await town.night(FRIDAY)
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]
    await undo(town, small)
    rows = await town.rows(
        "SELECT code, amount_minor FROM break_case WHERE closed_at IS NULL ORDER BY code"
    )
    assert [tuple(row) for row in rows] == [
        ("NOTICE_NO_REPORT", 4_000), ("NO_REFERENCE", 1_000), ("TAKEN_APART", 4_000),
    ]  # fmt: skip


async def test_what_the_gateway_does_not_pay_the_unit_puts_back(town: Town) -> None:
    claim = await missed(town)
    await carry_out(town, await writing_off(town, claim))
    assert await open_break_codes(town.context) == []
    found = await balances(town.context)
    assert (found["costs_recoverable"], found.get("gateway_clearing")) == (FEE, None)
    assert await facts(town) == (True, False, False)
    reference = await town.value("SELECT reference FROM item WHERE kind = 'cost_top_up'")
    group_id = await group_of_item(town, claim)
    await carry_out(town, await undoing(town, group_id))
    assert (await balances(town.context))["gateway_clearing"] == FEE
    assert await open_break_codes(town.context) == ["NOTICE_NO_REPORT"]
    await carry_out(town, await writing_off(town, claim))
    again = await town.value(
        "SELECT reference FROM item WHERE kind = 'cost_top_up' AND residual_minor > 0"
    )
    assert again != reference
    await town.statement(SATURDAY, [line(FEE, f"bu {again}", SATURDAY, reference="T1")])
    await town.night(SATURDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await facts(town) == (True, False, True)
    with pytest.raises(StateConflict) as refused:
        await ask(town, await undoing(town, await group_of_item(town, claim)))
    assert refused.value.data["field"] == "moved-on"


async def test_an_unexplained_adjustment_is_written_off_either_way(town: Town) -> None:
    taken = reported("98", "", -300, kind="adjustment")
    given = reported("99", "", 500, kind="adjustment")
    await town.report([taken, given])
    assert await open_break_codes(town.context) == ["REPORT_ADJUSTMENT"] * 2
    rows = await town.rows("SELECT item_id FROM item WHERE kind = 'gateway_claim'")
    for row in rows:
        await carry_out(town, await writing_off(town, row.item_id))
    assert await open_break_codes(town.context) == []
    found = await balances(town.context)
    assert (found["costs_recoverable"], found["due_to_budget"]) == (300, -500)
    assert found["gateway_clearing"] == 200
    for row in rows:
        await carry_out(town, await undoing(town, await group_of_item(town, row.item_id)))
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == ["REPORT_ADJUSTMENT"] * 2


async def test_two_officers_settle_one_claim_at_once(town: Town) -> None:
    claim = await missed(town)
    one, two = await several(town, (FEE, Direction.CREDIT), (FEE, Direction.CREDIT), on=TUESDAY)
    first = await settling(town, claim, one, of_line=True)
    second = await settling(town, claim, two, of_line=True)
    waiting = [await ask(town, first), await ask(town, second)]
    found = await at_once(*(town.approve(each) for each in waiting))
    assert found == ["StateConflict", "done"]
    assert (await balances(town.context))["suspense"] == -FEE


async def test_what_settles_nothing(town: Town) -> None:
    claim = await missed(town)
    credit, gone = await several(town, (FEE, Direction.CREDIT), (FEE, Direction.DEBIT), on=TUESDAY)
    good = await settling(town, claim, credit)
    [part] = good.parts
    due = await town.value("SELECT item_id FROM item WHERE kind = 'due'")
    of_due = await settling(town, due, credit, of_line=True)
    of_due = replace(of_due, parts=(replace(of_due.parts[0], amount_minor=FEE),))
    for bad, error, field in (
        (await settling(town, claim, gone), Invalid, "opposite"),
        (replace(good, parts=(replace(part, amount_minor=FEE - 1),)), StateConflict, "stale"),
        (
            replace(good, parts=(replace(part, item_id=None, item_version=None),)),
            Invalid,
            "subject",
        ),
        (
            replace(good, parts=(replace(part, line_id=None, line_version=None),)),
            Invalid,
            "subject",
        ),
        (replace(good, parts=(replace(part, line_version=9),)), StateConflict, "stale"),
        (of_due, Invalid, "subject"),
        (replace(good, break_id=None), StateConflict, "closed-break"),
    ):
        with pytest.raises(error) as refused:
            await ask(town, bad)
        assert refused.value.data["field"] == field, bad
    large = await missed_large(town)
    with pytest.raises(Invalid) as refused:
        await ask(town, await writing_off(town, large))
    assert refused.value.data["field"] == "band"


async def missed_large(town: Town) -> UUID:
    """Let a large payment be missed as well."""
    assert await town.ipn("KHONGCO", 20_001, "78") is Outcome.UNKNOWN_REFERENCE
    await miss_reports(town.context, FRIDAY, ruleset=RuleSet())
    found: UUID = await town.value(
        "SELECT item_id FROM item WHERE kind = 'gateway_claim' AND provider_transaction = '78'"
    )
    return found
