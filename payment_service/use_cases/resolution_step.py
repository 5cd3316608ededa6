"""One act of people over its locked rows: the shared steps that work it out fill its booking."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking, EntryKey, canonical_json
from payment_service.domain.journal import Movement, merged
from payment_service.domain.resolution import Proposal
from payment_service.domain.settlement import DueState


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionStep:
    """An act being worked out.

    `dues` are by request. `groups` are the matches that come from the approval, `retracted` the
    money that leaves its request, with the match that undoes it.
    """

    booking: Booking
    proposal: Proposal
    account: CollectionAccount
    lines: dict[UUID, Any]
    items: dict[UUID, Any]
    dues: dict[UUID, DueState]
    on_day: date
    key: EntryKey
    evidence: str
    groups: list[UUID] = field(default_factory=list)
    retracted: list[tuple[UUID, UUID]] = field(default_factory=list)

    @property
    def effect(self) -> str:
        """What is posted, as canonical JSON: the same for the same act on the same rows."""
        return canonical_json(
            [
                [each.account.value, each.detail, each.side.value, each.amount_minor]
                for each in merged(self.booking.movements[self.key])
            ]
        )

    def open_group(self, pass_name: str, *, reverses: UUID | None = None) -> UUID:
        """Open a match that comes from the approval."""
        group_id, sha256 = self.booking.open_group(pass_name, "E", self.evidence, reverses=reverses)
        self.booking.evidence[self.key].append(sha256)
        self.groups.append(group_id)
        return group_id

    def post(self, movements: list[Movement]) -> None:
        """Post as part of the act's one entry."""
        self.booking.post(self.key, movements)
