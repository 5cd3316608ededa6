"""The result of an account group as rows of one schema: what leaves the workers of a cluster.

A cluster function returns one table, a reconciliation several: each travels as Arrow streams, in
parts small enough for any row format. A refusal is a result too; raised, it would be tried again.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import msgspec
import pyarrow as pa

from payment_service.cluster.account_group import GroupResult, Job, reconcile_groups
from reconciliation import errors

SCHEMA: Final = pa.schema(
    [
        pa.field("account_group", pa.string()),
        pa.field("name", pa.string()),
        pa.field("content", pa.binary()),
    ]
)
_PROOF: Final = ""
_REFUSAL: Final = "!"
_PART_ROWS: Final = 20_000


def reconcile_to_envelopes(lines: pa.Table, items: pa.Table, job: Job) -> pa.Table:
    """Reconcile one account group and pack the result, or the refusal, into envelopes."""
    try:
        (result,) = reconcile_groups(lines, items, job)
    except errors.ReconciliationError as error:
        side = lines if lines.num_rows else items
        group = side.column("account_group")[0].as_py() or ""
        refusal = msgspec.json.encode([type(error).__name__, str(error)])
        rows: list[tuple[Any, ...]] = [(group, _REFUSAL, refusal)]
    else:
        group = result.account_group
        rows = [(group, _PROOF, msgspec.json.encode(result.proof))]
        for name, table in result.tables.items():
            rows += [(group, name, content) for content in _parts(table)]
    columns = zip(*rows, strict=True)
    return pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA)


def _parts(table: pa.Table) -> Iterator[bytes]:
    for start in range(0, max(table.num_rows, 1), _PART_ROWS):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table.slice(start, _PART_ROWS))
        yield sink.getvalue().to_pybytes()


def opened(envelopes: Iterable[dict[str, Any]]) -> Iterator[GroupResult]:
    """Yield the results that envelopes, sorted by group, hold; raises the first refusal."""
    for group, of_group in groupby(envelopes, key=itemgetter("account_group")):
        proof: dict[str, Any] = {}
        tables: dict[str, pa.Table] = {}
        for name, parts in groupby(of_group, key=itemgetter("name")):
            contents = [part["content"] for part in parts]
            if name == _REFUSAL:
                kind, sentence = msgspec.json.decode(contents[0])
                raise getattr(errors, kind)(sentence)
            if name == _PROOF:
                proof = msgspec.json.decode(contents[0])
            else:
                streams = [pa.ipc.open_stream(content).read_all() for content in contents]
                tables[name] = pa.concat_tables(streams)
        yield GroupResult(account_group=group, tables=tables, proof=proof)
