"""Account groups reconciled: the step that every engine repeats, on whatever machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from payment_service.domain.result_digest import result_sha256
from reconciliation.account_groups import by_group
from reconciliation.reconcile import Reconciliation, reconcile
from reconciliation.ruleset import RuleSet
from reconciliation.schemas import ITEMS, LINES

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What every account group is reconciled under; sent to the workers as it is."""

    ruleset: RuleSet
    as_of: date
    non_working_days: frozenset[date]
    memory_limit_bytes: int
    spill_folder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """The tables of one account group by their names in `Reconciliation`, and what proves them."""

    account_group: str
    tables: dict[str, pa.Table]
    proof: dict[str, Any]


def reconcile_groups(lines: pa.Table, items: pa.Table, job: Job) -> Iterator[GroupResult]:
    """Reconcile whole account groups together; yields the result of each, as it would be alone.

    They come in the order of their names; raises what `reconcile` raises. Together they cost one
    time what a run costs however small. Money for another group is not recognised as such by a
    run: its line is `UNKNOWN_REFERENCE`.
    """
    result = _reconciled(lines, items, job)
    whole = _tables(result)
    divided = {name: by_group(table) for name, table in whole.items()}
    totals: dict[str, list[dict[str, Any]]] = {}
    for total in result.totals:
        values = asdict(total)
        totals.setdefault(values.pop("account_group"), []).append(values)
    for group, run_key in sorted(result.run_keys.items()):
        tables = {
            name: of_groups.get(group, whole[name].slice(0, 0))
            for name, of_groups in divided.items()
        }
        proof = {
            "account_group": group,
            "run_key": run_key,
            "result_sha256": result_sha256(
                _rows(tables["decisions"]), _rows(tables["breaks"])
            ).hex(),
            "lines_sha256": result.digests.lines_by_group.get(group),
            "items_sha256": result.digests.items_by_group.get(group),
            "rows": {name: table.num_rows for name, table in tables.items()},
            "totals": totals.get(group, []),
        }
        yield GroupResult(account_group=group, tables=tables, proof=proof)


def result_schemas(job: Job) -> dict[str, pa.Schema]:
    """Return name and schema of every table that a reconciliation gives."""
    empty = _reconciled(LINES.empty_table(), ITEMS.empty_table(), job)
    return {name: table.schema for name, table in _tables(empty).items()}


def _reconciled(lines: pa.Table, items: pa.Table, job: Job) -> Reconciliation:
    with own_folder(job.spill_folder) as spill_folder:
        return reconcile(
            lines,
            items,
            ruleset=job.ruleset,
            as_of=job.as_of,
            non_working_days=job.non_working_days,
            memory_limit_bytes=job.memory_limit_bytes,
            spill_folder=spill_folder,
        )


@contextmanager
def own_folder(folder: str | None) -> Iterator[str | None]:
    """Yield a new folder inside one, gone at the end: two DuckDBs must not spill to the same."""
    if folder is None:
        yield None
        return
    with TemporaryDirectory(prefix="reconcile-", dir=folder) as own:
        yield own


def _tables(result: Reconciliation) -> dict[str, pa.Table]:
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    return {name: value for name, value in values.items() if isinstance(value, pa.Table)}


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from batch.to_pylist()
