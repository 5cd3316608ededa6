"""Money that goes back: asked by one, ordered by another, seen on the statement, never twice."""

from datetime import timedelta
from uuid import UUID

import pytest

from bank_adapters.vocabulary import Direction, StatementLine
from payment_service.domain.errors import (
    Forbidden,
    Invalid,
    NotFound,
    SamePerson,
    StateConflict,
)
from payment_service.domain.resolution import Reason
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.decide_approval import decide_approval
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import ask_refund
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
    only_approval,
)

pytestmark = pytest.mark.anyio
THURSDAY = WEDNESDAY + timedelta(days=1)


async def _item(town: Town, kind: str) -> UUID:
    found: UUID = await town.value(
        "SELECT item_id FROM item WHERE kind = :kind AND residual_minor > 0", kind=kind
    )
    return found


async def _refund_of(town: Town, kind: str) -> str:
    """Refund what is kept as this kind and return the reference of the order."""
    approval_id = await ask_refund(
        town.context, town.officer, await _item(town, kind), "nguoi nop de nghi"
    )
    await town.approve(approval_id)
    reference: str = await town.value("SELECT reference FROM item WHERE kind = 'refund'")
    return reference


def _debit(amount_minor: int, memo: str, on: object, reference: str) -> StatementLine:
    return line(amount_minor, memo, on, reference=reference, direction=Direction.DEBIT)  # type: ignore[arg-type] # loose on purpose


