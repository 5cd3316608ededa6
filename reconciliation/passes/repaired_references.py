"""Direct transfers whose reference slipped: taken only with amount and payer beside it."""

from typing import Final

TITLE: Final = "Repaired references"
SENTENCE: Final = (
    "A credit one slip away from exactly one open request, of exactly its amount, from the account "
    "that paid for this request before, is taken for it once a few days brought nothing better."
)

# Both sides must be alone: a line near two requests, or two lines near one, prove nothing.
STATEMENT: Final = """
WITH alone AS (
    SELECT line_no, item_no, slip, found, count(*) OVER (PARTITION BY line_no) AS dues,
        count(*) OVER (PARTITION BY item_no) AS "lines"
    FROM repaired JOIN open_line USING (line_no) JOIN open_item USING (item_no)
)
SELECT 'repaired_references' AS pass_name, 'C' AS evidence_class, l.line_no, i.item_no,
    NULL AS opposite_no, 'settle' AS effect, l.left_minor AS amount_minor, 1 AS step, NULL AS code,
    slip AS comparator, 'narrative' AS field, i.reference AS hit, l.left_minor AS line_minor,
    i.left_minor AS left_before_minor, NULL AS details
FROM alone a JOIN open_line l USING (line_no) JOIN open_item i USING (item_no)
WHERE a.dues = 1 AND a."lines" = 1 AND l.left_minor = i.left_minor
    AND (i.account = l.account OR i.account = '')
    AND i.payer_account <> '' AND i.payer_account = l.counterparty_account
    AND l.booking_date <= getvariable('weak_until')
"""
