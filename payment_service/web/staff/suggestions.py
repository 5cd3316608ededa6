"""The ranked suggestions of the newest run, and the form of a match by hand filled from one.

They only fill a form in: what is asked for is what its fields say, and another person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import payer_mappings
from payment_service.db.staff_breaks import Break
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import StateConflict
from payment_service.domain.resolution import PARTS_MAX
from payment_service.web.formats import Language
from payment_service.web.pages import HttpRequest, context_of
from reconciliation.explanation import Proposed, ProposedPart
from reconciliation.suggestion_sentences import Criterion, criteria_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSuggestion:
    """One suggestion as people read it; `is_usable` when one act can hold its parts."""

    one: Proposed
    why: str
    parts: tuple[tuple[ProposedPart, tuple[Criterion, ...]], ...]
    is_usable: bool


def shown_suggestions(found: Sequence[Proposed], language: Language) -> list[ShownSuggestion]:
    """Return suggestions with what speaks for and against each part."""
    return [
        ShownSuggestion(
            one=one,
            why=one.said.told(language),
            parts=tuple((part, criteria_in_words(part.criteria, language)) for part in one.parts),
            is_usable=len(one.parts) <= PARTS_MAX,
        )
        for one in found
    ]


async def proposed_for(
    connection: AsyncConnection, one: Break | None, today: date
) -> list[Proposed]:
    """Return what is proposed for the line of an open break, with what is known about payers."""
    if one is None or one.line_id is None or one.closed_at is not None:
        return []
    return await payer_mappings.proposed_for_line(connection, one.line_id, today)


async def filled_in(request: HttpRequest, one: Break | None) -> tuple[str, dict[str, str]]:
    """Return what to look for and the amounts to fill in for the suggestion that a link names.

    Raises `StateConflict` when nothing of this rank is proposed for the break, or not any more.
    """
    rank = request.query_params["suggestion"]
    today = business_date(context_of(request).clock(), None)
    async with context_of(request).database.read_only() as connection:
        proposed = await proposed_for(connection, one, today)
    for found in proposed:
        if str(found.rank) == rank:
            amounts = {f"amount_{part.item_id}": str(part.amount_minor) for part in found.parts}
            return " ".join(part.reference for part in found.parts), amounts
    raise StateConflict("this is not proposed any more", field="suggestion-gone")
