"""Open breaks on money that no report brought in full become claims; the books stay sound."""

from pathlib import Path

import pytest

import migrations.versions
from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.use_cases.miss_reports import miss_reports
from reconciliation.ruleset import RuleSet
from tests.payment_service.db.worlds import run
from tests.payment_service.use_cases.days import broken, open_break_codes
from tests.payment_service.use_cases.proposals import carry_out
from tests.payment_service.use_cases.test_claims import FRIDAY, writing_off
from tests.payment_service.use_cases.towns import FEE, Town, found_town
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
SCRIPT = Path(migrations.versions.__path__[0]) / "20261129_07_claims" / "02_claims.sql"
_AS_BEFORE = """
    SET LOCAL session_replication_role = replica;
    UPDATE break_case SET money_id = item.money_id, item_id = NULL,
      amount_minor = coalesce((details ->> 'reported_minor')::bigint, item.amount_minor)
    FROM item WHERE item.item_id = break_case.item_id AND item.kind = 'gateway_claim';
    DELETE FROM item WHERE kind = 'gateway_claim';
    DROP INDEX item_missing_payment;
"""
_CLAIMS = """
    SELECT item.direction, item.amount_minor, item.residual_minor, item.money_id, item.report_id,
      item.unit_id, item.account_id, item.account_group_id, item.provider_transaction,
      item.opened_on, item.due_on, broken.code, broken.amount_minor AS broken_minor,
      broken.opened_on AS broken_on
    FROM item JOIN break_case AS broken ON broken.item_id = item.item_id
    WHERE item.kind = 'gateway_claim' ORDER BY item.provider_transaction
"""


async def _claims(town: Town) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await town.rows(_CLAIMS)]


async def test_open_breaks_of_a_gateways_money_become_claims(
    context: Context, database_url: str, clock: MovableClock
) -> None:
    town = await found_town(context, clock)
    references = [await town.ask_at_gateway() for _ in range(4)]
    for number, reference in enumerate(references):
        await town.ipn(reference, FEE, f"7{number}")
    short, much, whole = references[:3]
    await town.report([("70", short, FEE - 1), ("71", much, FEE + 2), ("72", whole, FEE)])
    await miss_reports(context, FRIDAY, ruleset=RuleSet())
    codes = ["NOTICE_NO_REPORT", "REPORT_AMOUNT", "REPORT_AMOUNT"]
    assert await open_break_codes(context) == codes
    expected = await _claims(town)
    assert [row[:3] for row in expected] == [
        ("credit", 1, 1), ("debit", 2, 2), ("credit", FEE, FEE),
    ]  # fmt: skip
    owner = Database(database_url, pool_size=1, role=None)
    await run(owner, _AS_BEFORE)
    assert await _claims(town) == []
    assert await open_break_codes(context) == codes
    assert await broken(context) == {"I7-clearing": 1}
    await run(owner, SCRIPT.read_text(encoding="utf-8"))
    await owner.close()
    assert await _claims(town) == expected
    assert await open_break_codes(context) == codes
    assert await broken(context) == {}
    # Missed once: the next night opens no second claim, and people may act on this one.
    await miss_reports(context, FRIDAY, ruleset=RuleSet())
    assert await _claims(town) == expected
    [row] = await town.rows("SELECT item_id FROM item WHERE provider_transaction = '70'")
    await carry_out(town, await writing_off(town, row.item_id))
    assert await broken(context) == {}
