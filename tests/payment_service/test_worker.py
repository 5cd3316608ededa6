"""The bell rings every minute; the database says which nights are due, missed ones first."""

from datetime import UTC, date, datetime, timedelta

import pytest

from payment_service.nightly import run_night
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from payment_service.worker import due_nights, ring
from reconciliation.ruleset import RuleSet
from tests.payment_service.use_cases.days import balances, line, only_group
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town, morning_after

pytestmark = pytest.mark.anyio
SUNDAY = MONDAY - timedelta(days=1)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant by the clock of Vietnam."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


async def test_a_date_is_due_at_two_in_the_morning_after_it(town: Town) -> None:
    for instant, due in (
        (_at(MONDAY, 1, 59), [SUNDAY - timedelta(days=1)]),
        (_at(MONDAY, 2), [SUNDAY]),
        (_at(MONDAY, 23, 59), [SUNDAY]),
        (_at(date(2027, 1, 1), 2), [date(2026, 12, 31)]),
        (_at(date(2028, 3, 1), 2), [date(2028, 2, 29)]),
    ):
        town.clock.now = instant
        assert await due_nights(town.context) == due


async def test_missed_nights_are_caught_up_in_order(town: Town) -> None:
    town.clock.now = _at(MONDAY + timedelta(days=1), 3)
    assert await ring(town.context) == 1
    assert await ring(town.context) == 0
    days = [MONDAY + timedelta(days=number) for number in range(1, 5)]
    asked = [await town.ask() for _ in days]
    for day, each in zip(days, asked, strict=True):
        await town.statement(day, [line(FEE, each["reference"], day, reference=f"FT{day}")])
    town.clock.now = _at(days[-1] + timedelta(days=1), 3)
    assert await due_nights(town.context) == days
    assert await ring(town.context) == 4
    assert await balances(town.context) == {"bank": 4 * FEE, "due_to_budget": -4 * FEE}
    ran = await town.rows("SELECT business_date FROM night ORDER BY started_at, business_date")
    assert [row.business_date for row in ran] == [MONDAY, *days]
    declared = await town.rows("SELECT DISTINCT declared_on FROM declaration ORDER BY 1")
    assert [row.declared_on for row in declared] == days


async def test_a_clock_that_goes_back_runs_nothing_again(town: Town) -> None:
    town.clock.now = morning_after(MONDAY)
    assert await ring(town.context) == 1
    town.clock.advance(hours=-30)
    assert await due_nights(town.context) == []
    assert await ring(town.context) == 0


async def test_a_night_in_other_hands_waits(town: Town) -> None:
    town.clock.now = morning_after(MONDAY)
    async with town.context.database.hold("night") as is_mine:
        assert is_mine
        assert await ring(town.context) == 0
    assert await ring(town.context) == 1


async def test_nights_one_by_one_decide_what_one_run_decides(town: Town) -> None:
    """The same lines, reconciled daily or at once, leave the same residuals."""
    days = [MONDAY + timedelta(days=number) for number in range(3)]
    asked = [await town.ask() for _ in days]
    for day, each in zip(days, asked, strict=True):
        lines = [
            line(4_000, each["reference"], day, reference=f"A{day}"),
            line(6_000, asked[0]["reference"], day, reference=f"B{day}"),
            line(FEE, "khong ro", day, reference=f"C{day}"),
        ]
        await town.statement(day, lines)
    groups = await only_group(town.context)
    at_once = await reconcile_accounts(
        town.context, groups, days[-1], ruleset=RuleSet(), is_dry_run=True
    )
    settled = {
        (row["line_id"], row["effect"], row["amount_minor"])
        for result in at_once
        for row in result.decisions
    }
    assert await town.value("SELECT count(*) FROM run") == 0
    town.clock.now = morning_after(days[-1])
    found = set()
    for day in days:
        results = await reconcile_accounts(town.context, groups, day, ruleset=RuleSet())
        found |= {
            (row["line_id"], row["effect"], row["amount_minor"])
            for result in results
            for row in result.decisions
        }
        await run_night(town.context, day)
    assert found == settled
