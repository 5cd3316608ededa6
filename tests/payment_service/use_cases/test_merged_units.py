"""Money that comes to the account of a unit that was merged is its successor's, in both books."""

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction
from payment_service.db.database import Database
from tests.builders import open_account, open_endpoint
from tests.payment_service.db.worlds import run
from tests.payment_service.use_cases.awaiting import awaited, refused, tying
from tests.payment_service.use_cases.days import (
    Bank,
    bank_notice,
    broken,
    deliver,
    line,
    open_break_codes,
)
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
from tests.payment_service.use_cases.proposals import carry_out, line_of, split, undo
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, WEDNESDAY, Town

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
CREDIT = "credit"


@pytest.fixture
async def merged(town: Town, neighbour: Neighbour, database_url: str) -> Neighbour:
    """The neighbour at the bank of a unit that was merged into it."""
    query = "SELECT min(code) FROM unit WHERE code NOT IN (:here, :there)"
    code = await town.value(query, here=HERE, there=THERE)
    owner = Database(database_url, pool_size=1, role=None)
    await run(
        owner,
        "UPDATE unit SET successor_id = there.unit_id, account_group_id = there.account_group_id"
        f" FROM unit AS there WHERE unit.code = '{code}' AND there.code = '{THERE}'",
    )
    await owner.close()
    account_id = await open_account(
        town.context, town.officer, town.approver, code, account_number="1136200001"
    )
    bank = Bank(opened=await open_endpoint(town.context, account_id, "rsabank"))
    return Neighbour(town, bank, neighbour.asked)


async def test_a_transfer_comes_to_the_account_of_a_merged_unit(
    town: Town, neighbour: Neighbour, merged: Neighbour
) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    came = line(FEE, await transfer_key(town), TUESDAY, reference="I1")
    await merged.statement(TUESDAY, came)
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == []
    books = await balances_by_unit(town)
    # Of the unit that was merged: not named by what else we look at.
    assert books.pop(THERE) == {"due_to_budget": -FEE, "transfers_in_transit": FEE}
    assert books.pop(HERE) == {"bank": FEE, "due_to_units": -FEE}
    [old] = books.values()
    assert old == {"bank": FEE, "transfers_in_transit": -FEE}


async def test_a_part_of_a_fee_comes_to_the_account_of_a_merged_unit(
    town: Town, merged: Neighbour
) -> None:
    await merged.statement(MONDAY, line(4_000, merged.asked["reference"], MONDAY, reference="I1"))
    await town.night(MONDAY)
    assert await open_break_codes(town.context) == ["UNDERPAID"]
    await merged.statement(TUESDAY, line(6_000, merged.asked["reference"], TUESDAY, reference="I2"))
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == []


async def test_a_notice_in_the_account_of_a_merged_unit_is_taken_back(
    town: Town, merged: Neighbour
) -> None:
    memo = merged.asked["reference"]
    notice = bank_notice(merged.bank.opened, memo, FEE, "FT1", MONDAY)
    assert await deliver(town.context, merged.bank.opened, notice) is Outcome.RECORDED
    before = await balances_by_unit(town)
    await merged.statement(MONDAY, line(FEE, memo, MONDAY, reference="FT1"))
    await town.night(MONDAY)
    back = line(FEE, "tra lai", TUESDAY, reference="R1", returned="FT1", direction=Direction.DEBIT)
    await merged.statement(TUESDAY, back)
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == []
    assert {code for code, books in before.items() if books} != set()
    assert not any((await balances_by_unit(town)).values())


async def test_a_transfer_without_its_key_is_tied_there_and_taken_off_again(
    town: Town, neighbour: Neighbour, merged: Neighbour
) -> None:
    await carry_out(town, await moving(town, neighbour, await paid_here(town, neighbour)))
    await merged.statement(TUESDAY, line(FEE, "chuyen", TUESDAY, reference="I1"))
    await town.night(TUESDAY)
    before = await balances_by_unit(town)
    came = await line_of(town, "I1")
    for _ in range(2):
        assert await open_break_codes(town.context) in (["NO_REFERENCE"], ["TAKEN_APART"])
        await carry_out(town, await tying(town, came, await awaited(town, "unit_transfer", CREDIT)))
        assert await open_break_codes(town.context) == []
        assert (await awaited(town, "unit_transfer", CREDIT)).residual_minor == 0
        books = await balances_by_unit(town)
        assert books.pop(THERE) == {"due_to_budget": -FEE, "transfers_in_transit": FEE}
        assert books.pop(HERE) == {"bank": FEE, "due_to_units": -FEE}
        assert list(books.values()) == [{"bank": FEE, "transfers_in_transit": -FEE}]
        assert await broken(town.context) == {}
        await undo(town, came)
        assert await balances_by_unit(town) == before
        assert (await awaited(town, "unit_transfer", CREDIT)).residual_minor == FEE


@pytest.mark.parametrize("is_by_hand", [True, False])
async def test_a_fee_without_its_reference_is_matched_there_as_at_night(
    town: Town, merged: Neighbour, *, is_by_hand: bool
) -> None:
    memo = "khong ro" if is_by_hand else merged.asked["reference"]
    await merged.statement(MONDAY, line(FEE, memo, MONDAY, reference="I1"))
    await town.night(MONDAY)
    came = await line_of(town, "I1")
    if is_by_hand:
        await carry_out(town, await split(town, came, (merged.asked, FEE)))
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == []
    books = await balances_by_unit(town)
    assert (books.pop(HERE), books.pop(THERE)) == ({}, {})
    assert list(books.values()) == [{"bank": FEE, "due_to_budget": -FEE}]
    await undo(town, came)
    await town.night(WEDNESDAY)
    assert await open_break_codes(town.context) == ["TAKEN_APART"]
    [back] = [each for each in (await balances_by_unit(town)).values() if each]
    assert back == {"bank": FEE, "suspense": -FEE}


async def test_parts_of_a_fee_stay_in_the_books_of_one_unit(
    town: Town, neighbour: Neighbour, merged: Neighbour
) -> None:
    await neighbour.statement(
        MONDAY, line(4_000, neighbour.asked["reference"], MONDAY, reference="I1")
    )
    await merged.statement(MONDAY, line(6_000, "khong ro", MONDAY, reference="I2"))
    await town.night(MONDAY)
    rest = await split(town, await line_of(town, "I2"), (neighbour.asked, 6_000))
    assert await refused(town, rest) == "another-unit"
