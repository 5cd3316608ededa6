"""What was handed over is transferred: with its key or without, late, to another account."""

from datetime import timedelta

import pytest

from payment_service.db import accounts
from tests.builders import open_account, open_endpoint
from tests.payment_service.use_cases.days import Bank, line, open_break_codes
from tests.payment_service.use_cases.neighbours import (
    THERE,
    Neighbour,
    balances_by_unit,
    moving,
    neighbour,
    paid_here,
    transfer_key,
)
from tests.payment_service.use_cases.proposals import carry_out, live_groups, undoing
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio


async def test_a_transfer_that_is_never_made_is_named_on_both_sides(
    town: Town, neighbour: Neighbour
) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    # Ordered on the Tuesday: five working days may pass.
    for days, breaks in ((8, 0), (9, 2)):
        await town.night(MONDAY + timedelta(days=days))
        assert await open_break_codes(town.context) == ["TRANSFER_NOT_SEEN"] * breaks


async def test_a_transfer_without_its_key_is_held_and_not_booked_a_second_time(
    town: Town, neighbour: Neighbour
) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    bare = line(FEE, f"chuyen tra {neighbour.asked['reference']}", TUESDAY, reference="I1")
    await neighbour.statement(TUESDAY, bare)
    await town.night(TUESDAY)
    assert (await balances_by_unit(town))[THERE] == {
        "bank": FEE, "suspense": -FEE, "due_from_units": FEE, "due_to_budget": -FEE,
    }  # fmt: skip
    assert await open_break_codes(town.context) == ["AMBIGUOUS_REFERENCE"]
    assert await town.value("SELECT count(*) FROM item WHERE kind = 'surplus'") == 0


async def test_a_transfer_may_arrive_in_any_account_of_the_other_unit(
    town: Town, neighbour: Neighbour
) -> None:
    second = await open_account(
        town.context, town.officer, town.approver, THERE, account_number="1135900002"
    )
    bank = Bank(opened=await open_endpoint(town.context, second, "rsabank"))
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    paid = line(FEE, await transfer_key(town), TUESDAY, reference="I1")
    await Neighbour(town, bank, neighbour.asked).statement(TUESDAY, paid)
    await town.night(TUESDAY)
    assert (await balances_by_unit(town))[THERE] == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []


async def test_it_is_taken_back_in_the_book_it_stands_in(town: Town, neighbour: Neighbour) -> None:
    await open_account(
        town.context, town.officer, town.approver, THERE, account_number="1135900002"
    )
    line_id = await paid_here(town, neighbour)
    await carry_out(town, await moving(town, neighbour, line_id))
    first = await town.value("SELECT account_id FROM money")
    async with town.context.database.transaction() as connection:
        await accounts.set_account_state(connection, first, "closed")
    [group_id] = await live_groups(town, line_id)
    await carry_out(town, await undoing(town, group_id))
    books = await town.rows("""
        SELECT book, sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)::bigint
        FROM posting JOIN journal_entry USING (entry_id) WHERE account = 'due_from_units' GROUP BY 1
    """)
    assert [tuple(row) for row in books] == [(f"account:{first}", 0)]
