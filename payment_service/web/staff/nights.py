"""The nights and the report of one: what came in, what was matched, what is left."""

from datetime import date
from typing import Final

import msgspec
from litestar import get
from litestar.params import FromPath

from payment_service.db import staff_books
from payment_service.db.break_ages import aged_breaks
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import NotFound
from payment_service.web.pages import HttpRequest, Page, context_of, page
from payment_service.web.staff.ageing import age_table
from reconciliation.ageing import AGE_BUCKETS

NIGHTS_MAX: Final = 60


@get("/staff", include_in_schema=False)
async def list_nights(request: HttpRequest) -> Page:
    """Show the last nights and the open breaks by code and age."""
    context = context_of(request)
    today = business_date(context.clock(), None)
    async with context.database.read_only(snapshot=True) as connection:
        nights = await staff_books.list_nights(connection, NIGHTS_MAX)
        groups = await aged_breaks(connection, today)
    return page(
        request,
        "staff/nights.html",
        current="nights",
        nights=nights,
        buckets=AGE_BUCKETS,
        ages=age_table(groups),
        age_filters={},
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
