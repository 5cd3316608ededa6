"""A rest paid without a reference is taken by its payer's account, unless that one is pooled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bank_adapters.vocabulary import StatementLine
from tests.payment_service.use_cases.days import line
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town

pytestmark = pytest.mark.anyio

PAYER = "0071000123456"
REST = 4_000
THURSDAY = MONDAY + timedelta(days=3)


def _from_payer(amount_minor: int, memo: str, key: str, on: date = MONDAY) -> StatementLine:
    return replace(line(amount_minor, memo, on, reference=key), counterparty_account=PAYER)


async def test_the_rest_from_the_same_account_is_taken_after_a_few_days(town: Town) -> None:
    asked = await town.ask()
    first = _from_payer(FEE - REST, asked["reference"], "FT1")
    await town.statement(MONDAY, [first, _from_payer(REST, "nop not", "FT2")])
    await town.night(MONDAY)
    assert await town.value("SELECT count(*) FROM match_group WHERE evidence_class = 'C'") == 0
    await town.night(MONDAY + timedelta(days=1))
    await town.night(MONDAY + timedelta(days=2))
    await town.night(THURSDAY)
    [group] = await town.rows("SELECT pass_name FROM match_group WHERE evidence_class = 'C'")
    assert group.pass_name == "mutual_pairs"
    assert await town.value("SELECT residual_minor FROM item WHERE kind = 'due'") == 0


async def test_an_account_that_pays_for_many_says_nothing_about_one(town: Town) -> None:
    asked, other = await town.ask(), await town.ask()
    await town.statement(
        MONDAY,
        [
            _from_payer(FEE - REST, asked["reference"], "FT1"),
            _from_payer(FEE, other["reference"], "FT2"),
            _from_payer(REST, "nop not", "FT3"),
        ],
    )
    for day in range(4):
        await town.night(MONDAY + timedelta(days=day))
    assert await town.value("SELECT count(*) FROM match_group WHERE evidence_class = 'C'") == 0
    assert await town.value("SELECT max(residual_minor) FROM statement_line") == REST
