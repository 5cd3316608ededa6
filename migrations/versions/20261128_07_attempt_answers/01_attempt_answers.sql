-- What a gateway answered to an attempt: a page that is loaded again shows the same order.
CREATE TABLE attempt_answer (
  attempt_id uuid PRIMARY KEY REFERENCES attempt,
  url text NOT NULL,
  qr_text text NOT NULL,
  account_number text NOT NULL,
  account_name text NOT NULL,
  bank_name text NOT NULL,
  memo text NOT NULL,
  expires_at timestamptz,
  answered_at timestamptz NOT NULL
);
COMMENT ON TABLE attempt_answer IS
  'Without an address, a QR text and an account the gateway took no order.';
COMMENT ON COLUMN attempt_answer.expires_at IS 'Absent: the account takes the money at any time.';
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON attempt_answer
  FOR EACH ROW EXECUTE FUNCTION never_changes();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON attempt_answer
  FOR EACH STATEMENT EXECUTE FUNCTION never_changes();
GRANT SELECT, INSERT ON attempt_answer TO payment_service_application;
