"""What other rules would change: two results of one day, compared line by line."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import pyarrow as pa

from reconciliation.reconcile import Reconciliation
from reconciliation.ruleset import RuleSet

Row = dict[str, Any]

_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "decisions": (
        "pass_name", "evidence_class", "effect", "item_id", "opposite_line_id", "amount_minor",
    ),
    "breaks": ("code", "details"),
    "suggestions": ("rank", "kind", "evidence_class", "item_id", "amount_minor"),
}  # fmt: skip
"""What of each table makes a difference; its order and its keys follow from these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is said of one line or one item under the rules before, and under those after."""

    line_id: str | None
    item_id: str | None
    before: tuple[Row, ...]
    after: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a table gains and loses, and what is said otherwise."""

    gained: tuple[Change, ...]
    lost: tuple[Change, ...]
    changed: tuple[Change, ...]


def changed_tables(before: Reconciliation, after: Reconciliation) -> dict[str, Changes]:
    """Return the changes of `decisions`, `breaks` and `suggestions`, in the order of the results.

    Decisions and suggestions are compared by line, breaks by line or item.
    """
    return {
        name: _changes(getattr(before, name), getattr(after, name), columns, name)
        for name, columns in _TABLES.items()
    }


def _changes(before: pa.Table, after: pa.Table, columns: tuple[str, ...], name: str) -> Changes:
    is_of_item = name == "breaks"
    said = [_by_subject(table, columns, is_of_item=is_of_item) for table in (before, after)]
    found: dict[str, list[Change]] = {field.name: [] for field in fields(Changes)}
    for line_id, item_id in dict.fromkeys([*said[0], *said[1]]):
        old, new = (tuple(each.get((line_id, item_id), ())) for each in said)
        if old != new:
            kind = "changed" if old and new else "lost" if old else "gained"
            found[kind].append(Change(line_id=line_id, item_id=item_id, before=old, after=new))
    return Changes(**{kind: tuple(changes) for kind, changes in found.items()})


def _by_subject(
    table: pa.Table, columns: tuple[str, ...], *, is_of_item: bool
) -> dict[tuple[str | None, str | None], list[Row]]:
    found: dict[tuple[str | None, str | None], list[Row]] = {}
    for row in table.to_pylist():
        key = (row["line_id"], row["item_id"] if is_of_item else None)
        found.setdefault(key, []).append({column: row[column] for column in columns})
    return found


def changed_rules(before: RuleSet, after: RuleSet) -> dict[str, tuple[Any, Any]]:
    """Return each rule that differs, with both its values."""
    old, new = (json.loads(each.canonical_json()) for each in (before, after))
    return {name: (old[name], new[name]) for name in sorted(old) if old[name] != new[name]}


def changes_as_document(changes: Mapping[str, Changes]) -> dict[str, Any]:
    """Return changes as plain lists and mappings, for JSON."""
    return {name: asdict(each) for name, each in changes.items()}
