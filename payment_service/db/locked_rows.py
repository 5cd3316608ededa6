"""Lines and items while a transaction holds their locks: plain tuples, since they are many."""

from datetime import date
from typing import NamedTuple
from uuid import UUID


class LockedLine(NamedTuple):
    """A statement line as it is while its lock is held."""

    line_id: UUID
    account_id: UUID
    account_group_id: UUID
    booking_date: date
    direction: str
    amount_minor: int
    residual_minor: int
    counterparty_account: str
    narrative: str
    version: int


class LockedItem(NamedTuple):
    """An item as it is while its lock is held."""

    item_id: UUID
    kind: str
    direction: str
    unit_id: UUID
    account_group_id: UUID
    account_id: UUID | None
    request_id: UUID | None
    money_id: UUID | None
    report_id: UUID | None
    reference: str
    amount_minor: int
    residual_minor: int
    is_cancelled: bool
    opened_on: date
    version: int
