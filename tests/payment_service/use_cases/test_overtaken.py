"""Somebody does the same work, or tells of the same money, between any two of our statements.

The other goes as far as locks let it; then we go on. By default at a few statements;
`FAULT_ROUNDS` in the environment: at every one.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.domain.errors import StateConflict
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from reconciliation.ruleset import RuleSet
from tests.payment_service.boundaries import Boundaries, some
from tests.payment_service.broken_nights import decided
from tests.payment_service.copies import copy_of
from tests.payment_service.use_cases.days import (
    balances,
    bank_notice,
    broken,
    deliver,
    line,
    only_group,
    open_break_codes,
)
from tests.payment_service.use_cases.proposals import ask, split, unexplained
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town

LOG = logging.getLogger(__name__)
pytestmark = pytest.mark.anyio
Work = Callable[[Context], Awaitable[object]]
GETS_FAR_SECONDS = 0.4


async def _match(context: Context) -> None:
    await reconcile_accounts(context, await only_group(context), TUESDAY, ruleset=RuleSet())


@asynccontextmanager
async def _another(context: Context) -> AsyncIterator[Context]:
    address = context.database.engine.url.render_as_string(hide_password=False)
    database = Database(address, pool_size=4)
    yield replace(context, database=database)
    await database.close()


async def _overtaken(context: Context, work: Work, at: int, other_work: Work) -> list[str]:
    """Do some work, and let another do theirs at one statement of it; return what was sent."""
    boundaries = Boundaries(context.database, at)
    async with _another(context) as other, asyncio.TaskGroup() as tasks:

        async def overtake() -> None:
            task = tasks.create_task(_done(other_work, other))
            await asyncio.wait([task], timeout=GETS_FAR_SECONDS)

        boundaries.then = overtake
        await work(context)
    return list(boundaries.sent)


async def _done(work: Work, context: Context) -> None:
    await work(context)


async def _at_each(
    town: Town, address: str, work: Work, other_work: Work, count: int
) -> AsyncIterator[tuple[Context, str]]:
    """Let one work overtake the other at each statement, each time on a fresh copy of the town."""
    await town.context.database.close()
    async with copy_of(town.context, address, "alone") as context:
        sent = await _overtaken(context, work, -1, other_work)
        await other_work(context)
        await _match(context)
        yield context, "one after the other"
    # Before the first lock there is most to overtake: what was read is not held yet.
    locking = [number for number, each in enumerate(sent) if "FOR UPDATE" in each]
    for number in sorted({*locking[:1], *some(range(len(sent)), count)}):
        async with copy_of(town.context, address, f"at_{number}") as context:
            await _overtaken(context, work, number, other_work)
            await _match(context)
            assert await broken(context) == {}, (number, sent[number])
            yield context, f"at {number}: {sent[number]}"
    LOG.info("%d boundaries", len(sent))


async def test_two_runs_of_one_account_group_match_once(town: Town, database_url: str) -> None:
    asked = [(await town.ask())["reference"] for _ in range(3)]
    await town.notify(asked[0], FEE, "FT0", MONDAY)
    lines = [
        line(minor, memo, MONDAY, reference=f"FT{number}")
        for number, (minor, memo) in enumerate(
            [(FEE, "x"), (4_000, asked[1]), (13_000, asked[2]), (7_000, asked[1]), (500, "x")]
        )
    ]
    await town.statement(MONDAY, lines)
    expected = None
    async for context, when in _at_each(town, database_url, _match, _match, 4):
        found = await decided(context)
        expected = expected or found
        assert found == expected, when


@pytest.mark.parametrize("is_notice_overtaken", [True, False])
async def test_a_notice_and_its_line_are_one_payment_whoever_overtakes(
    town: Town, database_url: str, *, is_notice_overtaken: bool
) -> None:
    asked = await town.ask()
    reference = asked["reference"]
    notice = bank_notice(town.bank.opened, reference, FEE, "FT1", MONDAY)
    content, signature = town.bank.statement(
        MONDAY, [line(FEE, reference, MONDAY, reference="FT1")]
    )
    delivered = DeliveredFile(name="s.sta", content=content, signature=signature)

    async def announce(context: Context) -> None:
        await deliver(context, town.bank.opened, notice)

    async def show(context: Context) -> None:
        await import_statement(context, delivered)
        await _match(context)

    works = (announce, show) if is_notice_overtaken else (show, announce)
    async for context, when in _at_each(town, database_url, *works, 3):
        assert await balances(context) == {"bank": FEE, "fees_collected": -FEE}, when
        assert await open_break_codes(context) == [], when


@pytest.mark.parametrize("moves", ["the due", "the line"])
async def test_a_run_is_overtaken_by_two_people(
    town: Town, database_url: str, *, moves: str
) -> None:
    """What they moved, the run leaves to the next one; or it came first, and they look again."""
    asked = await town.ask()
    line_id = await unexplained(town, FEE)
    approval_id = await ask(town, await split(town, line_id, (asked, FEE)))
    if moves == "the due":
        then = line(FEE, asked["reference"], TUESDAY, reference="FT1")
    else:
        then = line(FEE, "x", TUESDAY, reference="FT1", returned="K00", direction=Direction.DEBIT)
    await town.statement(TUESDAY, [then])

    async def decide(context: Context) -> None:
        with suppress(StateConflict):
            await decide_approval(context, town.approver, approval_id, is_approved=True)

    found = set()
    async for context, when in _at_each(town, database_url, _match, decide, 4):
        books = await balances(context)
        found.add(tuple(sorted(books.items())))
        if moves == "the line":
            assert books == {}, when
    if moves == "the due":
        assert found == {
            (("bank", 2 * FEE), ("fees_collected", -FEE), (kept, -FEE))
            for kept in ("surplus_to_return", "suspense")
        }
