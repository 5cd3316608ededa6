"""Business days and dates in Vietnamese local time."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain.calendar import (
    VIETNAM,
    BusinessCalendar,
    CalendarError,
    add_months,
    business_date,
    expires_at,
    month_end,
    monthly_deadline,
)

TET = frozenset(date(2026, 2, day) for day in range(16, 21))
CALENDAR = BusinessCalendar(
    holidays=TET | {date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)},
    make_up_days=frozenset({date(2026, 8, 22)}),
)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))
counts = st.integers(min_value=1, max_value=60)


def _local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), VIETNAM)


def test_weekends_holidays_and_make_up_days() -> None:
    assert not CALENDAR.is_business_day(date(2026, 2, 14))
    assert not CALENDAR.is_business_day(date(2026, 2, 16))
    assert CALENDAR.is_business_day(date(2026, 8, 22))
    assert not CALENDAR.is_business_day(date(2026, 8, 31))


def test_tet_is_jumped_over_both_ways() -> None:
    assert CALENDAR.next_business_day(date(2026, 2, 13)) == date(2026, 2, 23)
    assert CALENDAR.previous_business_day(date(2026, 2, 23)) == date(2026, 2, 13)
    assert CALENDAR.add_business_days(date(2026, 2, 12), 3) == date(2026, 2, 24)
    assert CALENDAR.add_business_days(date(2026, 2, 24), -3) == date(2026, 2, 12)
    assert CALENDAR.business_days_between(date(2026, 2, 13), date(2026, 2, 23)) == 1


def test_a_day_cannot_be_free_and_worked() -> None:
    with pytest.raises(CalendarError, match="2026-09-02"):
        BusinessCalendar(
            holidays=frozenset({date(2026, 9, 2)}), make_up_days=frozenset({date(2026, 9, 2)})
        )


def test_the_free_days_of_a_fortnight() -> None:
    free = CALENDAR.non_working_days(date(2026, 8, 22), date(2026, 9, 3))
    assert sorted(day.day for day in free) == [1, 2, 23, 29, 30, 31]
    assert CALENDAR.non_working_days(date(2026, 8, 2), date(2026, 8, 1)) == frozenset()


@given(day=days, count=counts)
def test_adding_days_counts_exactly_them(day: date, count: int) -> None:
    end = CALENDAR.add_business_days(day, count)
    assert CALENDAR.is_business_day(end)
    assert CALENDAR.business_days_between(day, end) == count


@given(day=days)
def test_next_and_previous_undo_each_other(day: date) -> None:
    rolled = CALENDAR.add_business_days(day, 0)
    assert rolled == CALENDAR.roll_forward(day) >= day
    assert CALENDAR.previous_business_day(CALENDAR.next_business_day(rolled)) == rolled


@given(start=days, end=days)
def test_every_day_is_worked_or_free(start: date, end: date) -> None:
    counted = CALENDAR.business_days_between(start, end)
    assert counted == -CALENDAR.business_days_between(end, start)
    if start <= end:
        free = CALENDAR.non_working_days(start + timedelta(days=1), end)
        assert counted + len(free) == (end - start).days


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 11, 22)),
    ],
)
def test_the_day_turns_at_midnight_in_vietnam(moment: datetime, expected: date) -> None:
    assert business_date(moment, None) == expected


def test_the_cut_off_itself_belongs_to_the_next_day() -> None:
    friday = date(2026, 11, 20)
    cut_off = time(16, 0)
    assert business_date(_local(friday, 15, 59), cut_off) == friday
    assert business_date(_local(friday, 16), cut_off) == date(2026, 11, 21)
    assert business_date(_local(friday, 16), cut_off, CALENDAR) == date(2026, 11, 23)
    assert business_date(_local(friday, 15, 59), cut_off, CALENDAR) == friday


def test_money_of_a_holiday_belongs_to_the_first_day_after_it() -> None:
    assert business_date(_local(date(2026, 2, 17), 9), time(16), CALENDAR) == date(2026, 2, 23)
    assert business_date(_local(date(2026, 2, 22), 18), time(16), CALENDAR) == date(2026, 2, 23)


def test_instants_need_a_zone_and_cut_offs_none() -> None:
    naive = datetime(2026, 11, 22, 9, 0)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(CalendarError):
        business_date(naive, None)
    with pytest.raises(CalendarError):
        expires_at(naive, 3)
    with pytest.raises(CalendarError):
        business_date(_local(date(2026, 11, 22), 9), time(16, tzinfo=UTC))


@given(
    moment=st.datetimes(
        min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        max_value=datetime(2027, 12, 1),  # noqa: DTZ001 - the same
        timezones=st.just(UTC),
    ),
    cut_off=st.times(),
)
def test_a_later_instant_never_has_an_earlier_date(moment: datetime, cut_off: time) -> None:
    later = moment + timedelta(hours=7)
    assert business_date(moment, cut_off) <= business_date(later, cut_off)
    assert business_date(moment, cut_off, CALENDAR) <= business_date(later, cut_off, CALENDAR)
    assert CALENDAR.is_business_day(business_date(moment, cut_off, CALENDAR))


def test_a_request_expires_at_a_vietnamese_midnight() -> None:
    created_at = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert expires_at(created_at, 0) == datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert expires_at(created_at, 3) == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert expires_at(created_at + timedelta(minutes=30), 0) == expires_at(created_at, 1)


def test_months_end_where_they_end() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 120) == date(2036, 11, 30)
    assert add_months(date(2028, 3, 31), -1) == date(2028, 2, 29)
    assert month_end(date(2026, 2, 1)) == date(2026, 2, 28)
    assert monthly_deadline(date(2026, 12, 31), 5) == date(2027, 1, 5)


@given(day=days, months=st.integers(min_value=-24, max_value=24))
def test_a_month_step_never_skips_a_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day <= day.day
    assert month_end(moved) + timedelta(days=1) == add_months(moved.replace(day=1), 1)
