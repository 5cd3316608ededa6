"""One account group reconciled: the step that every engine repeats, on whatever machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from payment_service.domain.result_digest import result_sha256
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


def reconcile_group(lines: pa.Table, items: pa.Table, job: Job) -> GroupResult:
    """Reconcile the rows of one account group; raises what `reconcile` raises.

    Money for another group is not recognised as such by a run: its line is `UNKNOWN_REFERENCE`.
    """
    result = _reconciled(lines, items, job)
    ((account_group, run_key),) = result.run_keys.items()
    tables = _tables(result)
    return GroupResult(
        account_group=account_group,
        tables=tables,
        proof={
            "account_group": account_group,
            "run_key": run_key,
            "result_sha256": result_sha256(_rows(result.decisions), _rows(result.breaks)).hex(),
            "lines_sha256": result.lines_sha256,
            "items_sha256": result.items_sha256,
            "rows": {name: table.num_rows for name, table in tables.items()},
            "totals": [
                {key: value for key, value in asdict(total).items() if key != "account_group"}
                for total in result.totals
            ],
        },
    )


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
