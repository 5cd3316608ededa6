"""A bank announces money and shows it on a statement, in any order and at the same moment."""

import asyncio
import random
from typing import Any

import pytest
from sqlalchemy import text

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import StatementLine
from payment_service.context import Context
from payment_service.domain.errors import PaymentServiceError
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from reconciliation.ruleset import RuleSet
from tests.payment_service.use_cases.days import (
    balances,
    bank_notice,
    broken,
    deliver,
    line,
    only_group,
    open_break_codes,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    until_waiting,
)

pytestmark = pytest.mark.anyio


async def _reconcile(context: Context, as_of: Any = TUESDAY) -> None:
    await reconcile_accounts(context, await only_group(context), as_of, ruleset=RuleSet())


async def _money_of(town: Town) -> dict[str, int]:
    """Return how often each transaction of the bank became money: by its notice or by its line."""
    rows = await town.rows("""
        SELECT coalesce(line.bank_reference, money.provider_transaction) AS transaction,
               count(*) AS times
        FROM money LEFT JOIN statement_line AS line
          ON money.kind = 'bank_line' AND line.line_id::text = money.provider_transaction
        WHERE money.kind IN ('bank_notice', 'bank_line') GROUP BY 1
    """)
    return {row.transaction: row.times for row in rows}


async def test_many_pairs_at_the_same_moment_are_each_one_payment(town: Town) -> None:
    """Notices, statements and matching run at once; which comes first is left to chance."""
    chance = random.Random(2026)  # noqa: S311 - an order, not a secret
    pairs = 40
    asked = [await town.ask() for _ in range(pairs)]
    orders = list(range(pairs))
    lines = [
        line(FEE, asked[number]["reference"], MONDAY, reference=f"FT{number}") for number in orders
    ]
    chance.shuffle(lines)
    size = 8
    statements = [
        town.bank.statement(MONDAY, lines[start : start + size]) for start in range(0, pairs, size)
    ]
    chance.shuffle(orders)

    async def announce(number: int) -> None:
        await asyncio.sleep(chance.random() * 0.8)
        outcome = await town.notify(asked[number]["reference"], FEE, f"FT{number}", MONDAY)
        assert outcome in {Outcome.RECORDED, Outcome.ALREADY_RECORDED}

    async def import_all() -> None:
        for signed in statements:
            await town.take(signed)
            await asyncio.sleep(chance.random() * 0.1)

    async def match() -> None:
        for _ in range(6):
            await _reconcile(town.context)
            assert await broken(town.context) == {}

    await asyncio.gather(import_all(), match(), *(announce(number) for number in orders))
    for _ in range(2):
        await _reconcile(town.context)
    assert await _money_of(town) == {f"FT{number}": 1 for number in range(pairs)}
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {"bank": pairs * FEE, "fees_collected": -pairs * FEE}


async def test_a_notice_after_its_line_was_matched_adds_nothing(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    before = await balances(town.context)
    assert await town.notify(asked["reference"], FEE, "FT1", MONDAY) is Outcome.ALREADY_RECORDED
    assert await town.notify("khac", FEE, "FT1", MONDAY) is Outcome.ALREADY_RECORDED
    assert await balances(town.context) == before
    assert await town.value("SELECT count(*) FROM money") == 1


async def test_a_notice_after_its_line_stood_unexplained_explains_it(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, "khong ro", MONDAY, reference="FT1")])
    await town.night(MONDAY)
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]
    assert await town.notify(asked["reference"], FEE, "FT1", MONDAY) is Outcome.RECORDED
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == []
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_a_late_notice_of_another_amount_than_its_matched_line_is_no_money(
    town: Town,
) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    late = await town.notify(asked["reference"], 9 * FEE, "FT1", MONDAY)
    assert late is Outcome.AMOUNT_DIFFERS
    assert await open_break_codes(town.context) == ["CONFLICTING_DUPLICATE"]
    assert await town.value("SELECT count(*) FROM money") == 1


async def test_a_notice_of_another_amount_than_its_line_is_named(town: Town) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    assert await town.notify(asked["reference"], 9_000, "FT1", MONDAY) is Outcome.AMOUNT_DIFFERS
    await town.night(MONDAY)
    assert "NOTICE_AMOUNT" in await open_break_codes(town.context)
    assert (await balances(town.context))["suspense"] == -FEE


async def test_a_statement_that_slips_in_while_a_notice_is_taken(town: Town) -> None:
    """The notice looked for its line and found none; the line is booked and matched meanwhile.

    Notice and line name the request in different places, so no common row keeps them apart.
    """
    asked = await town.ask()
    book = f"account:{town.account_id}"
    notice = bank_notice(town.bank.opened, "khong ro", FEE, "FT1", MONDAY)

    async def import_and_match() -> None:
        booked: StatementLine = line(FEE, asked["reference"], TUESDAY, reference="FT1")
        await town.take(town.bank.statement(TUESDAY, [booked]))
        await _reconcile(town.context)

    async with town.context.database.transaction() as connection:
        # The notice's day of the book is being opened by somebody: its posting has to wait.
        await connection.execute(
            text("INSERT INTO business_day (book, day) VALUES (:book, :day)"),
            {"book": book, "day": MONDAY},
        )
        announcing = asyncio.create_task(deliver(town.context, town.bank.opened, notice))
        await until_waiting(town.context, 1)
        matching = asyncio.create_task(import_and_match())
        await asyncio.wait([matching], timeout=1.5)
    await asyncio.gather(announcing, matching)
    await _reconcile(town.context, WEDNESDAY)
    assert await _money_of(town) == {"FT1": 1}
    assert (await balances(town.context))["bank"] == FEE


async def test_a_match_whose_rows_moved_is_left_for_the_next_run(town: Town) -> None:
    """The same money announced while the run decides: the run drops its match, nobody loses."""
    asked = [await town.ask() for _ in range(20)]
    await town.statement(
        MONDAY,
        [
            line(FEE, each["reference"], MONDAY, reference=f"FT{number}")
            for number, each in enumerate(asked)
        ],
    )
    for number in range(0, 20, 4):
        batch = asked[number : number + 4]
        results = await asyncio.gather(
            _reconcile(town.context),
            *(
                town.notify(each["reference"], FEE, f"FT{number + offset}", MONDAY)
                for offset, each in enumerate(batch)
            ),
            return_exceptions=True,
        )
        assert not [each for each in results if isinstance(each, PaymentServiceError)]
    await _reconcile(town.context)
    assert await _money_of(town) == {f"FT{number}": 1 for number in range(20)}


async def test_two_runs_at_once_match_once(town: Town) -> None:
    asked = [await town.ask() for _ in range(6)]
    await town.statement(
        MONDAY,
        [
            line(FEE, each["reference"], MONDAY, reference=f"FT{number}")
            for number, each in enumerate(asked)
        ],
    )
    await asyncio.gather(*(_reconcile(town.context) for _ in range(4)))
    assert await town.value("SELECT count(*) FROM money") == 6
    assert await town.value("SELECT count(*) FROM run WHERE decision_count > 0") == 1
    assert await open_break_codes(town.context) == []
