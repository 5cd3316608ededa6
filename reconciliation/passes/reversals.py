"""Payments that the bank takes back: first of all, or a returned payment would close a due."""

from typing import Final

TITLE: Final = "Reversals"
SENTENCE: Final = (
    "A line that returns a payment closes the one earlier line it names, of the same account and "
    "amount and the other direction; what that line had settled is reversed first."
)

# Originals and returns are counted by key, never joined in pairs: a key used a thousand times costs
# a thousand rows. Closed returns count too, so a line returned once is not returned again.
STATEMENT: Final = """
WITH return_line AS (
    SELECT *, CASE WHEN returned_reference <> '' THEN returned_reference ELSE bank_reference END
        AS original_key
    FROM line WHERE returned_reference <> '' OR is_reversal
),
originals AS (
    SELECT account_group, account, currency, direction, amount_minor, bank_reference,
        count(*) AS originals, min(line_no) AS line_no, min(booking_date) AS booking_date,
        min(left_minor) AS left_minor
    FROM line WHERE NOT is_reversal AND returned_reference = '' AND is_key(bank_reference)
        AND bank_reference IN (SELECT original_key FROM return_line)
    GROUP BY ALL
),
counted AS (
    SELECT r.*, coalesce(o.originals, 0) AS originals, o.line_no AS opposite_no,
        o.left_minor AS opposite_left_minor,
        o.booking_date <= r.booking_date AND o.booking_date
            >= r.booking_date - CAST(getvariable('look_back_days') AS INTEGER) AS is_in_time,
        count(*) OVER (PARTITION BY r.account_group, r.account, r.currency, r.direction,
                       r.amount_minor, r.original_key) AS "returns"
    FROM return_line r LEFT JOIN originals o
        ON o.account_group = r.account_group AND o.account = r.account
        AND o.currency = r.currency AND o.direction <> r.direction
        AND o.amount_minor = r.amount_minor AND o.bank_reference = r.original_key
),
judged AS (
    SELECT *, CASE
            WHEN originals = 0 OR (originals = 1 AND NOT is_in_time) OR left_minor < amount_minor
                THEN 'RETURN_UNMATCHED'
            WHEN originals > 1 OR "returns" > 1 THEN 'RETURN_AMBIGUOUS'
        END AS code,
        CASE WHEN returned_reference <> '' THEN 'returned_reference' ELSE 'bank_reference' END
            AS field
    FROM counted WHERE left_minor > 0
)
SELECT 'reversals' AS pass_name, 'A' AS evidence_class, line_no, NULL AS item_no, opposite_no,
    'unmatch' AS effect, amount_minor - opposite_left_minor AS amount_minor, 1 AS step,
    NULL AS code, 'equal' AS comparator, field, original_key AS hit, amount_minor AS line_minor,
    opposite_left_minor AS left_before_minor, NULL AS details
FROM judged WHERE code IS NULL AND opposite_left_minor < amount_minor
UNION ALL
SELECT 'reversals', 'A', line_no, NULL, opposite_no, 'pair', amount_minor, 2, NULL, 'equal', field,
    original_key, amount_minor, opposite_left_minor, NULL
FROM judged WHERE code IS NULL
UNION ALL
SELECT 'reversals', '', line_no, NULL, NULL, 'hold', left_minor, 1, code,
    NULL, NULL, NULL, NULL, NULL,
    details_of(left_minor, booking_date, currency,
        CASE code WHEN 'RETURN_AMBIGUOUS' THEN 'unique' ELSE 'original' END, '[]',
        originals := originals, reference := original_key, "returns" := "returns")
FROM judged WHERE code IS NOT NULL
"""
