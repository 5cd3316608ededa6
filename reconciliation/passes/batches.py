"""Payouts, refunds, top-ups, transfers: bank lines for items announced with their own key.

One line for one item, one line for several that it names, or several lines for one that each of
them names; always by name and by the exact sum, never by a sum alone.
"""

from typing import Final

TITLE: Final = "Explicit batches"
SENTENCE: Final = (
    "A line that names the batch of a payout, or the reference of a refund, top-up or transfer "
    "between units, and has exactly its amount and direction, is that item's money. So is a line "
    "that is the first to name each of several and has exactly their sum; so are the lines that "
    "name only one and whose sum, at the end of a day, is exactly its amount."
)

# A narrative names a key when one of its words is the key, with or without dots and dashes inside.
# Keys of closed items count as named: a line that names two is not free once one of them is closed.
STATEMENT: Final = r"""
WITH expected AS (
    SELECT *, count(*) OVER same AS twins,
        row_number() OVER (PARTITION BY account_group, currency, direction, reference_key
                           ORDER BY item_no) AS place
    FROM open_item WHERE kind IN ('payout', 'refund', 'cost_top_up', 'unit_transfer')
        AND is_key(reference_key)
    WINDOW same AS (PARTITION BY account_group, currency, direction, reference_key)
),
wanted AS (
    SELECT DISTINCT account_group, reference_key FROM item
    WHERE kind IN ('payout', 'refund', 'cost_top_up', 'unit_transfer') AND is_key(reference_key)
),
worded AS (
    SELECT DISTINCT account_group, line_no, symbols_of(word) AS key
    FROM (
        SELECT account_group, line_no, unnest(list_concat(
            regexp_extract_all(upper(narrative), '[A-Z0-9]{8,}'),
            regexp_extract_all(upper(narrative), '[A-Z0-9][A-Z0-9._/-]{7,}'))) AS word
        FROM open_line JOIN batch_memo USING (line_no)
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
        l.left_minor = l.amount_minor AND i.left_minor = i.amount_minor AS is_whole,
        is_whole AND l.amount_minor = i.amount_minor AS is_exact
    FROM keyed k JOIN named_by n USING (line_no) JOIN open_line l USING (line_no)
    JOIN expected i
        ON i.account_group = l.account_group AND i.currency = l.currency
        AND i.direction = l.direction AND i.reference_key = k.key
        AND (i.account = l.account OR i.account = '')
    WHERE i.place = 1 AND (k.field <> 'batch_reference' OR i.kind = 'payout')
    QUALIFY row_number() OVER (
        PARTITION BY l.line_no, i.item_no ORDER BY k.field = 'narrative', k.field) = 1
),
-- What else a line names, and what named its item by the end of its day.
counted AS (
    SELECT *, count(*) OVER of_line AS fits,
        array_to_string(list_sort(list(reference) OVER of_line), ', ') AS named,
        CAST(sum(expected_minor) OVER of_line AS BIGINT) AS named_minor,
        count(*) OVER until AS "lines", CAST(sum(left_minor) OVER until AS BIGINT) AS came_minor,
        max(keys) OVER until AS keys_until, bool_and(is_whole) OVER until AS is_whole_until
    FROM candidate
    WINDOW of_line AS (PARTITION BY line_no),
        until AS (PARTITION BY item_no ORDER BY booking_date)
),
judged AS (
    SELECT *, fits = keys AND bool_and(is_whole AND twins = 1 AND "lines" = 1)
        OVER (PARTITION BY line_no) AS is_first
    FROM counted
),
complete AS (
    SELECT DISTINCT item_no, booking_date AS complete_on FROM judged
    WHERE "lines" > 1 AND keys_until = 1 AND is_whole_until AND twins = 1
        AND came_minor = expected_minor
),
together AS (
    SELECT 'several_batches' AS pass_name, line_no AS first_no, * FROM judged
    WHERE keys > 1 AND is_first AND named_minor = left_minor
    UNION ALL
    SELECT 'batch_in_parts', min(j.line_no) OVER (PARTITION BY j.item_no), j.*
    FROM judged j JOIN complete c ON c.item_no = j.item_no AND j.booking_date <= c.complete_on
),
exact AS (
    SELECT *, min(booking_date) OVER (PARTITION BY item_no) AS first_day,
        count(*) OVER (PARTITION BY item_no, booking_date) AS rivals
    FROM judged WHERE is_exact AND item_no NOT IN (SELECT item_no FROM together)
),
settled AS (
    SELECT * FROM together
    UNION ALL
    SELECT 'batches', line_no, * EXCLUDE (first_day, rivals) FROM exact
    WHERE booking_date = first_day AND rivals = 1 AND keys = 1 AND twins = 1
),
held AS (
    SELECT line_no, any_value(booking_date) AS booking_date, any_value(currency) AS currency,
        any_value(left_minor) AS left_minor, any_value(named_minor) AS expected_minor,
        any_value(named) AS reference, list_sort(list(DISTINCT reference)) AS "references",
        bool_or(is_exact OR twins > 1 OR (keys > 1 AND NOT is_first)) AS is_ambiguous
    FROM judged
    WHERE item_no NOT IN (SELECT item_no FROM settled)
        AND line_no NOT IN (SELECT line_no FROM settled)
    GROUP BY line_no
)
SELECT pass_name,
    max(CASE WHEN field = 'narrative' AND kind <> 'payout' THEN 'B' ELSE 'A' END)
        OVER of_group AS evidence_class,
    line_no, item_no, nullif(first_no, line_no) AS opposite_no, 'settle' AS effect,
    least(left_minor, expected_minor) AS amount_minor,
    row_number() OVER (of_group ORDER BY line_no, item_no) AS step, NULL AS code,
    CASE field WHEN 'narrative' THEN 'word' ELSE 'equal' END AS comparator,
    field, named AS hit, greatest(left_minor, expected_minor) AS line_minor,
    greatest(left_minor, expected_minor) AS left_before_minor, NULL AS details
FROM settled WINDOW of_group AS (PARTITION BY first_no)
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
