"""Money of several payers goes back to each of them: never in one sum, never in another's name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.db import bank_orders, resolutions
from payment_service.domain.resolution import Act, Reason
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask_refund,
    carry_out,
    due_part,
    line_of,
    live_groups,
    undo,
    undoing,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, WEDNESDAY, Town

pytestmark = pytest.mark.anyio


async def _paid(town: Town, on: date, asked: Mapping[str, str], **by_payer: int) -> None:
    """Let each payer pay a part from the account that bears their name; a night passes."""
    lines = [
        replace(
            line(minor, asked["reference"], on, reference=f"FT{payer}"), counterparty_account=payer
        )
        for payer, minor in by_payer.items()
    ]
    await town.statement(on, lines)
    await town.night(on)


async def _returned(town: Town, on: date, **by_payer: int) -> None:
    lines = [
        line(
            minor, "tra lai", on, reference=f"R{payer}", returned=f"FT{payer}",
            direction=Direction.DEBIT,
        )
        for payer, minor in by_payer.items()
    ]  # fmt: skip
    await town.statement(on, lines)
    await town.night(on)


async def _refunded(town: Town) -> dict[str, int]:
    """Refund every part payment; return what goes to which account, as proposed and as ordered."""
    found = {}
    held = await town.rows(
        "SELECT item_id FROM item WHERE kind = 'part_payment' AND residual_minor > 0"
    )
    for row in held:
        approval_id = await ask_refund(town.context, town.officer, row.item_id, "x")
        async with town.context.database.read_only() as connection:
            [part] = (await resolutions.describe_parts(connection, [approval_id]))[approval_id]
        await town.approve(approval_id)
        async with town.context.database.read_only() as connection:
            order = (await bank_orders.open_orders(connection, [approval_id]))[approval_id]
        assert order.account_number == part.payer_account
        found[order.account_number] = order.amount_minor
    return found


async def _move(town: Town, line_id: UUID, asked: Mapping[str, str], amount_minor: int) -> None:
    [group_id] = await live_groups(town, line_id)
    away = await undoing(town, group_id)
    await carry_out(
        town,
        replace(
            away,
            act=Act.MOVE_TO_REQUEST,
            reason=Reason.WRONG_REQUEST,
            parts=(*away.parts, await due_part(town, line_id, asked, amount_minor)),
        ),
    )


async def test_a_part_payment_that_stays_goes_back_to_who_paid_it(town: Town) -> None:
    asked = await town.ask()
    await _paid(town, MONDAY, asked, LAN=4_000)
    await _paid(town, TUESDAY, asked, HUNG=6_000)
    await undo(town, await line_of(town, "FTHUNG"))
    assert await open_break_codes(town.context) == ["TAKEN_APART", "UNDERPAID"]
    assert await _refunded(town) == {"LAN": 4_000}


async def test_the_parts_of_several_payers_are_several_refunds(town: Town) -> None:
    asked, right = await town.ask(), await town.ask()
    await _paid(town, MONDAY, asked, LAN=2_000, MINH=3_000, HUNG=5_000)
    await _move(town, await line_of(town, "FTHUNG"), right, 5_000)
    assert await open_break_codes(town.context) == ["UNDERPAID"] * 3
    assert await _refunded(town) == {"LAN": 2_000, "MINH": 3_000, "HUNG": 5_000}


@pytest.mark.parametrize("nights", [1, 2])
async def test_what_the_bank_leaves_goes_back_to_who_paid_it(town: Town, nights: int) -> None:
    """Also when the second return of a night finds what the first one held again."""
    asked = await town.ask()
    await _paid(town, MONDAY, asked, LAN=2_000, MINH=3_000, HUNG=5_000)
    if nights == 1:
        await _returned(town, TUESDAY, LAN=2_000, MINH=3_000)
    else:
        await _returned(town, TUESDAY, LAN=2_000)
        await _returned(town, WEDNESDAY, MINH=3_000)
    assert (await balances(town.context))["part_payments_held"] == -5_000
    assert await _refunded(town) == {"HUNG": 5_000}


async def test_a_part_held_again_completes_its_request(town: Town) -> None:
    asked = await town.ask()
    await _paid(town, MONDAY, asked, LAN=4_000, MINH=1_000, HUNG=5_000)
    await undo(town, await line_of(town, "FTHUNG"))
    await undo(town, await line_of(town, "FTLAN"))
    await _paid(town, TUESDAY, asked, HOA=9_000)
    assert await balances(town.context) == {
        "bank": 2 * FEE - 1_000,
        "suspense": -9_000,
        "due_to_budget": -FEE,
    }
