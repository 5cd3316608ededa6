"""What a run proposes is kept with its break, of the line's own unit only, until the next run."""

from typing import Any

import pytest

from payment_service.db.suggestions import live_suggestions
from payment_service.domain.errors import Invalid
from payment_service.domain.resolution import Act
from payment_service.use_cases.ask_resolution import ask_resolution
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from reconciliation.ruleset import RuleSet
from tests.builders import ask_payment, open_account
from tests.payment_service.use_cases.days import only_group, open_break_codes
from tests.payment_service.use_cases.proposals import (
    carry_out,
    due_part,
    open_break,
    proposed,
    split,
    undo,
    unexplained,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town, town

__all__ = ["town"]
pytestmark = pytest.mark.anyio
OTHER_UNIT = "11359"


async def _stored(town: Town) -> list[Any]:
    return await town.rows("SELECT * FROM suggestion ORDER BY line_id, rank, item_id")


async def test_the_newest_run_takes_the_place_of_the_one_before(town: Town) -> None:
    await town.ask()
    line_id = await unexplained(town, FEE)
    [before] = await _stored(town)
    assert (before.line_id, before.rank, before.kind) == (line_id, 1, "mutual_pair")
    assert before.break_id == await open_break(town, line_id)
    await unexplained(town, FEE, on=TUESDAY)  # neither line is the only one of its amount
    assert await _stored(town) == []


async def test_the_same_run_again_changes_nothing(town: Town) -> None:
    await town.ask()
    await unexplained(town, FEE)
    before = await _stored(town)
    groups = await only_group(town.context)
    [again] = await reconcile_accounts(town.context, groups, MONDAY, ruleset=RuleSet())
    assert again.stored_before
    assert await _stored(town) == before


async def test_what_people_took_apart_is_not_proposed_again(town: Town) -> None:
    asked = await town.ask()
    line_id = await unexplained(town, FEE)
    await carry_out(town, await split(town, line_id, (asked, FEE)))
    await undo(town, line_id)
    await town.night(TUESDAY)
    assert await open_break(town, line_id) is not None
    assert await _stored(town) == []


async def test_a_line_that_is_called_another_name_keeps_its_suggestions(town: Town) -> None:
    await open_account(town.context, town.officer, town.approver, OTHER_UNIT)
    foreign = await ask_payment(
        town.context, town.client_id, unit_code=OTHER_UNIT, dossier_code="H24.11-9"
    )
    asked = await town.ask()
    cut = asked["reference"][:-2]
    line_id = await unexplained(town, FEE, narrative=f"{foreign['reference']} {cut}")
    [stored] = await _stored(town)
    assert await open_break_codes(town.context) == ["WRONG_UNIT"]
    now_open = await open_break(town, line_id)
    assert stored.break_id != now_open
    async with town.context.database.read_only() as connection:
        [proposed] = await live_suggestions(connection, line_ids=[line_id])
    assert (proposed.break_id, proposed.rank) == (now_open, 1)


async def test_a_due_of_another_unit_is_neither_proposed_nor_matched(town: Town) -> None:
    await open_account(town.context, town.officer, town.approver, OTHER_UNIT)
    foreign = await ask_payment(town.context, town.client_id, unit_code=OTHER_UNIT)
    line_id = await unexplained(town, FEE)
    assert await _stored(town) == []
    part = await due_part(town, line_id, foreign, FEE)
    with pytest.raises(Invalid, match="one account group"):
        await ask_resolution(
            town.context, town.officer, await proposed(town, Act.MATCH_BY_HAND, line_id, part)
        )
