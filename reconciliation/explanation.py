"""One value that says why a line, an item or a request is matched or not.

Text, JSON and page tell this value and nothing else; `reconciliation.explain` makes it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from reconciliation.breaks import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence in both languages."""

    vi: str
    en: str

    def told(self, language: Language) -> str:
        """Return the sentence in a language."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is explained: a `line`, an `item` or a `request`, as it stands now."""

    kind: str
    subject_id: UUID
    reference: str
    amount_minor: int
    residual_minor: int
    since_on: date
    said: Said
    standing: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that is known of for a request, and which of the facts it bears."""

    money_id: UUID
    kind: str
    amount_minor: int
    paid_on: date
    transaction: str
    is_notified: bool
    is_reported: bool
    is_collected: bool
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pass of the engine: its name, title, and the sentence that says what it takes for proof."""

    name: str
    title: Said
    sentence: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One match: what was taken of which line for which item, by which pass, and why.

    `rule` is none for what people or the books did. `amount_minor` is negative when the match
    undoes another; `undone_at` is set on the one that was undone.
    """

    match_id: UUID
    pass_name: str
    rule: Rule | None
    evidence_class: str
    evidence_is: Said
    evidence: Mapping[str, Any]
    why: Said
    amount_minor: int
    line_id: UUID | None
    opposite_line_id: UUID | None
    item_id: UUID | None
    item_kind: str
    reference: str
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Something that came near; `said` is none for a kind that has no sentence."""

    kind: str
    values: Mapping[str, Any]
    said: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An open break: what is wrong, the first criterion that failed, and the nearest misses."""

    break_id: UUID
    code: str
    line_id: UUID | None
    item_id: UUID | None
    opened_on: date
    said: Said
    failed_criterion: str
    failed: Said | None
    nearest_misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPart:
    """An amount of the line for one due, with what agrees and what does not."""

    item_id: UUID
    reference: str
    dossier_code: str
    amount_minor: int
    criteria: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One suggestion of the newest run; nobody acts on it alone."""

    line_id: UUID
    break_id: UUID
    rank: int
    kind: str
    evidence_class: str
    said: Said
    parts: tuple[ProposedPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is known of why a line, an item or a request is matched or not."""

    subject: Subject
    payments: tuple[Payment, ...]
    matches: tuple[Match, ...]
    breaks: tuple[Difference, ...]
    suggestions: tuple[Proposed, ...]

    def canonical_json(self) -> str:
        """Return it as JSON with sorted keys and no spaces: equal records, equal text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
