"""One act of people over its locked rows: the shared steps that work it out fill its booking."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import resolutions
from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking, EntryKey, canonical_json
from payment_service.db.locked_rows import LockedItem, LockedLine
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.journal import Movement, merged
from payment_service.domain.resolution import Proposal
from payment_service.domain.settlement import DueState
from reconciliation.breaks import BreakCode


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionStep:
    """An act being worked out.

    `dues` are by request, `breaks` those that are answered or opened again. `groups` are the
    matches that come from the approval, `retracted` the money that leaves its request, with the
    match that undoes it. `other` is the same act in the books of the other unit, when it is about
    two.
    """

    booking: Booking
    proposal: Proposal
    approval_id: UUID
    account: CollectionAccount
    lines: dict[UUID, LockedLine]
    items: dict[UUID, LockedItem]
    dues: dict[UUID, DueState]
    on_day: date
    key: EntryKey
    evidence: str
    breaks: dict[UUID, Any] = field(default_factory=dict)
    groups: list[UUID] = field(default_factory=list)
    retracted: list[tuple[UUID, UUID]] = field(default_factory=list)
    other: "ResolutionStep | None" = None

    @property
    def effect(self) -> str:
        """What is posted, as canonical JSON: the same for the same act on the same rows."""
        return canonical_json(
            [
                [each.account.value, each.detail, each.side.value, each.amount_minor]
                for step in self.sides
                for each in merged(step.booking.movements[step.key])
            ]
        )

    @property
    def only_line(self) -> LockedLine:
        """The one line that the act is about."""
        if len(self.lines) != 1:
            raise Invalid("this act is about one line", field="subject")
        [line] = self.lines.values()
        return line

    @property
    def only_row(self) -> LockedLine | LockedItem:
        """The one line or item that the act is about; the act has made sure that it is one."""
        rows: list[LockedLine | LockedItem] = [*self.lines.values(), *self.items.values()]
        [row] = rows
        return row

    def due_of(self, item: LockedItem) -> DueState:
        """Return the due that an item asks for; `Invalid` when it asks for none."""
        if item.request_id is None:
            raise Invalid("this is not asked by a request", field="due")
        return self.dues[item.request_id]

    @property
    def sides(self) -> "list[ResolutionStep]":
        """This step, and the other unit's."""
        return [self, *([self.other] if self.other else [])]

    def printed_reference(self, prefix: str) -> str:
        """Return the reference that is printed on an order and comes back on the statement."""
        return f"{prefix}{self.approval_id.hex[-12:].upper()}"

    def open_group(self, pass_name: str, *, reverses: UUID | None = None) -> UUID:
        """Open a match that comes from the approval."""
        group_id, sha256 = self.booking.open_group(pass_name, "E", self.evidence, reverses=reverses)
        self.booking.evidence[self.key].append(sha256)
        self.groups.append(group_id)
        return group_id

    def whole(self, residual_minor: int) -> int:
        """Return what is open; `StateConflict` unless the act is about all of it."""
        [part] = self.proposal.parts
        if part.amount_minor != residual_minor or not residual_minor:
            raise StateConflict("this is about everything that is open", field="stale")
        return residual_minor

    def reopen(
        self,
        broken: Any,
        open_minor: int,
        *,
        line_id: UUID | None = None,
        item_id: UUID | None = None,
    ) -> None:
        """Close the break of a line or of surplus; what is open of it stays so under that name."""
        self.booking.resolved_lines += [line_id] if line_id else []
        self.booking.resolved_items += [item_id] if item_id else []
        if not open_minor or broken is None:
            return
        of_rest = {"amount_minor" if line_id else "surplus_minor": open_minor}
        self.booking.open_break(
            BreakCode(broken.code),
            broken.unit_id,
            open_minor,
            canonical_json(msgspec.json.decode(broken.details) | of_rest),
            broken.opened_on,
            line_id=line_id,
            item_id=item_id,
        )

    def post(self, movements: list[Movement]) -> None:
        """Post as part of the act's one entry."""
        self.booking.post(self.key, movements)


async def require_band(connection: AsyncConnection, step: ResolutionStep) -> Any:
    """Return the band of the act; `Invalid` when there is none, or the amount is beyond it."""
    proposal, unit_id = step.proposal, step.account.unit_id
    band = await resolutions.find_band(connection, proposal.act, unit_id, step.on_day)
    if band is None or proposal.amount_minor > band.amount_max_minor:
        raise Invalid("the amount is beyond the band of this act", field="band")
    return band
