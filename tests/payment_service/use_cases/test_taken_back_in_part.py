"""What is still kept of money that the bank took back: nobody spends it, its return ends it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction
from payment_service.db import expected_items
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Part, Proposal
from tests.payment_service.use_cases.awaiting import refused
from tests.payment_service.use_cases.days import balances, broken, line, open_break_codes
from tests.payment_service.use_cases.neighbours import Neighbour, moving, neighbour
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    due_part,
    line_of,
    line_part,
    open_break,
    proposed,
    split,
    undo,
    undoing,
    unexplained,
)
from tests.payment_service.use_cases.test_claims import settling
from tests.payment_service.use_cases.test_taken_back import label_of
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, WEDNESDAY, Town

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
DEBIT = Direction.DEBIT
THURSDAY = WEDNESDAY + timedelta(days=1)


async def _kept(town: Town, kind: str = "surplus") -> UUID:
    found: UUID = await town.value(
        "SELECT item_id FROM item WHERE kind = :kind AND residual_minor > 0", kind=kind
    )
    return found


async def _returned(town: Town, amount_minor: int, key: str) -> UUID:
    """Let the bank take a line back whose money moved on in part; return the debit."""
    back = line(amount_minor, "tra lai", TUESDAY, reference="R1", returned=key, direction=DEBIT)
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert "RETURN_SETTLED" in await open_break_codes(town.context)
    return await line_of(town, "R1")


async def _about(town: Town, act: Act, line_id: UUID) -> Proposal:
    return await proposed(town, act, line_id, await line_part(town, line_id))


async def _is_refused_refund(town: Town, item_id: UUID) -> bool:
    with pytest.raises(StateConflict) as raised:
        await ask_refund(town.context, town.officer, item_id, "x")
    return raised.value.data["field"] == "taken-back"


async def _overpaid(town: Town) -> tuple[dict[str, Any], UUID, UUID]:
    """Split a credit over two dues, refund what one does not need, and let all be taken back.

    Return the other request, the debit, and the surplus that is still kept.
    """
    one, other = await town.ask(), await town.ask()
    line_id = await unexplained(town, 25_000)
    await carry_out(town, await split(town, line_id, (one, 12_000)))
    await town.approve(await ask_refund(town.context, town.officer, await _kept(town), "x"))
    await carry_out(town, await split(town, line_id, (other, 13_000)))
    return other, await _returned(town, 25_000, "K00"), await _kept(town)


async def test_surplus_of_a_returned_line_ends_by_its_return(town: Town) -> None:
    asked, debit_id, surplus_id = await _overpaid(town)
    assert await label_of(town, asked) == "overpaid"
    async with town.context.database.read_only() as connection:
        [offered] = await expected_items.items_for_line(connection, debit_id, 9)
    assert offered.opposite_id == surplus_id
    assert await _is_refused_refund(town, surplus_id)
    assert await refused(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id)) == "original-open"
    await carry_out(town, await settling(town, surplus_id, debit_id, of_line=True))
    assert await label_of(town, asked) == "collected"
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    await carry_out(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id))
    await town.night(THURSDAY)
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {
        "costs_recoverable": 22_000,
        "refunds_payable": -2_000,
        "due_to_budget": -2 * FEE,
    }
    await undo(town, debit_id)
    assert await open_break_codes(town.context) == ["OVERPAID", "TAKEN_APART"]
    assert await label_of(town, asked) == "overpaid"
    assert await _is_refused_refund(town, surplus_id)
    await town.night(THURSDAY)
    assert await refused(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id)) == "original-open"
    await carry_out(town, await settling(town, surplus_id, debit_id, of_line=True))


async def test_surplus_ends_by_no_other_debit(town: Town) -> None:
    _, _, surplus_id = await _overpaid(town)
    other_id = await unexplained(town, 3_000, on=WEDNESDAY, direction=DEBIT)
    with pytest.raises(Invalid) as raised:
        await ask(town, await settling(town, surplus_id, other_id, of_line=True))
    assert raised.value.data["field"] == "opposite"


async def test_a_part_payment_of_a_returned_line_ends_by_its_return(town: Town) -> None:
    one, other = await town.ask(), await town.ask()
    line_id = await unexplained(town, 16_000)
    await carry_out(town, await split(town, line_id, (one, 12_000)))
    await town.approve(await ask_refund(town.context, town.officer, await _kept(town), "x"))
    await carry_out(town, await split(town, line_id, (other, 4_000)))
    debit_id = await _returned(town, 16_000, "K00")
    held_id = await _kept(town, "part_payment")
    assert await _is_refused_refund(town, held_id)
    assert await refused(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id)) == "original-open"
    assert await label_of(town, other) == "part_paid"
    await carry_out(town, await settling(town, held_id, debit_id, of_line=True))
    assert await label_of(town, other) == "returned"
    await carry_out(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id))
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {
        "costs_recoverable": 12_000,
        "refunds_payable": -2_000,
        "due_to_budget": -FEE,
    }
    paid = line(FEE, other["reference"], THURSDAY, reference="N1")
    await town.statement(THURSDAY, [paid])
    await town.night(THURSDAY)
    assert await open_break_codes(town.context) == []
    assert await label_of(town, other) == "collected"
    with pytest.raises(Invalid) as raised:
        await undo(town, debit_id)
    assert raised.value.data["field"] == "not-undoable"


async def test_what_is_open_of_a_returned_line_is_only_paired_with_its_return(town: Town) -> None:
    asked, other = await town.ask(), await town.ask()
    line_id = await unexplained(town, 15_000)
    await carry_out(town, await split(town, line_id, (asked, 12_000)))
    await town.approve(await ask_refund(town.context, town.officer, await _kept(town), "x"))
    debit_id = await _returned(town, 15_000, "K00")
    alien_id = await unexplained(town, 3_000, on=WEDNESDAY, direction=DEBIT)
    of_other = await due_part(town, line_id, other, 3_000)
    for proposal in (
        await proposed(town, Act.MATCH_BY_HAND, line_id, of_other),
        await _about(town, Act.REFUND, line_id),
        await proposed(
            town, Act.PAIR_LINES, alien_id,
            *[await line_part(town, each) for each in (alien_id, line_id)],
        ),
    ):  # fmt: skip
        assert await refused(town, proposal) == "taken-back"
    small = [await line_part(town, each, 3_000) for each in (alien_id, debit_id)]
    with pytest.raises(Invalid) as raised:
        await ask(town, await proposed(town, Act.PAIR_LINES, debit_id, *small))
    assert raised.value.data["field"] == "opposite"
    assert await refused(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id)) == "original-open"
    parts = [await line_part(town, each, 3_000) for each in (debit_id, line_id)]
    await carry_out(town, await proposed(town, Act.PAIR_LINES, debit_id, *parts))
    await undo(town, debit_id)
    assert await refused(town, await _about(town, Act.REFUND, line_id)) == "taken-back"
    await town.night(WEDNESDAY)
    assert await refused(town, await _about(town, Act.REFUND, line_id)) == "taken-back"


async def test_surplus_of_a_notice_handed_over_in_part_is_not_refunded(
    town: Town, neighbour: Neighbour
) -> None:
    memo = neighbour.asked["reference"]
    assert await town.notify(memo, FEE, "FT1", MONDAY) is Outcome.UNKNOWN_REFERENCE
    await town.statement(MONDAY, [line(FEE, memo, MONDAY, reference="FT1")])
    await town.night(MONDAY)
    surplus_id = await _kept(town)
    version = await town.value("SELECT version FROM item WHERE item_id = :id", id=surplus_id)
    [_, due] = (await moving(town, neighbour, await line_of(town, "FT1"), 4_000)).parts
    part = Part(item_id=surplus_id, item_version=version, amount_minor=4_000)
    await carry_out(town, await proposed(town, Act.MOVE_TO_UNIT, surplus_id, part, due))
    debit_id = await _returned(town, FEE, "FT1")
    assert await _is_refused_refund(town, surplus_id)
    # The other unit holds 4.000 of it, and does not give it to the payer again.
    assert await _is_refused_refund(town, await _kept(town, "part_payment"))
    await carry_out(town, await settling(town, surplus_id, debit_id, of_line=True))
    await carry_out(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id))
    assert await open_break(town, surplus_id) is None
    assert await open_break(town, debit_id) is None


async def test_what_is_taken_apart_after_its_return_was_booked_does_not_leave(town: Town) -> None:
    one, other = await town.ask(), await town.ask()
    line_id = await unexplained(town, 22_000)
    await carry_out(town, await split(town, line_id, (one, 12_000)))
    await town.approve(await ask_refund(town.context, town.officer, await _kept(town), "x"))
    await carry_out(town, await split(town, line_id, (other, FEE)))
    debit_id = await _returned(town, 22_000, "K00")
    await carry_out(town, await _about(town, Act.BOOK_AS_CHARGE, debit_id))
    group_id = await town.value(
        "SELECT group_id FROM allocation WHERE line_id = :line_id AND amount_minor = :fee",
        line_id=line_id,
        fee=FEE,
    )
    await carry_out(town, await undoing(town, group_id))
    assert await refused(town, await _about(town, Act.REFUND, line_id)) == "taken-back"
    await carry_out(town, await split(town, line_id, (other, FEE)))
    assert await open_break_codes(town.context) == []


async def test_a_line_that_is_a_part_of_what_a_notice_told_undoes_no_more(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], FEE, "FT1", MONDAY)
    await town.statement(
        MONDAY,
        [
            line(6_000, "bu mot", MONDAY, reference="FT2"),
            line(4_000, "bu hai", MONDAY, reference="FT3"),
        ],
    )
    await town.night(MONDAY)
    notice = await town.value("SELECT item_id FROM item WHERE kind = 'bank_notice'")
    for key in ("FT2", "FT3"):
        await carry_out(town, await settling(town, notice, await line_of(town, key), of_line=True))
    assert await open_break_codes(town.context) == []
    await _returned(town, 6_000, "FT2")
    assert await broken(town.context) == {}
    found = await balances(town.context)
    assert found == {"bank": 4_000, "suspense": 6_000, "due_to_budget": -FEE}
