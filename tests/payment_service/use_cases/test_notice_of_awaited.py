"""A notice that names what is awaited is no money: with its line it ends as the line alone does."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Invalid
from payment_service.domain.resolution import Act, Part, Proposal, Reason
from payment_service.use_cases.prove_notices import prove_notices
from reconciliation.breaks import BreakCode
from reconciliation.ruleset import RuleSet
from tests.payment_service.use_cases.awaiting import awaited, tying
from tests.payment_service.use_cases.days import bank_notice, deliver, line, open_break_codes
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
from tests.payment_service.use_cases.proposals import ask, carry_out, line_of
from tests.payment_service.use_cases.test_answer_break import answer, reopening
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    one_after_the_other,
)

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
THURSDAY, FRIDAY = WEDNESDAY + timedelta(days=1), WEDNESDAY + timedelta(days=2)
NEXT_WEEK = MONDAY + timedelta(days=7)


async def _announce(
    town: Town, neighbour: Neighbour, memo: str, amount_minor: int = FEE
) -> Outcome:
    """Let the neighbour's bank announce a credit."""
    notice = bank_notice(neighbour.bank.opened, memo, amount_minor, "I1", TUESDAY)
    return await deliver(town.context, neighbour.bank.opened, notice)


async def _transferred(town: Town, neighbour: Neighbour) -> dict[str, str]:
    """Hand over and let the transfer leave our account; return what its credit may say."""
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    key, reference = await transfer_key(town), neighbour.asked["reference"]
    out = line(FEE, key, TUESDAY, reference="O1", direction=Direction.DEBIT)
    await town.statement(TUESDAY, [out])
    return {"due": f"chuyen tra {reference}", "key": f"CT {key}", "both": f"{key} {reference}"}


async def _left(town: Town) -> list[Any]:
    rows = await town.rows("SELECT kind, residual_minor FROM item ORDER BY 1, 2")
    return [
        await balances_by_unit(town),
        [tuple(row) for row in rows if row.residual_minor],
        await open_break_codes(town.context),
    ]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("due", "never"),
        ("due", "before"),
        ("due", "after"),
        ("key", "never"),
        ("key", "before"),
        ("both", "twice"),
    ],
)
async def test_a_transfer_ends_the_same_with_a_notice_and_without(
    town: Town, neighbour: Neighbour, says: str, told: str
) -> None:
    memo = (await _transferred(town, neighbour))[says]
    if told in {"before", "twice"}:
        assert await _announce(town, neighbour, memo) is Outcome.RECORDED
        await town.night(TUESDAY)
        assert await open_break_codes(town.context) == []
        assert (await balances_by_unit(town))[THERE] == {
            "due_from_units": FEE, "due_to_budget": -FEE,
        }  # fmt: skip
    await neighbour.statement(WEDNESDAY, line(FEE, memo, WEDNESDAY, reference="I1"))
    if told in {"after", "twice"}:
        assert await _announce(town, neighbour, memo) is Outcome.RECORDED
    await town.night(WEDNESDAY)
    await town.night(THURSDAY)
    settled = {"bank": FEE, "due_to_budget": -FEE}
    if says == "due":
        held = settled | {"due_from_units": FEE, "suspense": -FEE}
        transfer = [("unit_transfer", FEE)]
        assert await _left(town) == [{HERE: {}, THERE: held}, transfer, ["AMBIGUOUS_REFERENCE"]]
        side = await awaited(town, "unit_transfer", "credit")
        await carry_out(town, await tying(town, await line_of(town, "I1"), side))
    assert await _left(town) == [{HERE: {}, THERE: settled}, [], []]
    late = await _announce(town, neighbour, f"{memo} lan nua")
    assert late is Outcome.ALREADY_RECORDED
    await town.night(FRIDAY)
    assert await _left(town) == [{HERE: {}, THERE: settled}, [], []]


async def test_a_line_that_stays_away_is_missed_and_one_of_another_amount_named(
    town: Town, neighbour: Neighbour
) -> None:
    memo = (await _transferred(town, neighbour))["due"]
    await _announce(town, neighbour, memo)
    for day, codes in ((TUESDAY, []), (WEDNESDAY, []), (THURSDAY, ["NOTICE_NO_BANK"])):
        await town.night(day)
        assert await open_break_codes(town.context) == codes
    [row] = await town.rows(
        "SELECT amount_minor::bigint, details FROM break_case WHERE message_id IS NOT NULL"
    )
    details = row.details if isinstance(row.details, dict) else json.loads(row.details)
    assert row.amount_minor == FEE
    assert (details["reference"], details["since_on"]) == ("I1", TUESDAY.isoformat())
    await prove_notices(town.context, THURSDAY, ruleset=RuleSet())
    assert await open_break_codes(town.context) == ["NOTICE_NO_BANK"]
    await neighbour.statement(NEXT_WEEK, line(FEE + 1, memo, NEXT_WEEK, reference="I1"))
    await town.night(NEXT_WEEK)
    assert await open_break_codes(town.context) == [
        "AMBIGUOUS_REFERENCE", "CONFLICTING_DUPLICATE",
    ]  # fmt: skip


