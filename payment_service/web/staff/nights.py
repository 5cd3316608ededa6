"""The nights and the report of one: what came in, what was matched, what is left."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import msgspec
from litestar import get
from litestar.params import FromPath

from payment_service.db import staff_books, staff_breaks
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import NotFound
from payment_service.web.formats import AGE_BUCKETS, age_bucket
from payment_service.web.pages import HttpRequest, Page, context_of, page
from reconciliation.breaks import BreakCode

NIGHTS_MAX: Final = 60


@dataclass(slots=True, kw_only=True)
class CodeSum:
    """The open breaks of one code: how many by age bucket, and their sum."""

    code: str
    amount_minor: int = 0
    buckets: dict[str, int] = field(default_factory=lambda: dict.fromkeys(AGE_BUCKETS, 0))

    @property
    def is_sum_shown(self) -> bool:
        """Whether the sum may be seen before a second person has read it off the bank's screen."""
        return self.code != BreakCode.NOT_CONFIRMED


def sum_by_age(counts: Iterable[tuple[str, int, int, int]]) -> list[CodeSum]:
    """Return the breaks of each code by age; from (code, age in days, breaks, amount)."""
    sums: dict[str, CodeSum] = {}
    for code, age_days, breaks, amount_minor in counts:
        one = sums.setdefault(code, CodeSum(code=code))
        one.buckets[age_bucket(age_days)] += breaks
        one.amount_minor += amount_minor
    return list(sums.values())


@get("/staff", include_in_schema=False)
async def list_nights(request: HttpRequest) -> Page:
    """Show the last nights and the open breaks by code and age."""
    context = context_of(request)
    today = business_date(context.clock(), None)
    async with context.database.read_only(snapshot=True) as connection:
        nights = await staff_books.list_nights(connection, NIGHTS_MAX)
        counts = await staff_breaks.count_open_breaks(connection, today)
    return page(
        request,
        "staff/nights.html",
        current="nights",
        nights=nights,
        buckets=AGE_BUCKETS,
        codes=sum_by_age(counts),
    )


@get("/staff/nights/{business_date_text:str}", include_in_schema=False)
async def show_night(request: HttpRequest, business_date_text: FromPath[str]) -> Page:
    """Show the report of one night."""
    try:
        day = date.fromisoformat(business_date_text)
    except ValueError as error:
        raise NotFound(field="not-here") from error
    async with context_of(request).database.read_only(snapshot=True) as connection:
        night = await staff_books.find_night(connection, day)
        if night is None:
            raise NotFound(field="not-here")
        by_pass = await staff_books.totals_by_pass(connection, day)
        by_group = await staff_books.totals_by_group(connection, day)
    report = msgspec.json.decode(night.report) if night.report else {}
    return page(
        request,
        "staff/night.html",
        current="nights",
        night=night,
        by_pass=by_pass,
        by_group=by_group,
        report=report,
        raw=msgspec.json.format(night.report, indent=2) if night.report else "",
    )
