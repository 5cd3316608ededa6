"""A report that cannot be is refused by what is wrong with it, and books nothing."""

import pytest
from sqlalchemy.exc import IntegrityError

from payment_service.db.database import Database
from payment_service.domain.errors import Invalid
from payment_service.use_cases.import_settlement_report import import_settlement_report
from tests.payment_service.db.worlds import run
from tests.payment_service.use_cases.days import balances
from tests.payment_service.use_cases.towns import FEE, TUESDAY, Town

pytestmark = pytest.mark.anyio


async def test_a_report_of_tomorrow_is_refused_today(town: Town) -> None:
    reference, monday = await town.ask_at_gateway(), town.clock.now
    content = town.written_report([("77", reference, FEE)], settled_on=TUESDAY)
    signature, tuesday = town.sign_report(content), town.clock.now
    town.clock.now = monday
    with pytest.raises(Invalid, match="2026-11-24, a day that is yet to come"):
        await import_settlement_report(town.context, content, signature)
    assert await balances(town.context) == {}
    town.clock.now = tuesday
    await import_settlement_report(town.context, content, signature)


async def test_what_the_database_refuses_for_another_reason_is_not_called_a_repetition(
    town: Town, database_url: str
) -> None:
    owner = Database(database_url, pool_size=1, role=None)
    await run(owner, "ALTER TABLE settlement_report ADD CONSTRAINT other CHECK (line_count > 1)")
    await owner.close()
    with pytest.raises(IntegrityError, match="other"):
        await town.report([("77", await town.ask_at_gateway(), FEE)])
    assert await balances(town.context) == {}