@pytest.mark.parametrize("says", ["due", "key"])
async def test_a_notice_whose_line_bears_another_reference_is_answered(
    town: Town, neighbour: Neighbour, says: str
) -> None:
    memo = (await _transferred(town, neighbour))[says]
    await _announce(town, neighbour, memo)
    await neighbour.statement(WEDNESDAY, line(FEE, "chuyen", WEDNESDAY, reference="OTHER9"))
    await town.night(THURSDAY)
    assert await open_break_codes(town.context) == ["NOTICE_NO_BANK", "NO_REFERENCE"]
    before = await balances_by_unit(town)
    answered = await answer(town, BreakCode.NOTICE_NO_BANK)
    await carry_out(town, answered)
    await town.night(FRIDAY)
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]
    assert await balances_by_unit(town) == before
    await carry_out(town, reopening(answered))
    assert await open_break_codes(town.context) == ["NOTICE_NO_BANK", "NO_REFERENCE"]


async def test_a_notice_that_brought_money_is_not_answered(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], FEE, "FT1", MONDAY)
    await town.night(THURSDAY)
    assert await open_break_codes(town.context) == ["NOTICE_NO_BANK"]
    [missed] = await town.rows("SELECT break_id, item_id FROM break_case")
    proposal = Proposal(
        act=Act.ANSWER,
        subject_id=missed.item_id,
        reason=Reason.SENDER_CONFIRMED,
        note="Công văn 12",
        break_id=missed.break_id,
        parts=(Part(break_id=missed.break_id, amount_minor=0),),
    )
    with pytest.raises(Invalid) as refused:
        await ask(town, proposal)
    assert refused.value.data["field"] == "resolution"


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_payout_and_its_costs_are_theirs_though_the_bank_tells_before(
    town: Town, *, is_told: bool
) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    await town.report([("77", reference, FEE)], fee_minor=100, vat_minor=10)
    came = (("FT1", "TT LO.2611230001", 9_890), ("FT2", "bu philo2611230001", 110))
    for key, memo, minor in came if is_told else ():
        assert await town.notify(memo, minor, key, TUESDAY) is Outcome.RECORDED
    lines = [line(minor, memo, TUESDAY, reference=key) for key, memo, minor in came]
    await town.statement(TUESDAY, lines)
    await town.night(TUESDAY)
    assert await _left(town) == [{HERE: {"bank": FEE, "due_to_budget": -FEE}, THERE: {}}, [], []]


async def test_a_payment_that_bears_the_word_of_a_payout_by_chance_is_a_payment(
    town: Town,
) -> None:
    at_gateway = await town.ask_at_gateway()
    await town.ipn(at_gateway, FEE, "77")
    await town.report([("77", at_gateway, FEE)], fee_minor=100, batch="23112026")
    for number, (memo, minor, is_money) in enumerate(
        (
            ("{} ngay 23112026", FEE, True),
            ("{} ngay 23112026", 9_900, False),
            # Parts of a payout wait for their sum, whatever each of them is.
            ("TT 23112026", 4_000, False),
        )
    ):
        told = memo.format((await town.ask())["reference"])
        assert await town.notify(told, minor, f"FT{number}", MONDAY) is Outcome.RECORDED
        rows = await town.rows(
            "SELECT money_id FROM money WHERE provider_transaction = :key", key=f"FT{number}"
        )
        assert bool(rows) is is_money
    lines = [
        line(FEE, "x", TUESDAY, reference="FT0"),
        line(9_900, "TT 23112026", TUESDAY, reference="FT1"),
    ]
    await town.statement(TUESDAY, lines)
    await town.night(TUESDAY)
    assert "BATCH_NO_BANK" not in await open_break_codes(town.context)
    assert (await balances_by_unit(town))[HERE]["bank"] == FEE + 9_900


async def test_what_is_awaited_elsewhere_or_no_more_is_money_as_ever(
    town: Town, neighbour: Neighbour
) -> None:
    says = await _transferred(town, neighbour)
    # Another unit's key, and what goes the other way, are nothing that comes in here.
    assert await town.notify(says["key"], FEE, "FT8", TUESDAY) is Outcome.UNKNOWN_REFERENCE
    await neighbour.statement(WEDNESDAY, line(FEE, says["key"], WEDNESDAY, reference="I0"))
    await town.night(WEDNESDAY)
    assert await _announce(town, neighbour, says["due"]) is Outcome.ALREADY_COVERED


@pytest.mark.parametrize("is_told_first", [True, False])
async def test_a_notice_meets_the_handing_over_at_the_same_moment(
    town: Town, neighbour: Neighbour, *, is_told_first: bool
) -> None:
    waiting = await ask(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    memo = neighbour.asked["reference"]
    held = f"SELECT FROM item WHERE kind = 'due' AND reference = '{memo}' FOR UPDATE"
    acts = [_announce(town, neighbour, memo), town.approve(waiting)]
    found = await one_after_the_other(town.context, held, *acts[:: 1 if is_told_first else -1])
    assert found == (["done", "StateConflict"] if is_told_first else ["done", "done"])
    told: date = WEDNESDAY
    await neighbour.statement(told, line(FEE, memo, told, reference="I1"))
    await town.night(told)
    paid = {"bank": FEE, "due_to_budget": -FEE}
    books = (await balances_by_unit(town))[THERE]
    if is_told_first:
        assert books == paid
        assert await open_break_codes(town.context) == ["WRONG_UNIT"]
    else:
        assert books == paid | {"due_from_units": FEE, "suspense": -FEE}
        assert await open_break_codes(town.context) == ["AMBIGUOUS_REFERENCE"]
