"""A journal entry: balanced, or it cannot be constructed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from payment_service.domain.chart_of_accounts import Account


class Side(StrEnum):
    """Where a positive amount stands; the side carries the sign."""

    DEBIT = "D"
    """The left side."""
    CREDIT = "C"
    """The right side."""


class Unbalanced(ValueError):
    """The postings of an entry do not add up to zero in each unit's books."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One positive amount on one side of one account of one unit."""

    account: Account
    unit_id: UUID
    detail: str
    side: Side
    amount_minor: int

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int or self.amount_minor <= 0:
            raise Unbalanced(f"a posting is a positive whole amount, not {self.amount_minor!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Balanced postings with the rule that made them and the fact (`source`) they come from.

    One rule posts one source once. `business_date` is the wished day; the books move it to the
    first open day at or after it.
    """

    rule: str
    source: str
    book: str
    business_date: date
    event_at: datetime
    postings: tuple[Posting, ...]
    evidence_root: bytes | None = None

    def __post_init__(self) -> None:
        if len(self.postings) < 2:  # noqa: PLR2004 - double entry needs two sides
            raise Unbalanced(f"{self.rule} {self.source}: fewer than two postings")
        sums: defaultdict[UUID, int] = defaultdict(int)
        for posting in self.postings:
            sign = 1 if posting.side is Side.DEBIT else -1
            sums[posting.unit_id] += sign * posting.amount_minor
        if any(sums.values()):
            raise Unbalanced(f"{self.rule} {self.source}: {dict(sums)}")


Movement = tuple[Account, UUID, str, int]
"""Account, unit, detail and a signed amount: positive for debit, negative for credit."""


def merged(movements: Iterable[Movement]) -> tuple[Posting, ...]:
    """Add up movements account by account and side by side, in a stable order; zeros vanish.

    Debits and credits of one account are kept apart, so that turnover stays visible.
    """
    sums: defaultdict[tuple[Account, UUID, str, Side], int] = defaultdict(int)
    for account, unit_id, detail, signed_minor in movements:
        side = Side.DEBIT if signed_minor > 0 else Side.CREDIT
        sums[account, unit_id, detail, side] += abs(signed_minor)
    return tuple(
        Posting(account, unit_id, detail, side, amount_minor)
        for (account, unit_id, detail, side), amount_minor in sorted(
            sums.items(), key=lambda item: (item[0][3] is Side.CREDIT, *map(str, item[0]))
        )
        if amount_minor
    )
