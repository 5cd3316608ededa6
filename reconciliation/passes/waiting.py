"""What is wrong with items: money that stays away, requests paid in part, money beyond the due."""

from typing import Final

TITLE: Final = "Waiting items"
SENTENCE: Final = (
    "An announced item that the bank does not show in time is a break; so is a request paid in "
    "part, and money that came beyond a request. An unpaid request is none."
)

# `patience` holds, per kind, the last start day that is overdue, and the name of the break.
STATEMENT: Final = """
SELECT i.item_no, p.code, NULL AS line_no, CAST(to_json({
        'amount_minor': i.left_minor, 'currency': i.currency, 'failed_criterion': 'bank_line',
        'nearest_miss': CAST('[]' AS JSON),
        'reference': CASE i.kind WHEN 'bank_notice' THEN i.provider_transaction
            ELSE i.reference END,
        'since_on': CAST(greatest(i.opened_on, i.due_on) AS VARCHAR)}) AS VARCHAR) AS details
FROM open_item i JOIN patience p USING (kind)
WHERE greatest(i.opened_on, i.due_on) <= p.last_day
UNION ALL
SELECT item_no, 'UNDERPAID', NULL, CAST(to_json({
        'currency': currency, 'failed_criterion': 'cover', 'nearest_miss': CAST('[]' AS JSON),
        'paid_minor': amount_minor - left_minor, 'reference': reference,
        'short_minor': left_minor}) AS VARCHAR)
FROM open_item WHERE kind = 'due' AND left_minor < amount_minor
UNION ALL
SELECT v.item_no, v.code, v.line_no, CAST(to_json({
        'currency': i.currency, 'failed_criterion': 'cover', 'line_content_key': l.content_key,
        'line_occurrence': l.occurrence, 'nearest_miss': CAST('[]' AS JSON),
        'reference': i.reference, 'surplus_minor': v.amount_minor}) AS VARCHAR)
FROM verdict v JOIN item i USING (item_no) JOIN line l ON l.line_no = v.line_no
WHERE v.effect = 'surplus'
"""