async def test_a_surplus_goes_back_and_is_seen(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(13_000, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    reference = await _refund_of(town, "surplus")
    assert (await balances(town.context))["refunds_payable"] == -3_000
    await town.statement(TUESDAY, [_debit(3_000, f"hoan tien {reference}", TUESDAY, "FT2")])
    await town.night(TUESDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []


async def test_nobody_refunds_alone_or_twice(town: Town) -> None:
    await town.notify("khong ro", FEE, "FT1", MONDAY)
    item_id = await _item(town, "surplus")
    found = await at_once(
        *(ask_refund(town.context, town.approver, item_id, "x") for _ in range(4))
    )
    assert found == ["StateConflict"] * 3 + ["done"]
    approval_id = await only_approval(town.context)
    with pytest.raises(SamePerson):
        await decide_approval(town.context, town.approver, approval_id, is_approved=True)
    with pytest.raises(Forbidden):
        await decide_approval(town.context, town.officer, approval_id, is_approved=True)
    assert (await balances(town.context))["surplus_to_return"] == -FEE
    with pytest.raises(Invalid):
        await ask_refund(town.context, town.officer, item_id, "x", reason=Reason.BANK_ADVICE)


async def test_a_refund_ordered_twice_at_once_is_ordered_once(town: Town) -> None:
    await town.notify("khong ro", FEE, "FT1", MONDAY)
    item_id = await _item(town, "surplus")
    approval_id = await ask_refund(town.context, town.officer, item_id, "x")
    found = await at_once(*(town.approve(approval_id) for _ in range(4)))
    assert found == ["StateConflict"] * 3 + ["done"]
    assert (await balances(town.context))["refunds_payable"] == -FEE
    with pytest.raises(StateConflict):
        await ask_refund(town.context, town.officer, item_id, "them lan nua")


async def test_a_declined_refund_may_be_asked_again(town: Town) -> None:
    await town.notify("khong ro", FEE, "FT1", MONDAY)
    item_id = await _item(town, "surplus")
    await town.approve(
        await ask_refund(town.context, town.officer, item_id, "x"), is_approved=False
    )
    assert (await balances(town.context))["surplus_to_return"] == -FEE
    await town.approve(await ask_refund(town.context, town.officer, item_id, "x"))
    assert (await balances(town.context))["refunds_payable"] == -FEE


async def test_what_is_not_kept_for_anybody_is_not_refunded(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], FEE, "FT1", MONDAY)
    for row in await town.rows("SELECT item_id FROM item"):
        with pytest.raises((StateConflict, NotFound)):
            await ask_refund(town.context, town.officer, row.item_id, "x")
    with pytest.raises(NotFound):
        await ask_refund(town.context, town.officer, town.account_id, "x")


async def test_a_refunded_part_payment_leaves_the_whole_fee_to_pay(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(4_000, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    reference = await _refund_of(town, "part_payment")
    due = "SELECT residual_minor FROM item WHERE kind = 'due'"
    assert await town.value(due) == FEE
    await town.statement(
        TUESDAY,
        [
            _debit(4_000, f"hoan tien {reference}", TUESDAY, "FT2"),
            line(6_000, asked["reference"], TUESDAY, reference="FT3"),
        ],
    )
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["UNDERPAID"]
    assert await balances(town.context) == {"bank": 6_000, "part_payments_held": -6_000}
    await town.statement(WEDNESDAY, [line(4_000, asked["reference"], WEDNESDAY, reference="FT4")])
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_after_its_part_is_refunded_a_request_can_be_cancelled(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], 4_000, "FT1", MONDAY)
    await _refund_of(town, "part_payment")
    await cancel_request(town.context, UUID(asked["request_id"]), town.client_id, "doi y")
    assert await balances(town.context) == {
        "notices_in_transit": 4_000,
        "refunds_payable": -4_000,
    }


async def test_the_part_is_used_up_before_its_refund_is_decided(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], 4_000, "FT1", MONDAY)
    approval_id = await ask_refund(
        town.context, town.officer, await _item(town, "part_payment"), "x"
    )
    await town.notify(asked["reference"], 6_000, "FT2", MONDAY)
    with pytest.raises(StateConflict):
        await town.approve(approval_id)
    assert (await balances(town.context))["fees_collected"] == -FEE
    await town.approve(approval_id, is_approved=False)


async def test_a_refund_races_with_the_rest_of_the_money(town: Town) -> None:
    for number in range(6):
        asked = await town.ask()
        await town.notify(asked["reference"], 4_000, f"A{number}", MONDAY)
        approval_id = await ask_refund(
            town.context, town.officer, await _item(town, "part_payment"), "x"
        )
        found = await at_once(
            town.approve(approval_id), town.notify(asked["reference"], 6_000, f"B{number}", MONDAY)
        )
        assert found in (["StateConflict", "done"], ["Unavailable", "done"], ["done", "done"])
        if found != ["done", "done"]:
            await at_once(town.approve(approval_id, is_approved=False))
        held = await town.rows(
            "SELECT item_id FROM item WHERE kind = 'part_payment' AND residual_minor > 0"
        )
        for row in held:
            await town.approve(await ask_refund(town.context, town.officer, row.item_id, "x"))


async def test_one_of_two_parts_is_taken_back_by_the_bank(town: Town) -> None:
    asked = await town.ask()
    reference = asked["reference"]
    await town.statement(
        MONDAY,
        [
            line(4_000, reference, MONDAY, reference="FT1"),
            line(3_000, reference, MONDAY, reference="FT2"),
        ],
    )
    await town.night(MONDAY)
    assert await open_break_codes(town.context) == ["UNDERPAID", "UNDERPAID"]
    back = line(
        4_000, "tra lai", TUESDAY, reference="FT3", returned="FT1", direction=Direction.DEBIT
    )
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["UNDERPAID"]
    held = "SELECT residual_minor FROM item WHERE kind = 'part_payment' AND residual_minor > 0"
    assert await town.value(held) == 3_000
    await town.statement(WEDNESDAY, [line(7_000, reference, WEDNESDAY, reference="FT4")])
    await town.night(WEDNESDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []


async def test_parts_that_complete_in_one_night_leave_no_break(town: Town) -> None:
    asked = await town.ask()
    lines = [
        line(minor, asked["reference"], MONDAY, reference=f"FT{minor}")
        for minor in (4_000, 5_000, 1_000)
    ]
    await town.statement(MONDAY, lines)
    await town.night(MONDAY)
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_the_bank_takes_back_money_whose_surplus_was_refunded(town: Town) -> None:
    """A person decides; the night names it and goes on with everybody else's money."""
    asked = await town.ask()
    other = await town.ask()
    await town.statement(MONDAY, [line(13_000, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    reference = await _refund_of(town, "surplus")
    await town.statement(
        TUESDAY,
        [
            _debit(3_000, f"hoan tien {reference}", TUESDAY, "FT2"),
            line(
                13_000, "tra lai", TUESDAY, reference="FT3", returned="FT1",
                direction=Direction.DEBIT,
            ),
            line(FEE, other["reference"], TUESDAY, reference="FT4"),
        ],
    )  # fmt: skip
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    assert await balances(town.context) == {
        "bank": 7_000,
        "suspense": 13_000,
        "due_to_budget": -2 * FEE,
    }
    await town.statement(WEDNESDAY, [line(1_000, "x", WEDNESDAY, reference="FT5")])
    await town.night(WEDNESDAY)
    await town.night(THURSDAY)
    assert await open_break_codes(town.context) == ["NO_REFERENCE", "RETURN_SETTLED"]


async def test_the_bank_takes_back_a_payout(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    await town.report([("77", reference, FEE)])
    await town.statement(TUESDAY, [line(FEE, "TT LO2611230001", TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    back = line(
        FEE, "tra lai", WEDNESDAY, reference="FT2", returned="FT1", direction=Direction.DEBIT
    )
    await town.statement(WEDNESDAY, [back])
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    assert (await balances(town.context))["suspense"] == FEE


async def test_every_part_of_a_paid_request_is_taken_back_in_one_night(town: Town) -> None:
    asked = await town.ask()
    parts = {"FT1": 4_000, "FT2": 6_000}
    await town.statement(
        MONDAY,
        [line(minor, asked["reference"], MONDAY, reference=key) for key, minor in parts.items()],
    )
    await town.night(MONDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    back = [
        line(
            minor, "tra lai", TUESDAY, reference=f"R{key}", returned=key, direction=Direction.DEBIT
        )
        for key, minor in parts.items()
    ]
    await town.statement(TUESDAY, back)
    await town.night(TUESDAY)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == []
