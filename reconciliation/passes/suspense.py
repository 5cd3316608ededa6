"""What no pass explained: every line still open gets exactly one name, and the nearest miss."""

from typing import Final

TITLE: Final = "Suspense"
SENTENCE: Final = (
    "A line that no evidence explains stays in suspense under the first name that fits; hints name "
    "what came near and are never acted on."
)

STATEMENT: Final = """
WITH loose AS (SELECT * FROM open_line),
named_by AS (
    SELECT l.line_no, n.symbols, n.is_valid
    FROM loose l JOIN named n USING (line_no) WHERE l.direction = 'credit'
),
due AS (SELECT * FROM item WHERE kind = 'due' AND reference_key <> ''),
differing AS (
    SELECT line_no, min(d.reference) AS reference, min(d.currency) AS expected_currency,
        min(d.account) AS expected_account, bool_or(d.currency <> l.currency) AS is_other_currency
    FROM named_by n JOIN loose l USING (line_no)
    JOIN due d ON d.account_group = l.account_group AND d.reference_key = n.symbols
    GROUP BY line_no
),
unknown AS (
    SELECT line_no, min(symbols) AS reference, list_sort(list(DISTINCT symbols)) AS "references"
    FROM named_by WHERE is_valid GROUP BY line_no
),
broken AS (
    SELECT f.line_no, f.symbols FROM fragment f JOIN loose l USING (line_no)
    WHERE f.is_near_miss AND l.direction = 'credit'
),
hint AS (
    SELECT line_no, list({'kind': slip, 'reference': reference} ORDER BY slip DESC, reference)
            [1:CAST(getvariable('nearest_misses_max') AS BIGINT)] AS misses
    FROM repaired GROUP BY line_no
),
fragments AS (SELECT line_no, min(symbols) AS found FROM broken GROUP BY line_no),
priced AS (
    SELECT account_group, currency, left_minor, count(*) AS dues FROM due
    WHERE left_minor > 0 AND state = 'open' GROUP BY ALL
),
delivered AS (
    SELECT account_group, reference_key, min(reference) AS reference FROM item
    WHERE kind = 'payout' AND reference_key <> '' AND state <> 'open' GROUP BY ALL
),
judged AS (
    SELECT l.*, x.reference AS differing, x.expected_currency, x.expected_account,
        u.reference AS stranger, u."references", f.found,
        CASE
            WHEN x.is_other_currency THEN 'CURRENCY'
            WHEN l.direction = 'debit' THEN 'UNEXPLAINED_DEBIT'
            WHEN is_key(l.batch_key) THEN 'BANK_NO_BATCH'
            WHEN x.reference IS NOT NULL THEN 'WRONG_ACCOUNT'
            WHEN u.reference IS NOT NULL THEN 'UNKNOWN_REFERENCE'
            WHEN f.found IS NOT NULL THEN 'BROKEN_REFERENCE'
            ELSE 'NO_REFERENCE'
        END AS code,
        CASE WHEN h.misses IS NOT NULL THEN CAST(to_json(h.misses) AS VARCHAR)
            WHEN d.reference IS NOT NULL
                THEN CAST(to_json([{'kind': 'closed_item', 'reference': d.reference}]) AS VARCHAR)
            WHEN l.direction = 'credit' AND p.dues IS NOT NULL
                THEN CAST(to_json([{'count': p.dues, 'kind': 'same_amount_dues'}]) AS VARCHAR)
            ELSE '[]' END AS misses
    FROM loose l
    LEFT JOIN differing x USING (line_no)
    LEFT JOIN unknown u USING (line_no) LEFT JOIN fragments f USING (line_no)
    LEFT JOIN hint h USING (line_no)
    LEFT JOIN priced p ON p.account_group = l.account_group AND p.currency = l.currency
        AND p.left_minor = l.left_minor
    LEFT JOIN delivered d ON d.account_group = l.account_group AND d.reference_key = l.batch_key
)
SELECT line_no, code, details FROM verdict WHERE effect = 'hold'
UNION ALL
SELECT line_no, code, details_of(left_minor, booking_date, currency,
    CASE code WHEN 'CURRENCY' THEN 'currency' WHEN 'WRONG_ACCOUNT' THEN 'account'
        WHEN 'BANK_NO_BATCH' THEN 'batch' WHEN 'UNEXPLAINED_DEBIT' THEN 'order'
        WHEN 'UNKNOWN_REFERENCE' THEN 'reference' WHEN 'BROKEN_REFERENCE' THEN 'check_symbol'
        ELSE 'reference_missing' END,
    misses,
    expected_account := CASE code WHEN 'WRONG_ACCOUNT' THEN expected_account END,
    expected_currency := CASE code WHEN 'CURRENCY' THEN expected_currency END,
    found := CASE code WHEN 'BROKEN_REFERENCE' THEN found END,
    found_account := CASE code WHEN 'WRONG_ACCOUNT' THEN account END,
    reference := CASE code WHEN 'CURRENCY' THEN differing WHEN 'WRONG_ACCOUNT' THEN differing
        WHEN 'BANK_NO_BATCH' THEN batch_reference WHEN 'UNKNOWN_REFERENCE' THEN stranger END,
    "references" := CASE code WHEN 'UNKNOWN_REFERENCE' THEN "references" END)
FROM judged
"""
