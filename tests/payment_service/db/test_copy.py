"""COPY goes past SQLAlchemy; it must not go past the transaction."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.db.database import COPIED_ROWS_MIN, driver_of, insert_rows
from tests.postgres import MONDAY_MORNING

pytestmark = pytest.mark.anyio
_COLUMNS = {"book": "text", "day": "date"}


def _days(count: int) -> list[tuple[object, ...]]:
    return [("a", MONDAY_MORNING.date() + timedelta(days=number)) for number in range(count)]


async def _count(context: Context) -> int:
    async with context.database.read_only() as connection:
        query = text("SELECT count(*) FROM business_day WHERE book = 'a'")
        return int((await connection.execute(query)).scalar_one())


async def test_two_copies_of_a_snapshot_see_one_instant(context: Context) -> None:
    async with context.database.read_only(snapshot=True) as connection:
        driver = await driver_of(connection)
        before = await driver.fetchval("SELECT count(*) FROM business_day")
        async with context.database.transaction() as other:
            await insert_rows(other, "business_day", _COLUMNS, _days(1))
        assert await driver.fetchval("SELECT count(*) FROM business_day") == before
    assert await _count(context) == before + 1


@pytest.mark.parametrize("count", [COPIED_ROWS_MIN - 1, COPIED_ROWS_MIN])
async def test_few_and_many_rows_are_stored_alike(context: Context, count: int) -> None:
    async with context.database.transaction() as connection:
        await insert_rows(connection, "business_day", _COLUMNS, _days(count))
    assert await _count(context) == count


@pytest.mark.parametrize("count", [COPIED_ROWS_MIN - 1, COPIED_ROWS_MIN])
async def test_rows_vanish_with_their_transaction(context: Context, count: int) -> None:
    async def fail_after_writing() -> None:
        async with context.database.transaction() as connection:
            await insert_rows(connection, "business_day", _COLUMNS, _days(count))
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail_after_writing()
    assert await _count(context) == 0
