"""Why a line, an item or a request is matched, or why not, as one page."""

from litestar import get
from litestar.params import FromPath

from payment_service.db import bank_orders, explanations
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import NotFound
from payment_service.domain.resolution import PARTS_MAX
from payment_service.web.pages import HttpRequest, Page, context_of, language_of, page
from payment_service.web.staff.suggestions import shown_suggestions
from reconciliation.explain import sentences_of

_SUBJECT_LENGTH_MAX = 50


@get("/staff/explanations/{subject:str}", include_in_schema=False)
async def show_explanation(request: HttpRequest, subject: FromPath[str]) -> Page:
    """Explain what an identifier or a payment reference names."""
    if len(subject) > _SUBJECT_LENGTH_MAX or not subject.isascii() or not subject.isprintable():
        raise NotFound(field="not-here")
    today = business_date(context_of(request).clock(), None)
    async with context_of(request).database.read_only(snapshot=True) as connection:
        explanation = await explanations.explain_subject(connection, subject, today)
        if explanation is None:
            raise NotFound(field="not-here")
        orders = await bank_orders.open_orders(
            connection, [each.match_id for each in explanation.matches]
        )
    language = language_of(request)
    return page(
        request,
        "staff/explanation.html",
        current="breaks",
        explanation=explanation,
        suggestions=shown_suggestions(explanation.suggestions, language),
        parts_max=PARTS_MAX,
        breaks=[
            (each, [one.told(language) for one in sentences_of(each)])
            for each in explanation.breaks
        ],
        rows={},
        orders=orders,
        undoable=frozenset(),
    )
