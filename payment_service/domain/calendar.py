"""Which day a payment belongs to, and counting in business days, in Vietnamese local time.

Holidays and make-up working Saturdays are data; nothing here knows them or reads a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""UTC+7 all year round; Vietnam has no daylight saving time."""

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


class CalendarError(ValueError):
    """The calendar contradicts itself or an instant has no zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """Monday to Friday without the holidays, plus the make-up working days on weekends.

    Raises `CalendarError` when a day is both a holiday and a make-up day.
    """

    holidays: frozenset[date]
    make_up_days: frozenset[date]

    def __post_init__(self) -> None:
        if both := self.holidays & self.make_up_days:
            raise CalendarError(f"both holiday and working day: {min(both).isoformat()}")

    def is_business_day(self, day: date) -> bool:
        """Whether offices and banks work on this day."""
        if day in self.make_up_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def next_business_day(self, day: date) -> date:
        """Return the first business day after this day."""
        return self._first_from(day + _DAY, _DAY)

    def previous_business_day(self, day: date) -> date:
        """Return the last business day before this day."""
        return self._first_from(day - _DAY, -_DAY)

    def roll_forward(self, day: date) -> date:
        """Return the day itself when it is a business day, else the next one."""
        return self._first_from(day, _DAY)

    def add_business_days(self, day: date, count: int) -> date:
        """Return the count-th business day after (negative: before) a day.

        Counting starts on the day after, as deadlines do; a count of 0 rolls the day forward.
        """
        if count == 0:
            return self.roll_forward(day)
        step = self.next_business_day if count > 0 else self.previous_business_day
        for _ in range(abs(count)):
            day = step(day)
        return day

    def business_days_between(self, start: date, end: date) -> int:
        """Count the business days after `start` up to and with `end`; negative when reversed."""
        if end < start:
            return -self.business_days_between(end, start)
        # By weeks, not day by day: the ages of a year of breaks are counted for one page.
        off = sum(start < day <= end and day.weekday() < _SATURDAY for day in self.holidays)
        more = sum(start < day <= end and day.weekday() >= _SATURDAY for day in self.make_up_days)
        return _weekdays_until(end) - _weekdays_until(start) - off + more

    def non_working_days(self, start: date, end: date) -> frozenset[date]:
        """Return the weekends and holidays from `start` to `end`, both included."""
        return frozenset(day for day in _days(start, end) if not self.is_business_day(day))

    def _first_from(self, day: date, step: timedelta) -> date:
        while not self.is_business_day(day):
            day += step
        return day


def business_date(
    moment: datetime, cut_off: time | None, calendar: BusinessCalendar | None = None
) -> date:
    """Return the business date of an instant in Vietnam.

    At or after `cut_off` (local time) it is the following day. With a calendar the date also
    rolls forward to a business day; without one every calendar day counts. Raises
    `CalendarError` for an instant without a zone or a cut-off with one.
    """
    if moment.tzinfo is None:
        raise CalendarError(f"an instant needs a zone: {moment.isoformat()}")
    if cut_off is not None and cut_off.tzinfo is not None:
        raise CalendarError("a cut-off is Vietnamese local time and carries no zone")
    local = moment.astimezone(VIETNAM)
    day = local.date()
    if cut_off is not None and local.time() >= cut_off:
        day += _DAY
    return day if calendar is None else calendar.roll_forward(day)


def begin_of(day: date) -> datetime:
    """Return the instant at which a day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def expires_at(created_at: datetime, days: int) -> datetime:
    """Return the instant, in UTC, at which the `days`-th day after creation ends in Vietnam.

    A request made today with 0 days can be paid until midnight.
    """
    if created_at.tzinfo is None:
        raise CalendarError(f"an instant needs a zone: {created_at.isoformat()}")
    midnight = relativedelta(days=days + 1, hour=0, minute=0, second=0, microsecond=0)
    return (created_at.astimezone(VIETNAM) + midnight).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later or earlier, or that month's last day if shorter."""
    return day + relativedelta(months=months)


def month_end(day: date) -> date:
    """Return the last day of the month of a day."""
    return day + relativedelta(day=31)


def monthly_deadline(period: date, day_of_month: int) -> date:
    """Return that day of the month after the period's, such as the 5th for certification fees."""
    return period + relativedelta(months=1, day=day_of_month)


def _weekdays_until(day: date) -> int:
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=offset) for offset in range((end - start).days + 1))
