"""Whatever reports say, in whatever order and at whatever moment: the books stay sound."""

import os
import random

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction, SettlementLine, StatementLine
from tests.payment_service.db.worlds import refusal
from tests.payment_service.use_cases.days import balances, broken, line, open_break_codes
from tests.payment_service.use_cases.towns import FEE, TUESDAY, Town, at_once, reported

pytestmark = pytest.mark.anyio

SEEDS = range(int(os.environ.get("REPORT_SEEDS", "1")))
REPORTS = 12


class _Gateway:
    """A gateway that pays, takes back and adjusts as it likes, and pays each report out."""

    def __init__(self, town: Town, seed: int) -> None:
        self._town = town
        self._random = random.Random(seed)  # noqa: S311 - repeatable
        self._number = 100
        self._told: list[str] = []
        self.credits: list[StatementLine] = []

    def _next(self) -> str:
        self._number += 1
        self._told.append(str(self._number))
        return self._told[-1]

    async def _line(self) -> SettlementLine:
        kind = self._random.choice(["payment"] * 3 + ["refund", "chargeback", "adjustment"])
        original = self._random.choice(["", *self._told])
        amount_minor = self._random.choice([FEE, FEE, 4_000, FEE + 500])
        if kind == "payment":
            reference = await self._town.ask_at_gateway()
            transaction = self._next()
            if self._random.random() < 0.6:
                told = await self._town.ipn(reference, amount_minor, transaction)
                assert told in {Outcome.RECORDED, Outcome.AMOUNT_DIFFERS}
            return reported(transaction, reference, amount_minor)
        sign = self._random.choice([1, -1]) if kind == "adjustment" else -1
        return reported(self._next(), "", sign * amount_minor, kind=kind, original=original)

    async def report(self, place: int) -> None:
        """Report one to four lines, in any order, and pay their net."""
        lines = [await self._line() for _ in range(self._random.randrange(1, 5))]
        self._random.shuffle(lines)
        batch, fee_minor = f"B00000{place:02}", self._random.choice([0, 70])
        answer = await self._town.report(lines, batch=batch, fee_minor=fee_minor)
        net_minor = int(str(answer["net_minor"]))
        direction = Direction.CREDIT if net_minor > 0 else Direction.DEBIT
        if net_minor:
            self.credits.append(
                line(abs(net_minor), batch, TUESDAY, reference=f"FT{place}", direction=direction)
            )


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_books_are_sound_after_every_report(town: Town, seed: int) -> None:
    gateway = _Gateway(town, seed)
    for place in range(REPORTS):
        await gateway.report(place)
        assert await broken(town.context) == {}, place
    await town.statement(TUESDAY, gateway.credits)
    await town.night(TUESDAY)
    claims_minor = await town.value(
        "SELECT coalesce(sum(CASE direction WHEN 'credit' THEN residual_minor"
        " ELSE -residual_minor END), 0)::bigint FROM item WHERE kind = 'gateway_claim'"
    )
    found = await balances(town.context)
    assert found.get("gateway_clearing", 0) == claims_minor
    assert "suspense" not in found
    codes = set(await open_break_codes(town.context))
    assert {"TAKEN_BACK_UNKNOWN", "REPORT_ADJUSTMENT"} <= codes
    assert not codes & {"BATCH_AMOUNT", "AMBIGUOUS_REFERENCE"}


async def test_a_payment_taken_back_while_its_request_is_paid_again(town: Town) -> None:
    for number in range(4):
        asked = await town.ask()
        first, again = await town.choose_gateway(asked), await town.choose_gateway(asked)
        await town.ipn(first, FEE, f"7{number}")
        back = reported(f"9{number}", "", -FEE, kind="chargeback", original=f"7{number}")
        done = await at_once(
            town.report([back], batch=f"B000000{number}"), town.ipn(again, FEE, f"8{number}")
        )
        assert done == ["done", "done"]
        assert await broken(town.context) == {}
    # Whoever came first: each request is covered once, or its second payment is surplus.
    found = await balances(town.context)
    covered_minor = -found.get("fees_collected", 0)
    surplus_minor = -found.get("surplus_to_return", 0)
    assert covered_minor + surplus_minor == 4 * FEE
    assert found["gateway_clearing"] == 4 * FEE


CHECKED, DENIED, DOUBLE = "23514", "42501", "23505"
_COPIED = """
    INSERT INTO settlement_report_line SELECT (jsonb_populate_record(it, jsonb_build_object(
      'position', 9, 'provider_transaction', '9', {changes}))).*
    FROM settlement_report_line AS it WHERE provider_transaction = '{transaction}'
"""


@pytest.mark.parametrize(
    ("script", "state"),
    [
        (_COPIED.format(changes="'item_id', NULL", transaction="99"), CHECKED),
        (_COPIED.format(changes="'kind', 'payment'", transaction="99"), CHECKED),
        (_COPIED.format(changes="'gross_minor', 300", transaction="98"), CHECKED),
        (_COPIED.format(changes="'kind', 'gift'", transaction="98"), CHECKED),
        (_COPIED.format(changes="'provider_transaction', '98'", transaction="98"), DOUBLE),
        ("UPDATE settlement_report SET fees_checked_count = 1", DENIED),
        ("UPDATE settlement_report_line SET item_id = NULL", DENIED),
        ("UPDATE gateway_contract SET rate_ppm = 0", DENIED),
        ("DELETE FROM gateway_contract", DENIED),
        (
            "UPDATE item SET residual_minor = 0 WHERE kind = 'gateway_claim'",
            DENIED,
        ),
    ],
)
async def test_the_database_keeps_what_a_report_said(town: Town, script: str, state: str) -> None:
    lines = [
        reported("98", "", -FEE, kind="chargeback"),
        reported("99", "", -300, kind="adjustment"),
    ]
    await town.report(lines)
    assert await refusal(town.context.database, script) == state
