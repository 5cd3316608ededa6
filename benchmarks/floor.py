"""The least that the rows of a reconciled day cost this PostgreSQL: COPY, one join, one insert.

The rows are those that the service wrote; keys and primary indexes are kept, rules are not.
"""

import io
import time
from typing import Any

import asyncpg

from benchmarks.world import World

_TABLES = """
    CREATE SCHEMA floor;
    CREATE TABLE floor.statement_line (LIKE statement_line INCLUDING INDEXES);
    CREATE TABLE floor.match_group (LIKE match_group INCLUDING INDEXES);
    CREATE TABLE floor.allocation (LIKE allocation INCLUDING INDEXES);
"""
_JOIN = """
    CREATE TABLE floor.joined AS
    SELECT line.line_id, item.item_id, line.amount_minor
    FROM floor.statement_line AS line JOIN item ON item.reference =
      substring(line.narrative FROM 'HPF[A-HJKMNP-Z2-9]{10}')
      AND item.account_group_id = line.account_group_id
      AND item.amount_minor = line.amount_minor
    WHERE item.kind = 'due'
"""
_INSERT = """
    INSERT INTO floor.match_group SELECT * FROM match_group;
    INSERT INTO floor.allocation SELECT * FROM allocation;
    INSERT INTO floor.allocation
      SELECT uuidv7(), group_id, line_id, item_id, money_id, amount_minor, made_at
      FROM allocation;
"""


async def connect(world: World) -> Any:
    """Open a connection of the owner, beside the service's pool."""
    return await asyncpg.connect(
        host=str(world.server.socket_folder), user="payment_service", database="payment_service"
    )


async def floor_seconds(world: World, lines: int) -> float:
    """Return F2 + F3 + F6 in seconds: COPY of n lines, hash join n × n, n groups + 2n allocations.

    Raises `RuntimeError` when the join does not find what the service matched.
    """
    connection = await connect(world)
    try:
        await connection.execute(_TABLES)
        await connection.execute("ANALYZE item")
        rows = io.BytesIO()
        await connection.copy_from_query("SELECT * FROM statement_line", output=rows, format="csv")
        rows.seek(0)
        started = time.perf_counter()
        await connection.copy_to_table(
            "statement_line", schema_name="floor", source=rows, format="csv"
        )
        copied = time.perf_counter()
        await connection.execute("ANALYZE floor.statement_line")
        analysed = time.perf_counter()
        await connection.execute(_JOIN)
        await connection.execute(_INSERT)
        ended = time.perf_counter()
        joined = await connection.fetchval("SELECT count(*) FROM floor.joined")
    finally:
        await connection.close()
    if joined * 20 < lines * 19:
        raise RuntimeError(f"the join found {joined} of {lines} lines")
    return (copied - started) + (ended - analysed)
