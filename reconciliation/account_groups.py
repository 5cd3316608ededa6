"""Tables divided by account group: the unit in which money is matched and proven."""

from collections.abc import Iterator

import pyarrow as pa
from pyarrow import compute


def runs_of_groups(rows: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Yield each run of rows that have one `account_group`, without a copy."""
    runs = compute.run_end_encode(rows.column("account_group"))
    start = 0
    for group, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield group, rows.slice(start, end - start)
        start = end


def by_group(table: pa.Table) -> dict[str, pa.Table]:
    """Divide a table that is sorted by account group."""
    batches: dict[str, list[pa.RecordBatch]] = {}
    for batch in table.to_batches():
        for group, run in runs_of_groups(batch):
            batches.setdefault(group, []).append(run)
    return {group: pa.Table.from_batches(runs) for group, runs in batches.items()}
