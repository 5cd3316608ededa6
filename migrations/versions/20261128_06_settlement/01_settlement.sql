-- Settlement reports that take money back or adjust it, and what they should have cost by contract.
ALTER TABLE item DROP CONSTRAINT item_kind_check;
ALTER TABLE item ADD CONSTRAINT item_kind_check CHECK (kind IN (
  'due', 'bank_notice', 'payout', 'cost_top_up', 'refund', 'surplus', 'part_payment', 'interest',
  'unit_transfer', 'gateway_claim'));
-- A report has one payout and one amount of costs, and as many claims as it has unexplained lines.
DROP INDEX item_payout;
CREATE UNIQUE INDEX item_payout ON item (report_id, kind) WHERE kind IN ('payout', 'cost_top_up');
CREATE INDEX item_claim ON item (report_id, provider_transaction) WHERE kind = 'gateway_claim';

ALTER TABLE settlement_report_line DROP CONSTRAINT settlement_report_line_kind_check;
ALTER TABLE settlement_report_line
  ADD COLUMN original_transaction text NOT NULL DEFAULT '',
  ADD COLUMN item_id uuid REFERENCES item,
  ADD CONSTRAINT settlement_report_line_kind_check CHECK (CASE kind
    WHEN 'payment' THEN gross_minor > 0 AND money_id IS NOT NULL
    WHEN 'refund' THEN gross_minor < 0
    WHEN 'chargeback' THEN gross_minor < 0
    WHEN 'adjustment' THEN gross_minor <> 0
    ELSE false END),
  ADD CONSTRAINT settlement_report_line_explained CHECK (num_nonnulls(money_id, item_id) = 1);
COMMENT ON COLUMN settlement_report_line.original_transaction IS
  'The gateway''s number of the payment that is taken back, or of the line that is adjusted.';
COMMENT ON COLUMN settlement_report_line.item_id IS
  'The ordered refund that the line executes, or the claim on the gateway that it opens or closes.';

ALTER TABLE settlement_report
  ADD COLUMN fees_checked_count integer NOT NULL DEFAULT 0 CHECK (fees_checked_count >= 0),
  ADD COLUMN fee_variance_minor amount_minor NOT NULL DEFAULT 0;
COMMENT ON COLUMN settlement_report.fees_checked_count IS
  'How many lines have a contract to be held against; 0: the costs of this report are not checked.';

ALTER TABLE break_case ADD COLUMN report_id uuid REFERENCES settlement_report;
ALTER TABLE break_case DROP CONSTRAINT break_case_check;
ALTER TABLE break_case ADD CONSTRAINT break_case_check CHECK (
  num_nonnulls(line_id, item_id, message_id, statement_id, money_id, report_id) = 1);
CREATE UNIQUE INDEX break_one_open_report ON break_case (report_id) WHERE closed_at IS NULL;

CREATE TABLE gateway_contract (
  contract_id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES endpoint,
  line_kind text NOT NULL CHECK (line_kind IN ('payment', 'refund', 'chargeback')),
  rate_ppm integer NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
  fixed_minor amount_minor NOT NULL,
  vat_permille integer NOT NULL CHECK (vat_permille BETWEEN 0 AND 1000),
  rounding text NOT NULL CHECK (rounding IN ('down', 'half_up', 'up')),
  citation text NOT NULL CHECK (citation <> ''),
  verified boolean NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  registered_at timestamptz NOT NULL,
  UNIQUE (endpoint_id, line_kind, valid_from),
  CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE gateway_contract IS
  'What a gateway may keep of a line: rate and fixed part, each rounded to the đồng, and VAT on it; '
  'the contract that began last before a line goes before all earlier ones.';
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON gateway_contract
  FOR EACH ROW EXECUTE FUNCTION never_changes();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON gateway_contract
  FOR EACH STATEMENT EXECUTE FUNCTION never_changes();
GRANT SELECT, INSERT ON gateway_contract TO payment_service_application;
