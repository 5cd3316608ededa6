"""What is no answer to a break: another reason, amount, break, person or object."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from payment_service.db import matching
from payment_service.domain.errors import (
    Forbidden,
    Invalid,
    NotFound,
    PaymentServiceError,
    SamePerson,
    StateConflict,
)
from payment_service.domain.resolution import Act, Part, Proposal, Reason
from payment_service.use_cases.ask_resolution import ask_resolution
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.register_contract import NewContract, register_contract
from reconciliation.breaks import BreakCode
from tests.payment_service.use_cases.days import open_break_codes
from tests.payment_service.use_cases.proposals import ask, person
from tests.payment_service.use_cases.test_answer_break import answer, charged_back, reopening
from tests.payment_service.use_cases.test_fee_variance import CONTRACT
from tests.payment_service.use_cases.towns import FEE, Town, reported

pytestmark = pytest.mark.anyio


async def test_what_is_no_answer(town: Town) -> None:
    await charged_back(town)
    good = await answer(town, BreakCode.CHARGEBACK)
    [part] = good.parts
    await _dear_elsewhere(town)
    other = await answer(town, BreakCode.FEE_VARIANCE)
    for bad, error, field in (
        (replace(good, reason=Reason.CONTRACT_CORRECTED), Invalid, "reason"),
        (replace(good, reason=Reason.NOBODY_FOUND), Invalid, "reason"),
        (replace(good, note=" "), Invalid, "note-missing"),
        (replace(good, parts=(replace(part, amount_minor=FEE - 1),)), StateConflict, "stale"),
        (replace(good, parts=(replace(part, amount_minor=-1),)), Invalid, "amount"),
        (replace(good, parts=()), Invalid, "due"),
        (replace(good, parts=(part, *other.parts)), Invalid, "subject"),
        (replace(good, subject_id=other.subject_id), Invalid, "subject"),
        (replace(good, break_id=other.break_id), Invalid, "subject"),
        (replace(good, break_id=None), Invalid, "subject"),
        (replace(good, act=Act.WRITE_OFF, reason=Reason.NOBODY_FOUND), Invalid, "subject"),
        (reopening(good), StateConflict, "not-answered"),
        (replace(good, parts=(replace(part, break_id=UUID(int=7)),)), NotFound, "not-here"),
    ):
        with pytest.raises(error) as refused:
            await ask(town, bad)
        assert refused.value.data["field"] == field, bad
    auditor = await person(town, "auditor")
    with pytest.raises(Forbidden):
        await ask_resolution(town.context, auditor, good)
    waiting = await ask(town, good)
    with pytest.raises(PaymentServiceError) as alone:
        await decide_approval(town.context, town.officer, waiting, is_approved=True)
    assert isinstance(alone.value, Forbidden | SamePerson)
    assert "CHARGEBACK" in await open_break_codes(town.context)


async def _dear_elsewhere(town: Town) -> None:
    contract = NewContract(channel="vnpay", merchant=town.vnpay.merchant, contract=CONTRACT)
    await register_contract(town.context, contract)
    await town.report([("78", "KHONGCO", FEE)], batch="B0000009", fee_minor=1)


async def test_money_that_is_open_is_never_answered(town: Town) -> None:
    await town.report([reported("99", "", -300, kind="adjustment")])
    [row] = await town.rows("SELECT break_id, item_id FROM break_case")
    proposal = Proposal(
        act=Act.ANSWER,
        subject_id=row.item_id,
        reason=Reason.SENDER_CONFIRMED,
        note="x",
        break_id=row.break_id,
        parts=(Part(break_id=row.break_id, amount_minor=0),),
    )
    with pytest.raises(Invalid) as refused:
        await ask(town, proposal)
    assert refused.value.data["field"] == "resolution"


async def test_an_answer_beyond_the_band_waits_for_a_wider_one(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, 50_000_001, "77")
    back = reported("91", "", -50_000_001, kind="chargeback", original="77")
    await town.report([("77", reference, 50_000_001), back])
    with pytest.raises(Invalid) as refused:
        await ask(town, await answer(town, BreakCode.CHARGEBACK))
    assert refused.value.data["field"] == "band"


async def test_nobody_calls_a_break_answered_alone(town: Town) -> None:
    await charged_back(town)
    proposal = await answer(town, BreakCode.CHARGEBACK)
    await ask(town, proposal)
    assert proposal.break_id
    with pytest.raises(IntegrityError, match="answered by two people"):
        async with town.context.database.transaction() as connection:
            await matching.close_breaks_by_id(
                connection, [proposal.break_id], "answered", town.clock()
            )
