"""How old a break is and until when somebody has to act, in business days of a given calendar.

Computed from the day it was opened on, whenever it is asked: nothing of it is ever stored.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from reconciliation.breaks import BREAK_RULES, BreakCode

_BUCKETS: Final = ((1, "0–1"), (5, "2–5"), (20, "6–20"), (60, "21–60"))
_OLDEST: Final = "> 60"
AGE_BUCKETS: Final = (*(name for _, name in _BUCKETS), _OLDEST)
"""Names of the age buckets, youngest first: a day, a week, a month, a quarter of business days."""


class BusinessDays(Protocol):
    """A calendar of holidays and make-up working days, which this package does not know."""

    def add_business_days(self, day: date, count: int) -> date:
        """Return the count-th business day after a day."""

    def business_days_between(self, start: date, end: date) -> int:
        """Count the business days after `start` up to and with `end`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """The age of a break on a day.

    `is_overdue` begins on the first business day after `due_on`: no alarm starts while nobody
    works.
    """

    business_days: int
    due_on: date
    is_overdue: bool

    @property
    def bucket(self) -> str:
        """The name of the age bucket."""
        return age_bucket(self.business_days)


def age_bucket(business_days: int) -> str:
    """Return the name of the bucket of an age."""
    for days_max, name in _BUCKETS:
        if business_days <= days_max:
            return name
    return _OLDEST


def due_on(code: BreakCode, opened_on: date, calendar: BusinessDays) -> date:
    """Return the last day on which a break may be acted on in time; always a business day."""
    return calendar.add_business_days(opened_on, BREAK_RULES[code].business_days)


def age_of(code: BreakCode, opened_on: date, today: date, calendar: BusinessDays) -> Age:
    """Return how old a break is today."""
    business_days = calendar.business_days_between(opened_on, today)
    return Age(
        business_days=business_days,
        due_on=due_on(code, opened_on, calendar),
        is_overdue=business_days > BREAK_RULES[code].business_days,
    )
