"""The front door: lines and items in, decisions and breaks out, by evidence alone.

It decides and proves its sums; it writes nothing, and knows no clock and no database of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from string import Template
from typing import Final

import duckdb
import pyarrow as pa

from reconciliation.decisions import decisions
from reconciliation.errors import MemoryOutgrownError
from reconciliation.memo_scan import forget_settled_lines, scan_memos
from reconciliation.passes import PASSES, suspense, waiting
from reconciliation.repaired_references import find_repaired
from reconciliation.report import Digests, Total, digests, totals
from reconciliation.ruleset import RuleSet, overdue_since
from reconciliation.schemas import BREAKS, SUGGESTIONS
from reconciliation.suggestions import suggest
from reconciliation.working_tables import load, open_connection

_OVERDUE_CODES: Final = {
    "bank_notice": "NOTICE_NO_BANK",
    "payout": "BATCH_NO_BANK",
    "cost_top_up": "COST_NOT_RETURNED",
    "refund": "REFUND_NOT_SEEN",
    "unit_transfer": "TRANSFER_NOT_SEEN",
}

_INSERT: Final = Template("INSERT INTO verdict SELECT $$1, * FROM ($statement)")
_APPLY: Final = (
    """
    UPDATE line SET left_minor = left_minor - s.taken_minor
    FROM (SELECT line_no, CAST(sum(amount_minor) AS BIGINT) AS taken_minor FROM verdict
          WHERE stage = $1 AND effect IN ('settle', 'surplus', 'book') GROUP BY line_no) s
    WHERE line.line_no = s.line_no
    """,
    """
    UPDATE line SET left_minor = 0
    FROM (SELECT unnest([line_no, opposite_no]) AS line_no FROM verdict
          WHERE stage = $1 AND effect = 'pair') s
    WHERE line.line_no = s.line_no
    """,
    """
    UPDATE line SET is_held = TRUE
    FROM (SELECT line_no FROM verdict WHERE stage = $1 AND effect = 'hold') s
    WHERE line.line_no = s.line_no
    """,
    """
    UPDATE item SET left_minor = left_minor - s.taken_minor
    FROM (SELECT item_no, CAST(sum(amount_minor) AS BIGINT) AS taken_minor FROM verdict
          WHERE stage = $1 AND effect = 'settle' GROUP BY item_no) s
    WHERE item.item_no = s.item_no
    """,
)

_BREAKS: Final = """
WITH found AS (
    SELECT l.account_group, code, l.line_id, NULL AS item_id, details, l.line_no AS place,
        0 AS side, 0 AS within
    FROM line_break JOIN line l USING (line_no)
    UNION ALL
    SELECT i.account_group, code, NULL, i.item_id, details, i.item_no, 1, coalesce(b.line_no, 0)
    FROM item_break b JOIN item i USING (item_no)
)
SELECT account_group, code, line_id, item_id, details FROM found
ORDER BY account_group, side, place, within, code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """A whole result: what to do, what is left, and what proves both.

    The tables are sorted by the bytes of the account group. `run_keys` holds one key per account
    group: a stored result of the same key is this result.
    """

    decisions: pa.Table
    breaks: pa.Table
    suggestions: pa.Table
    totals: tuple[Total, ...]
    digests: Digests
    ruleset_sha256: str
    run_keys: Mapping[str, str]


def reconcile(
    lines: pa.Table,
    items: pa.Table,
    *,
    ruleset: RuleSet,
    as_of: date,
    non_working_days: frozenset[date],
    memory_limit_bytes: int,
    spill_folder: str | None,
) -> Reconciliation:
    """Match lines with items; the same content gives the same bytes in whatever order it comes.

    `non_working_days` holds weekends too. `InputError` when a table breaks its schema,
    `MemoryOutgrownError` when a run does not fit, `SoundnessError` when sums do not conserve.
    """
    last_days = {
        kind: overdue_since(as_of, days, non_working_days)
        for kind, days in ruleset.business_days_by_kind.items()
    }
    try:
        with open_connection(
            memory_limit_bytes=memory_limit_bytes, spill_folder=spill_folder
        ) as connection:
            rows = load(connection, lines, items)
            return _decide(connection, rows, ruleset, as_of, last_days)
    except duckdb.OutOfMemoryException as error:
        raise MemoryOutgrownError(f"{memory_limit_bytes} bytes were not enough") from error


def _decide(
    connection: duckdb.DuckDBPyConnection,
    rows: tuple[pa.Table, pa.Table],
    ruleset: RuleSet,
    as_of: date,
    last_days: Mapping[str, date],
) -> Reconciliation:
    input_digests = digests(*rows)
    run_keys = input_digests.run_keys(
        as_of=as_of, ruleset_sha256=ruleset.sha256(), last_days=last_days
    )
    _run_passes(connection, ruleset, as_of, last_days)
    return Reconciliation(
        decisions=decisions(connection, *rows),
        breaks=_table(connection, _BREAKS, BREAKS),
        suggestions=suggest(connection, ruleset).cast(SUGGESTIONS).combine_chunks(),
        totals=totals(connection),
        digests=input_digests,
        ruleset_sha256=ruleset.sha256(),
        run_keys=run_keys,
    )


def _run_passes(
    connection: duckdb.DuckDBPyConnection,
    ruleset: RuleSet,
    as_of: date,
    last_days: Mapping[str, date],
) -> None:
    connection.execute("SET VARIABLE look_back_days = $1", [ruleset.look_back_days])
    connection.execute("SET VARIABLE nearest_misses_max = $1", [ruleset.nearest_misses_max])
    connection.execute("SET VARIABLE bank_line_minor_max = $1", [ruleset.bank_line_minor_max])
    connection.execute("CREATE TABLE bank_rule (code VARCHAR, direction VARCHAR)")
    connection.executemany(
        "INSERT INTO bank_rule VALUES ($1, $2)",
        [[rule.code, rule.direction] for rule in ruleset.bank_rules],
    )
    weak_until = as_of - timedelta(days=ruleset.weak_after_days)
    connection.execute("SET VARIABLE weak_until = CAST($1 AS DATE)", [weak_until])
    connection.execute("CREATE TABLE patience (kind VARCHAR, code VARCHAR, last_day DATE)")
    connection.executemany(
        "INSERT INTO patience VALUES ($1, $2, $3)",
        [[kind, _OVERDUE_CODES[kind], day] for kind, day in last_days.items()],
    )
    scan_memos(connection)
    for stage, name in enumerate(ruleset.passes):
        if name == "repaired_references":
            forget_settled_lines(connection)
            find_repaired(connection)
        connection.execute(_INSERT.substitute(statement=PASSES[name].statement), [stage])
        for statement in _APPLY:
            connection.execute(statement, [stage])
    connection.execute(f"CREATE TABLE line_break AS {suspense.STATEMENT}")
    connection.execute(f"CREATE TABLE item_break AS {waiting.STATEMENT}")


def _table(connection: duckdb.DuckDBPyConnection, query: str, schema: pa.Schema) -> pa.Table:
    return connection.sql(query).to_arrow_table().cast(schema).combine_chunks()
