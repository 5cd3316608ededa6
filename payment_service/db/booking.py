"""Everything one transaction adds to the books: collected first, then written in one go.

Use cases fill it; nothing here decides.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from uuid import UUID

import msgspec
from asyncpg.pgproto import pgproto
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import items, journal, money
from payment_service.db.items import NewAllocation, NewBreak, NewGroup, NewItem
from payment_service.db.money import NewApplication, NewMoney
from payment_service.domain.identifiers import new_ids
from payment_service.domain.journal import JournalEntry, Movement, merged
from payment_service.domain.merkle import root
from reconciliation.breaks import BreakCode

_IDS_AT_ONCE = 64

EntryKey = tuple[str, str, str, date]
"""Rule, source, book and business date: what one journal entry is made for."""


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys and no spaces: what evidence hashes are taken of."""
    return msgspec.json.encode(value, order="sorted").decode()


@dataclass(slots=True, kw_only=True)
class Booking:
    """Everything one transaction adds to the books, written in one go by `write`."""

    now: datetime
    account_group_id: UUID
    run_id: UUID | None = None
    ruleset_sha256: bytes | None = None
    money: list[NewMoney] = field(default_factory=list)
    applications: list[NewApplication] = field(default_factory=list)
    items: list[NewItem] = field(default_factory=list)
    groups: list[NewGroup] = field(default_factory=list)
    allocations: list[NewAllocation] = field(default_factory=list)
    breaks: list[NewBreak] = field(default_factory=list)
    explained_lines: list[UUID] = field(default_factory=list)
    explained_items: list[UUID] = field(default_factory=list)
    resolved_lines: list[UUID] = field(default_factory=list)
    resolved_items: list[UUID] = field(default_factory=list)
    answered_breaks: list[UUID] = field(default_factory=list)
    movements: defaultdict[EntryKey, list[Movement]] = field(
        default_factory=lambda: defaultdict(list)
    )
    evidence: defaultdict[EntryKey, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    _unused_ids: list[UUID] = field(default_factory=list)

    def new_id(self) -> UUID:
        """Return a fresh identifier."""
        if not self._unused_ids:
            # The driver's own kind is made and written several times as fast as Python's.
            self._unused_ids = [*map(pgproto.UUID, new_ids(self.now, _IDS_AT_ONCE))]
        return self._unused_ids.pop()

    def post(self, key: EntryKey, movements: Iterable[Movement]) -> None:
        """Add movements to the entry of a key."""
        self.movements[key].extend(movements)

    def open_group(
        self, pass_name: str, evidence_class: str, evidence: str, *, reverses: UUID | None = None
    ) -> tuple[UUID, bytes]:
        """Add a match and return its id and the hash of its evidence."""
        group_id = self.new_id()
        evidence_sha256 = hashlib.sha256(evidence.encode()).digest()
        self.groups.append(
            NewGroup(
                group_id, self.account_group_id, self.run_id, pass_name, evidence_class,
                self.ruleset_sha256, evidence, evidence_sha256, reverses, self.now,
            )
        )  # fmt: skip
        return group_id, evidence_sha256

    def allocate(
        self,
        group_id: UUID,
        amount_minor: int,
        *,
        line_id: UUID | None = None,
        item_id: UUID | None = None,
        money_id: UUID | None = None,
    ) -> None:
        """Take an amount off a line and off an item (negative: give it back)."""
        self.allocations.append(
            NewAllocation(
                self.new_id(), group_id, line_id, item_id, money_id, amount_minor, self.now
            )
        )

    def open_break(
        self,
        code: BreakCode,
        unit_id: UUID,
        amount_minor: int,
        details: str,
        on_day: date,
        *,
        line_id: UUID | None = None,
        item_id: UUID | None = None,
        message_id: UUID | None = None,
        statement_id: UUID | None = None,
        money_id: UUID | None = None,
        report_id: UUID | None = None,
    ) -> None:
        """Open a break on one object."""
        self.breaks.append(
            NewBreak(
                self.new_id(), code.value, self.account_group_id, unit_id, line_id, item_id,
                message_id, statement_id, money_id, amount_minor, details, on_day, self.now,
                self.run_id, report_id,
            )
        )  # fmt: skip

    async def write(self, connection: AsyncConnection) -> None:
        """Write everything in the order its references need; sums and balance are checked there."""
        await write_together(connection, [self])

    async def write_rows(self, connection: AsyncConnection) -> None:
        """Write and forget the rows so far; their postings add up to entries that `write` adds."""
        await money.insert_money(connection, self.money)
        await money.insert_applications(connection, self.applications)
        await items.insert_items(connection, self.items)
        await items.insert_groups(connection, self.groups)
        await items.insert_allocations(connection, self.allocations)
        for reason, line_ids, item_ids in (
            ("explained", self.explained_lines, self.explained_items),
            ("resolved", self.resolved_lines, self.resolved_items),
        ):
            if line_ids or item_ids:
                await items.close_breaks(
                    connection, self.now, reason, line_ids=line_ids, item_ids=item_ids
                )
        if self.answered_breaks:
            await items.close_breaks(
                connection, self.now, "answered", break_ids=self.answered_breaks
            )
        # A part payment that the same booking completes never was a break.
        explained = set(self.explained_items)
        breaks = [each for each in self.breaks if each.item_id not in explained]
        await items.insert_breaks(connection, breaks)
        for written in (
            self.money, self.applications, self.items, self.groups, self.allocations,
            self.explained_lines, self.explained_items, self.resolved_lines, self.resolved_items,
            self.answered_breaks, self.breaks,
        ):  # fmt: skip
            written.clear()

    def entries(self) -> list[JournalEntry]:
        """Return what was posted, one entry for each key."""
        entries = []
        for key in sorted(self.movements):
            rule, source, book, business_date = key
            postings = merged(self.movements[key])
            if postings:
                entries.append(
                    JournalEntry(
                        rule=rule,
                        source=source,
                        book=book,
                        business_date=business_date,
                        event_at=datetime.combine(business_date, time(), UTC),
                        postings=postings,
                        evidence_root=root(self.evidence[key]) if self.evidence[key] else None,
                    )
                )
        return entries


async def write_together(connection: AsyncConnection, bookings: Sequence[Booking]) -> None:
    """Write bookings of several account groups: the rows of each in turn, then all entries."""
    for booking in bookings:
        await booking.write_rows(connection)
    entries = [entry for booking in bookings for entry in booking.entries()]
    await journal.append(connection, entries, bookings[0].now)
