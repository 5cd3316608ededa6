"""One machine: both inputs streamed in the order of their account groups, some groups at a time.

Memory is bounded by the limit while sorting, and by the largest account group while matching.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import duckdb
import pyarrow as pa
from pyarrow import dataset

from payment_service.cluster.account_group import GroupResult, Job, own_folder, reconcile_groups
from payment_service.cluster.parquet_tables import ParquetTable
from reconciliation.account_groups import runs_of_groups
from reconciliation.errors import InputError, MemoryOutgrownError

Progress = Callable[[int], None]
"""Told how many more rows are done."""

_BATCH_ROWS = 65_536
_ROWS_TOGETHER = 50_000
"""So many rows cost about what a run costs however small; memory for them is always there."""
_KEY = "account_group"


def reconcile_locally(
    lines: ParquetTable, items: ParquetTable, job: Job, progress: Progress
) -> Iterator[GroupResult]:
    """Yield the result of each account group, in the order of their names."""
    with own_folder(job.spill_folder) as spill_folder, _sorter(job, spill_folder) as connection:
        parts = heapq.merge(
            _groups(connection.cursor(), "lines", lines),
            _groups(connection.cursor(), "items", items),
            key=itemgetter(0),
        )
        for some in _some_groups(parts):
            of_lines = pa.concat_tables(some["lines"] or [lines.schema.empty_table()])
            of_items = pa.concat_tables(some["items"] or [items.schema.empty_table()])
            yield from reconcile_groups(of_lines, of_items, job)
            progress(of_lines.num_rows + of_items.num_rows)


def _some_groups(
    parts: Iterable[tuple[str, str, pa.Table]],
) -> Iterator[dict[str, list[pa.Table]]]:
    """Yield the sides of whole account groups together, as many as make enough rows."""
    some: defaultdict[str, list[pa.Table]] = defaultdict(list)
    count = 0
    for _, sides in groupby(parts, key=itemgetter(0)):
        for _, name, rows in sides:
            some[name].append(rows)
            count += rows.num_rows
        if count >= _ROWS_TOGETHER:
            yield some
            some, count = defaultdict(list), 0
    if some:
        yield some


def _sorter(job: Job, spill_folder: str | None) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{job.memory_limit_bytes}B",
            "threads": 2,
            "temp_directory": spill_folder or "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


def _groups(
    connection: duckdb.DuckDBPyConnection, name: str, table: ParquetTable
) -> Iterator[tuple[str, str, pa.Table]]:
    """Yield each account group, the table's name and the rows, sorted by the bytes of the group."""
    found = dataset.dataset([str(path) for path in table.files], schema=table.schema)
    try:
        sorted_rows = connection.from_arrow(found).order(_KEY).to_arrow_reader(_BATCH_ROWS)
        pieces = (piece for batch in sorted_rows for piece in _pieces(name, batch))
        for group, following in groupby(pieces, key=itemgetter(0)):
            yield group, name, pa.Table.from_batches([rows for _, rows in following])
    except duckdb.OutOfMemoryException as error:
        raise MemoryOutgrownError("the input cannot be sorted in the memory given") from error


def _pieces(name: str, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    if batch.column(_KEY).null_count:
        raise InputError(f"{name} have an empty {_KEY}")
    return runs_of_groups(batch)
