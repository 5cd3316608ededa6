"""What could explain a line that no evidence explains: ranked for a person, never acted on."""

from collections import Counter, defaultdict
from typing import Final, NamedTuple

import duckdb
import pyarrow as pa

from reconciliation.lump_sum import find_combination
from reconciliation.ruleset import RuleSet

_UNNAMED: Final = """
CREATE TABLE unnamed AS
SELECT * FROM open_line
WHERE direction = 'credit' AND line_no NOT IN (SELECT line_no FROM named)
"""

_DUES: Final = "CREATE VIEW open_due AS SELECT * FROM open_item WHERE kind = 'due'"

# `strength` orders what kinds of evidence are worth, strongest first.
_SUGGESTED: Final = """
CREATE TABLE suggested AS
WITH named_due AS (
    SELECT n.line_no, d.item_no, d.left_minor, n.symbols AS found,
        sum(d.left_minor) OVER (PARTITION BY n.line_no) AS sum_minor,
        count(*) OVER (PARTITION BY n.line_no) AS dues
    FROM named n JOIN line l USING (line_no)
    JOIN open_due d ON d.account_group = l.account_group AND d.currency = l.currency
        AND d.reference_key = n.symbols AND (d.account = l.account OR d.account = '')
    WHERE l.direction = 'credit' AND l.left_minor > 0
),
side AS (
    SELECT account_group, currency, left_minor, line_no, NULL AS item_no,
        booking_date - DATE '1970-01-01' AS day FROM unnamed
    UNION ALL
    SELECT account_group, currency, left_minor, NULL, item_no, opened_on - DATE '1970-01-01'
    FROM open_due
),
counted AS (
    SELECT line_no, item_no, count(item_no) OVER before AS dues,
        sum(item_no) OVER before AS other_item, count(line_no) OVER after AS "lines"
    FROM side
    WINDOW before AS (PARTITION BY account_group, currency, left_minor ORDER BY day
            RANGE BETWEEN getvariable('pair_days') PRECEDING AND CURRENT ROW),
        after AS (PARTITION BY account_group, currency, left_minor ORDER BY day
            RANGE BETWEEN CURRENT ROW AND getvariable('pair_days') FOLLOWING)
),
pair AS (
    SELECT a.line_no, b.item_no FROM counted a JOIN counted b ON b.item_no = a.other_item
    WHERE a.line_no IS NOT NULL AND a.dues = 1 AND b."lines" = 1
)
SELECT line_no, 'named_split' AS kind, 'C' AS evidence_class, 1 AS strength, item_no, found,
    'none' AS slip, n.left_minor AS amount_minor, TRUE AS is_sum
FROM named_due n JOIN line l USING (line_no) WHERE dues > 1 AND sum_minor = l.left_minor
UNION ALL
SELECT line_no, 'repaired_reference', CASE WHEN l.left_minor = d.left_minor THEN 'C' ELSE 'D' END,
    CASE WHEN l.left_minor = d.left_minor THEN 2 ELSE 4 END, item_no, found, slip,
    least(l.left_minor, d.left_minor), FALSE
FROM repaired JOIN open_line l USING (line_no) JOIN open_due d USING (item_no)
UNION ALL
SELECT line_no, 'mutual_pair',
    CASE WHEN is_payer(d.payer_account, u.counterparty_account) THEN 'C' ELSE 'D' END,
    CASE WHEN is_payer(d.payer_account, u.counterparty_account) THEN 3 ELSE 5 END, item_no, '',
    'missing', u.left_minor, FALSE
FROM pair JOIN unnamed u USING (line_no) JOIN open_due d USING (item_no)
WHERE d.account = u.account OR d.account = ''
UNION ALL
SELECT s.line_no, 'lump_sum', 'D', 6, item_no, '', 'missing', d.left_minor, TRUE
FROM summed s JOIN open_due d USING (item_no)
"""

