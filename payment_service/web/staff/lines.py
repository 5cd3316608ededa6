"""One bank line: every field the bank sent, every match it had, and why."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import get
from litestar.params import FromPath

from payment_service.db import staff_books
from payment_service.domain.errors import NotFound
from payment_service.web.formats import Language
from payment_service.web.forms import identifier
from payment_service.web.pages import HttpRequest, Page, context_of, language_of, page
from payment_service.web.sessions import session_of
from payment_service.web.staff.resolutions import is_undoable
from payment_service.web.texts import text
from reconciliation.explain import why_matched


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMatch:
    """A match of the line; `why` is empty for an act that its name alone explains."""

    match: Any
    why: str
    is_undoable: bool


def _shown(match: Any, language: Language, role: str) -> ShownMatch:
    return ShownMatch(
        match=match,
        why=_why(msgspec.json.decode(match.evidence), language),
        is_undoable=role != "auditor" and is_undoable(match),
    )


def _why(evidence: dict[str, Any], language: Language) -> str:
    if "proposed_by" in evidence:
        reason = text(f"reason.{evidence['reason']}", language)
        note = f" ({evidence['note']})" if evidence["note"] else ""
        people = {"asked": evidence["proposed_by"], "approved": evidence["approved_by"]}
        return text("resolve.by", language, **people, reason=reason + note)
    try:
        return why_matched(evidence, language)
    except KeyError:
        return ""


@get("/staff/lines/{line_id:str}", include_in_schema=False)
async def show_line(request: HttpRequest, line_id: FromPath[str]) -> Page:
    """Show a bank line with its matches."""
    wanted = identifier(line_id)
    async with context_of(request).database.read_only(snapshot=True) as connection:
        line = await staff_books.find_line(connection, wanted)
        if line is None:
            raise NotFound(field="not-here")
        matches = await staff_books.matches_of_line(connection, wanted)
        break_id = await staff_books.find_break_of_line(connection, wanted)
    return page(
        request,
        "staff/line.html",
        current="statements",
        line=line,
        matches=[
            _shown(match, language_of(request), session_of(request).person.role)
            for match in matches
        ],
        break_id=break_id,
    )
