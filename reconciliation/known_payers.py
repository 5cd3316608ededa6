"""What people know about who pays for a dossier, beside what the engine proposes for a line.

The passes never see it, so it settles nothing: it moves a proposal up, or makes one for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from reconciliation.explanation import Proposed, ProposedPart, Said

KNOWN_MAX: Final = 5
"""How many dues of known payers are proposed for one line."""
_SAID: Final = Said(
    vi="Tài khoản chuyển tiền đã được hai người ghi nhớ là của người nộp cho hồ sơ này.",
    en="Two people know the account it comes from as that of this dossier's payer.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDue:
    """An open due of a dossier whose payer is known to use the account that a line came from."""

    line_id: UUID
    break_id: UUID
    item_id: UUID
    reference: str
    dossier_code: str
    payer_account: str
    known_on: date
    line_minor: int
    item_minor: int
    line_on: date
    item_on: date
    is_nameless: bool


def with_known_payers(proposed: Sequence[Proposed], known: Sequence[KnownDue]) -> list[Proposed]:
    """Return proposals for one line with what is known about payers: those of known payers first.

    A line that names no request gets a proposal of class D for each known due that none names yet.
    """
    of_item = {each.item_id: each for each in known}
    told = [_told(each, of_item) for each in proposed]
    named = {part.item_id for each in told for part in each.parts if len(each.parts) == 1}
    rank = max((each.rank for each in told), default=0)
    fresh = [each for each in known if each.is_nameless and each.item_id not in named]
    told += [_made(each, rank + place) for place, each in enumerate(fresh[:KNOWN_MAX], 1)]
    return sorted(told, key=lambda each: all(part.item_id not in of_item for part in each.parts))


def _told(one: Proposed, of_item: dict[UUID, KnownDue]) -> Proposed:
    return replace(
        one,
        parts=tuple(
            replace(part, criteria={**part.criteria, "payer": _payer(of_item[part.item_id])})
            if part.item_id in of_item
            else part
            for part in one.parts
        ),
    )


def _payer(known: KnownDue) -> dict[str, object]:
    return {
        "item": known.payer_account,
        "known_on": known.known_on.isoformat(),
        "line": known.payer_account,
        "passed": True,
    }


def _made(known: KnownDue, rank: int) -> Proposed:
    criteria = {
        "amount": {
            "item_minor": known.item_minor,
            "line_minor": known.line_minor,
            "passed": known.item_minor == known.line_minor,
            "sum_minor": known.item_minor,
        },
        "currency": "VND",
        "days": {
            "apart": (known.line_on - known.item_on).days,
            "item_on": known.item_on.isoformat(),
            "line_on": known.line_on.isoformat(),
            "passed": known.item_on <= known.line_on,
        },
        "payer": _payer(known),
        "reference": {"found": "", "item": known.reference, "passed": False, "slip": "missing"},
    }
    part = ProposedPart(
        item_id=known.item_id,
        reference=known.reference,
        dossier_code=known.dossier_code,
        amount_minor=min(known.line_minor, known.item_minor),
        criteria=criteria,
    )
    return Proposed(
        line_id=known.line_id,
        break_id=known.break_id,
        rank=rank,
        kind="known_payer",
        evidence_class="D",
        said=_SAID,
        parts=(part,),
    )
