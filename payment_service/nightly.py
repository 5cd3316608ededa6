"""One business date's night, step by step; each step is a transaction of its own and may be rerun.

Sequencing only: left-over messages, files, matching, unproven and unreported notices, declaration,
invariants, report.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError

from bank_adapters.contract import AdapterError
from payment_service.context import Context
from payment_service.db import invariants, messages, nights
from payment_service.db.booking import canonical_json
from payment_service.domain.calendar import VIETNAM
from payment_service.domain.errors import (
    GatewayUnavailable,
    Invalid,
    PaymentServiceError,
    RequestInFlight,
    StateConflict,
    Unavailable,
)
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.confirm_notice import confirm_notice
from payment_service.use_cases.declare_fees import declare_fees
from payment_service.use_cases.import_settlement_report import import_settlement_report
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.miss_reports import miss_reports
from payment_service.use_cases.name_wrong_units import name_wrong_units
from payment_service.use_cases.prove_notices import prove_notices
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from reconciliation.breaks import BreakCode
from reconciliation.ruleset import RuleSet

LOG = structlog.get_logger()
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
    dropped: int = 0


async def run_night(
    context: Context, business_date: date, *, progress: Progress = _silent
) -> dict[str, Any]:
    """Run the night of a business date once and return its report; again: the stored report.

    Raises `RequestInFlight` while another process runs a night, `Invalid` for a date that has not
    come, `StateConflict` when a later night is finished or another process took this one over.
    """
    if business_date > context.clock().astimezone(VIETNAM).date():
        raise Invalid("this night has not come yet")
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
        last = await nights.last_finished(connection)
        if last is not None and last > business_date:
            raise StateConflict(f"the night of {last} is finished and did the work of this one")
    night = Night(business_date=business_date)
    await _act_on_left_overs(context, night)
    await _take_files(context, night, progress)
    await _match(context, night, progress)
    await prove_notices(context, business_date, ruleset=RuleSet())
    await miss_reports(context, business_date, ruleset=RuleSet())
    await declare_fees(context, business_date)
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
        try:
            await confirm_notice(context, message_id)
            await act_on_callback(context, message_id)
        except GatewayUnavailable:
            LOG.warning("message waits for its gateway", message_id=str(message_id))
            continue
        except Unavailable:
            raise
        except (AdapterError, PaymentServiceError, DBAPIError) as error:
            # One message must not stop the night of all units; it is tried again the next night.
            LOG.warning("message waits", message_id=str(message_id), error=type(error).__name__)
            continue
        night.left_over_messages += 1


async def _take_files(context: Context, night: Night, progress: Progress) -> None:
    """Take closed files; what waits for an earlier statement is tried again, then left there."""
    answers: dict[Path, dict[str, object]] = {}
    left = paths = _closed_files(context.pick_up_folder)
    tried = None
    while left and len(left) != tried:
        tried = len(left)
        for path in left:
            progress("files", len(answers), len(paths))
            answers[path] = await _take_file(context, path)
        left = [path for path in left if "waits" in answers[path]]
    progress("files", len(paths), len(paths))
    for path, answer in answers.items():
        night.files.append({"name": _printable(path.name), **answer})
        if path not in left:
            _put_away(path, "refused" if "error" in answer else "taken")


def _closed_files(folder: Path) -> list[Path]:
    """Return the files beside which a detached signature lies: those are whole."""
    signatures = folder.glob("*.sig") if folder.is_dir() else []
    paths = [folder / each.name.removesuffix(".sig") for each in signatures if each.is_file()]
    # Reports first: a payout on tonight's statement is explained by tonight's report.
    return sorted(
        (path for path in paths if path.is_file()),
        key=lambda path: (path.suffix != ".settlement", path.name),
    )


def _printable(name: str) -> str:
    # A file name is any bytes; the report is Unicode.
    return name.encode("utf-8", "replace").decode()


def _put_away(path: Path, folder_name: str) -> None:
    """Move a file and its signature; a bank may use one name every day and none is lost."""
    folder = path.parent / folder_name
    folder.mkdir(exist_ok=True)
    name, number = path.name, 1
    while (folder / name).exists():
        number += 1
        name = f"{path.stem}.{number}{path.suffix}"
    path.with_name(path.name + ".sig").replace(folder / f"{name}.sig")
    path.replace(folder / name)


def _read(path: Path) -> tuple[bytes, bytes]:
    return path.read_bytes(), path.with_name(path.name + ".sig").read_bytes()


async def _take_file(context: Context, path: Path) -> dict[str, object]:
    try:
        content, signature = _read(path)
        if path.suffix == ".settlement":
            await import_settlement_report(context, content, signature)
            return {"bytes": len(content)}
        delivered = DeliveredFile(name=_printable(path.name), content=content, signature=signature)
        answer = json.loads(await import_statement(context, delivered))
    except Unavailable:
        raise
    except (AdapterError, PaymentServiceError) as error:
        return {"error": str(error)}
    except IntegrityError:
        return {"error": "the database refuses what the file says"}
    except OSError as error:
        return {"error": f"cannot be read: {error.strerror}"}
    verdicts = [each["verdict"] for each in answer["statements"]]
    waits = any(each["reason_code"] == BreakCode.GAP for each in answer["statements"])
    return {"bytes": len(content), "verdicts": verdicts} | ({"waits": True} if waits else {})


async def _match(context: Context, night: Night, progress: Progress) -> None:
    async with context.database.read_only() as connection:
        group_ids = await nights.account_groups(connection)
    chunks = [
        group_ids[start : start + GROUPS_A_CHUNK]
        for start in range(0, len(group_ids), GROUPS_A_CHUNK)
    ]
    ruleset, dropped = RuleSet(), 0
    for done, chunk in enumerate(chunks):
        progress("matching", done, len(chunks))
        # Groups that nothing moved in return their stored run.
        for _ in range(RERUNS_MAX):
            results = await reconcile_accounts(context, chunk, night.business_date, ruleset=ruleset)
            fresh = [result for result in results if not result.stored_before]
            dropped = sum(result.dropped > 0 for result in fresh)
            if not dropped:
                break
        night.dropped += dropped
    await name_wrong_units(context)
    progress("matching", len(chunks), len(chunks))


async def _report(context: Context, night: Night) -> dict[str, Any]:
    async with context.database.read_only(snapshot=True) as connection:
        broken = await invariants.broken_invariants(connection)
        totals = await nights.control_totals(connection, night.business_date)
        sums = await nights.sums_of(connection, night.business_date)
        breaks = await nights.breaks_by_code(connection)
    return {
        "business_date": night.business_date.isoformat(),
        "left_over_messages": night.left_over_messages,
        "files": night.files,
        "decisions": sums.decisions,
        "account_groups_left_for_the_next_night": night.dropped,
        "declared_minor": sums.declared_minor,
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
