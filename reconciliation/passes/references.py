"""Direct transfers: the payment reference that was printed, in its own field or in the memo."""

from typing import Final

TITLE: Final = "Payment references"
SENTENCE: Final = (
    "A credit that names exactly one request is taken for it, in the order of booking day, content "
    "key and occurrence: up to what is left to pay it settles, beyond that it is surplus. While a "
    "transfer from another unit is awaited for that request, it may be this, and is held."
)

# One statement for all amounts: if exact amounts went first, nights one by one would not equal one
# run. The field and the memo must agree: two requests named in two places are two requests.
# A transfer of what was handed over is named by its request too: that was paid when it was ordered.
STATEMENT: Final = """
WITH wanted AS (
    SELECT item_no, account_group, reference_key AS key, TRUE AS is_due FROM item
    WHERE kind = 'due'
    UNION ALL
    SELECT item_no, account_group, symbols_of(provider_transaction), FALSE FROM open_item
    WHERE kind = 'unit_transfer' AND direction = 'credit'
),
hit AS (
    SELECT n.line_no, w.item_no, w.is_due, n.is_structured
    FROM named n JOIN open_line l USING (line_no)
    JOIN wanted w ON w.account_group = l.account_group AND w.key = n.symbols
    WHERE l.direction = 'credit'
),
sole AS (
    SELECT line_no, min(item_no) AS item_no, count(*) = 1 AND bool_and(is_due) AS is_sole,
        bool_or(is_structured) AS is_structured
    FROM hit GROUP BY line_no
),
ordered AS (
    SELECT l.line_no, l.currency, l.left_minor, s.item_no, s.is_structured,
        i.reference_key AS symbols, i.state,
        CASE WHEN i.state = 'open' THEN i.left_minor ELSE 0 END AS due_minor,
        coalesce(CAST(sum(l.left_minor) OVER before AS BIGINT), 0) AS earlier_minor
    FROM sole s JOIN open_line l USING (line_no) JOIN item i USING (item_no)
    WHERE s.is_sole AND i.currency = l.currency AND (i.account = l.account OR i.account = '')
    WINDOW before AS (PARTITION BY s.item_no ORDER BY l.line_no
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
shared AS (
    SELECT *, greatest(due_minor - earlier_minor, 0) AS left_before_minor FROM ordered
),
named_pass AS (
    SELECT *, least(left_minor, left_before_minor) AS settled_minor,
        CASE WHEN left_minor <> left_before_minor THEN 'key_other_amount'
            WHEN is_structured THEN 'exact_key' ELSE 'reference_in_memo' END AS pass_name,
        CASE WHEN left_minor <= left_before_minor THEN NULL
            WHEN state = 'cancelled' THEN 'REFERENCE_CANCELLED'
            WHEN left_before_minor = 0 THEN 'REFERENCE_CLOSED' ELSE 'OVERPAID' END AS code
    FROM shared
),
evident AS (
    SELECT *, CASE pass_name WHEN 'exact_key' THEN 'A' ELSE 'B' END AS evidence_class,
        CASE WHEN is_structured THEN 'equal' ELSE 'scan' END AS comparator,
        CASE WHEN is_structured THEN 'end_to_end_reference' ELSE 'narrative' END AS field
    FROM named_pass
)
SELECT pass_name, evidence_class, line_no, item_no, NULL AS opposite_no, 'settle' AS effect,
    settled_minor AS amount_minor, 1 AS step, code, comparator, field, symbols AS hit,
    left_minor AS line_minor, left_before_minor, NULL AS details
FROM evident WHERE settled_minor > 0
UNION ALL
SELECT pass_name, evidence_class, line_no, item_no, NULL, 'surplus', left_minor - settled_minor, 2,
    code, comparator, field, symbols, left_minor, left_before_minor, NULL
FROM evident WHERE left_minor > settled_minor
UNION ALL
SELECT 'references', '', line_no, NULL, NULL, 'hold', any_value(l.left_minor), 1,
    'AMBIGUOUS_REFERENCE', NULL, NULL, NULL, NULL, NULL,
    details_of(any_value(l.left_minor), any_value(l.booking_date), any_value(l.currency), 'unique',
        '[]', "references" := list_sort(list(DISTINCT i.reference)))
FROM sole JOIN open_line l USING (line_no) JOIN hit USING (line_no)
JOIN item i ON i.item_no = hit.item_no
WHERE NOT is_sole GROUP BY line_no
"""