# Keys stand in alphabetical order: the JSON of the struct is canonical.
_RANKED: Final = """
WITH ranked AS (
    SELECT *, dense_rank() OVER (PARTITION BY line_no ORDER BY strength, kind,
        CASE WHEN is_sum THEN 0 ELSE item_no END) AS rank
    FROM suggested
)
SELECT l.account_group, l.line_id, CAST(rank AS INTEGER) AS rank, r.kind, evidence_class,
    i.item_id,
    r.amount_minor, CAST(to_json({
        'amount': {'item_minor': i.left_minor, 'line_minor': l.left_minor,
            'passed': is_sum OR i.left_minor = l.left_minor,
            'sum_minor': CAST(sum(i.left_minor) OVER (PARTITION BY line_no, rank) AS BIGINT)},
        'currency': l.currency,
        'days': {'apart': l.booking_date - i.opened_on, 'item_on': CAST(i.opened_on AS VARCHAR),
            'line_on': CAST(l.booking_date AS VARCHAR), 'passed': i.opened_on <= l.booking_date},
        'payer': {'item': i.payer_account, 'line': l.counterparty_account,
            'passed': is_payer(i.payer_account, l.counterparty_account)},
        'reference': {'found': found, 'item': i.reference, 'passed': slip = 'none',
            'slip': slip}}) AS VARCHAR) AS criteria
FROM ranked r JOIN line l USING (line_no) JOIN item i USING (item_no)
WHERE rank <= getvariable('suggestions_max')
ORDER BY line_no, rank, item_no
"""

_SUMS_WANTED: Final = """
SELECT account_group, currency, account, booking_date - DATE '1970-01-01' AS day, left_minor,
    list(line_no ORDER BY line_no) AS line_nos
FROM unnamed WHERE line_no NOT IN (SELECT line_no FROM repaired) GROUP BY ALL ORDER BY line_nos[1]
"""
_SUMS_OFFERED: Final = """
SELECT account_group, currency, account, left_minor, opened_on - DATE '1970-01-01' AS day, item_no
FROM open_due ORDER BY item_no
"""


class _Due(NamedTuple):
    account: str
    amount_minor: int
    day: int
    item_no: int


def suggest(connection: duckdb.DuckDBPyConnection, ruleset: RuleSet) -> pa.Table:
    """Rank what could explain each open line; rows of one line and rank belong together."""
    connection.execute("SET VARIABLE pair_days = $1", [ruleset.pair_days])
    connection.execute("SET VARIABLE suggestions_max = $1", [ruleset.suggestions_max])
    connection.execute("CREATE MACRO is_payer(known, given) AS known <> '' AND known = given")
    connection.execute(_DUES)
    connection.execute(_UNNAMED)
    connection.register("summed", _lump_sums(connection, ruleset))
    connection.execute(_SUGGESTED)
    return connection.sql(_RANKED).to_arrow_table()


def _lump_sums(connection: duckdb.DuckDBPyConnection, ruleset: RuleSet) -> pa.Table:
    """Pair lines with the dues of the one combination that makes their amount."""
    dues: defaultdict[tuple[str, str], list[_Due]] = defaultdict(list)
    for group, currency, *due in connection.execute(_SUMS_OFFERED).fetchall():
        dues[group, currency].append(_Due(*due))
    offered: dict[tuple[str, str, str, int], dict[int, list[int]]] = {}
    nodes: Counter[str] = Counter()
    found: dict[str, list[int]] = {"line_no": [], "item_no": []}
    for *place, amount_minor, line_nos in connection.execute(_SUMS_WANTED).fetchall():
        if len(line_nos) > 1:
            continue  # alike lines could exchange their dues
        group, currency, account, day = place
        near = offered.get((group, currency, account, day))
        if near is None:
            first_day = day - ruleset.pair_days
            near = _by_amount(dues[group, currency], account, first_day, day)
            offered[group, currency, account, day] = near
        if len(near) > ruleset.lump_sum_amounts_max:
            continue
        left = ruleset.lump_sum_group_nodes_max - nodes[group]
        counts = {amount: len(items) for amount, items in near.items()}
        combination = find_combination(
            amount_minor, counts, nodes_max=min(left, ruleset.lump_sum_nodes_max)
        )
        nodes[group] += combination.nodes
        for amount in combination.counts:
            found["item_no"] += near[amount]
            found["line_no"] += [line_nos[0]] * len(near[amount])
    return pa.table(found, schema=pa.schema([("line_no", pa.int64()), ("item_no", pa.int64())]))


def _by_amount(
    dues: list[_Due], account: str, first_day: int, last_day: int
) -> dict[int, list[int]]:
    by_amount: defaultdict[int, list[int]] = defaultdict(list)
    for due in dues:
        if due.account in {"", account} and first_day <= due.day <= last_day:
            by_amount[due.amount_minor].append(due.item_no)
    return by_amount
