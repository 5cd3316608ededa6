"""A line that lost the key of what it was awaited as is tied to that by two people, and back."""

from datetime import timedelta
from typing import Any

import pytest

from payment_service.domain.resolution import Act
from tests.payment_service.use_cases.awaiting import (
    DEBIT,
    OVER,
    awaited,
    paid_back,
    refund_ordered,
    refused,
    tying,
)
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.neighbours import (
    HERE,
    THERE,
    Neighbour,
    balances_by_unit,
    moving,
    neighbour,
    paid_here,
)
from tests.payment_service.use_cases.proposals import (
    carry_out,
    line_of,
    line_part,
    live_groups,
    proposed,
    undo,
    undoing,
    unexplained,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
)

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
THURSDAY = WEDNESDAY + timedelta(days=1)
LEFT = "SELECT kind, residual_minor FROM item ORDER BY 1, 2"


async def ending(town: Town) -> list[Any]:
    """Return what is left of everything: books, items, lines and what is not explained."""
    return [
        await balances_by_unit(town),
        [tuple(row) for row in await town.rows(LEFT)],
        await town.value("SELECT sum(residual_minor)::bigint FROM statement_line"),
        await open_break_codes(town.context),
    ]


@pytest.mark.parametrize("has_key", [True, False])
async def test_a_refund_without_its_key_ends_as_one_with_it(town: Town, *, has_key: bool) -> None:
    key = await refund_ordered(town)
    line_id = await paid_back(town, key if has_key else "hoan tien khach")
    if not has_key:
        assert await open_break_codes(town.context) == ["UNEXPLAINED_DEBIT"]
        await carry_out(town, await tying(town, line_id, await awaited(town, "refund")))
    assert await ending(town) == [
        {HERE: {"bank": FEE, "due_to_budget": -FEE}, THERE: {}},
        [("due", 0), ("refund", 0), ("surplus", 0)],
        0,
        [],
    ]
    for later in (WEDNESDAY, MONDAY + timedelta(days=14)):
        await town.night(later)
        assert await open_break_codes(town.context) == []


async def test_undone_both_are_open_again_and_the_history_stays(town: Town) -> None:
    await refund_ordered(town)
    line_id = await paid_back(town, "hoan tien khach")
    await carry_out(town, await tying(town, line_id, await awaited(town, "refund")))
    [made] = await live_groups(town, line_id)
    undoing_it = await undoing(town, made)
    await undo(town, line_id)
    assert await refused(town, undoing_it) == "stale"
    assert await balances(town.context) == {
        "bank": FEE, "suspense": OVER, "refunds_payable": -OVER, "due_to_budget": -FEE,
    }  # fmt: skip
    assert (await awaited(town, "refund")).residual_minor == OVER
    assert await open_break_codes(town.context) == ["TAKEN_APART"]
    history = await town.rows(
        "SELECT pass_name, evidence_class, reverses FROM match_group"
        " JOIN allocation USING (group_id) WHERE line_id = :line_id ORDER BY reverses NULLS FIRST",
        line_id=line_id,
    )
    assert [tuple(row) for row in history] == [
        ("match_by_hand", "E", None), ("unmatch_by_hand", "E", made),
    ]  # fmt: skip
    # Nothing had tied it but people: the night names it by its own words, and the order is missed.
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["UNEXPLAINED_DEBIT"]
    await town.night(MONDAY + timedelta(days=14))
    assert await open_break_codes(town.context) == ["REFUND_NOT_SEEN", "UNEXPLAINED_DEBIT"]
    await carry_out(town, await tying(town, line_id, await awaited(town, "refund")))
    assert await open_break_codes(town.context) == []
    closed = "SELECT DISTINCT closed_reason FROM break_case WHERE code = 'REFUND_NOT_SEEN'"
    assert await town.value(closed) == "resolved"


