"""The tables a run works on: loaded, refused when they break their contract, numbered by content.

`line_no` and `item_no` count rows in an order that comes from content, so identifiers never decide.
"""

from collections.abc import Sequence
from typing import Final

import duckdb
import pyarrow as pa
from pyarrow import compute

from reconciliation.errors import InputError
from reconciliation.schemas import ITEMS, LINES

_PLACEHOLDER_KEYS: Final = "('', 'NONREF', 'NOTPROVIDED')"
"""What banks write when there is no key; two such lines have nothing in common."""
LINE_ORDER: Final = ("account_group", "booking_date", "content_key", "occurrence")
ITEM_ORDER: Final = ("account_group", "order_key")
_CONTROL: Final = r"[\x00-\x1f]"

_TABLES: Final = (
    # Most fields are empty, and an expression costs as much for them.
    """
    CREATE MACRO symbols_of(words) AS CASE WHEN words = '' THEN ''
        ELSE regexp_replace(upper(words), '[^A-Z0-9]', '', 'g') END
    """,
    f"CREATE MACRO is_key(key) AS upper(key) NOT IN {_PLACEHOLDER_KEYS}",
    """
    CREATE TABLE line AS
    SELECT row_number() OVER () AS line_no, *, residual_minor AS left_minor, FALSE AS is_held,
        symbols_of(end_to_end_reference) AS end_to_end_key,
        symbols_of(batch_reference) AS batch_key
    FROM lines
    """,
    """
    CREATE TABLE item AS
    SELECT row_number() OVER () AS item_no, *, residual_minor AS left_minor,
        symbols_of(reference) AS reference_key
    FROM items
    """,
    "CREATE VIEW open_line AS SELECT * FROM line WHERE left_minor > 0 AND NOT is_held",
    "CREATE VIEW open_item AS SELECT * FROM item WHERE left_minor > 0 AND state = 'open'",
    """
    CREATE TABLE verdict (
        stage INTEGER, pass_name VARCHAR, evidence_class VARCHAR, line_no BIGINT, item_no BIGINT,
        opposite_no BIGINT, effect VARCHAR, amount_minor BIGINT, step INTEGER, code VARCHAR,
        comparator VARCHAR, field VARCHAR, hit VARCHAR, line_minor BIGINT,
        left_before_minor BIGINT, details VARCHAR)
    """,
    # Keys stand in alphabetical order: the JSON of text and macro is canonical by construction.
    """
    CREATE MACRO evidence_of(
        pass_name, comparator, field, raw, hit, currency, line_minor, left_before_minor,
        break_code := NULL
    ) AS concat('{', '"break":' || to_json(break_code) || ',', '"comparator":"', comparator,
        '","currency":', to_json(currency), ',"field":"', field, '","hit":', to_json(hit),
        ',"left_before_minor":', left_before_minor, ',"line_minor":', line_minor,
        ',"pass":"', pass_name, '","raw":', to_json(raw), '}')
    """,
    """
    CREATE MACRO details_of(
        amount_minor, booked_on, currency, failed_criterion, nearest_miss,
        expected_account := NULL, expected_currency := NULL, expected_minor := NULL, found := NULL,
        found_account := NULL, originals := NULL, reference := NULL,
        "references" := NULL, "returns" := NULL
    ) AS concat('{"amount_minor":', amount_minor, ',"booked_on":"', booked_on, '","currency":',
        to_json(currency), ',"expected_account":' || to_json(expected_account),
        ',"expected_currency":' || to_json(expected_currency),
        ',"expected_minor":' || expected_minor, ',"failed_criterion":"', failed_criterion, '"',
        ',"found":' || to_json(found), ',"found_account":' || to_json(found_account),
        ',"nearest_miss":', nearest_miss, ',"originals":' || originals,
        ',"reference":' || to_json(reference), ',"references":' || to_json("references"),
        ',"returns":' || "returns", '}')
    """,
    """
    CREATE MACRO expected_amount_miss(expected_minor, reference) AS CAST(to_json([{
        'expected_minor': expected_minor, 'kind': 'expected_amount',
        'reference': reference}]) AS VARCHAR)
    """,
)

