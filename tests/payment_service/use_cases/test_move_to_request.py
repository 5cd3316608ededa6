"""Money that was taken for the wrong dossier goes to the right one by one approval."""

from dataclasses import replace
from uuid import UUID

import pytest

from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Proposal, Reason
from tests.builders import ask_payment, open_account
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    due_part,
    line_of,
    live_groups,
    open_break,
    split,
    undo,
    undoing,
    unexplained,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town, at_once

pytestmark = pytest.mark.anyio
RESIDUALS = "SELECT reference, residual_minor FROM item WHERE kind = 'due'"


async def _moving(town: Town, line_id: UUID, asked: dict[str, str], amount_minor: int) -> Proposal:
    """Propose to give what the one match of a line took to another request."""
    [group_id] = await live_groups(town, line_id)
    return replace(
        await undoing(town, group_id),
        act=Act.MOVE_TO_REQUEST,
        reason=Reason.WRONG_REQUEST,
        parts=(
            *(await undoing(town, group_id)).parts,
            await due_part(town, line_id, asked, amount_minor),
        ),
    )


async def _matched(town: Town, reference: str, amount_minor: int = FEE) -> UUID:
    await town.statement(MONDAY, [line(amount_minor, reference, MONDAY, reference="FT1")])
    await town.night(MONDAY)
    return await line_of(town, "FT1")


async def test_a_payment_is_moved_and_both_matches_stay_in_the_history(town: Town) -> None:
    wrong, right = await town.ask(), await town.ask()
    line_id = await _matched(town, wrong["reference"])
    proposal = await _moving(town, line_id, right, FEE)
    assert proposal.amount_minor == FEE
    approval_id = await carry_out(town, proposal)
    assert dict(await town.rows(RESIDUALS)) == {wrong["reference"]: FEE, right["reference"]: 0}
    history = await town.rows(
        "SELECT pass_name, approval_id FROM match_group LEFT JOIN resolved_group USING (group_id)"
        " ORDER BY pass_name"
    )
    assert [tuple(row) for row in history] == [
        ("match_by_hand", approval_id),
        ("reference_in_memo", None),
        ("unmatch_by_hand", approval_id),
    ]
    assert await open_break_codes(town.context) == []
    await town.night(TUESDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    await undo(town, line_id)
    assert await open_break_codes(town.context) == ["TAKEN_APART"]


async def test_what_was_open_on_the_line_stays_under_its_break(town: Town) -> None:
    wrong, right = await town.ask(), await town.ask()
    line_id = await unexplained(town, 3 * FEE)
    await carry_out(town, await split(town, line_id, (wrong, FEE)))
    before = await open_break(town, line_id)
    await carry_out(town, await _moving(town, line_id, right, FEE))
    assert await open_break(town, line_id) == before
    assert await balances(town.context) == {
        "bank": 3 * FEE, "suspense": -2 * FEE, "fees_collected": -FEE,
    }  # fmt: skip


async def test_too_much_for_the_right_request_is_its_surplus(town: Town) -> None:
    wrong, right = await town.ask(), await town.ask()
    await town.notify(right["reference"], 4_000, "FT9", MONDAY)
    line_id = await _matched(town, wrong["reference"])
    await carry_out(town, await _moving(town, line_id, right, FEE))
    assert (await balances(town.context))["surplus_to_return"] == -4_000
    assert await open_break_codes(town.context) == ["OVERPAID"]


async def test_what_cannot_be_moved_is_refused_by_name(town: Town) -> None:
    wrong, right = await town.ask(), await town.ask()
    await open_account(town.context, town.officer, town.approver, "11359")
    foreign = await ask_payment(town.context, town.client_id, unit_code="11359")
    line_id = await _matched(town, wrong["reference"], 13_000)
    good = await _moving(town, line_id, right, 13_000)
    less = await _moving(town, line_id, right, FEE)
    elsewhere = await _moving(town, line_id, foreign, 13_000)
    for proposal, field in (
        (less, "amount"),
        (elsewhere, "another-unit"),
        (replace(good, parts=good.parts[:1]), "one-due"),
        (replace(good, parts=good.parts[1:]), "one-due"),
        (replace(good, act=Act.UNMATCH), "subject"),
        (replace(good, reason=Reason.NOBODY_FOUND), "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            await ask(town, proposal)
        assert refused.value.data["field"] == field
    surplus = await town.value("SELECT item_id FROM item WHERE kind = 'surplus'")
    waiting = await ask(town, good)
    await town.approve(await ask_refund(town.context, town.officer, surplus, "nop thua"))
    with pytest.raises(StateConflict) as moved:
        await town.approve(waiting)
    assert moved.value.data["field"] == "moved-on"


async def test_a_move_and_an_undoing_at_once_only_one_is_done(town: Town) -> None:
    wrong, right = await town.ask(), await town.ask()
    line_id = await _matched(town, wrong["reference"])
    moving = await _moving(town, line_id, right, FEE)
    [group_id] = await live_groups(town, line_id)
    found = await at_once(ask(town, moving), ask(town, await undoing(town, group_id)))
    assert found == ["StateConflict", "done"]
    [waiting] = await town.rows("SELECT approval_id FROM approval WHERE decision IS NULL")
    found = await at_once(*(town.approve(waiting.approval_id) for _ in range(2)))
    assert found == ["StateConflict", "done"]
