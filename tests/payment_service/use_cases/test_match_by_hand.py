"""A credit that nobody could explain is matched by two people, whole, in part or split."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction
from payment_service.db.explanations import explain_subject
from payment_service.domain.errors import Forbidden, Invalid, NotFound, SamePerson, StateConflict
from payment_service.domain.resolution import Act, Part, Reason
from payment_service.use_cases.ask_resolution import ask_resolution
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.decide_approval import decide_approval
from reconciliation.explanation_text import lines_of
from tests.builders import ask_payment, open_account
from tests.payment_service.use_cases.days import balances, broken, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    carry_out,
    due_part,
    open_break,
    person,
    proposed,
    several,
    split,
    unexplained,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town, at_once

pytestmark = pytest.mark.anyio
RESIDUAL = "SELECT residual_minor FROM statement_line WHERE line_id = :line_id"


async def test_a_line_pays_a_due_by_the_word_of_two_people(town: Town) -> None:
    asked, line_id = await town.ask(), await unexplained(town, FEE)
    before = await open_break(town, line_id)
    approval_id = await carry_out(town, await split(town, line_id, (asked, FEE)))
    assert await balances(town.context) == {"bank": FEE, "fees_collected": -FEE}
    assert await open_break_codes(town.context) == []
    [closed] = await town.rows("SELECT break_id, closed_reason FROM break_case")
    assert closed == (before, "resolved")
    [group] = await town.rows("SELECT pass_name, evidence_class, evidence FROM match_group")
    assert (group.pass_name, group.evidence_class) == ("match_by_hand", "E")
    assert json.loads(group.evidence) == {
        "act": "match_by_hand",
        "approval": str(approval_id),
        "approved_by": "minh",
        "note": "ghi chú",
        "proposed_by": "lan",
        "reason": "payer_proof",
    }
    async with town.context.database.read_only() as connection:
        explanation = await explain_subject(connection, asked["reference"], MONDAY)
    assert explanation is not None
    assert list(lines_of(explanation, "en"))[-2:] == [
        (
            "By two people (Match by hand with a due, or with what is awaited): lan asked, "
            "minh approved. Reason: The payer showed the transfer order or its receipt."
        ),
        "  Evidence class E (decided by two people).",
    ]
    await town.night(TUESDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_a_line_is_split_and_the_rest_stays_open(town: Town) -> None:
    first, second = await town.ask(), await town.ask()
    line_id = await unexplained(town, 3 * FEE)
    await carry_out(town, await split(town, line_id, (first, FEE), (second, FEE)))
    assert await town.value(RESIDUAL, line_id=line_id) == FEE
    assert await balances(town.context) == {
        "bank": 3 * FEE, "suspense": -FEE, "fees_collected": -2 * FEE,
    }  # fmt: skip
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]
    [rest] = await town.rows("SELECT amount_minor FROM break_case WHERE closed_at IS NULL")
    assert rest == (FEE,)
    third = await town.ask()
    late = await town.notify(third["reference"], 3 * FEE, "K00", MONDAY)
    assert late is Outcome.ALREADY_RECORDED
    await town.night(TUESDAY)
    await carry_out(town, await split(town, line_id, (third, FEE)))
    assert await open_break_codes(town.context) == []


async def test_too_little_is_held_and_too_much_is_surplus(town: Town) -> None:
    short, over = await town.ask(), await town.ask()
    line_id = await unexplained(town, 4_000 + 13_000)
    await carry_out(town, await split(town, line_id, (short, 4_000), (over, 13_000)))
    assert await balances(town.context) == {
        "bank": 17_000,
        "part_payments_held": -4_000,
        "fees_collected": -FEE,
        "surplus_to_return": -3_000,
    }
    assert await open_break_codes(town.context) == ["OVERPAID", "UNDERPAID"]


async def test_money_for_what_is_paid_or_withdrawn_is_surplus_by_name(town: Town) -> None:
    paid, withdrawn = await town.ask(), await town.ask()
    await town.notify(paid["reference"], FEE, "FT1", MONDAY)
    await cancel_request(town.context, UUID(withdrawn["request_id"]), town.client_id, "doi y")
    line_id = await unexplained(town, 2 * FEE)
    await carry_out(town, await split(town, line_id, (paid, FEE), (withdrawn, FEE)))
    assert await open_break_codes(town.context) == ["REFERENCE_CANCELLED", "REFERENCE_CLOSED"]


async def test_a_part_completes_what_was_paid_in_part(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], 4_000, "FT1", MONDAY)
    line_id = await unexplained(town, 6_000)
    await carry_out(town, await split(town, line_id, (asked, 6_000)))
    assert (await balances(town.context))["fees_collected"] == -FEE
    assert await open_break_codes(town.context) == []


async def test_nobody_matches_alone_and_an_auditor_never(town: Town) -> None:
    asked, line_id = await town.ask(), await unexplained(town, FEE)
    proposal = await split(town, line_id, (asked, FEE))
    auditor = await person(town, "auditor")
    with pytest.raises(Forbidden):
        await ask_resolution(town.context, auditor, proposal)
    with pytest.raises(Forbidden):
        await ask_resolution(town.context, auditor, proposal, is_preview=True)
    approval_id, _ = await ask_resolution(town.context, town.approver, proposal)
    with pytest.raises(SamePerson):
        await town.approve(approval_id)
    for other in (town.officer, auditor):
        with pytest.raises(Forbidden):
            await decide_approval(town.context, other, approval_id, is_approved=True)
    assert (await balances(town.context))["suspense"] == -FEE


async def test_a_look_ahead_changes_nothing_and_says_what_will_be_posted(town: Town) -> None:
    asked, line_id = await town.ask(), await unexplained(town, 13_000)
    proposal = await split(town, line_id, (asked, 13_000))
    _, effect = await ask_resolution(town.context, town.officer, proposal, is_preview=True)
    assert json.loads(effect) == [
        ["suspense", str(town.account_id), "D", 13_000],
        ["fees_collected", "chung-thuc-chu-ky", "C", FEE],
        ["surplus_to_return", "", "C", 3_000],
    ]
    assert await town.rows("SELECT approval_id FROM approval WHERE act = 'match_by_hand'") == []
    await carry_out(town, proposal)
    posted = await town.rows(
        "SELECT account, detail, side::text, amount_minor FROM posting JOIN journal_entry"
        " USING (entry_id) WHERE rule = 'match_by_hand' ORDER BY position"
    )
    assert [list(row) for row in posted] == json.loads(effect)


async def test_two_officers_at_once_one_is_told_that_it_waits(town: Town) -> None:
    asked, line_id = await town.ask(), await unexplained(town, FEE)
    proposal = await split(town, line_id, (asked, FEE))
    second = await person(town, "approver")
    found = await at_once(
        ask_resolution(town.context, town.officer, proposal),
        ask_resolution(town.context, second, proposal),
    )
    assert found == ["StateConflict", "done"]
    [waiting] = await town.rows("SELECT approval_id FROM approval WHERE decision IS NULL")
    await town.approve(waiting.approval_id, is_approved=False)
    again = await ask(town, proposal)
    found = await at_once(
        decide_approval(town.context, town.approver, again, is_approved=True),
        decide_approval(town.context, second, again, is_approved=True),
    )
    assert found == ["StateConflict", "done"]
    assert (await balances(town.context))["fees_collected"] == -FEE


async def test_two_lines_race_for_one_due_and_the_later_is_declined(town: Town) -> None:
    asked = await town.ask()
    one, two = await several(town, (FEE, Direction.CREDIT), (FEE, Direction.CREDIT))
    waiting = [await ask(town, await split(town, each, (asked, FEE))) for each in (one, two)]
    found = await at_once(*map(town.approve, waiting))
    assert found == ["StateConflict", "done"]
    assert await balances(town.context) == {
        "bank": 2 * FEE, "suspense": -FEE, "fees_collected": -FEE,
    }  # fmt: skip
    [left] = await town.rows("SELECT approval_id FROM approval WHERE decision IS NULL")
    with pytest.raises(StateConflict) as refused:
        await town.approve(left.approval_id)
    assert refused.value.data["field"] == "stale"
    await town.approve(left.approval_id, is_approved=False)


async def test_what_changed_since_it_was_looked_at_is_refused(town: Town) -> None:
    asked, line_id = await town.ask(), await unexplained(town, FEE)
    proposal = await split(town, line_id, (asked, FEE))
    approval_id = await ask(town, proposal)
    await town.notify(asked["reference"], 4_000, "FT1", MONDAY)
    with pytest.raises(StateConflict) as refused:
        await town.approve(approval_id)
    assert refused.value.data["field"] == "stale"
    await town.approve(approval_id, is_approved=False)
    with pytest.raises(StateConflict):
        await ask(town, proposal)
    assert (await balances(town.context))["suspense"] == -FEE


async def test_a_closed_break_takes_no_act(town: Town) -> None:
    first, second = await town.ask(), await town.ask()
    line_id, other = await several(town, (FEE, Direction.CREDIT), (FEE, Direction.CREDIT))
    old = await split(town, line_id, (second, FEE))
    await carry_out(town, await split(town, line_id, (first, FEE)))
    for proposal in (old, replace(old, parts=(await due_part(town, line_id, second, FEE),))):
        with pytest.raises((StateConflict, Invalid)):
            await ask(town, proposal)
    with pytest.raises(StateConflict) as refused:
        await ask(town, replace(await split(town, other, (second, FEE)), break_id=old.break_id))
    assert refused.value.data["field"] == "closed-break"


async def test_what_cannot_be_is_refused_by_name(town: Town) -> None:
    asked, other = await town.ask(), await town.ask()
    line_id = await unexplained(town, FEE)
    right = await split(town, line_id, (asked, FEE))
    part = right.parts[0]
    later = (part.line_version or 0) + 1
    unknown = replace(part, item_id=uuid4())
    refusals: tuple[tuple[dict[str, Any], str], ...] = (
        ({"parts": ()}, "due"),
        ({"parts": (part, part)}, "due"),
        ({"parts": (replace(part, item_id=None, item_version=None),)}, "due"),
        ({"parts": (replace(part, amount_minor=0),)}, "amount"),
        ({"parts": (replace(part, amount_minor=-1),)}, "amount"),
        ({"parts": (replace(part, amount_minor=FEE + 1),)}, "amount"),
        ({"parts": (part, await due_part(town, line_id, other, 1))}, "amount"),
        ({"reason": Reason.NOBODY_FOUND}, "reason"),
        ({"note": "x" * 501}, "note"),
        ({"subject_id": uuid4()}, "subject"),
    )
    for changes, field in refusals:
        with pytest.raises(Invalid) as refused:
            await ask(town, replace(right, **changes))
        assert refused.value.data["field"] == field, changes
    for parts in ((unknown,), (replace(part, line_id=uuid4()),)):
        with pytest.raises(NotFound):
            await ask(town, replace(right, parts=parts))
    with pytest.raises(StateConflict):
        await ask(town, replace(right, parts=(replace(part, line_version=later),)))
    assert await town.rows("SELECT approval_id FROM resolution") == []


async def test_a_break_offers_only_its_own_acts(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], 13_000, "FT1", MONDAY)
    [surplus] = await town.rows("SELECT item_id, version FROM item WHERE kind = 'surplus'")
    part = Part(item_id=surplus.item_id, item_version=surplus.version, amount_minor=3_000)
    with pytest.raises(Invalid) as refused:
        await ask(town, await proposed(town, Act.MATCH_BY_HAND, surplus.item_id, part))
    assert refused.value.data["field"] == "resolution"


async def test_money_of_one_unit_never_pays_the_due_of_another(town: Town) -> None:
    await open_account(town.context, town.officer, town.approver, "11359")
    foreign = await ask_payment(town.context, town.client_id, unit_code="11359")
    line_id = await unexplained(town, FEE)
    with pytest.raises(Invalid) as refused:
        await ask(town, await split(town, line_id, (foreign, FEE)))
    assert refused.value.data["field"] == "another-unit"
    assert await broken(town.context) == {}
