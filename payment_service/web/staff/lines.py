"""One bank line: every field the bank sent, every match it had, and why or why not."""

from litestar import get
from litestar.params import FromPath

from payment_service.db import bank_orders, explanations, staff_books
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import NotFound
from payment_service.domain.resolution import PARTS_MAX
from payment_service.web.forms import identifier
from payment_service.web.pages import HttpRequest, Page, context_of, language_of, page
from payment_service.web.sessions import session_of
from payment_service.web.staff.offered_acts import is_movable, is_undoable
from payment_service.web.staff.suggestions import shown_suggestions


@get("/staff/lines/{line_id:str}", include_in_schema=False)
async def show_line(request: HttpRequest, line_id: FromPath[str]) -> Page:
    """Show a bank line with its matches."""
    wanted = identifier(line_id)
    today = business_date(context_of(request).clock(), None)
    async with context_of(request).database.read_only(snapshot=True) as connection:
        line = await staff_books.find_line(connection, wanted)
        explanation = await explanations.explain_subject(connection, str(wanted), today)
        if line is None or explanation is None:
            raise NotFound(field="not-here")
        matches = await staff_books.matches_of_line(connection, wanted)
        orders = await bank_orders.open_orders(connection, [each.group_id for each in matches])
    is_auditor = session_of(request).person.role == "auditor"
    return page(
        request,
        "staff/line.html",
        current="statements",
        line=line,
        explanation=explanation,
        suggestions=shown_suggestions(explanation.suggestions, language_of(request)),
        parts_max=PARTS_MAX,
        orders=orders,
        rows={match.group_id: match for match in matches},
        undoable={match.group_id for match in matches if is_undoable(match) and not is_auditor},
        movable={match.group_id for match in matches if is_movable(match) and not is_auditor},
    )
