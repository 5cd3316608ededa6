"""The bank's own lines: charges and interest, by the code that the bank itself gives a movement."""

from typing import Final

TITLE: Final = "Bank's own lines"
SENTENCE: Final = (
    "A line that the bank's own code calls a charge or interest, that no stronger evidence claims "
    "and that names none of our requests is booked as that, up to the limit of the rule set."
)

# By code alone: whoever pays writes the text, only the bank writes the code. The last part of a
# camt code (`ACMT-MDOP-CHRG`) says what it is. A charge taken back is a return: it never gets here.
STATEMENT: Final = """
SELECT 'bank_rules' AS pass_name, 'A' AS evidence_class, l.line_no, NULL AS item_no,
    NULL AS opposite_no, 'book' AS effect, l.left_minor AS amount_minor, 1 AS step, NULL AS code,
    'equal' AS comparator, 'bank_code' AS field, r.code AS hit, l.left_minor AS line_minor,
    l.left_minor AS left_before_minor, NULL AS details
FROM open_line l
JOIN bank_rule r ON r.direction = l.direction AND r.code = split_part(l.bank_code, '-', -1)
WHERE l.left_minor = l.amount_minor AND l.left_minor <= getvariable('bank_line_minor_max')
    AND NOT is_key(l.batch_key)
    AND l.line_no NOT IN (SELECT line_no FROM named WHERE is_valid)
"""
