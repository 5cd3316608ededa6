"""The queue of open breaks: what is overdue first, then by due day; and its figures by age."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from litestar import get

from payment_service.db import staff_breaks, units
from payment_service.db.break_ages import AgedBreaks, aged_breaks, next_due
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import NotFound
from payment_service.web.forms import identifier
from payment_service.web.pages import HttpRequest, Page, context_of, page
from payment_service.web.staff.ageing import age_table
from payment_service.web.staff.breaks import shown_break
from reconciliation.ageing import AGE_BUCKETS
from reconciliation.breaks import BreakCode, OwnerRole, Severity

BREAKS_A_PAGE: Final = 50
_PLACE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the officer wants to see; empty lets all pass.

    `age` is the number of a bucket, youngest first; `overdue` is `1`, anything else is all.
    """

    code: str = ""
    unit: str = ""
    owner: str = ""
    severity: str = ""
    age: str = ""
    overdue: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Wanted":
        """Return what the address asks for; refuse what nobody can have chosen."""
        asked = {name: request.query_params.get(name, "") for name in cls.__dataclass_fields__}
        if not all(map(str.isprintable, asked.values())):
            raise NotFound(field="not-here")
        return cls(**asked)

    def people(self, groups: Iterable[AgedBreaks]) -> list[AgedBreaks]:
        """Return the groups of the wanted owner and severity: what the figures are of."""
        return [
            group
            for group in groups
            if self.owner in {"", group.rule.owner.value}
            and self.severity in {"", group.rule.severity.value}
        ]

    def narrow(self, groups: Iterable[AgedBreaks]) -> list[AgedBreaks]:
        """Return the groups of the wanted code and age too: what the queue is of."""
        return [
            group
            for group in groups
            if self.code in {"", group.code.value}
            and self.age in {"", str(AGE_BUCKETS.index(group.age.bucket))}
            and (group.age.is_overdue or self.overdue != "1")
        ]


def _place(text: str) -> tuple[date, UUID]:
    """Return the due day and identifier of the last break of the page before."""
    parts = _PLACE.fullmatch(text)
    if parts is None:
        raise NotFound(field="not-here")
    try:
        return date.fromisoformat(parts[1]), identifier(parts[2])
    except ValueError as error:
        raise NotFound(field="not-here") from error


@get("/staff/breaks", include_in_schema=False)
async def list_breaks(request: HttpRequest) -> Page:
    """Show the open breaks that the filters let pass, overdue first, and their figures by age."""
    wanted = Wanted.of(request)
    after = _place(request.query_params["after"]) if "after" in request.query_params else None
    context = context_of(request)
    today = business_date(context.clock(), None)
    async with context.database.read_only(snapshot=True) as connection:
        groups = wanted.people(await aged_breaks(connection, today, unit_code=wanted.unit))
        chosen = wanted.narrow(groups)
        near = next_due(chosen, BREAKS_A_PAGE + 1, since=after[0] if after else None)
        found = await staff_breaks.list_open_breaks(
            connection, near, unit_code=wanted.unit, after=after, limit=BREAKS_A_PAGE + 1
        )
        all_units = await units.all_units(connection)
    ages = {(group.code.value, group.opened_on): group.age for group in near}
    breaks = [
        shown_break(request, one, ages[one.code, one.opened_on]) for one in found[:BREAKS_A_PAGE]
    ]
    last = breaks[-1] if len(found) > BREAKS_A_PAGE else None
    filters = asdict(wanted)
    return page(
        request,
        "staff/breaks.html",
        current="breaks",
        breaks=breaks,
        count=sum(group.breaks for group in chosen),
        overdue_count=sum(group.breaks for group in chosen if group.age.is_overdue),
        next_place=f"{last.age.due_on}.{last.one.break_id}" if last else None,
        ages=age_table(groups),
        age_filters={name: filters[name] for name in ("unit", "owner", "severity")},
        buckets=AGE_BUCKETS,
        codes=[member.value for member in BreakCode],
        owners=[member.value for member in OwnerRole],
        severities=[member.value for member in Severity],
        units=all_units,
        filters=filters,
    )
