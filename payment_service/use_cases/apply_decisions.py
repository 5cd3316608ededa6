"""The shared step that turns the engine's decisions into matches, money and postings.

Runs inside the caller's transaction; the caller has locked every line and item involved.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import accounts, items, money
from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking, EntryKey, canonical_json
from payment_service.db.locked_rows import LockedItem, LockedLine
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import StateConflict
from payment_service.domain.settlement import DueState, place
from payment_service.use_cases.settle import (
    book_own_line,
    pay_from_line,
    record_return,
    undo_own_line,
)
from reconciliation.breaks import BreakCode

MATCHES_WRITTEN_AT_ONCE = 5_000
"""Keeps memory flat, and PostgreSQL from waiting a minute for us and giving the transaction up."""
Row = dict[str, Any]
_RETURNABLE = frozenset({"due", "bank_notice"})
_OWN_LINES = frozenset({"bank_rules", "book_as_charge"})
"""Matches that made an item of their own identifier."""


@dataclass(slots=True, kw_only=True)
class _Touched:
    """Lines, items, dues and accounts that the decisions speak of, all locked."""

    lines: Mapping[str, LockedLine]
    items: Mapping[str, LockedItem]
    taken_apart: frozenset[str]
    dues: dict[UUID, DueState] = field(default_factory=dict)
    accounts: dict[UUID, CollectionAccount] = field(default_factory=dict)
    endpoints: dict[UUID, UUID] = field(default_factory=dict)
    entry_keys: dict[tuple[UUID, date], EntryKey] = field(default_factory=dict)

    async def read(self, connection: AsyncConnection, decisions: Sequence[Row]) -> None:
        found = {row["item_id"]: self.items[row["item_id"]] for row in decisions if row["item_id"]}
        dues = [item for item in found.values() if item.kind == "due"]
        self.dues = await money.read_dues(connection, dues)
        for account_id in {self.lines[row["line_id"]].account_id for row in decisions}:
            account = await accounts.find_account(connection, account_id)
            if account is None:
                raise StateConflict("a statement line without its account")
            self.accounts[account_id] = account
        reports = [item.report_id for item in found.values() if item.report_id]
        self.endpoints = await money.endpoints_of_reports(connection, reports)

    async def due_of(self, connection: AsyncConnection, request_id: UUID) -> DueState:
        """Lock a due once: two returns of one night undo what the request is then, not before."""
        if request_id not in self.dues:
            self.dues |= await money.lock_dues(connection, [request_id])
        return self.dues[request_id]

    def payment_name(self, line_id: UUID, group_id: UUID) -> str:
        """Name what a line pays: by the line; once people took it apart, it may pay again."""
        is_again = str(line_id) in self.taken_apart
        return f"{line_id}:{group_id}" if is_again else str(line_id)


async def apply_decisions(
    connection: AsyncConnection,
    booking: Booking,
    decisions: Sequence[Row],
    lines: Mapping[str, LockedLine],
    expected: Mapping[str, LockedItem],
    taken_apart: frozenset[str],
) -> None:
    """Fill the booking with what the decisions of one account group mean, match by match.

    `lines` and `expected` are the locked rows. The rows of many matches are written in between;
    the caller writes the rest and the entries.
    """
    touched = _Touched(lines=lines, items=expected, taken_apart=taken_apart)
    await touched.read(connection, decisions)
    ordered = sorted(decisions, key=lambda row: row["sequence"])
    for _, rows in groupby(ordered, key=lambda row: row["group_key"]):
        await _apply_group(connection, booking, touched, list(rows))
        if len(booking.groups) >= MATCHES_WRITTEN_AT_ONCE:
            await booking.write_rows(connection)


async def take_unreturnable(
    connection: AsyncConnection, decisions: list[Row]
) -> tuple[list[Row], set[str]]:
    """Take out the returns that a person must decide; return a break for each, and their payments.

    What a payment did is undone only while its money is still where it was placed. What was open
    of its line stays open, under the name it has. The caller has locked the dues.
    """
    unmatched = [row for row in decisions if row["effect"] == "unmatch"]
    if not unmatched:
        return [], set()
    moved_on = {
        row["group_key"]
        for row in unmatched
        if not await _is_returnable(connection, UUID(row["opposite_line_id"]))
    }
    taken = [row for row in decisions if row["group_key"] in moved_on]
    decisions[:] = [row for row in decisions if row["group_key"] not in moved_on]
    breaks = {row["line_id"]: _settled(row) for row in taken}
    return list(breaks.values()), {row["opposite_line_id"] for row in taken}


async def _is_returnable(connection: AsyncConnection, line_id: UUID) -> bool:
    # Every one is looked at: what is kept of each is locked, so that nobody spends it meanwhile.
    matched = await items.live_groups_of_line(connection, line_id)
    return all([await _is_whole(connection, each) for each in matched])


async def _is_whole(connection: AsyncConnection, allocation: Any) -> bool:
    """Say whether what an allocation did can still be undone in full."""
    if allocation.pass_name in _OWN_LINES:
        [item] = (await items.lock_items(connection, [allocation.group_id])).values()
        return bool(item.residual_minor == item.amount_minor)
    if allocation.item_kind not in _RETURNABLE:
        return False
    paid = await money.find_returning(connection, allocation.money_id)
    if allocation.item_kind == "bank_notice" and allocation.amount_minor < paid.money.amount_minor:
        return False  # A part of what the notice told gives back no more than that part.
    return bool(paid.is_whole)


def _settled(row: Row) -> Row:
    evidence = json.loads(row["evidence"])
    details = {
        "amount_minor": evidence["line_minor"],
        "currency": evidence["currency"],
        "reference": evidence["hit"],
        "failed_criterion": "settled",
        "nearest_miss": [],
        "original_line": row["opposite_line_id"],
    }
    return {
        "account_group": row["account_group"],
        "code": BreakCode.RETURN_SETTLED.value,
        "line_id": row["line_id"],
        "item_id": None,
        "details": canonical_json(details),
    }


async def _apply_group(
    connection: AsyncConnection, booking: Booking, touched: _Touched, rows: list[Row]
) -> None:
    first = rows[0]
    line = touched.lines[first["line_id"]]
    account = touched.accounts[line.account_id]
    key = _entry_key(booking, touched, line)
    for row in (row for row in rows if row["effect"] == "unmatch"):
        opposite = touched.lines[row["opposite_line_id"]]
        await _unmatch(connection, booking, touched, opposite, line, account, key)
    group_id, evidence = booking.open_group(
        first["pass_name"], first["evidence_class"], first["evidence"]
    )
    item = touched.items[first["item_id"]] if first["item_id"] else None
    if item is not None and item.kind != "due":
        # Each line in its own day's entry: several may settle an item together.
        for key in dict.fromkeys(_clear_item(booking, touched, row, group_id) for row in rows):
            booking.evidence[key].append(evidence)
        return
    booking.evidence[key].append(evidence)
    booking.explained_lines.append(line.line_id)
    if item is not None:
        _pay_due(booking, touched, rows, line, account, item, group_id, key)
        return
    for row in rows:
        if row["effect"] == "pair":
            opposite_id = touched.lines[row["opposite_line_id"]].line_id
            booking.allocate(group_id, row["amount_minor"], line_id=line.line_id)
            booking.allocate(group_id, row["amount_minor"], line_id=opposite_id)
            booking.explained_lines.append(opposite_id)
        elif row["effect"] == "book":
            amount_minor, on_day = row["amount_minor"], line.booking_date
            booking.post(key, book_own_line(booking, line, account, group_id, amount_minor, on_day))


def _entry_key(booking: Booking, touched: _Touched, line: LockedLine) -> EntryKey:
    day = line.account_id, line.booking_date
    if day not in touched.entry_keys:
        source = f"{booking.run_id}:{line.account_id}:{line.booking_date}"
        book = touched.accounts[line.account_id].book
        touched.entry_keys[day] = "matched", source, book, line.booking_date
    return touched.entry_keys[day]


def _clear_item(booking: Booking, touched: _Touched, row: Row, group_id: UUID) -> EntryKey:
    line, item = touched.lines[row["line_id"]], touched.items[row["item_id"]]
    account = touched.accounts[line.account_id]
    key = _entry_key(booking, touched, line)
    endpoint_id = touched.endpoints[item.report_id] if item.report_id else None
    booking.explained_lines.append(line.line_id)
    booking.explained_items.append(item.item_id)
    touched_by = {"line_id": line.line_id, "item_id": item.item_id, "money_id": item.money_id}
    booking.allocate(group_id, row["amount_minor"], **touched_by)
    booking.post(
        key,
        posting_rules.line_matched(
            item.kind, line.direction, account.unit_id, account.account_id, row["amount_minor"],
            item_unit_id=item.unit_id, endpoint_id=endpoint_id,
        ),
    )  # fmt: skip
    return key


def _pay_due(
    booking: Booking,
    touched: _Touched,
    rows: list[Row],
    line: LockedLine,
    account: CollectionAccount,
    item: LockedItem,
    group_id: UUID,
    key: EntryKey,
) -> None:
    if item.request_id is None:
        raise StateConflict("a due without its request")
    due = touched.dues[item.request_id]
    amount_minor = sum([row["amount_minor"] for row in rows])
    settled_minor = sum([row["amount_minor"] for row in rows if row["effect"] == "settle"])
    placement = place(due, amount_minor)
    if placement.taken_minor != settled_minor:
        raise StateConflict("the engine and the books disagree on what is owed")
    movements = pay_from_line(
        booking,
        line=line,
        account=account,
        due=due,
        placement=placement,
        amount_minor=amount_minor,
        group_id=group_id,
        transaction=touched.payment_name(line.line_id, group_id),
        surplus_code=_surplus_code(rows[-1]) if placement.surplus_minor else BreakCode.OVERPAID,
    )
    booking.post(key, movements)


def _surplus_code(row: Row) -> BreakCode:
    return BreakCode(json.loads(row["evidence"]).get("break", BreakCode.OVERPAID))


async def _unmatch(
    connection: AsyncConnection,
    booking: Booking,
    touched: _Touched,
    opposite: LockedLine,
    line: LockedLine,
    account: CollectionAccount,
    key: EntryKey,
) -> None:
    """Reverse every live match of a line that the bank took back, and what its money did."""
    for allocation in await items.live_groups_of_line(connection, opposite.line_id):
        evidence = canonical_json({"returned_by": str(line.line_id)})
        group_id, _ = booking.open_group("unmatch", "A", evidence, reverses=allocation.group_id)
        booking.allocate(
            group_id, -allocation.amount_minor, line_id=opposite.line_id,
            item_id=allocation.item_id, money_id=allocation.money_id,
        )  # fmt: skip
        if allocation.pass_name in _OWN_LINES:
            [item] = (await items.lock_items(connection, [allocation.group_id])).values()
            booking.post(key, undo_own_line(booking, item, opposite.direction, account, group_id))
            continue
        returning = await money.find_returning(connection, allocation.money_id)
        due = None
        if returning.money.request_id is not None:
            due = await touched.due_of(connection, returning.money.request_id)
        is_notice = allocation.item_kind == "bank_notice"
        movements = record_return(
            booking,
            group_id=group_id,
            returning=returning,
            due=due,
            source=Account.NOTICES_IN_TRANSIT if is_notice else Account.SUSPENSE,
            detail=account.account_id,
            on_day=line.booking_date,
        )
        if is_notice:
            # The notice stood for money that is gone: the line gives it back, and it ends there.
            movements += posting_rules.line_matched(
                "bank_notice", "debit", account.unit_id, account.account_id,
                allocation.amount_minor, item_unit_id=returning.money.unit_id,
            )  # fmt: skip
            ended, _ = booking.open_group("notice_ended", "A", evidence)
            booking.allocate(ended, allocation.amount_minor, item_id=allocation.item_id)
        booking.post(key, movements)
