"""A line that lost the key of what it was awaited as is tied to that by two people, and back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Part, Proposal
from tests.builders import open_account, open_endpoint
from tests.payment_service.use_cases.days import Bank, balances, line, open_break_codes
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
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    line_of,
    line_part,
    live_groups,
    proposed,
    split,
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
    at_once,
)

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
DEBIT = Direction.DEBIT
THURSDAY = WEDNESDAY + timedelta(days=1)
OVER = 3_000
LEFT = "SELECT kind, residual_minor FROM item ORDER BY 1, 2"


async def awaited(town: Town, kind: str, direction: str = "debit") -> Any:
    """Return the newest item of a kind that goes one way, one that is open first."""
    return (
        await town.rows(
            "SELECT item_id, version, residual_minor, reference FROM item WHERE kind = :kind"
            " AND direction = :direction ORDER BY residual_minor > 0 DESC, item_id DESC",
            kind=kind,
            direction=direction,
        )
    )[0]


async def tying(
    town: Town, line_id: UUID, *items: Any, amount_minor: int | None = None
) -> Proposal:
    """Propose that a line is these items, each whole or of another amount."""
    whole = await line_part(town, line_id)
    parts = [
        replace(
            whole,
            item_id=item.item_id,
            item_version=item.version,
            amount_minor=amount_minor or item.residual_minor or 1,
        )
        for item in items
    ]
    return await proposed(town, Act.MATCH_BY_HAND, line_id, *parts)


async def refund_ordered(town: Town) -> str:
    """Let somebody pay 3.000 too much and order it back; return the printed key."""
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE + OVER, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    surplus = await awaited(town, "surplus")
    await town.approve(await ask_refund(town.context, town.officer, surplus.item_id, "x"))
    return str((await awaited(town, "refund")).reference)


async def paid_back(town: Town, memo: str, amount_minor: int = OVER, key: str = "D1") -> UUID:
    """Let the bank show money that left, and a night pass; return the line."""
    out = line(amount_minor, memo, TUESDAY, reference=key, direction=DEBIT)
    await town.statement(TUESDAY, [out])
    await town.night(TUESDAY)
    return await line_of(town, key)


async def refused(town: Town, proposal: Proposal) -> str:
    """Return the field by which a proposal is refused."""
    with pytest.raises((Invalid, StateConflict)) as error:
        await ask(town, proposal)
    return str(error.value.data["field"])


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
        " JOIN allocation USING (group_id) WHERE line_id = :line_id ORDER BY group_id",
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


async def test_what_does_not_fit_is_refused_by_name(town: Town, neighbour: Neighbour) -> None:
    second = await open_account(
        town.context, town.officer, town.approver, HERE, account_number="1132900002"
    )
    other = Bank(opened=await open_endpoint(town.context, second, "rsabank"))
    asked, _ = await town.ask(), await refund_ordered(town)
    refund = await awaited(town, "refund")
    outs = [
        line(minor, "hoan", TUESDAY, reference=f"D{minor}", direction=DEBIT)
        for minor in (OVER, OVER - 1, OVER + 1)
    ]
    back = line(OVER, "tra lai", TUESDAY, reference="C1")
    await town.statement(TUESDAY, [back, *outs])
    elsewhere = line(OVER, "hoan", TUESDAY, reference="E1", direction=DEBIT)
    fund = line(FEE, "nop", TUESDAY, reference="E0")
    await town.take(other.statement(TUESDAY, [fund, elsewhere]), "u.sta")
    await neighbour.statement(TUESDAY, line(OVER, "x", TUESDAY, reference="N0"))
    await town.night(TUESDAY)
    exact, less, more = [await line_of(town, f"D{minor}") for minor in (OVER, OVER - 1, OVER + 1)]
    for line_id, amount_minor, field in (
        (await line_of(town, "C1"), None, "awaited-direction"),
        (await line_of(town, "E1"), None, "awaited-account"),
        (less, OVER - 1, "awaited-amount"),
        (less, None, "awaited-sum"),
        (more, OVER + 1, "awaited-amount"),
        (more, None, "awaited-sum"),
        (await line_of(town, "N0"), None, "another-unit"),
    ):
        proposal = await tying(town, line_id, refund, amount_minor=amount_minor)
        assert await refused(town, proposal) == field
    due = (await split(town, exact, (asked, 1))).parts[0]
    good = await tying(town, exact, refund)
    assert await refused(town, replace(good, parts=(*good.parts, due))) == "awaited-alone"
    assert await refused(town, replace(good, parts=(due,))) == "direction"
    assert await refused(town, await tying(town, exact, refund, refund)) == "due"
    assert (await awaited(town, "refund")).residual_minor == OVER
    await carry_out(town, good)
    await carry_out(town, await tying(town, less, await _charged(town, less)))


async def _charged(town: Town, line_id: UUID) -> Any:
    """Order what this line paid, so that it can be tied."""
    minor = (await line_part(town, line_id)).amount_minor
    credit = await unexplained(town, minor, on=WEDNESDAY)
    await carry_out(town, await proposed(town, Act.REFUND, credit, await line_part(town, credit)))
    return await awaited(town, "refund")


async def test_an_order_is_executed_once_whoever_hurries(town: Town) -> None:
    key = await refund_ordered(town)
    outs = [line(OVER, "hoan", TUESDAY, reference=f"D{n}", direction=DEBIT) for n in (1, 2)]
    await town.statement(TUESDAY, [line(OVER, "x", TUESDAY, reference="C1"), *outs])
    await town.night(TUESDAY)
    refund = await awaited(town, "refund")
    one, two = [await tying(town, await line_of(town, each), refund) for each in ("D1", "D2")]
    # The same line asked for by two officers at once, then the same order for two lines.
    assert await at_once(ask(town, one), ask(town, one)) == ["StateConflict", "done"]
    waiting = [await town.value("SELECT approval_id FROM approval WHERE decision IS NULL")]
    waiting.append(await ask(town, two))
    assert await at_once(*map(town.approve, waiting)) == ["StateConflict", "done"]
    assert (await awaited(town, "refund")).residual_minor == 0
    for proposal in (one, two):
        with pytest.raises(StateConflict):
            await ask(town, proposal)
    [left] = await town.rows(
        "SELECT line_id FROM statement_line WHERE direction = 'debit' AND residual_minor > 0"
    )
    fresh = await tying(town, left.line_id, await awaited(town, "refund"))
    assert await refused(town, fresh) == "awaited-done"
    # Its own key on a later line does not execute it again either.
    again = line(OVER, key, WEDNESDAY, reference="D3", direction=DEBIT)
    await town.statement(WEDNESDAY, [line(OVER, "y", WEDNESDAY, reference="C2"), again])
    await town.night(WEDNESDAY)
    assert "refunds_payable" not in await balances(town.context)
    assert (await open_break_codes(town.context)).count("UNEXPLAINED_DEBIT") == 2


async def test_the_night_finds_the_key_while_people_tie_another_line(town: Town) -> None:
    key = await refund_ordered(town)
    line_id = await paid_back(town, "hoan tien khach")
    waiting = await ask(town, await tying(town, line_id, await awaited(town, "refund")))
    keyed = line(OVER, key, WEDNESDAY, reference="D2", direction=DEBIT)
    await town.statement(WEDNESDAY, [line(OVER, "x", WEDNESDAY, reference="C1"), keyed])
    found = await at_once(town.approve(waiting), town.night(WEDNESDAY))
    assert found in (["StateConflict", "done"], ["done", "done"])
    await town.night(THURSDAY)
    assert "refunds_payable" not in await balances(town.context)
    assert await open_break_codes(town.context) == ["NO_REFERENCE", "UNEXPLAINED_DEBIT"]


async def test_the_bank_returns_a_line_that_people_tied(town: Town) -> None:
    await refund_ordered(town)
    line_id = await paid_back(town, "hoan tien khach")
    await carry_out(town, await tying(town, line_id, await awaited(town, "refund")))
    back = line(OVER, "tra lai", WEDNESDAY, reference="R1", returned="D1")
    await town.statement(WEDNESDAY, [back])
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
    await undo(town, line_id)
    await town.night(THURSDAY)
    # Undone, the night pairs both, and the refund is to be ordered to the bank again.
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {
        "bank": FEE + OVER, "refunds_payable": -OVER, "due_to_budget": -FEE,
    }  # fmt: skip


async def test_no_second_person_no_tie(town: Town, neighbour: Neighbour) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    line_id = await paid_back(town, "chuyen nham don vi", FEE)
    waiting = await ask(town, await tying(town, line_id, await awaited(town, "unit_transfer")))
    assert (await balances_by_unit(town))[HERE] == {"suspense": FEE, "due_to_units": -FEE}
    await town.approve(waiting, is_approved=False)
    assert await open_break_codes(town.context) == ["UNEXPLAINED_DEBIT"]
    theirs = Part(line_id=line_id, line_version=1, amount_minor=FEE)
    side = await awaited(town, "unit_transfer", "credit")
    theirs = replace(theirs, item_id=side.item_id, item_version=side.version)
    proposal = await proposed(town, Act.MATCH_BY_HAND, line_id, theirs)
    assert await refused(town, proposal) in {"another-unit", "stale"}
    assert await transfer_key(town)
