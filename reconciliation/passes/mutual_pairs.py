"""Direct transfers without a reference: one payer, one amount, one request, one line."""

from typing import Final

TITLE: Final = "Mutually unique pairs"
SENTENCE: Final = (
    "A credit without a reference, from the account that paid for a request before, is taken for "
    "the rest of that request when neither has another of this payer and amount to go with."
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
linked AS (SELECT * FROM open_item WHERE kind = 'due' AND payer_account <> ''),
side AS (
    SELECT account_group, currency, left_minor, counterparty_account AS payer_account, line_no,
        NULL AS item_no
    FROM loose
    UNION ALL
    SELECT account_group, currency, left_minor, payer_account, NULL, item_no FROM linked
),
pair AS (
    SELECT min(line_no) AS line_no, min(item_no) AS item_no FROM side
    GROUP BY account_group, currency, left_minor, payer_account
    HAVING count(line_no) = 1 AND count(item_no) = 1
)
SELECT 'mutual_pairs' AS pass_name, 'C' AS evidence_class, l.line_no, i.item_no,
    NULL AS opposite_no, 'settle' AS effect, l.left_minor AS amount_minor, 1 AS step, NULL AS code,
    'equal' AS comparator, 'counterparty_account' AS field, i.payer_account AS hit,
    l.left_minor AS line_minor, i.left_minor AS left_before_minor, NULL AS details
FROM pair JOIN loose l USING (line_no) JOIN linked i USING (item_no)
WHERE (i.account = l.account OR i.account = '') AND i.opened_on <= l.booking_date
    AND l.booking_date <= getvariable('weak_until')
"""
