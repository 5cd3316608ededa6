"""Breaks that a report, a message or a file raises are closed by two people, and opened again."""

from dataclasses import replace

import pytest

from bank_adapters.contract import Outcome
from payment_service.domain.errors import (
    StateConflict,
)
from payment_service.domain.resolution import Act, Part, Proposal, Reason
from payment_service.use_cases.answer_break import ANSWERS
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.register_contract import NewContract, register_contract
from reconciliation.breaks import BREAK_RULES, BreakCode, Resolution
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import ask, carry_out, person
from tests.payment_service.use_cases.test_fee_variance import CONTRACT
from tests.payment_service.use_cases.towns import (
    FEE,
    TUESDAY,
    Town,
    at_once,
    reported,
)

pytestmark = pytest.mark.anyio


def test_every_code_that_is_answered_has_answers_and_no_other_has() -> None:
    answered = {code for code in BreakCode if Resolution.ANSWER in BREAK_RULES[code].resolutions}
    assert answered == set(ANSWERS)
    assert all(ANSWERS.values())


async def answer(town: Town, code: BreakCode, reason: Reason | None = None) -> Proposal:
    """Return what answers the open break of a code, or the one that was closed last."""
    rows = await town.rows(
        "SELECT *, amount_minor::bigint AS minor FROM break_case WHERE code = :code"
        " ORDER BY closed_at DESC NULLS FIRST, opened_at DESC LIMIT 1",
        code=code.value,
    )
    [row] = rows
    of_gateway = row.money_id or row.report_id
    return Proposal(
        act=Act.ANSWER,
        subject_id=of_gateway or row.message_id or row.statement_id,
        reason=reason or ANSWERS[code][0],
        note="Công văn 12 ngày 24/11/2026, bà Hoa",
        break_id=row.break_id,
        parts=(Part(break_id=row.break_id, amount_minor=row.minor if of_gateway else 0),),
    )


def reopening(answered: Proposal) -> Proposal:
    """Return what takes an answer back."""
    return replace(answered, act=Act.REOPEN, reason=Reason.WRONG_ACT, note="")