async def test_both_sides_of_a_transfer_that_lost_its_key(town: Town, neighbour: Neighbour) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    line_id = await paid_back(town, "chuyen nham don vi", FEE)
    await carry_out(town, await tying(town, line_id, await awaited(town, "unit_transfer")))
    assert (await balances_by_unit(town))[HERE] == {}
    bare = line(FEE, f"tra {neighbour.asked['reference']}", WEDNESDAY, reference="I1")
    await neighbour.statement(WEDNESDAY, bare)
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["AMBIGUOUS_REFERENCE"]
    their_line = await line_of(town, "I1")
    side = await awaited(town, "unit_transfer", "credit")
    await carry_out(town, await tying(town, their_line, side))
    expected = {HERE: {}, THERE: {"bank": FEE, "due_to_budget": -FEE}}
    assert await balances_by_unit(town) == expected
    assert await open_break_codes(town.context) == []
    # One side can be taken apart without the other; the handing over stays while one is seen.
    await undo(town, their_line)
    assert await open_break_codes(town.context) == ["TAKEN_APART"]
    handed = (await live_groups(town, await line_of(town, "FT1")))[0]
    assert await refused(town, await undoing(town, handed)) == "moved-on"
    await undo(town, line_id)
    await carry_out(town, await undoing(town, handed))
    await town.night(THURSDAY)
    assert (await balances_by_unit(town))[HERE] == {}
    # Their line names the due, which nothing else pays any more: the night says so by itself.
    assert (await balances_by_unit(town))[THERE] == {"bank": FEE, "due_to_budget": -FEE}


@pytest.mark.parametrize("has_key", [True, False])
async def test_a_payout_and_its_costs_end_as_by_their_keys(town: Town, *, has_key: bool) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "77")
    await town.report([("77", reference, FEE)], fee_minor=100, vat_minor=10)
    memos = ("TT LO2611230001", "bu PHILO2611230001") if has_key else ("thanh toan", "bu phi")
    came = ((9_890, memos[0], "FT1"), (110, memos[1], "FT2"))
    await town.statement(
        TUESDAY, [line(minor, memo, TUESDAY, reference=key) for minor, memo, key in came]
    )
    await town.night(TUESDAY)
    if not has_key:
        assert await town.value("SELECT bool_and(is_collected) FROM money_fact") is False
        for kind, key in (("payout", "FT1"), ("cost_top_up", "FT2")):
            item = await awaited(town, kind, "credit")
            await carry_out(town, await tying(town, await line_of(town, key), item))
        await town.night(WEDNESDAY)
    assert await ending(town) == [
        {HERE: {"bank": FEE, "due_to_budget": -FEE}, THERE: {}},
        [("cost_top_up", 0), ("due", 0), ("payout", 0)],
        0,
        [],
    ]
    assert await town.value("SELECT bool_and(is_collected) FROM money_fact") is True
    if not has_key:
        await undo(town, await line_of(town, "FT1"))
        await town.night(THURSDAY)
        assert (await balances(town.context))["gateway_clearing"] == 9_890
        assert await town.value("SELECT bool_and(is_collected) FROM money_fact") is False


async def test_one_debit_for_two_orders_and_one_of_them_undone(town: Town) -> None:
    await refund_ordered(town)
    other = await unexplained(town, 5_000, on=TUESDAY)
    await carry_out(town, await proposed(town, Act.REFUND, other, await line_part(town, other)))
    one, two = await town.rows("SELECT * FROM item WHERE kind = 'refund' ORDER BY amount_minor")
    out = line(OVER + 5_000, "hoan tien hai nguoi", WEDNESDAY, reference="D1", direction=DEBIT)
    await town.statement(WEDNESDAY, [out])
    await town.night(WEDNESDAY)
    line_id = await line_of(town, "D1")
    assert await refused(town, await tying(town, line_id, one)) == "awaited-sum"
    await carry_out(town, await tying(town, line_id, one, two))
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    first = await town.value(
        "SELECT group_id FROM allocation WHERE item_id = :id AND line_id IS NOT NULL",
        id=one.item_id,
    )
    await carry_out(town, await undoing(town, first))
    left = await town.value(
        "SELECT residual_minor FROM statement_line WHERE line_id = :id", id=line_id
    )
    assert (left, (await balances(town.context))["refunds_payable"]) == (OVER, -OVER)
    await carry_out(town, await tying(town, line_id, await awaited(town, "refund")))
    assert await open_break_codes(town.context) == []
