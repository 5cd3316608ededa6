"""One business date's night, step by step; each step is a transaction of its own and may be rerun.

Sequencing only: left-over messages, files, matching, declaration, invariants, report.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bank_adapters.contract import AdapterError
from payment_service.context import Context
from payment_service.db import invariants, messages, nights
from payment_service.db.booking import canonical_json
from payment_service.domain.errors import (
    PaymentServiceError,
    RequestInFlight,
    StateConflict,
)
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.declare_fees import declare_fees
from payment_service.use_cases.import_settlement_report import import_settlement_report
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from reconciliation.ruleset import RuleSet

GROUPS_A_CHUNK = 128
RERUNS_MAX = 3
Progress = Callable[[str, int, int], None]
"""Told the step, how much is done, and of how much."""


def _silent(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(slots=True, kw_only=True)
class Night:
    """What a night did so far."""

    business_date: date
    left_over_messages: int = 0
    files: list[dict[str, object]] = field(default_factory=list)
    decisions: int = 0
    dropped: int = 0
    declared_minor: int = 0


async def run_night(
    context: Context, business_date: date, *, progress: Progress = _silent
) -> dict[str, Any]:
    """Run the night of a business date once and return its report; again: the stored report.

    Raises `RequestInFlight` while another process runs a night, `StateConflict` when this one was
    overtaken.
    """
    async with context.database.hold("night") as is_mine:
        if not is_mine:
            raise RequestInFlight("another process runs a night")
        return await _run(context, business_date, progress)


async def _run(context: Context, business_date: date, progress: Progress) -> dict[str, Any]:
    now = context.clock()
    async with context.database.transaction() as connection:
        fence = await nights.start_night(connection, business_date, now)
        if fence is None:
            return await nights.find_report(connection, business_date)
    night = Night(business_date=business_date)
    await _act_on_left_overs(context, night)
    await _take_files(context, night, progress)
    await _match(context, night, progress)
    night.declared_minor = await declare_fees(context, business_date)
    report = await _report(context, night)
    async with context.database.transaction() as connection:
        if not await nights.finish_night(
            connection, business_date, fence, canonical_json(report), context.clock()
        ):
            raise StateConflict("another process took this night over")
    return report


async def _act_on_left_overs(context: Context, night: Night) -> None:
    async with context.database.read_only() as connection:
        waiting = await messages.unhandled_messages(connection, context.clock())
    for message_id in waiting:
        await act_on_callback(context, message_id)
        night.left_over_messages += 1


async def _take_files(context: Context, night: Night, progress: Progress) -> None:
    """Take closed files: a file is whole when its detached signature lies beside it."""
    folder = context.pick_up_folder
    signed = sorted(folder.glob("*.sig")) if folder.is_dir() else []
    paths = [path.with_suffix("") for path in signed if path.with_suffix("").is_file()]
    # Reports first: a payout on tonight's statement is explained by tonight's report.
    paths.sort(key=lambda path: (path.suffix != ".settlement", path.name))
    for done, path in enumerate(paths):
        progress("files", done, len(paths))
        answer = await _take_file(context, path)
        night.files.append({"name": path.name, **answer})
        target = folder / ("refused" if "error" in answer else "taken")
        target.mkdir(exist_ok=True)
        path.with_name(path.name + ".sig").replace(target / (path.name + ".sig"))
        path.replace(target / path.name)
    progress("files", len(paths), len(paths))


def _read(path: Path) -> tuple[bytes, bytes]:
    return path.read_bytes(), path.with_name(path.name + ".sig").read_bytes()


async def _take_file(context: Context, path: Path) -> dict[str, object]:
    content, signature = _read(path)
    take: Awaitable[object]
    if path.suffix == ".settlement":
        take = import_settlement_report(context, content, signature)
    else:
        take = import_statement(
            context, DeliveredFile(name=path.name, content=content, signature=signature)
        )
    try:
        await take
    except Unavailable:
        raise
    except (AdapterError, PaymentServiceError) as error:
        return {"error": str(error)}
    return {"bytes": len(content)}


async def _match(context: Context, night: Night, progress: Progress) -> None:
    async with context.database.read_only() as connection:
        group_ids = await nights.account_groups(connection)
    chunks = [
        group_ids[start : start + GROUPS_A_CHUNK]
        for start in range(0, len(group_ids), GROUPS_A_CHUNK)
    ]
    ruleset = RuleSet()
    for done, chunk in enumerate(chunks):
        progress("matching", done, len(chunks))
        waiting = chunk
        for _ in range(RERUNS_MAX):
            results = await reconcile_accounts(
                context, waiting, night.business_date, ruleset=ruleset
            )
            fresh = [result for result in results if not result.stored_before]
            night.decisions += sum(len(result.decisions) for result in fresh)
            waiting = [result.account_group_id for result in fresh if result.dropped]
            if not waiting:
                break
        night.dropped += len(waiting)
    progress("matching", len(chunks), len(chunks))


async def _report(context: Context, night: Night) -> dict[str, Any]:
    async with context.database.read_only(snapshot=True) as connection:
        broken = await invariants.broken_invariants(connection)
        totals = await nights.control_totals(connection, night.business_date)
        breaks = await nights.breaks_by_code(connection)
    return {
        "business_date": night.business_date.isoformat(),
        "left_over_messages": night.left_over_messages,
        "files": night.files,
        "decisions": night.decisions,
        "account_groups_left_for_the_next_night": night.dropped,
        "declared_minor": night.declared_minor,
        "totals": [dict(row._mapping) for row in totals],  # noqa: SLF001 - SQLAlchemy's name
        "open_breaks": [
            {
                "code": row.code,
                "breaks": row.breaks,
                "amount_minor": row.amount_minor,
                "oldest_on": row.oldest_on.isoformat(),
            }
            for row in breaks
        ],
        "broken_invariants": broken,
    }
