-- Nights: what was due, who ran it, and what it found.
CREATE TABLE rule_set (
  ruleset_sha256 bytea PRIMARY KEY CHECK (length(ruleset_sha256) = 32),
  version text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE night (
  business_date date PRIMARY KEY,
  fence bigint NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  report jsonb
);

CREATE TABLE run (
  run_id uuid PRIMARY KEY,
  account_group_id uuid NOT NULL REFERENCES account_group,
  business_date date NOT NULL,
  run_key bytea NOT NULL UNIQUE CHECK (length(run_key) = 32),
  ruleset_sha256 bytea NOT NULL REFERENCES rule_set,
  totals jsonb NOT NULL,
  decision_count integer NOT NULL,
  dropped_count integer NOT NULL,
  result_sha256 bytea NOT NULL,
  made_at timestamptz NOT NULL
);
CREATE INDEX run_date ON run (business_date, account_group_id);
ALTER TABLE match_group ADD FOREIGN KEY (run_id) REFERENCES run;
ALTER TABLE break_case ADD FOREIGN KEY (run_id) REFERENCES run;

-- A fact is a dated amount with its evidence; which facts a payment has is read, never stored.
CREATE VIEW money_fact AS
SELECT
  money.money_id, money.request_id, money.unit_id, money.kind, money.amount_minor,
  money.applied_minor, money.paid_at, money.provider_transaction, money.account_id,
  money.endpoint_id,
  money.kind IN ('gateway_notice', 'bank_notice') AS is_notified,
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
LEFT JOIN item AS notice ON notice.money_id = money.money_id AND notice.kind = 'bank_notice';
