"""Payouts, refunds and cost top-ups: one line for one item that was announced with its own key."""

from typing import Final

TITLE: Final = "Explicit batches"
SENTENCE: Final = (
    "A line that names the batch of a payout, or the reference of a refund or top-up, and has "
    "exactly its amount and direction, is that item's money."
)

# A narrative names a key when one of its words is the key, with or without dots and dashes inside.
# Keys of closed items count as named: a line that names two is not free once one of them is closed.
STATEMENT: Final = r"""
WITH expected AS (
    SELECT *, count(*) OVER same AS twins,
        row_number() OVER (PARTITION BY account_group, currency, direction, reference_key
                           ORDER BY item_no) AS place
    FROM open_item WHERE kind IN ('payout', 'refund', 'cost_top_up') AND is_key(reference_key)
    WINDOW same AS (PARTITION BY account_group, currency, direction, reference_key)
),
wanted AS (
    SELECT DISTINCT account_group, reference_key FROM item
    WHERE kind IN ('payout', 'refund', 'cost_top_up') AND is_key(reference_key)
),
worded AS (
    SELECT DISTINCT account_group, line_no, symbols_of(word) AS key
    FROM (
        SELECT account_group, line_no, unnest(list_concat(
            regexp_extract_all(upper(narrative), '[A-Z0-9]{8,}'),
            regexp_extract_all(upper(narrative), '[A-Z0-9][A-Z0-9._/-]{7,}'))) AS word
        FROM open_line WHERE account_group IN (SELECT account_group FROM wanted)
    )
),
spoken AS (
    SELECT account_group, line_no, batch_key AS key, 'batch_reference' AS field FROM open_line
    UNION ALL
    SELECT account_group, line_no, end_to_end_key, 'end_to_end_reference' FROM open_line
    UNION ALL
    SELECT account_group, line_no, key, 'narrative' FROM worded WHERE length(key) >= 8
),
keyed AS (
    SELECT s.line_no, s.key, s.field FROM spoken s
    JOIN wanted w ON w.account_group = s.account_group AND w.reference_key = s.key
),
named_by AS (SELECT line_no, count(DISTINCT key) AS keys FROM keyed GROUP BY line_no),
candidate AS (
    SELECT l.line_no, l.currency, l.booking_date, l.left_minor, k.field, i.item_no, i.twins,
        i.kind, i.reference, n.keys, i.amount_minor AS expected_minor,
        l.left_minor = l.amount_minor AND i.left_minor = i.amount_minor
            AND l.amount_minor = i.amount_minor AS is_exact
    FROM keyed k JOIN named_by n USING (line_no) JOIN open_line l USING (line_no)
    JOIN expected i
        ON i.account_group = l.account_group AND i.currency = l.currency
        AND i.direction = l.direction AND i.reference_key = k.key
        AND (i.account = l.account OR i.account = '')
    WHERE i.place = 1 AND (k.field <> 'batch_reference' OR i.kind = 'payout')
    QUALIFY row_number() OVER (
        PARTITION BY l.line_no, i.item_no ORDER BY k.field = 'narrative', k.field) = 1
),
exact AS (
    SELECT *, min(booking_date) OVER (PARTITION BY item_no) AS first_day,
        count(*) OVER (PARTITION BY item_no, booking_date) AS rivals
    FROM candidate WHERE is_exact
),
settled AS (
    SELECT * FROM exact
    WHERE booking_date = first_day AND rivals = 1 AND keys = 1 AND twins = 1
),
held AS (
    SELECT line_no, any_value(booking_date) AS booking_date, any_value(currency) AS currency,
        any_value(left_minor) AS left_minor, min(expected_minor) AS expected_minor,
        min(reference) AS reference, list_sort(list(DISTINCT reference)) AS "references",
        bool_or(is_exact OR twins > 1 OR keys > 1) AS is_ambiguous
    FROM candidate
    WHERE item_no NOT IN (SELECT item_no FROM settled)
        AND line_no NOT IN (SELECT line_no FROM settled)
    GROUP BY line_no
)
SELECT 'batches' AS pass_name,
    CASE WHEN field = 'narrative' AND kind <> 'payout' THEN 'B' ELSE 'A' END AS evidence_class,
    line_no, item_no, NULL AS opposite_no, 'settle' AS effect, left_minor AS amount_minor,
    1 AS step, NULL AS code, CASE field WHEN 'narrative' THEN 'word' ELSE 'equal' END AS comparator,
    field, reference AS hit, left_minor AS line_minor, expected_minor AS left_before_minor,
    NULL AS details
FROM settled
UNION ALL
SELECT 'batches', '', line_no, NULL, NULL, 'hold', left_minor, 1,
    CASE WHEN is_ambiguous THEN 'AMBIGUOUS_REFERENCE' ELSE 'BATCH_AMOUNT' END,
    NULL, NULL, NULL, NULL, NULL,
    CASE WHEN is_ambiguous
        THEN details_of(left_minor, booking_date, currency, 'unique', '[]',
            "references" := "references")
        ELSE details_of(left_minor, booking_date, currency, 'amount',
            expected_amount_miss(expected_minor, reference),
            expected_minor := expected_minor, reference := reference)
    END
FROM held
"""
