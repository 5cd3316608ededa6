"""What a run was made from, as files: rows, rules and calendar, to be reconciled again anywhere."""

import csv
import errno
import io
import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import msgspec
import pyarrow as pa
from pyarrow import parquet

from payment_service.domain.calendar import BusinessCalendar, CalendarError
from payment_service.domain.errors import ConfigurationError, Invalid
from payment_service.seed import DayKind, SeedError, read_holidays
from payment_service.seed.cells import Row, parse_rows
from reconciliation.ruleset import RuleSet

RULES, CALENDAR, RUN = "ruleset.json", "calendar.csv", "run.json"
_CALENDAR_COLUMNS = ("day", "kind")


def empty_folder(folder: Path) -> Path:
    """Return a folder, made when there is none; refuse one that holds anything."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(folder))
    return folder.absolute()


def write_inputs(
    folder: Path, lines: pa.Table, items: pa.Table, ruleset: RuleSet, calendar: BusinessCalendar
) -> None:
    """Write into an empty folder what `reconcile-parquet` takes: tables, rule set, calendar."""
    folder = empty_folder(folder)
    for name, table in (("lines", lines), ("items", items)):
        (folder / name).mkdir()
        parquet.write_table(table, folder / name / f"{name}.parquet", compression="zstd")
    (folder / RULES).write_text(ruleset.canonical_json(), encoding="utf-8")
    days = [(day, DayKind.HOLIDAY) for day in calendar.holidays]
    days += [(day, DayKind.MAKE_UP_WORKING_DAY) for day in calendar.make_up_days]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_CALENDAR_COLUMNS)
    writer.writerows((day.isoformat(), kind.value) for day, kind in sorted(days))
    (folder / CALENDAR).write_text(text.getvalue(), encoding="utf-8")


def write_run(
    folder: Path, account_group: UUID, as_of: date, proofs: Sequence[Mapping[str, Any] | None]
) -> None:
    """Write beside the inputs what the stored run of an account group is proven by.

    A run that was not stored has no proof; one that dropped decisions, because rows moved while it
    decided, has another digest than the same run performed again.
    """
    stored = next((proof for proof in proofs if proof), None)
    run = {"account_group": str(account_group), "as_of": as_of.isoformat(), "stored": stored}
    (folder / RUN).write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


def read_ruleset(path: Path | None) -> RuleSet:
    """Read a rule set from its canonical JSON; without a file the standing one."""
    if path is None:
        return RuleSet()
    try:
        content = path.read_bytes()
        ruleset = msgspec.json.decode(content, type=RuleSet)
        if json.loads(content) != json.loads(ruleset.canonical_json()):
            raise Invalid(f"{path}: not the whole rule set of this program")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid(f"{path}: not a rule set: {error}") from error
    return ruleset


def read_changed_ruleset(path: Path, standing: RuleSet) -> RuleSet:
    """Read the rules that differ from the standing ones: a JSON object of those fields only.

    Raises `ConfigurationError` for a rule that does not exist and for a value no rule can have.
    """
    try:
        given = json.loads(
            path.read_bytes(),
            object_pairs_hook=_each_once,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
        return _changed(standing, given)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _changed(standing: RuleSet, given: object) -> RuleSet:
    rules = json.loads(standing.canonical_json())
    match given:
        case dict():
            unknown = sorted(given.keys() - rules.keys())
        case _:
            raise ValueError("rules are one JSON object")
    if unknown:
        raise ValueError(f"there is no rule {unknown[0]!a}")
    rules |= {"version": f"{standing.version}-what-if"} | given
    changed = msgspec.convert(rules, RuleSet)
    if json.loads(changed.canonical_json()) != rules:
        raise ValueError("it says more than a rule set holds")
    return changed


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a rule is given twice")
    return found


def _refuse_number(number: str) -> NoReturn:
    raise ValueError(f"{number} is not a whole number")


def read_calendar(path: Path | None) -> BusinessCalendar:
    """Read holidays and make-up working days; without a file those of the seeds."""
    try:
        days = _days_of(path) if path else [(seed.day, seed.kind) for seed in read_holidays()]
        return BusinessCalendar(
            holidays=frozenset(day for day, kind in days if kind is DayKind.HOLIDAY),
            make_up_days=frozenset(day for day, kind in days if kind is not DayKind.HOLIDAY),
        )
    except (SeedError, CalendarError, UnicodeDecodeError) as error:
        raise Invalid(f"not a calendar: {error}") from error


def _days_of(path: Path) -> list[tuple[date, DayKind]]:
    def build(row: Row) -> tuple[date, DayKind]:
        return row.day("day"), row.one_of("kind", DayKind)

    return parse_rows(path.name, path.read_text(encoding="utf-8"), _CALENDAR_COLUMNS, build)