async def charged_back(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    back = reported("91", "", -FEE, kind="chargeback", original="77")
    await town.report([("77", reference, FEE), back])
    assert await open_break_codes(town.context) == ["CHARGEBACK"]


async def _dear(town: Town) -> None:
    contract = NewContract(channel="vnpay", merchant=town.vnpay.merchant, contract=CONTRACT)
    await register_contract(town.context, contract)
    await town.report([("77", "KHONGCO", FEE)], fee_minor=1)


async def test_a_chargeback_is_accepted_and_the_answer_taken_back(town: Town) -> None:
    await charged_back(town)
    before = await balances(town.context)
    accepted = await answer(town, BreakCode.CHARGEBACK)
    assert accepted.reason is Reason.CHARGEBACK_ACCEPTED
    await carry_out(town, accepted)
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == before
    for _ in range(2):
        await town.night(TUESDAY)
    assert await open_break_codes(town.context) == []
    await carry_out(town, reopening(accepted))
    assert await open_break_codes(town.context) == ["CHARGEBACK"]
    rows = await town.rows("SELECT opened_on, closed_reason FROM break_case ORDER BY opened_at")
    assert [row.closed_reason for row in rows] == ["answered", None]
    assert rows[0].opened_on == rows[1].opened_on
    # The answer is of the break that was; what is open now is answered anew.
    with pytest.raises(StateConflict) as refused:
        await ask(town, reopening(accepted))
    assert refused.value.data["field"] == "answer-moved-on"
    won = await answer(town, BreakCode.CHARGEBACK, Reason.CHARGEBACK_WON)
    assert won.break_id != accepted.break_id
    await carry_out(town, won)
    assert await open_break_codes(town.context) == []


async def test_costs_and_money_without_a_notice_are_answered(town: Town) -> None:
    await _dear(town)
    assert await open_break_codes(town.context) == [
        "FEE_VARIANCE", "REPORTED_NO_NOTICE", "UNKNOWN_REFERENCE",
    ]  # fmt: skip
    before = await balances(town.context)
    for code in (BreakCode.FEE_VARIANCE, BreakCode.REPORTED_NO_NOTICE):
        await carry_out(town, await answer(town, code))
    assert await open_break_codes(town.context) == ["UNKNOWN_REFERENCE"]
    assert await balances(town.context) == before


async def test_a_refund_of_the_gateway_is_answered(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    back = reported("91", "", -FEE, kind="refund", original="77")
    await town.report([("77", reference, FEE), back])
    await carry_out(town, await answer(town, BreakCode.REFUND_NOT_ORDERED, Reason.PAYER_ASKS))
    assert await open_break_codes(town.context) == []


async def test_a_message_is_answered_whatever_amount_it_names(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    assert await town.ipn(reference, 900_000_000_000, "77") is Outcome.AMOUNT_DIFFERS
    conflict = await answer(town, BreakCode.CONFLICTING_DUPLICATE)
    assert conflict.amount_minor == 0
    await carry_out(town, conflict)
    assert await open_break_codes(town.context) == []
    await carry_out(town, reopening(conflict))
    assert await open_break_codes(town.context) == ["CONFLICTING_DUPLICATE"]


async def test_a_file_is_set_aside_and_stays_so_once_another_took_its_place(town: Town) -> None:
    town.bank.balance_minor = 777
    held = await town.take(town.bank.statement(TUESDAY, [line(FEE, "x", TUESDAY, reference="A")]))
    assert [each["reason_code"] for each in held["statements"]] == ["GAP"]
    gap = await answer(town, BreakCode.GAP)
    await carry_out(town, gap)
    assert await open_break_codes(town.context) == []
    await carry_out(town, reopening(gap))
    assert await open_break_codes(town.context) == ["GAP"]


@pytest.mark.parametrize("act", [Act.ANSWER, Act.REOPEN])
async def test_two_officers_and_two_approvers_at_once_are_one(town: Town, act: Act) -> None:
    await charged_back(town)
    proposal = await answer(town, BreakCode.CHARGEBACK)
    if act is Act.REOPEN:
        await carry_out(town, proposal)
        proposal = reopening(proposal)
    found = await at_once(*(ask(town, proposal) for _ in range(4)))
    assert found == ["StateConflict"] * 3 + ["done"]
    [waiting] = await town.rows("SELECT approval_id FROM approval WHERE decision IS NULL")
    other = await person(town, "approver")
    found = await at_once(
        *(
            decide_approval(town.context, each, waiting.approval_id, is_approved=True)
            for each in (town.approver, other, town.approver, other)
        )
    )
    assert found == ["StateConflict"] * 3 + ["done"]
    expected = ["CHARGEBACK"] if act is Act.REOPEN else []
    assert await open_break_codes(town.context) == expected
    with pytest.raises(StateConflict):
        await ask(town, proposal)


async def test_what_arrives_between_asking_and_approving_goes_first(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.report([("77", reference, FEE)])
    proposal = await answer(town, BreakCode.REPORTED_NO_NOTICE)
    waiting = await ask(town, proposal)
    assert await town.ipn(reference, FEE, "77") is Outcome.ALREADY_RECORDED
    with pytest.raises(StateConflict) as refused:
        await town.approve(waiting)
    assert refused.value.data["field"] == "closed-break"
    await town.approve(waiting, is_approved=False)
    assert await town.value("SELECT closed_reason FROM break_case") == "explained"


async def test_an_answer_is_not_taken_back_once_the_notice_came(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.report([("77", reference, FEE)])
    proposal = await answer(town, BreakCode.REPORTED_NO_NOTICE)
    await carry_out(town, proposal)
    waiting = await ask(town, reopening(proposal))
    await town.ipn(reference, FEE, "77")
    with pytest.raises(StateConflict) as refused:
        await town.approve(waiting)
    assert refused.value.data["field"] == "answer-moved-on"
    assert await open_break_codes(town.context) == []


async def test_a_notice_and_the_taking_back_of_an_answer_at_the_same_moment(town: Town) -> None:
    for number in range(5):
        reference = await town.ask_at_gateway()
        await town.report([(f"7{number}", reference, FEE)], batch=f"B000000{number}")
        proposal = await answer(town, BreakCode.REPORTED_NO_NOTICE)
        await carry_out(town, proposal)
        waiting = await ask(town, reopening(proposal))
        told = await at_once(town.approve(waiting), town.ipn(reference, FEE, f"7{number}"))
        assert told in (["done", "done"], ["StateConflict", "done"])
        assert await open_break_codes(town.context) == []


async def test_a_late_notice_of_another_amount_gives_the_money_its_right_name(town: Town) -> None:
    """The report was never notified; now it is, otherwise: one difference under one name."""
    reference = await town.ask_at_gateway()
    await town.report([("77", reference, FEE)])
    assert await open_break_codes(town.context) == ["REPORTED_NO_NOTICE"]
    assert await town.ipn(reference, FEE, "77", code="24") is Outcome.ALREADY_RECORDED
    # It failed, says this notice: the one that says paid is still missing.
    assert await open_break_codes(town.context) == [
        "CONFLICTING_DUPLICATE", "REPORTED_NO_NOTICE",
    ]  # fmt: skip
    assert await town.ipn(reference, FEE + 1, "77") is Outcome.AMOUNT_DIFFERS
    assert await open_break_codes(town.context) == ["CONFLICTING_DUPLICATE"] * 2
    assert (
        await town.value("SELECT closed_reason FROM break_case WHERE code = 'REPORTED_NO_NOTICE'")
        == "renamed"
    )
    assert not await town.value("SELECT is_notified FROM money_fact")
    assert await town.ipn(reference, FEE, "77") is Outcome.ALREADY_RECORDED
    assert await town.value("SELECT is_notified FROM money_fact")
