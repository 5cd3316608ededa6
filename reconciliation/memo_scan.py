"""Finds payment references in the narratives of many lines at once, as SQL.

It must find exactly what `payment_reference.find` and `near_misses` find; a property test says so.
"""

from string import Template
from typing import Final

import duckdb
import pyarrow as pa

from bank_adapters.payment_reference import (
    ALPHABET,
    FOREIGN,
    LENGTH,
    PREFIX,
    TRUNCATED_MIN,
    WEIGHTS,
    normalise_all,
)

_CONSTANTS: Final = {
    "alphabet": ALPHABET,
    "body": f"[{ALPHABET}]{{{LENGTH - len(PREFIX)}}}",
    "foreign": FOREIGN,
    "length": LENGTH,
    "modulus": len(ALPHABET),
    "negative_inverses": [-pow(weight, -1, len(ALPHABET)) % len(ALPHABET) for weight in WEIGHTS],
    "prefix": PREFIX,
    "truncated_min": TRUNCATED_MIN,
    "weighted_sum": " + ".join(
        f"{weight} * (strpos('{ALPHABET}', substr(symbols, {place}, 1)) - 1)"
        for place, weight in enumerate(WEIGHTS, start=1)
    ),
}
# One term a symbol: a loop over a list costs three times as much.
_WEIGHTED_SUM: Final = "CREATE MACRO weighted_sum(symbols) AS ($weighted_sum)"
_IS_REFERENCE: Final = """
CREATE MACRO is_reference(symbols) AS (
    regexp_full_match(symbols, '$prefix$body') AND weighted_sum(symbols) % $modulus = 0
)
"""

_MEMO: Final = "CREATE TABLE memo AS SELECT line_no, symbols FROM normalised"

# Nearly every memo holds the prefix once. In the others a fragment is put together from its piece
# and the next four: a memo of nothing but prefixes costs as much as any other of its length.
_FRAGMENT: Final = """
CREATE TABLE fragment AS
WITH found AS (
    SELECT line_no, symbols, start,
        contains(substr(symbols, start + 1), '$prefix') AS is_repeated
    FROM (SELECT *, strpos(symbols, '$prefix') AS start FROM memo) WHERE start > 0
),
piece AS (
    SELECT line_no, unnest(string_split(symbols, '$prefix')) AS piece,
        generate_subscripts(string_split(symbols, '$prefix'), 1) AS place
    FROM found WHERE is_repeated
),
repeated AS (
    SELECT line_no, place,
        CAST(sum(length(piece) + length('$prefix')) OVER before AS BIGINT) - length('$prefix') + 1
            AS start,
        substr('$prefix' || string_agg(left(piece, $length), '$prefix') OVER after, 1, $length)
            AS symbols
    FROM piece
    WINDOW before AS (PARTITION BY line_no ORDER BY place
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        after AS (PARTITION BY line_no ORDER BY place ROWS BETWEEN CURRENT ROW AND 4 FOLLOWING)
),
shadowed AS (
    SELECT line_no, start, symbols, is_valid, start < $length
            + coalesce(max(CASE WHEN is_valid THEN start END) OVER before, -$length) AS is_shadowed
    FROM (SELECT *, is_reference(symbols) AS is_valid FROM repeated
          WHERE place > 1 AND NOT regexp_full_match(symbols, '$foreign'))
    WINDOW before AS (PARTITION BY line_no ORDER BY start
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
judged AS (
    SELECT *, is_reference(symbols) AS is_valid, FALSE AS is_shadowed
    FROM (SELECT line_no, start, substr(symbols, start, $length) AS symbols FROM found
          WHERE NOT is_repeated)
    WHERE NOT regexp_full_match(symbols, '$foreign')
    UNION ALL
    SELECT * FROM shadowed
)
SELECT line_no, start, symbols, is_valid,
    NOT is_valid AND NOT is_shadowed
        AND (length(symbols) = $length OR length(symbols) >= $truncated_min
            AND regexp_full_match(symbols, '$prefix[$alphabet]*')) AS is_near_miss
FROM judged
"""

_NAMED: Final = """
CREATE TABLE named AS
SELECT line_no, symbols, bool_or(is_structured) AS is_structured, any_value(is_valid) AS is_valid
FROM (
    SELECT line_no, symbols, FALSE AS is_structured, is_valid FROM fragment WHERE is_valid
    UNION ALL
    SELECT line_no, end_to_end_key, TRUE, is_reference(end_to_end_key) FROM line
    WHERE left_minor > 0 AND end_to_end_key <> ''
)
GROUP BY line_no, symbols
"""

# The symbols of a word stand together in its memo, so a memo without the head of any key that is
# looked for names none: one expression over all memos, instead of every word of each. Heads are as
# long as few can be; of one symbol there are 36.
_BATCH_HEADS: Final = """
SET VARIABLE batch_heads = (
    SELECT string_agg(DISTINCT left(reference_key, length), '|')
    FROM item, (SELECT unnest(range(1, 9)) AS length)
    WHERE kind IN ('payout', 'refund', 'cost_top_up', 'unit_transfer')
        AND length(reference_key) >= 8
    GROUP BY length HAVING count(DISTINCT left(reference_key, length)) <= 64
    ORDER BY length DESC LIMIT 1)
"""
_BATCH_MEMO: Final = """
CREATE TABLE batch_memo AS
SELECT line_no FROM memo WHERE regexp_matches(symbols, getvariable('batch_heads'))
"""

_UNSETTLED: Final = "SEMI JOIN (SELECT line_no FROM line WHERE left_minor > 0) USING (line_no)"


def scan_memos(connection: duckdb.DuckDBPyConnection) -> None:
    """Build `memo`, `fragment`, `named` and `batch_memo` from `line`.

    `fragment` holds every place where a reference could begin; `named` the valid references and the
    structured key of each open line; `batch_memo` the lines whose memo may hold the key of a batch.
    """
    connection.register("normalised", _normalised(connection))
    connection.execute(with_constants(_WEIGHTED_SUM))
    connection.execute(with_constants(_IS_REFERENCE))
    connection.execute(_MEMO)
    connection.execute(with_constants(_FRAGMENT))
    connection.execute(_NAMED)
    connection.execute(_BATCH_HEADS)
    connection.execute(_BATCH_MEMO)


def forget_settled_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave in `memo`, `fragment` and `named` only lines that are not wholly explained yet."""
    for name in ("memo", "fragment", "named"):
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM {name} {_UNSETTLED}")


def _normalised(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    # Control characters are gone since the rows were loaded, so no memo holds a line break.
    memos = connection.sql(
        "SELECT line_no, narrative FROM line WHERE left_minor > 0"
    ).to_arrow_table()
    symbols = normalise_all(memos.column("narrative").to_pylist())
    return pa.table({"line_no": memos.column("line_no"), "symbols": pa.array(symbols, pa.string())})


def with_constants(statement: str) -> str:
    """Write what the reference is made of into a statement: macros take no parameters."""
    return Template(statement).substitute(_CONSTANTS)
