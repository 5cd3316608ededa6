"""Where received money goes: to the lines of a request, held as part payment, or kept as surplus.

One pure step, used for a callback and for a bank line alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID


@dataclass(slots=True, kw_only=True)
class LineState:
    """A request line with what was applied to it so far."""

    line_id: UUID
    fee_kind: str
    amount_minor: int
    applied_minor: int


@dataclass(slots=True, kw_only=True)
class Payment:
    """What one money gave to a request, the account it came to, and its part payment if held."""

    account_id: UUID
    amount_minor: int
    held_item_id: UUID | None = None


@dataclass(slots=True, kw_only=True)
class DueState:
    """What is owed for one request, its lines in order, and part payments held for it.

    `held` maps the item of each part payment to its open amount; `place` keeps it up to date.
    `payments` maps each money to what it gave and did not take back; who records money does so.
    """

    item_id: UUID
    request_id: UUID
    unit_id: UUID
    reference: str
    amount_minor: int
    residual_minor: int
    is_cancelled: bool
    lines: list[LineState]
    held: dict[UUID, int] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)


class Placement(NamedTuple):
    """What one amount of money does.

    `applications`: request line and amount. `fees`: fee kind and amount now collected, which on
    completion includes `released` part payments. `held_minor`: newly held, because the request is
    still short. `surplus_minor`: beyond what was owed.
    """

    applications: tuple[tuple[UUID, int], ...] = ()
    fees: tuple[tuple[str, int], ...] = ()
    held_minor: int = 0
    released: tuple[tuple[UUID, int], ...] = ()
    surplus_minor: int = 0

    @property
    def taken_minor(self) -> int:
        """What the request took of the money."""
        return sum(amount_minor for _, amount_minor in self.applications)

    @property
    def released_minor(self) -> int:
        """Part payments that became fees."""
        return sum(amount_minor for _, amount_minor in self.released)


def place(due: DueState | None, amount_minor: int) -> Placement:
    """Place money on a due and update it; without a due, or beyond it, the money is surplus."""
    if due is None or due.is_cancelled or due.residual_minor == 0:
        return Placement(surplus_minor=amount_minor)
    taken_minor = min(due.residual_minor, amount_minor)
    applications = _fill(due.lines, taken_minor)
    due.residual_minor -= taken_minor
    if due.residual_minor:
        return Placement(applications=applications, held_minor=taken_minor)
    released = tuple(due.held.items())
    due.held.clear()
    return Placement(
        applications=applications,
        fees=tuple((line.fee_kind, line.amount_minor) for line in due.lines if line.amount_minor),
        released=released,
        surplus_minor=amount_minor - taken_minor,
    )


def _fill(lines: list[LineState], amount_minor: int) -> tuple[tuple[UUID, int], ...]:
    applications = []
    for line in lines:
        part_minor = min(line.amount_minor - line.applied_minor, amount_minor)
        if part_minor:
            line.applied_minor += part_minor
            amount_minor -= part_minor
            applications.append((line.line_id, part_minor))
    return tuple(applications)


def unplace(due: DueState, by_line: Mapping[UUID, int]) -> Placement:
    """Take applied money off a due and update it; returns what must be undone.

    `fees`: what was collected and is no longer, as the whole request was covered before.
    `held_minor`: the rest of the money of that request, which becomes a part payment again.
    `released`: part payments that leave with the money, newest first.
    """
    taken_minor = sum(by_line.values())
    if not taken_minor:
        # All of it was surplus: the request stays as other money left it.
        return Placement()
    was_covered = due.residual_minor == 0
    for line in due.lines:
        line.applied_minor -= by_line.get(line.line_id, 0)
    due.residual_minor += taken_minor
    if was_covered:
        return Placement(
            fees=tuple((line.fee_kind, line.amount_minor) for line in due.lines),
            held_minor=due.amount_minor - due.residual_minor,
        )
    released = []
    open_minor = taken_minor
    for item_id in reversed(tuple(due.held)):
        part_minor = min(due.held[item_id], open_minor)
        if part_minor:
            released.append((item_id, part_minor))
            open_minor -= part_minor
            due.held[item_id] -= part_minor
    return Placement(released=tuple(released))