_REFUSALS: Final = {
    "a line identifier is used twice in a group": (
        "SELECT line_id FROM line GROUP BY account_group, line_id HAVING count(*) > 1"
    ),
    "an item identifier is used twice in a group": (
        "SELECT item_id FROM item GROUP BY account_group, item_id HAVING count(*) > 1"
    ),
    "two lines of a group have one content key and occurrence": (
        "SELECT content_key FROM line GROUP BY account_group, content_key, occurrence"
        " HAVING count(*) > 1"
    ),
    "two items of a group have one order key": (
        "SELECT order_key FROM item GROUP BY account_group, order_key HAVING count(*) > 1"
    ),
    "a line has an impossible amount, residual or direction": (
        "SELECT line_id FROM line WHERE amount_minor <= 0 OR residual_minor < 0"
        " OR residual_minor > amount_minor OR direction NOT IN ('credit', 'debit')"
    ),
    "an item has an impossible amount, residual, direction or state": (
        "SELECT item_id FROM item WHERE amount_minor <= 0 OR residual_minor < 0"
        " OR residual_minor > amount_minor OR direction NOT IN ('credit', 'debit')"
        " OR state NOT IN ('open', 'closed', 'cancelled')"
        " OR (kind IN ('due', 'bank_notice', 'cost_top_up') AND direction <> 'credit')"
        " OR (kind = 'refund' AND direction <> 'debit')"
    ),
    "a bank notice does not name its account": (
        "SELECT item_id FROM item WHERE kind = 'bank_notice' AND account = ''"
    ),
    "an item is of an unknown kind": (
        "SELECT item_id FROM item"
        " WHERE kind NOT IN"
        " ('due', 'bank_notice', 'payout', 'cost_top_up', 'refund', 'unit_transfer')"
    ),
}


def open_connection(
    *, memory_limit_bytes: int, spill_folder: str | None
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that reaches no file but the spill folder, when one is given."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{memory_limit_bytes}B",
            "threads": 2,
            "temp_directory": spill_folder or "",
            "preserve_insertion_order": True,
            "arrow_large_buffer_size": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def load(
    connection: duckdb.DuckDBPyConnection, lines: pa.Table, items: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """Fill `line` and `item` and return the rows in their order.

    `InputError` when a row breaks the contract of the schemas.
    """
    tables = {
        "lines": _in_order(connection, _checked(lines, LINES, "lines"), LINE_ORDER),
        "items": _in_order(connection, _checked(items, ITEMS, "items"), ITEM_ORDER),
    }
    for name, table in tables.items():
        connection.register(name, table)
    for statement in _TABLES:
        connection.execute(statement)
    for reason, statement in _REFUSALS.items():
        found = connection.execute(f"{statement} LIMIT 1").fetchone()
        if found is not None:
            raise InputError(f"{reason}: {found[0]}")
    return tables["lines"], tables["items"]


def _in_order(
    connection: duckdb.DuckDBPyConnection, table: pa.Table, names: Sequence[str]
) -> pa.Table:
    """Put rows in the order of some columns; only these are sorted, the others follow."""
    connection.register("arriving", table.select(names))
    arrived = connection.sql("SELECT row_number() OVER () - 1 AS place, * FROM arriving")
    places = arrived.order(", ".join(names)).project("place")
    return table.take(places.to_arrow_table().column("place").combine_chunks())


def _checked(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    missing = [column for column in schema.names if column not in table.column_names]
    if missing:
        raise InputError(f"{name} lack the column {missing[0]}")
    try:
        checked = table.select(schema.names).cast(schema)
        checked.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, ValueError) as error:
        raise InputError(f"{name} do not follow their schema: {error}") from error
    for column in schema.names:
        if checked.column(column).null_count:
            raise InputError(f"{name} have an empty {column}")
    return _printable(checked)


def _printable(table: pa.Table) -> pa.Table:
    """Put a blank for every control character: JSON has several spellings of the one."""
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_string(field.type) and any(map(_may_hold_controls, column.chunks)):
            cleaned = compute.replace_substring_regex(column, _CONTROL, " ")
            table = table.set_column(place, field, cleaned)
    return table


def _may_hold_controls(texts: pa.Array) -> bool:
    _, _, symbols = texts.buffers()
    if not symbols:
        return False
    codes = pa.Array.from_buffers(pa.uint8(), symbols.size, [None, symbols])
    return bool(compute.min(codes).as_py() < ord(" "))
