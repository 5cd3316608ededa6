"""Matches account groups with what their bank statements show: read, decide, write.

Read in a short snapshot, decide with no transaction open, write in another; what moved in between
is left for the next run. Rows are locked lines first, then items, each in id order.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.context import Context
from payment_service.db import items, matching, money, resolutions, suggestions, tariff
from payment_service.db.booking import Booking
from payment_service.db.database import lock
from payment_service.db.locked_rows import LockedItem, LockedLine
from payment_service.db.matching import OpenRows
from payment_service.domain.calendar import BusinessCalendar
from payment_service.domain.identifiers import new_id
from payment_service.domain.result_digest import result_sha256
from payment_service.use_cases.apply_decisions import apply_decisions, take_unreturnable
from reconciliation.breaks import BreakCode
from reconciliation.reconcile import Reconciliation, reconcile
from reconciliation.ruleset import RuleSet

MEMORY_LIMIT_BYTES = 1 << 30
Observer = Callable[[OpenRows, BusinessCalendar], None]
"""Told what a run is made from, before it decides."""
_PASSES_BEFORE_REOPENING = frozenset({"reversals"})
_NAMELESS = frozenset({BreakCode.NO_REFERENCE.value, BreakCode.UNEXPLAINED_DEBIT.value})
"""What the engine calls a line whose words it was not given, as people took it apart."""

_NAMED_BETTER = frozenset(
    {
        # A run of one group does not know what the others asked for.
        (BreakCode.WRONG_UNIT.value, BreakCode.UNKNOWN_REFERENCE.value),
        # Once people settled a part, a run does not look for the original any more.
        (BreakCode.RETURN_SETTLED.value, BreakCode.RETURN_UNMATCHED.value),
    }
)
"""What stands, and what a run says of it that tells less."""


@dataclass(slots=True, kw_only=True)
class GroupResult:
    """What a run did for one account group; `stored_before` means that nothing was done anew.

    The breaks of `undecided_lines` stay as they are.
    """

    account_group_id: UUID
    run_id: UUID
    stored_before: bool = False
    decisions: list[dict[str, Any]] = field(default_factory=list)
    breaks: list[dict[str, Any]] = field(default_factory=list)
    dropped: int = 0
    undecided_lines: set[str] = field(default_factory=set)


async def reconcile_accounts(
    context: Context,
    group_ids: list[UUID],
    as_of: date,
    *,
    ruleset: RuleSet,
    is_dry_run: bool = False,
    observe: Observer | None = None,
) -> list[GroupResult]:
    """Reconcile account groups as of a business date.

    The same open rows and rules return the stored run and change nothing. A dry run decides the
    same and writes nothing.
    """
    since = as_of - timedelta(days=ruleset.look_back_days)
    read_at = context.clock()
    async with context.database.read_only(snapshot=True) as connection:
        rows = await matching.read_open_rows(connection, group_ids, as_of, since)
        calendar = await tariff.read_calendar(connection)
    if observe is not None:
        observe(rows, calendar)
    result = reconcile(
        rows.lines,
        rows.items,
        ruleset=ruleset,
        as_of=as_of,
        non_working_days=calendar.non_working_days(since, as_of),
        memory_limit_bytes=MEMORY_LIMIT_BYTES,
        spill_folder=None,
    )
    results = _split(result)
    if is_dry_run:
        return list(results.values())
    async with context.database.transaction() as connection:
        for group_id in sorted(map(str, results)):
            await lock(connection, f"account-group:{group_id}")
        await _write(connection, rows, result, results, ruleset, as_of, read_at)
    return list(results.values())


def _split(result: Reconciliation) -> dict[UUID, GroupResult]:
    results = {
        UUID(group): GroupResult(account_group_id=UUID(group), run_id=UUID(int=0))
        for group in result.run_keys
    }
    for row in result.decisions.to_pylist():
        results[UUID(row["account_group"])].decisions.append(row)
    for row in result.breaks.to_pylist():
        results[UUID(row["account_group"])].breaks.append(row)
    return results


async def _write(
    connection: AsyncConnection,
    rows: OpenRows,
    result: Reconciliation,
    results: dict[UUID, GroupResult],
    ruleset: RuleSet,
    as_of: date,
    now: datetime,
) -> None:
    ruleset_sha256 = bytes.fromhex(ruleset.sha256())
    await matching.keep_ruleset(
        connection, ruleset_sha256, ruleset.version, ruleset.canonical_json(), now
    )
    totals: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for total in result.totals:
        totals[UUID(total.account_group)].append(
            {
                "pass": total.pass_name,
                "bucket": total.bucket,
                "lines": total.lines,
                "amount_minor": total.amount_minor,
            }
        )
    fresh = []
    for group_id, group in results.items():
        run_key = bytes.fromhex(result.run_keys[str(group_id)])
        stored = await matching.find_run(connection, run_key)
        if stored is not None:
            group.run_id, group.stored_before = stored, True
            continue
        group.run_id = new_id(now)
        fresh.append(group)
    lines, expected = await _lock_rows(connection, fresh)
    await _drop_moved(connection, rows, fresh, lines, expected)
    # With nothing left of it, a run says nothing: stored under its key, it would never be redone.
    fresh = [group for group in fresh if group.decisions or not group.dropped]
    taken_apart = await resolutions.lines_taken_apart(
        connection, [group.account_group_id for group in fresh]
    )
    for group in fresh:
        await matching.insert_run(
            connection,
            {
                "run_id": group.run_id,
                "account_group_id": group.account_group_id,
                "business_date": as_of,
                "run_key": bytes.fromhex(result.run_keys[str(group.account_group_id)]),
                "ruleset_sha256": ruleset_sha256,
                "totals": json.dumps(totals[group.account_group_id]),
                "decision_count": len(group.decisions),
                "dropped_count": group.dropped,
                "result_sha256": result_sha256(group.decisions, group.breaks),
                "made_at": now,
            },
        )
        if not group.decisions:
            continue
        booking = Booking(
            now=now,
            account_group_id=group.account_group_id,
            run_id=group.run_id,
            ruleset_sha256=ruleset_sha256,
        )
        await apply_decisions(connection, booking, group.decisions, lines, expected, taken_apart)
        await booking.write(connection)
    await _renew_breaks(connection, fresh, taken_apart, as_of, now)
    runs = {group.account_group_id: group.run_id for group in fresh}
    proposed = result.suggestions.to_pylist()
    await suggestions.replace_suggestions(
        connection, runs, (row for row in proposed if UUID(row["account_group"]) in runs)
    )


async def _lock_rows(
    connection: AsyncConnection, fresh: list[GroupResult]
) -> tuple[dict[str, LockedLine], dict[str, LockedItem]]:
    """Lock lines, dues and items that the run touches; return lines and items by their ids."""
    decisions = [row for group in fresh for row in group.decisions]
    # What has a break too: lines are locked before items, everywhere.
    told = decisions + [row for group in fresh for row in group.breaks]
    line_ids = {row["line_id"] for row in told} | {row["opposite_line_id"] for row in decisions}
    lines = await items.lock_lines(connection, line_ids - {None})
    # Dues are locked before what is kept of their money, everywhere.
    returned = {UUID(row["opposite_line_id"]) for row in decisions if row["effect"] == "unmatch"}
    await money.lock_dues(connection, await money.requests_of_lines(connection, list(returned)))
    expected = await items.lock_items(connection, {row["item_id"] for row in told} - {None})
    return (
        {str(line_id): line for line_id, line in lines.items()},
        {str(item_id): item for item_id, item in expected.items()},
    )


async def _drop_moved(
    connection: AsyncConnection,
    rows: OpenRows,
    fresh: list[GroupResult],
    lines: dict[str, LockedLine],
    expected: dict[str, LockedItem],
) -> None:
    """Drop every match with a row that moved since the read."""
    moved_rows = {key for key, line in lines.items() if line.version != rows.line_versions[key]}
    moved_rows |= {key for key, item in expected.items() if item.version != rows.item_versions[key]}
    for group in fresh:
        returns, payments = await take_unreturnable(connection, group.decisions)
        group.breaks += returns
        # A return reopens dues, which the other decisions did not know: they wait for the next run.
        is_reopening = any(row["effect"] == "unmatch" for row in group.decisions)
        moved = {
            row["group_key"]
            for row in group.decisions
            if (is_reopening and row["pass_name"] not in _PASSES_BEFORE_REOPENING)
            or not moved_rows.isdisjoint((row["line_id"], row["opposite_line_id"], row["item_id"]))
        }
        touched = {
            line
            for row in group.decisions
            for line in (row["line_id"], row["opposite_line_id"])
            if line and row["group_key"] in moved
        }
        group.decisions = [row for row in group.decisions if row["group_key"] not in moved]
        group.breaks = [row for row in group.breaks if row["line_id"] not in touched]
        group.dropped, group.undecided_lines = len(moved), touched | payments


async def _renew_breaks(
    connection: AsyncConnection,
    fresh: list[GroupResult],
    taken_apart: frozenset[str],
    as_of: date,
    now: datetime,
) -> None:
    """Open breaks that are new, keep those that say the same, close those that no longer hold."""
    group_ids = [group.account_group_id for group in fresh]
    standing = {
        str(row.line_id or row.item_id): row
        for row in await matching.open_breaks(connection, group_ids)
    }
    line_ids = [row["line_id"] for group in fresh for row in group.breaks if row["line_id"]]
    item_ids = [row["item_id"] for group in fresh for row in group.breaks if row["item_id"]]
    lines = await items.lock_lines(connection, line_ids)
    expected = await items.lock_items(connection, item_ids)
    units = await money.units_of_groups(connection, group_ids)
    for group in fresh:
        booking = Booking(now=now, account_group_id=group.account_group_id, run_id=group.run_id)
        for row in group.breaks:
            subject = (
                lines.get(UUID(row["line_id"]))
                if row["line_id"]
                else expected.get(UUID(row["item_id"]))
            )
            if subject is None or subject.residual_minor == 0 or _is_due(row, expected):
                continue
            old = standing.pop(row["line_id"] or row["item_id"], None)
            is_nameless = row["line_id"] in taken_apart and row["code"] in _NAMELESS
            code = BreakCode.TAKEN_APART.value if is_nameless else row["code"]
            if old is not None and (old.code == code or _is_named_anew(old.code, code)):
                continue
            if old is not None:
                await matching.close_breaks_by_id(connection, [old.break_id], "renamed", now)
            booking.breaks.append(
                items.NewBreak(
                    booking.new_id(), code, group.account_group_id,
                    units[group.account_group_id],
                    UUID(row["line_id"]) if row["line_id"] else None,
                    UUID(row["item_id"]) if row["item_id"] else None,
                    None, None, None, subject.residual_minor, row["details"], as_of, now,
                    group.run_id,
                )
            )  # fmt: skip
        await items.insert_breaks(connection, booking.breaks)
    for line_id in set().union(*(group.undecided_lines for group in fresh)):
        standing.pop(line_id, None)
    await matching.close_breaks_by_id(
        connection, [row.break_id for row in standing.values()], "explained", now
    )


def _is_named_anew(standing: str, code: str) -> bool:
    return (standing, code) in _NAMED_BETTER


def _is_due(row: dict[str, Any], expected: dict[UUID, LockedItem]) -> bool:
    # Part payments and surplus have breaks of their own, opened when the money was placed.
    return bool(row["item_id"]) and expected[UUID(row["item_id"])].kind == "due"
