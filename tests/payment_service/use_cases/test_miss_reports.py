"""Payments that a gateway told of and never reports: a break in time, never over days off.

The Tuesday of these stories is a holiday: a payment of Monday is missed on Friday.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from bank_adapters.contract import Outcome
from payment_service.db import matching
from payment_service.use_cases.miss_reports import miss_reports
from reconciliation.breaks import BreakCode, sentence
from reconciliation.ruleset import RuleSet
from tests.payment_service.use_cases.days import deliver, open_break_codes, vnpay_ipn
from tests.payment_service.use_cases.towns import FEE, MONDAY, WEDNESDAY, Town, at_once

pytestmark = pytest.mark.anyio
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)
SATURDAY = WEDNESDAY + timedelta(days=3)


async def _missed(town: Town, as_of: date) -> list[str]:
    """Miss reports as the night of a date does, twice; return the open breaks."""
    for _ in range(2):
        await miss_reports(town.context, as_of, ruleset=RuleSet())
    return await open_break_codes(town.context)


async def _paid(town: Town, transaction: str = "77") -> str:
    reference = await town.ask_at_gateway()
    assert await town.ipn(reference, FEE, transaction) is Outcome.RECORDED
    return reference


async def test_a_report_in_time_raises_nothing_and_a_late_one_explains(town: Town) -> None:
    reference, other = await _paid(town, "77"), await _paid(town, "78")
    await town.report([("78", other, FEE)], batch="B0000001")
    assert await _missed(town, THURSDAY) == []
    assert await _missed(town, FRIDAY) == ["NOTICE_NO_REPORT"]
    assert await _missed(town, SATURDAY) == ["NOTICE_NO_REPORT"]
    [found] = await town.rows("SELECT details, amount_minor, opened_on FROM break_case")
    assert (found.amount_minor, found.opened_on) == (FEE, FRIDAY)
    assert sentence(BreakCode.NOTICE_NO_REPORT, found.details, "vi") == (
        "Cổng đã báo giao dịch 77, 10.000 VND, nộp ngày 23/11/2026, nhưng chưa có báo cáo đối "
        "soát nào ghi giao dịch này."
    )
    await town.report([("77", reference, FEE)], batch="B0000002")
    assert await _missed(town, SATURDAY) == []
    assert await town.value("SELECT closed_reason FROM break_case") == "explained"


async def test_a_late_report_of_another_amount_changes_the_name(town: Town) -> None:
    reference = await _paid(town)
    assert await _missed(town, FRIDAY) == ["NOTICE_NO_REPORT"]
    await town.report([("77", reference, FEE - 1)])
    assert await _missed(town, SATURDAY) == ["REPORT_AMOUNT"]


async def test_a_whole_night_misses_reports(town: Town) -> None:
    await _paid(town)
    report = await town.night(FRIDAY)
    assert [each["code"] for each in report["open_breaks"]] == ["NOTICE_NO_REPORT"]


async def test_what_a_person_closed_is_not_opened_again(town: Town) -> None:
    await _paid(town)
    await _missed(town, FRIDAY)
    break_id = await town.value("SELECT break_id FROM break_case")
    async with town.context.database.transaction() as connection:
        await matching.close_breaks_by_id(connection, [break_id], "resolved", town.clock())
    assert await _missed(town, SATURDAY) == []


async def test_a_bank_reports_no_payments(town: Town) -> None:
    asked = await town.ask()
    assert await town.notify(asked["reference"], FEE, "FT1", MONDAY) is Outcome.RECORDED
    assert await _missed(town, SATURDAY) == []


async def test_tet_raises_no_alarm(town: Town) -> None:
    before_tet = date(2027, 2, 3)
    town.clock.now = datetime(2027, 2, 3, 3, tzinfo=UTC)
    reference = await town.ask_at_gateway()
    paid = vnpay_ipn(town.vnpay, reference, FEE, "77", before_tet)
    assert await deliver(town.context, town.vnpay, paid) is Outcome.RECORDED
    for day in range(3, 15):
        assert await _missed(town, date(2027, 2, day)) == []
    assert await _missed(town, date(2027, 2, 15)) == ["NOTICE_NO_REPORT"]


async def test_a_report_that_arrives_meanwhile_leaves_no_break_behind(town: Town) -> None:
    paid = [(str(number), await _paid(town, str(number)), FEE) for number in range(70, 76)]
    acts = [town.report([each], batch=f"B{each[0]}00000") for each in paid]
    misses = [miss_reports(town.context, FRIDAY, ruleset=RuleSet()) for _ in range(3)]
    assert await at_once(*acts[:3], *misses, *acts[3:]) == ["done"] * 9
    assert await open_break_codes(town.context) == []
