"""The verdicts of a run as decisions: in their order, named by identifiers, with their evidence.

Only what a verdict holds is joined and sorted; texts of lines and items are taken by their place.
"""

from string import Template
from typing import Final

import duckdb
import pyarrow as pa

from reconciliation.schemas import DECISIONS

# Parts of a batch are one group, which the first of its lines leads.
_VERDICTS: Final = """
WITH first_line AS (SELECT account_group, min(line_no) AS first_no FROM line GROUP BY account_group)
SELECT pass_name, evidence_class, effect, v.amount_minor, comparator, field, hit, line_minor,
    left_before_minor, CASE WHEN effect IN ('settle', 'surplus') THEN code END AS break_code,
    line_no - 1 AS line_place, item_no - 1 AS item_place, opposite_no - 1 AS opposite_place,
    CASE effect WHEN 'settle' THEN coalesce(opposite_no, line_no) ELSE line_no END - 1
        AS leading_place,
    first_no, stage, step
FROM verdict v JOIN line USING (line_no) JOIN first_line USING (account_group)
WHERE effect <> 'hold'
"""
_SEQUENCES: Final = """
SELECT place,
    row_number() OVER (PARTITION BY first_no ORDER BY stage, leading_place, step) AS sequence
FROM (SELECT row_number() OVER () - 1 AS place, first_no, stage, leading_place, step FROM verdicts)
ORDER BY first_no, sequence
"""

_ROWS_AT_ONCE: Final = 100_000
"""Parts are what several processors can work on at once."""
_FIELDS: Final = (
    "narrative", "bank_reference", "returned_reference", "batch_reference", "bank_code",
    "counterparty_account", "end_to_end_reference",
)  # fmt: skip
_TEXTS: Final = Template(
    """
SELECT concat_ws(':', content_key, occurrence, pass_name) AS group_key,
    evidence_of(pass_name, comparator, field, CASE field $raw END, hit, currency, line_minor,
        left_before_minor, break_code := break_code) AS evidence
FROM said
"""
).substitute(raw=" ".join(f"WHEN '{field}' THEN {field}" for field in _FIELDS))


def decisions(connection: duckdb.DuckDBPyConnection, lines: pa.Table, items: pa.Table) -> pa.Table:
    """Return what to do, from `verdict` and the rows that `load` returned."""
    verdicts = _in_sequence(connection, connection.sql(_VERDICTS).to_arrow_table())
    lines_of = lines.select(["line_id", "account_group", "currency", *_FIELDS])
    leading = lines.select(["content_key", "occurrence"]).take(verdicts.column("leading_place"))
    said = _beside(verdicts, lines_of.take(verdicts.column("line_place")), leading)
    parts = pa.Table.from_batches(said.to_batches(_ROWS_AT_ONCE), said.schema)
    connection.register("said", parts)
    texts = connection.sql(_TEXTS).to_arrow_table()
    connection.unregister("said")
    named = pa.table(
        {
            "item_id": items.column("item_id").take(verdicts.column("item_place")),
            "opposite_line_id": lines.column("line_id").take(verdicts.column("opposite_place")),
        }
    )
    found = _beside(said, named, texts)
    return found.select(DECISIONS.names).cast(DECISIONS).combine_chunks()


def _in_sequence(connection: duckdb.DuckDBPyConnection, verdicts: pa.Table) -> pa.Table:
    connection.register("verdicts", verdicts)
    sequences = connection.sql(_SEQUENCES).to_arrow_table().combine_chunks()
    connection.unregister("verdicts")
    return _beside(verdicts.take(sequences.column("place")), sequences)


def _beside(*tables: pa.Table) -> pa.Table:
    return pa.table({name: table.column(name) for table in tables for name in table.column_names})
