-- Money that a gateway took and no report paid in full is a claim on it; so is what it paid too much.
-- The books know it already, in gateway clearing: nothing is posted.
CREATE UNIQUE INDEX item_missing_payment ON item (money_id)
  WHERE kind = 'gateway_claim' AND report_id IS NULL;

CREATE TEMPORARY TABLE claim_of_break ON COMMIT DROP AS
SELECT gen_random_uuid() AS item_id, broken.break_id, money.money_id, NULL::uuid AS report_id,
  account.unit_id, account.account_group_id, money.account_id, money.provider_transaction,
  money.amount_minor::bigint AS owed_minor, broken.opened_on
FROM break_case AS broken JOIN money USING (money_id)
JOIN collection_account AS account USING (account_id)
WHERE broken.code = 'NOTICE_NO_REPORT' AND broken.closed_at IS NULL
UNION ALL
SELECT gen_random_uuid(), broken.break_id, money.money_id, line.report_id, account.unit_id,
  account.account_group_id, money.account_id, money.provider_transaction,
  money.amount_minor - line.gross_minor, coalesce(broken.opened_on, report.settled_on)
FROM settlement_report_line AS line JOIN money USING (money_id)
JOIN settlement_report AS report ON report.report_id = line.report_id
JOIN collection_account AS account USING (account_id)
LEFT JOIN break_case AS broken ON broken.money_id = money.money_id
  AND broken.code = 'REPORT_AMOUNT' AND broken.closed_at IS NULL
WHERE line.kind = 'payment' AND money.amount_minor <> line.gross_minor;

INSERT INTO item (item_id, kind, direction, unit_id, account_group_id, account_id, money_id,
  report_id, reference, provider_transaction, amount_minor, residual_minor, opened_on, due_on)
SELECT item_id, 'gateway_claim', CASE WHEN owed_minor > 0 THEN 'credit' ELSE 'debit' END, unit_id,
  account_group_id, account_id, money_id, report_id, '', provider_transaction, abs(owed_minor),
  abs(owed_minor), opened_on, opened_on
FROM claim_of_break;

UPDATE break_case SET item_id = claim.item_id, money_id = NULL, amount_minor = abs(owed_minor)
FROM claim_of_break AS claim WHERE claim.break_id = break_case.break_id;
