-- What ended the claims of a gateway's payment: lines; what the unit put back of those written off;
-- a written-off excess, which is the budget's and no fee; and adjustments whose own payout came. What
-- a late report paid of a claim is not among them: it stands in that report.
CREATE OR REPLACE FUNCTION settled_of_claims(paid uuid) RETURNS bigint LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT coalesce(sum(CASE
        WHEN claim.direction = 'credit' AND matched.pass_name = 'write_off'
          THEN top_up.amount_minor - top_up.residual_minor
        WHEN claim.direction = 'credit' THEN allocation.amount_minor
        ELSE -allocation.amount_minor END), 0)::bigint
    FROM item AS claim JOIN allocation ON allocation.item_id = claim.item_id
    JOIN match_group AS matched ON matched.group_id = allocation.group_id
    LEFT JOIN item AS top_up
      ON top_up.item_id = matched.group_id AND top_up.kind = 'cost_top_up'
    WHERE claim.money_id = paid AND claim.kind = 'gateway_claim'
      AND matched.reverses IS NULL
      AND NOT EXISTS (SELECT FROM match_group AS undoing WHERE undoing.reverses = matched.group_id)
      AND (allocation.line_id IS NOT NULL OR matched.pass_name = 'write_off'
           OR EXISTS (SELECT FROM settlement_report_line AS adjusted
                      LEFT JOIN item AS payout ON payout.report_id = adjusted.report_id
                        AND payout.kind = 'payout'
                      WHERE adjusted.item_id = claim.item_id AND adjusted.kind = 'adjustment'
                        AND coalesce(payout.residual_minor, 0) = 0));
  END;
