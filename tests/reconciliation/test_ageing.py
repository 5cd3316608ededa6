"""Breaks age in business days: no alarm starts while nobody works, nor because a day off came late.

The calendar is the service's own, with the holidays that it starts from: Tết 2027 is 4–10 February.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain.calendar import BusinessCalendar
from payment_service.seed import DayKind, read_holidays
from reconciliation.ageing import AGE_BUCKETS, age_bucket, age_of, due_on
from reconciliation.breaks import BREAK_RULES, BreakCode, Severity
from reconciliation.ruleset import overdue_since

_SEEDS = read_holidays()
CALENDAR = BusinessCalendar(
    holidays=frozenset(seed.day for seed in _SEEDS if seed.kind is DayKind.HOLIDAY),
    make_up_days=frozenset(seed.day for seed in _SEEDS if seed.kind is not DayKind.HOLIDAY),
)
NEW_YEAR = date(2027, 1, 1)
TET = frozenset(date(2027, 2, day) for day in range(4, 11))

codes = st.sampled_from(BreakCode)
days = st.integers(0, 120).map(lambda shift: NEW_YEAR + timedelta(days=shift))


@pytest.mark.parametrize("code", BreakCode)
def test_every_code_says_until_when_to_act(code: BreakCode) -> None:
    rule = BREAK_RULES[code]
    assert 1 <= rule.business_days <= 20
    if rule.blocks_certificate:
        assert rule.business_days == 1
    if rule.severity is Severity.ERROR:
        assert rule.business_days <= 3


def test_nothing_becomes_overdue_over_tet() -> None:
    opened_on = date(2027, 2, 2)
    assert CALENDAR.holidays >= TET
    alarms = {
        day: {code for code in BreakCode if age_of(code, opened_on, day, CALENDAR).is_overdue}
        for day in (opened_on + timedelta(days=count) for count in range(15))
    }
    # Nine days on, the second business day only begins: what had one is overdue, nothing else.
    assert next(day for day, codes in alarms.items() if codes) == date(2027, 2, 11)
    assert alarms[date(2027, 2, 11)] == {
        code for code in BreakCode if BREAK_RULES[code].business_days == 1
    }
    assert age_of(BreakCode.UNEXPLAINED_DEBIT, opened_on, date(2027, 2, 10), CALENDAR).bucket == (
        "0–1"
    )
    assert due_on(BreakCode.UNEXPLAINED_DEBIT, date(2027, 2, 3), CALENDAR) == date(2027, 2, 11)
    assert due_on(BreakCode.NO_REFERENCE, date(2027, 2, 3), CALENDAR) == date(2027, 2, 17)


@given(code=codes, opened_on=days, today=days)
def test_no_alarm_starts_on_a_day_off(code: BreakCode, opened_on: date, today: date) -> None:
    age = age_of(code, opened_on, today, CALENDAR)
    before = age_of(code, opened_on, today - timedelta(days=1), CALENDAR)
    if not CALENDAR.is_business_day(today):
        assert age == before
    assert CALENDAR.is_business_day(age.due_on)
    assert age.is_overdue == (CALENDAR.business_days_between(age.due_on, today) > 0)


@given(code=codes, opened_on=days, today=days, decreed=st.sets(days, max_size=10))
def test_a_holiday_decreed_later_only_ever_gives_more_time(
    code: BreakCode, opened_on: date, today: date, decreed: set[date]
) -> None:
    amended = BusinessCalendar(
        holidays=CALENDAR.holidays | decreed, make_up_days=CALENDAR.make_up_days
    )
    age, amended_age = (age_of(code, opened_on, today, each) for each in (CALENDAR, amended))
    assert amended_age.due_on >= age.due_on
    assert age.is_overdue or not amended_age.is_overdue


@given(code=codes, opened_on=days, today=days)
def test_alarms_count_as_the_nights_do(code: BreakCode, opened_on: date, today: date) -> None:
    closed = CALENDAR.non_working_days(today - timedelta(days=200), today)
    last = overdue_since(today, BREAK_RULES[code].business_days, closed)
    assert age_of(code, opened_on, today, CALENDAR).is_overdue == (opened_on <= last)


@given(code=codes, earlier=days, later=days)
def test_of_one_code_what_was_opened_first_is_due_first(
    code: BreakCode, earlier: date, later: date
) -> None:
    earlier, later = sorted((earlier, later))
    assert due_on(code, earlier, CALENDAR) <= due_on(code, later, CALENDAR)


@pytest.mark.parametrize(
    ("business_days", "bucket"),
    [(-1, 0), (0, 0), (1, 0), (2, 1), (5, 1), (6, 2), (20, 2), (21, 3), (60, 3), (61, 4), (999, 4)],
)
def test_ages_fall_into_their_buckets(business_days: int, bucket: int) -> None:
    assert age_bucket(business_days) == AGE_BUCKETS[bucket]
