-- A charge or interest that people took apart is not booked again by the bank's code either.
CREATE OR REPLACE VIEW line_taken_apart AS
SELECT line.line_id, line.account_group_id, bool_or(item.kind = 'due') IS TRUE AS is_of_due,
  bool_or(undone.item_id IS NULL) AS is_of_line
FROM resolved_group
JOIN match_group AS undoing USING (group_id)
JOIN match_group AS before ON before.group_id = undoing.reverses
JOIN allocation AS undone ON undone.group_id = before.group_id
JOIN statement_line AS line ON line.line_id = undone.line_id AND line.residual_minor > 0
LEFT JOIN item ON item.item_id = undone.item_id
WHERE item.kind = 'due' OR (undone.item_id IS NULL AND before.pass_name IN (
  'reversals', 'pair_lines', 'bank_rules', 'book_as_charge'))
GROUP BY line.line_id, line.account_group_id;
