"""Finds payment references in the narratives of many lines at once, as SQL.

It must find exactly what `payment_reference.find` and `near_misses` find; a property test says so.
"""

from typing import Final

import duckdb
import pyarrow as pa

from bank_adapters.payment_reference import ALPHABET, FOREIGN, LENGTH, PREFIX, WEIGHTS, normalise

_TRUNCATED_MIN: Final = len(PREFIX) + 8

_IS_REFERENCE: Final = """
CREATE MACRO is_reference(symbols) AS (
    regexp_full_match(symbols, $shape)
    AND list_sum(list_transform(
        range(1, $length + 1),
        lambda place: $weights[place] * (strpos($alphabet, symbols[place]) - 1)
    )) % length($alphabet) = 0
)
"""

_MEMO: Final = """
CREATE TABLE memo AS
SELECT line_no, coalesce(folded.symbols, symbols_of(narrative)) AS symbols
FROM line LEFT JOIN folded USING (narrative)
WHERE left_minor > 0
"""

# A fragment is put together from its piece and the next four: a memo of nothing but prefixes costs
# as much as any other text of its length.
_FRAGMENT: Final = """
CREATE TABLE fragment AS
WITH piece AS (
    SELECT line_no, unnest(string_split(symbols, $prefix)) AS piece,
        generate_subscripts(string_split(symbols, $prefix), 1) AS place
    FROM memo WHERE contains(symbols, $prefix)
),
start AS (
    SELECT line_no, place,
        CAST(sum(length(piece) + length($prefix)) OVER before AS BIGINT) - length($prefix) + 1
            AS start,
        substr($prefix || string_agg(left(piece, $length), $prefix) OVER after, 1, $length)
            AS symbols
    FROM piece
    WINDOW before AS (PARTITION BY line_no ORDER BY place
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        after AS (PARTITION BY line_no ORDER BY place ROWS BETWEEN CURRENT ROW AND 4 FOLLOWING)
),
candidate AS (
    SELECT line_no, start, symbols FROM start
    WHERE place > 1 AND NOT regexp_full_match(symbols, $foreign)
),
judged AS (SELECT *, is_reference(symbols) AS is_valid FROM candidate)
SELECT line_no, start, symbols, is_valid,
    NOT is_valid AND length(symbols) >= $truncated_min
        AND start >= $length
            + coalesce(max(CASE WHEN is_valid THEN start END) OVER before, -$length) AS is_near_miss
FROM judged
WINDOW before AS (PARTITION BY line_no ORDER BY start
                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""

_NAMED: Final = """
CREATE TABLE named AS
SELECT line_no, symbols, bool_or(is_structured) AS is_structured, min(start) AS start
FROM (
    SELECT line_no, symbols, FALSE AS is_structured, start FROM fragment WHERE is_valid
    UNION ALL
    SELECT line_no, end_to_end_key, TRUE, 0 FROM line WHERE left_minor > 0 AND end_to_end_key <> ''
)
GROUP BY line_no, symbols
"""


def scan_memos(connection: duckdb.DuckDBPyConnection) -> None:
    """Build `memo`, `fragment` and `named` from `line`.

    `fragment` holds every place where a reference could begin; `named` the valid references and the
    structured key of each open line. Text beyond ASCII is folded by `normalise` itself.
    """
    _fold_foreign_text(connection)
    connection.execute(_literal(_IS_REFERENCE))
    connection.execute(_MEMO)
    connection.execute(_literal(_FRAGMENT))
    connection.execute(_NAMED)


def _fold_foreign_text(connection: duckdb.DuckDBPyConnection) -> None:
    foreign = connection.sql(
        "SELECT DISTINCT narrative FROM line"
        " WHERE left_minor > 0 AND strlen(narrative) <> length(narrative)"
    ).to_arrow_table()
    narratives = foreign.column("narrative")
    symbols = [normalise(str(narrative)) for narrative in narratives]
    folded = pa.table(
        {"narrative": narratives, "symbols": pa.array(symbols, pa.string())},
        schema=pa.schema([("narrative", pa.string()), ("symbols", pa.string())]),
    )
    connection.register("folded", folded)


def _literal(statement: str) -> str:
    """Write the constants of the reference into a statement: macros take no parameters."""
    constants = {
        "$shape": f"'{PREFIX}[{ALPHABET}]{{{LENGTH - len(PREFIX)}}}'",
        "$foreign": f"'{FOREIGN}'",
        "$prefix": f"'{PREFIX}'",
        "$alphabet": f"'{ALPHABET}'",
        "$weights": str(list(WEIGHTS)),
        "$length": str(LENGTH),
        "$truncated_min": str(_TRUNCATED_MIN),
    }
    for name, literal in constants.items():
        statement = statement.replace(name, literal)
    return statement
