"""The result as files: one Parquet file a table, and a manifest that names and proves them.

Two results are *identical* when their manifests are, byte for byte: a manifest holds the SHA-256 of
every file beside it and knows neither engine, machine nor time. Files of equal rows are equal bytes
under one release of Arrow; under two, compare the files as Arrow tables, sorted by account group
and sequence as they stand, and the keys and digests of the account groups.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from payment_service.cluster.account_group import GroupResult, Job

MANIFEST = "manifest.json"
_ROW_GROUP_ROWS = 65_536


class _Table:
    """One growing Parquet file; where its row groups end depends on its rows alone."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.rows = 0
        self._schema = schema
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._writer = parquet.ParquetWriter(path, schema, compression="zstd")

    def append(self, rows: pa.Table) -> None:
        self.rows += rows.num_rows
        self._waiting.append(rows)
        self._waiting_rows += rows.num_rows
        if self._waiting_rows >= _ROW_GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting_rows:
            whole = pa.concat_tables(self._waiting).combine_chunks()
            self._writer.write_table(whole, row_group_size=_ROW_GROUP_ROWS)
        self._waiting, self._waiting_rows = [], 0


def write_results(
    folder: Path, job: Job, schemas: Mapping[str, pa.Schema], results: Iterable[GroupResult]
) -> dict[str, Any]:
    """Write results, which come in the order of their account groups; return the manifest.

    The manifest is written last: where there is none, nothing is finished.
    """
    tables = {name: _Table(folder / f"{name}.parquet", schema) for name, schema in schemas.items()}
    proofs = []
    try:
        for result in results:
            proofs.append(result.proof)
            for name, rows in result.tables.items():
                tables[name].append(rows)
    finally:
        for table in tables.values():
            table.close()
    manifest = {
        "as_of": job.as_of.isoformat(),
        "ruleset": json.loads(job.ruleset.canonical_json()),
        "ruleset_sha256": job.ruleset.sha256(),
        "files": {
            table.path.name: {"rows": table.rows, "sha256": _sha256(table.path)}
            for table in tables.values()
        },
        "totals": _sums(proofs),
        "account_groups": proofs,
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def _sums(proofs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    sums: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for proof in proofs:
        for total in proof["totals"]:
            found = sums[total["currency"], total["pass_name"], total["bucket"]]
            found[0] += total["lines"]
            found[1] += total["amount_minor"]
    return [
        {
            "currency": currency,
            "pass_name": pass_name,
            "bucket": bucket,
            "lines": lines,
            "amount_minor": amount_minor,
        }
        for (currency, pass_name, bucket), (lines, amount_minor) in sorted(sums.items())
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
