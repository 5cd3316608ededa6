"""The ranked suggestions for the line of a break, and the form of a match by hand filled from one.

They only fill a form in: what is asked for is what its fields say, and another person decides.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import suggestions
from payment_service.db.staff_breaks import Break
from payment_service.db.suggestions import SuggestedPart, Suggestion
from payment_service.domain.errors import StateConflict
from payment_service.domain.resolution import PARTS_MAX
from payment_service.web.formats import Language
from payment_service.web.pages import HttpRequest, context_of
from reconciliation.suggestion_sentences import Criterion, criteria_in_words, suggestion_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """One due of a suggestion with what speaks for and against it."""

    part: SuggestedPart
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSuggestion:
    """One suggestion as people read it; `is_usable` when one act can hold its parts."""

    one: Suggestion
    why: str
    parts: tuple[ShownPart, ...]
    is_usable: bool


async def suggestions_of_line(
    connection: AsyncConnection, line_id: UUID | None, language: Language
) -> list[ShownSuggestion]:
    """Return what is proposed for a line, the strongest first."""
    if line_id is None:
        return []
    found = await suggestions.live_suggestions(connection, line_ids=[line_id])
    return [_shown(one, language) for one in found]


def _shown(one: Suggestion, language: Language) -> ShownSuggestion:
    return ShownSuggestion(
        one=one,
        why=suggestion_sentence(one.kind, language),
        parts=tuple(
            ShownPart(part=part, criteria=criteria_in_words(part.criteria, language))
            for part in one.parts
        ),
        is_usable=len(one.parts) <= PARTS_MAX,
    )


async def filled_in(request: HttpRequest, one: Break | None) -> tuple[str, dict[str, str]]:
    """Return what to look for and the amounts to fill in for the suggestion that a link names.

    Raises `StateConflict` when nothing of this rank is proposed for the break, or not any more.
    """
    rank = request.query_params["suggestion"]
    lines = [one.line_id] if one and one.line_id else []
    async with context_of(request).database.read_only() as connection:
        proposed = await suggestions.live_suggestions(connection, line_ids=lines)
    for found in proposed:
        if str(found.rank) == rank:
            amounts = {f"amount_{part.item_id}": str(part.amount_minor) for part in found.parts}
            return " ".join(part.reference for part in found.parts), amounts
    raise StateConflict("this is not proposed any more", field="suggestion-gone")
