-- A notice after its report tells of money that is recorded already: from then on it is notified.
CREATE INDEX message_outcome_retold ON message_outcome (money_id)
  WHERE money_id IS NOT NULL AND outcome = 'already_recorded';

CREATE OR REPLACE VIEW money_fact AS
SELECT
  money.money_id, money.request_id, money.unit_id, money.kind, money.amount_minor,
  money.applied_minor, money.paid_at, money.provider_transaction, money.account_id,
  money.endpoint_id,
  money.kind IN ('gateway_notice', 'bank_notice')
    OR (money.kind = 'gateway_report'
        AND EXISTS (SELECT FROM message_outcome AS told WHERE told.money_id = money.money_id
                    AND told.outcome = 'already_recorded')) AS is_notified,
  report_line.report_id IS NOT NULL AS is_reported,
  CASE money.kind
    WHEN 'bank_line' THEN true
    WHEN 'bank_notice' THEN coalesce(notice.residual_minor = 0, false)
    WHEN 'returned' THEN false
    ELSE report_line.gross_minor IS NOT DISTINCT FROM money.amount_minor
      AND coalesce(payout.residual_minor, 0) = 0
  END AS is_collected
FROM money
LEFT JOIN settlement_report_line AS report_line
  ON report_line.money_id = money.money_id AND report_line.kind = 'payment'
LEFT JOIN item AS payout ON payout.report_id = report_line.report_id AND payout.kind = 'payout'
LEFT JOIN item AS notice ON notice.money_id = money.money_id AND notice.kind = 'bank_notice'
WHERE NOT EXISTS (SELECT FROM money_retraction AS retraction
                  WHERE retraction.money_id = money.money_id);

-- The queue of open breaks is read by code and day of opening.
CREATE INDEX break_age ON break_case (code, opened_on) INCLUDE (unit_id, amount_minor)
  WHERE closed_at IS NULL;
