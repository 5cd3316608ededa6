"""Memo shapes keep or lose the reference as they say, also on the way through a bank's file."""

from collections.abc import Iterable
from datetime import date
from random import Random

import pytest

from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940
from bank_adapters.payment_reference import RANDOM_BYTES_MIN, find, make, near_misses
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.vocabulary import Balance, Direction, Statement, StatementLine
from payment_service.simulation.memos import KEEPING, LOSING, plain
from tests.postgres import MONDAY_MORNING

DAY = date(2026, 11, 23)


def references(count: int) -> Iterable[tuple[str, Random]]:
    for number in range(count):
        random = Random(number)  # noqa: S311 - a reproducible test, not a secret
        yield make(random.randbytes(RANDOM_BYTES_MIN)), random


def on_statements(narrative: str) -> list[str]:
    """Return the narrative as each kind of file brings it back."""
    line = StatementLine(
        position=1,
        source_line=0,
        booking_date=DAY,
        value_date=DAY,
        amount_minor=1_000,
        direction=Direction.CREDIT,
        bank_reference="FT1",
        counterparty_name="NGUYEN VAN AN",
        code="NTRF",
        narrative=narrative,
    )
    statement = Statement(
        account="0123456789",
        currency="VND",
        exponent=0,
        number="1",
        opening=Balance(amount_minor=0, currency="VND", on=DAY),
        closing=Balance(amount_minor=1_000, currency="VND", on=DAY),
        lines=(line,),
    )
    files = (write_mt940(statement), write_camt053(statement, MONDAY_MORNING), write_csv(statement))
    return [read_statement_file(file).statements[0].lines[0].narrative for file in files]


@pytest.mark.parametrize("name", KEEPING)
def test_a_keeping_shape_is_found(name: str) -> None:
    for reference, random in references(20):
        for narrative in on_statements(KEEPING[name](reference, random)):
            assert find(narrative) == (reference,)


@pytest.mark.parametrize("name", LOSING)
def test_a_losing_shape_is_not_found_and_broken_only_if_something_is_left(name: str) -> None:
    shape, code = LOSING[name]
    for reference, random in references(20):
        for narrative in on_statements(shape(reference, random)):
            assert find(narrative) == ()
            assert bool(near_misses(narrative)) == (code == "BROKEN_REFERENCE")


def test_a_plain_memo_is_the_reference() -> None:
    assert plain("HPF23456789AB", Random(1)) == "HPF23456789AB"  # noqa: S311 - unused by the shape
