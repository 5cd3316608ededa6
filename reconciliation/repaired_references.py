"""Open dues whose reference is one slip away from what stands in a memo, as SQL; hints only.

A slip is what `payment_reference.suggestions` calls one, or a reference cut by up to five symbols.
"""

from typing import Final

import duckdb

from reconciliation.memo_scan import with_constants

# The check symbol leaves one symbol for each place, so a slip has few candidates and each is looked
# up by its whole: dues are never expanded.
_COMPLETED: Final = """
CREATE MACRO completed(before, after) AS before || substr('$alphabet', 1 + CAST(
    (weighted_sum(before || left('$alphabet', 1) || after) * $negative_inverses[length(before) + 1])
    % $modulus AS INTEGER), 1) || after
"""

_REPAIRED: Final = """
CREATE TABLE repaired AS
WITH credit AS (SELECT * FROM open_line WHERE direction = 'credit'),
broken AS (
    SELECT line_no, l.account_group, l.currency, f.symbols,
        substr(m.symbols, f.start, $length + 1) AS longer
    FROM fragment f JOIN memo m USING (line_no) JOIN credit l USING (line_no)
    WHERE f.is_near_miss
),
place AS (SELECT CAST(unnest(range(length('$prefix') + 1, $length + 1)) AS INTEGER) AS place),
silent AS (
    SELECT line_no, account_group, currency, m.symbols FROM credit JOIN memo m USING (line_no)
    WHERE line_no NOT IN (SELECT line_no FROM named)
),
slip AS (
    SELECT b.*, completed(left(symbols, place - 1), substr(symbols, place + 1)) AS key
    FROM broken b, place WHERE length(symbols) = $length
    UNION ALL
    SELECT b.*, completed(left(symbols, place - 1), substr(symbols, place, $length - place))
    FROM broken b, place WHERE length(symbols) >= $length - 1
    UNION ALL
    SELECT b.*, left(longer, place - 1) || substr(longer, place + 1)
    FROM broken b, place WHERE length(longer) = $length + 1
    UNION ALL
    SELECT b.*, left(symbols, place - 1) || substr(symbols, place + 1, 1)
        || substr(symbols, place, 1) || substr(symbols, place + 2)
    FROM broken b, place WHERE length(symbols) = $length AND place < $length
),
candidate AS (
    SELECT line_no, account_group, currency, key, symbols AS found FROM slip
    UNION ALL
    SELECT line_no, account_group, currency, '$prefix' || unnest(
        regexp_extract_all(symbols, '(?:[^H]PF|H[^P]F|HP[^F]|PHF|HFP)($body)', 1)
        || regexp_extract_all(symbols, '(?:PF|HF|HP)($body)', 1)
        || regexp_extract_all(symbols, '(?:H.PF|HP.F)($body)', 1)
        || list_transform(regexp_extract_all(symbols, 'HP.F.{9}'),
            lambda found: substr(found, 3, 1) || substr(found, 5))), ''
    FROM silent
)
SELECT line_no, item_no, any_value(reference) AS reference, min(slip) AS slip,
    max(found) AS found
FROM (
    SELECT c.line_no, i.item_no, any_value(i.reference) AS reference, 'one_symbol' AS slip,
        max(c.found) AS found
    FROM candidate c JOIN open_item i
        ON i.account_group = c.account_group AND i.currency = c.currency AND i.reference_key = c.key
    WHERE i.kind = 'due' GROUP BY c.line_no, i.item_no
    -- Checked last: few candidates are any due's reference.
    HAVING is_reference(any_value(i.reference_key))
    UNION ALL
    SELECT b.line_no, i.item_no, i.reference, 'cut_off', b.symbols
    FROM broken b JOIN open_item i
        ON i.account_group = b.account_group AND i.currency = b.currency
        AND left(i.reference_key, $truncated_min) = left(b.symbols, $truncated_min)
        AND starts_with(i.reference_key, b.symbols)
    WHERE i.kind = 'due' AND length(b.symbols) < $length
)
GROUP BY line_no, item_no
"""


def find_repaired(connection: duckdb.DuckDBPyConnection) -> None:
    """Build `repaired` from what stronger passes left open: line, due, reference and slip."""
    connection.execute(with_constants(_COMPLETED))
    connection.execute(with_constants(_REPAIRED))
