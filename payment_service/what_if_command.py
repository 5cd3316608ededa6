"""`reconcile --dry-run --rules FILE`: what other rules would change, as tables or JSON."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
from pyarrow import compute
from rich.table import Table
from rich.text import Text

from payment_service import commands
from payment_service.cluster.run_files import read_changed_ruleset
from payment_service.context import Context
from payment_service.domain.errors import ConfigurationError
from payment_service.use_cases.compare_rules import Compared, compare_rules
from payment_service.use_cases.reconcile_accounts import MEMORY_LIMIT_BYTES
from reconciliation.ruleset import RuleSet
from reconciliation.what_if import Change, changed_rules, changes_as_document

_LINE_COLUMNS: Final = ("line_id", "booking_date", "direction", "amount_minor", "bank_reference")
_ITEM_COLUMNS: Final = ("item_id", "kind", "reference", "amount_minor")
_NOTHING: Final = "–"


async def reconcile(context: Context, parsed: argparse.Namespace) -> int:
    """Match one account group now; with other rules, only say what they would change."""
    if parsed.rules is None:
        return await commands.reconcile(context, parsed)
    if not parsed.dry_run or parsed.export:
        raise ConfigurationError("--rules only looks ahead: give --dry-run, and no --export")
    standing = RuleSet()
    proposed = read_changed_ruleset(parsed.rules, standing)
    group_id, as_of = await commands.group_and_date(context, parsed)
    compared = await compare_rules(
        context,
        [group_id],
        as_of,
        standing=standing,
        proposed=proposed,
        memory_limit_bytes=MEMORY_LIMIT_BYTES,
    )
    rules = changed_rules(standing, proposed)
    subjects = _subjects(compared)
    if parsed.json:
        document = {
            "account_group": str(group_id),
            "as_of": as_of.isoformat(),
            "rules": {
                "changed": {
                    name: {"before": old, "after": new} for name, (old, new) in rules.items()
                },
                "proposed_sha256": proposed.sha256(),
                "standing_sha256": standing.sha256(),
            },
            "subjects": subjects,
            **changes_as_document(compared.changes),
        }
        commands.print_line(
            json.dumps(document, sort_keys=True, separators=(",", ":"), default=str)
        )
        return 0
    _print_tables(compared, rules, subjects)
    return 0


def _subjects(compared: Compared) -> dict[str, dict[str, Any]]:
    """Return what the changed lines and items are, by their identifiers."""
    changes = [
        change
        for each in compared.changes.values()
        for change in (*each.gained, *each.lost, *each.changed)
    ]
    told = [row for change in changes for row in (*change.before, *change.after)]
    lines = [change.line_id for change in changes] + [row.get("opposite_line_id") for row in told]
    items = [change.item_id for change in changes] + [row.get("item_id") for row in told]
    return {
        **_picked(compared.rows.lines, _LINE_COLUMNS, lines),
        **_picked(compared.rows.items, _ITEM_COLUMNS, items),
    }


def _picked(
    table: pa.Table, columns: Sequence[str], ids: Sequence[str | None]
) -> dict[str, dict[str, Any]]:
    wanted = pa.array(sorted({each for each in ids if each}), pa.string())
    rows = table.filter(compute.is_in(table.column(columns[0]), wanted)).select(columns)
    return {row.pop(columns[0]): row for row in rows.to_pylist()}


def _print_tables(
    compared: Compared,
    rules: Mapping[str, tuple[Any, Any]],
    subjects: Mapping[str, Mapping[str, Any]],
) -> None:
    for name, (old, new) in rules.items():
        commands.print_line(f"{name}: {_value(old)} → {_value(new)}")
    for name, changes in compared.changes.items():
        commands.print_line(
            f"{name}: {len(changes.gained)} gained, {len(changes.lost)} lost, "
            f"{len(changes.changed)} changed"
        )
        kinds = {"gained": changes.gained, "lost": changes.lost, "changed": changes.changed}
        if not any(kinds.values()):
            continue
        table = Table("", "of", "under the standing rules", "under these rules")
        for kind, found in kinds.items():
            for change in found:
                table.add_row(*(Text(cell) for cell in (kind, *_cells(change, subjects))))
        commands.OUT.print(table)


def _cells(change: Change, subjects: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield _name(change.line_id or change.item_id, subjects)
    for rows in (change.before, change.after):
        yield "\n".join(_said(row, subjects) for row in rows) or _NOTHING


def _said(row: Mapping[str, Any], subjects: Mapping[str, Mapping[str, Any]]) -> str:
    if "details" in row:
        return str(row["code"])
    target = row["item_id"] or row.get("opposite_line_id")
    told = [row.get("pass_name") or row["kind"], row["evidence_class"], row.get("effect", "")]
    return " ".join(filter(None, [*told, str(row["amount_minor"]), _name(target, subjects)]))


def _name(subject_id: str | None, subjects: Mapping[str, Mapping[str, Any]]) -> str:
    subject = subjects.get(subject_id or "", {})
    return commands.plain(" ".join(str(value) for value in subject.values() if value != ""))


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
