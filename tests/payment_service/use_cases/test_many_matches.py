"""A run that writes its matches in parts leaves the same books as one that writes them at once."""

import pytest

from payment_service.use_cases import apply_decisions
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("at_once", [1, 2, 5_000])
async def test_a_run_written_in_parts_posts_one_entry(
    town: Town, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(apply_decisions, "MATCHES_WRITTEN_AT_ONCE", at_once)
    asked = [(await town.ask())["reference"] for _ in range(3)]
    amounts = [FEE, FEE, 4_000, FEE - 4_000, 500]
    memos = [*asked, asked[2], asked[0]]
    lines = [
        line(amount, memo, MONDAY, reference=f"FT{number}")
        for number, (amount, memo) in enumerate(zip(amounts, memos, strict=True))
    ]
    await town.statement(MONDAY, lines)
    await town.night(MONDAY)
    assert await town.value("SELECT count(*) FROM journal_entry WHERE rule = 'matched'") == 1
    assert await balances(town.context) == {
        "bank": 3 * FEE + 500,
        "due_to_budget": -3 * FEE,
        "surplus_to_return": -500,
    }
    assert len(await open_break_codes(town.context)) == 1
