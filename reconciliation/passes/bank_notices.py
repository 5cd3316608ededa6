"""Credits the bank announced before its statement: the bank's own key finds the line."""

from typing import Final

TITLE: Final = "Bank notices"
SENTENCE: Final = (
    "A credit with the bank's own key of an earlier notice, on the same account and of the same "
    "amount, is that notice's money."
)

# Only lines of the first day that shows the key compete: a line of a later day cannot change what
# an earlier night decided, so nights one by one equal one run.
STATEMENT: Final = """
WITH notice AS (
    SELECT *, count(*) OVER same AS twins,
        row_number() OVER (PARTITION BY account_group, currency, account, provider_transaction
                           ORDER BY item_no) AS place
    FROM open_item WHERE kind = 'bank_notice' AND is_key(provider_transaction)
    WINDOW same AS (PARTITION BY account_group, currency, account, provider_transaction)
),
candidate AS (
    SELECT l.line_no, l.account_group, l.currency, l.booking_date, l.left_minor, l.bank_reference,
        i.item_no, i.twins, i.amount_minor AS expected_minor,
        l.left_minor = l.amount_minor AND i.left_minor = i.amount_minor
            AND l.amount_minor = i.amount_minor AS is_exact
    FROM open_line l JOIN notice i
        ON i.account_group = l.account_group AND i.currency = l.currency
        AND i.provider_transaction = l.bank_reference
        AND i.account = l.account
    WHERE l.direction = 'credit' AND i.place = 1
),
exact AS (
    SELECT *, min(booking_date) OVER (PARTITION BY item_no) AS first_day,
        count(*) OVER (PARTITION BY item_no, booking_date) AS rivals
    FROM candidate WHERE is_exact
),
settled AS (
    SELECT * FROM exact WHERE booking_date = first_day AND rivals = 1 AND twins = 1
),
held AS (
    SELECT *, is_exact OR twins > 1 AS is_ambiguous
    FROM candidate WHERE item_no NOT IN (SELECT item_no FROM settled)
)
SELECT 'bank_notices' AS pass_name, 'A' AS evidence_class, line_no, item_no, NULL AS opposite_no,
    'settle' AS effect, left_minor AS amount_minor, 1 AS step, NULL AS code,
    'equal' AS comparator, 'bank_reference' AS field, bank_reference AS hit,
    left_minor AS line_minor, expected_minor AS left_before_minor, NULL AS details
FROM settled
UNION ALL
SELECT 'bank_notices', '', line_no, NULL, NULL, 'hold', left_minor, 1,
    CASE WHEN is_ambiguous THEN 'AMBIGUOUS_REFERENCE' ELSE 'NOTICE_AMOUNT' END,
    NULL, NULL, NULL, NULL, NULL,
    CASE WHEN is_ambiguous
        THEN details_of(left_minor, booking_date, currency, 'unique', '[]',
            "references" := [bank_reference])
        ELSE details_of(left_minor, booking_date, currency, 'amount',
            expected_amount_miss(expected_minor, bank_reference),
            expected_minor := expected_minor, reference := bank_reference)
    END
FROM held
"""
