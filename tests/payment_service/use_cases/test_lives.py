"""Whatever happens to a town in whatever order, its books say what plain sums say, after each act.

`FAULT_ROUNDS` in the environment plays more lives, each its own.
"""

import asyncio
import logging
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from payment_service import nightly
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.journal import Movement
from payment_service.domain.settlement import Placement
from payment_service.use_cases import act_on_callback
from tests.payment_service.use_cases.lives import Lives
from tests.payment_service.use_cases.towns import Town

LOG = logging.getLogger(__name__)
pytestmark = pytest.mark.anyio
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "0"))
LIVES = 10 * ROUNDS or 6
ACTS = 40
REQUESTS = 3


async def _live(town: Town, *phases: Phase) -> None:
    asked = [await town.ask() for _ in range(REQUESTS)]
    attempts = [await town.choose_gateway(each) for each in asked]
    await town.context.database.close()
    done: Counter[str] = Counter()
    try:
        await asyncio.to_thread(
            run_state_machine_as_test,
            lambda: Lives(town, asked, attempts, done),  # type: ignore[arg-type] # makes a life
            settings=settings(
                max_examples=LIVES,
                stateful_step_count=ACTS,
                deadline=None,
                database=None,
                derandomize=not ROUNDS,
                phases=phases,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        LOG.info("%d acts: %s", done.total(), sorted(done.items()))


async def test_books_say_what_plain_sums_say(town: Town) -> None:
    await _live(town, Phase.generate, Phase.shrink)


def _swapped(movements: list[Movement]) -> list[Movement]:
    swap = {
        Account.SURPLUS_TO_RETURN: Account.PART_PAYMENTS_HELD,
        Account.PART_PAYMENTS_HELD: Account.SURPLUS_TO_RETURN,
    }
    return [
        (swap.get(account, account), unit_id, detail, amount_minor)
        for account, unit_id, detail, amount_minor in movements
    ]


def _surplus_alone(_due: object, amount_minor: int) -> Placement:
    return Placement(surplus_minor=amount_minor)


async def _nothing_declared(*_: object) -> int:
    return 0


_PLACED = posting_rules.money_placed
_FAULTS: dict[str, tuple[Any, str, Any]] = {
    "a swapped account": (
        posting_rules,
        "money_placed",
        lambda *told: _swapped(_PLACED(*told)),
    ),
    "a residual not lowered": (act_on_callback, "place", _surplus_alone),
    "nothing declared": (nightly, "declare_fees", _nothing_declared),
}


@pytest.mark.parametrize("fault", _FAULTS)
async def test_plain_sums_find_a_planted_fault(
    town: Town, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(*_FAULTS[fault])
    with pytest.raises(AssertionError, match=r"^\{'(balances|requests)'"):
        await _live(town, Phase.generate)
