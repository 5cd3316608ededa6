-- A gateway's payment is collected once what its report paid, what lines settled of the claims for
-- the rest, and what the unit put back of those that were written off, are all of it.
CREATE FUNCTION settled_of_claims(paid uuid) RETURNS bigint LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT coalesce(sum(CASE
        WHEN allocation.line_id IS NULL THEN top_up.amount_minor - top_up.residual_minor
        WHEN claim.direction = 'credit' THEN allocation.amount_minor
        ELSE -allocation.amount_minor END), 0)::bigint
    FROM item AS claim JOIN allocation ON allocation.item_id = claim.item_id
    LEFT JOIN item AS top_up
      ON top_up.item_id = allocation.group_id AND top_up.kind = 'cost_top_up'
      AND NOT EXISTS (SELECT FROM match_group AS undoing
                      WHERE undoing.reverses = allocation.group_id)
    WHERE claim.money_id = paid AND claim.kind = 'gateway_claim';
  END;

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
    ELSE coalesce(payout.residual_minor, 0) = 0
      AND (report_line.gross_minor IS NOT DISTINCT FROM money.amount_minor
           OR coalesce(report_line.gross_minor, 0) + settled_of_claims(money.money_id)
              = money.amount_minor)
  END AS is_collected
FROM money
LEFT JOIN settlement_report_line AS report_line
  ON report_line.money_id = money.money_id AND report_line.kind = 'payment'
LEFT JOIN item AS payout ON payout.report_id = report_line.report_id AND payout.kind = 'payout'
LEFT JOIN item AS notice ON notice.money_id = money.money_id AND notice.kind = 'bank_notice'
WHERE NOT EXISTS (SELECT FROM money_retraction AS retraction
                  WHERE retraction.money_id = money.money_id);
