"""When an attempt at a gateway is still the one that a payer goes on with.

One live attempt at a gateway is enough for one due, however often the payer asks for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

ATTEMPT_DURATION: Final = timedelta(minutes=15)
LIMIT_MARGIN: Final = timedelta(minutes=1)
"""Nobody is sent on with an order that ends before it can be paid."""
ANSWER_WAIT: Final = timedelta(seconds=30)
"""A gateway is waited for three, and a connection to store its answer ten: nobody asks any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An order at a gateway and what it answered; its texts are empty where it said nothing."""

    channel: str
    endpoint_id: UUID
    reference: str
    amount_minor: int
    created_at: datetime
    is_answered: bool
    url: str = ""
    """Where the payer goes on, at the gateway."""
    qr_text: str = ""
    account_number: str = ""
    account_name: str = ""
    bank_name: str = ""
    memo: str = ""
    expires_at: datetime | None = None
    """Absent where the gateway knows no limit of ours."""

    @property
    def is_placed(self) -> bool:
        """True when the gateway took the order."""
        return bool(self.url or self.qr_text or self.account_number)

    def is_live(self, now: datetime, open_minor: int) -> bool:
        """Say whether exactly what is open can be paid by this order, or its answer is due."""
        if self.amount_minor != open_minor:
            return False
        if not self.is_answered:
            return self._is_awaited(now)
        return self.is_placed and (self.expires_at is None or now < self.expires_at - LIMIT_MARGIN)

    def has_failed_lately(self, now: datetime) -> bool:
        """Say whether its payer has still to be told that nothing came of it."""
        is_open = self.is_placed or self._is_awaited(now)
        return not is_open and now < self.created_at + ATTEMPT_DURATION

    def _is_awaited(self, now: datetime) -> bool:
        return not self.is_answered and now < self.created_at + ANSWER_WAIT

    def is_known_to(self, newest_reference: str) -> bool:
        """Say whether a page that knew attempts up to this reference was loaded after this one."""
        return _place(self.reference) <= _place(newest_reference)


def newest_reference(attempts: Iterable[Attempt]) -> str:
    """Return the reference of the newest attempt for one request; empty when there is none."""
    return max((attempt.reference for attempt in attempts), key=_place, default="")


def _place(reference: str) -> tuple[int, str]:
    # The number at the end has three digits or more.
    return len(reference), reference
