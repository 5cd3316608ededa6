"""Direct transfers without a reference: one payer, one amount, one request, one line."""

from typing import Final

TITLE: Final = "Mutually unique pairs"
SENTENCE: Final = (
    "A credit without a reference, from the account that paid for a request before, is taken for "
    "the rest of that request when it is the payer's only credit of this amount and no other open "
    "request has this rest."
)

# Counted on both sides at once, never joined in pairs: forty thousand equal amounts cost as many
# rows.
STATEMENT: Final = """
WITH loose AS (
    SELECT * FROM open_line
    WHERE direction = 'credit' AND counterparty_account <> ''
        AND line_no NOT IN (SELECT line_no FROM named)
        AND line_no NOT IN (SELECT line_no FROM repaired)
),
sole_line AS (
    SELECT min(line_no) AS line_no FROM loose
    GROUP BY account_group, currency, left_minor, counterparty_account HAVING count(*) = 1
),
sole_due AS (
    SELECT min(item_no) AS item_no FROM open_item WHERE kind = 'due'
    GROUP BY account_group, currency, left_minor HAVING count(*) = 1
)
SELECT 'mutual_pairs' AS pass_name, 'C' AS evidence_class, l.line_no, i.item_no,
    NULL AS opposite_no, 'settle' AS effect, l.left_minor AS amount_minor, 1 AS step, NULL AS code,
    'equal' AS comparator, 'counterparty_account' AS field, i.payer_account AS hit,
    l.left_minor AS line_minor, i.left_minor AS left_before_minor, NULL AS details
FROM sole_due JOIN open_item i USING (item_no)
JOIN loose l ON l.account_group = i.account_group AND l.currency = i.currency
    AND l.left_minor = i.left_minor AND l.counterparty_account = i.payer_account
JOIN sole_line USING (line_no)
WHERE (i.account = l.account OR i.account = '') AND i.opened_on <= l.booking_date
    AND l.booking_date <= getvariable('weak_until')
"""
