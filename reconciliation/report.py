"""The proof beside a result: sums that conserve money, digests of the input, keys of the runs."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb
import pyarrow as pa
from pyarrow import compute

from reconciliation.account_groups import runs_of_groups
from reconciliation.errors import SoundnessError

_ROWS_AT_ONCE: Final = 16_384
"""As many rows as text as stay in a processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Lines and money of one bucket in one pass: what came `in`, and what became of it.

    `bucket` is `in`, `settled`, `paired`, `surplus`, `booked` or `open`. Per account group and
    currency, `in` equals the sum of the others, in count and in value. A line
    is counted once: with its surplus when it has one. `in` includes closed lines that a return
    reopened; a pair counts both its lines.
    """

    account_group: str
    currency: str
    pass_name: str
    bucket: str
    lines: int
    amount_minor: int


_TOTALS: Final = """
WITH flow AS (
    SELECT line_no, pass_name, 'settled' AS bucket, amount_minor, 2 AS rank
    FROM verdict WHERE effect = 'settle'
    UNION ALL
    SELECT line_no, pass_name, 'surplus', amount_minor, 1 FROM verdict WHERE effect = 'surplus'
    UNION ALL
    SELECT line_no, pass_name, 'booked', amount_minor, 0 FROM verdict WHERE effect = 'book'
    UNION ALL
    SELECT unnest([line_no, opposite_no]), pass_name, 'paired', amount_minor, 0
    FROM verdict WHERE effect = 'pair'
    UNION ALL
    SELECT line_no, 'suspense', 'open', left_minor, 3 FROM line WHERE left_minor > 0
),
ranked AS (SELECT *, row_number() OVER (PARTITION BY line_no ORDER BY rank) AS place FROM flow),
reopened AS (
    SELECT opposite_no AS line_no, amount_minor FROM verdict WHERE effect = 'unmatch'
)
SELECT account_group, currency, '' AS pass_name, 'in' AS bucket, count(*) AS lines,
    CAST(sum(l.residual_minor + coalesce(r.amount_minor, 0)) AS BIGINT) AS amount_minor
FROM line l LEFT JOIN reopened r USING (line_no)
WHERE l.residual_minor > 0 OR r.amount_minor IS NOT NULL GROUP BY account_group, currency
UNION ALL
SELECT account_group, currency, pass_name, bucket, count(*) FILTER (WHERE place = 1),
    CAST(sum(f.amount_minor) AS BIGINT)
FROM ranked f JOIN line USING (line_no) GROUP BY ALL
ORDER BY 1, 2, 3, 4
"""

_NEGATIVE: Final = """
SELECT 'line' FROM line WHERE left_minor < 0
UNION ALL SELECT 'item' FROM item WHERE left_minor < 0
"""


def totals(connection: duckdb.DuckDBPyConnection) -> tuple[Total, ...]:
    """Return the sums of a run; raise `SoundnessError` when they do not conserve money."""
    if connection.execute(_NEGATIVE).fetchone() is not None:
        raise SoundnessError("more was allocated than a line or an item holds")
    rows = connection.execute(_TOTALS).fetchall()
    result = tuple(
        Total(
            account_group=group,
            currency=currency,
            pass_name=pass_name,
            bucket=bucket,
            lines=lines,
            amount_minor=amount_minor,
        )
        for group, currency, pass_name, bucket, lines, amount_minor in rows
    )
    _require_conservation(result)
    return result


def _require_conservation(rows: tuple[Total, ...]) -> None:
    balance: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        sign = 1 if row.bucket == "in" else -1
        lines, amount_minor = balance.get((row.account_group, row.currency), (0, 0))
        balance[row.account_group, row.currency] = (
            lines + sign * row.lines,
            amount_minor + sign * row.amount_minor,
        )
    for (group, currency), rest in balance.items():
        if rest != (0, 0):
            raise SoundnessError(f"lines of {group} in {currency} do not add up: {rest}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """SHA-256 of the content of the input of each account group, whatever the order of its rows.

    A group without lines, or without items, has no digest of them.
    """

    lines_by_group: Mapping[str, str]
    items_by_group: Mapping[str, str]

    def run_keys(
        self, *, as_of: date, ruleset_sha256: str, last_days: Mapping[str, date]
    ) -> dict[str, str]:
        """Return one key per account group: equal keys mean an equal result.

        `last_days` is all that a run takes from the calendar of business days.
        """
        calendar = [f"{kind}={day.isoformat()}" for kind, day in sorted(last_days.items())]
        groups = sorted({*self.lines_by_group, *self.items_by_group})
        return {
            group: _sha256_of(
                (
                    group,
                    as_of.isoformat(),
                    ruleset_sha256,
                    *calendar,
                    self.lines_by_group.get(group, ""),
                    self.items_by_group.get(group, ""),
                )
            )
            for group in groups
        }


def digests(lines: pa.Table, items: pa.Table) -> Digests:
    """Digest rows in their order; identifiers are left out, so that content alone names a run."""
    return Digests(
        lines_by_group=_digests(lines.drop_columns("line_id")),
        items_by_group=_digests(items.drop_columns("item_id")),
    )


def _digests(table: pa.Table) -> dict[str, str]:
    """Digest what stands in the rows of each group, which follow each other."""
    found: dict[str, Any] = {}
    for chunk in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        # No text holds the separator, and the last one ends the row.
        texts = [compute.cast(column, pa.string()) for column in chunk.columns]
        rows = compute.binary_join_element_wise(*texts, "", "\x1f")
        for group, run in runs_of_groups(
            chunk.select(["account_group"]).append_column("row", rows)
        ):
            digest = found.setdefault(group, hashlib.sha256())
            digest.update(_content(run.column("row")))
    return {group: digest.hexdigest() for group, digest in found.items()}


def _content(texts: pa.Array) -> memoryview:
    """Return the symbols of texts, one after another, without a copy."""
    _, offsets, symbols = texts.buffers()
    ends = memoryview(offsets).cast("i")
    return memoryview(symbols)[ends[texts.offset] : ends[texts.offset + len(texts)]]


def _sha256_of(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.hexdigest()
