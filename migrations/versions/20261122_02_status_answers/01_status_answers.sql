-- A notice of a weak scheme is believed only after its gateway was asked; this is the evidence.
CREATE TABLE status_answer (
  status_answer_id uuid PRIMARY KEY,
  message_id uuid NOT NULL REFERENCES inbound_message,
  result text NOT NULL CHECK (result IN ('paid', 'failed', 'review', 'pending', 'unknown')),
  result_code text NOT NULL,
  our_reference text NOT NULL,
  provider_transaction text NOT NULL,
  amount_minor bigint CHECK (amount_minor > 0),
  memo text NOT NULL DEFAULT '',
  answer_status integer NOT NULL CHECK (answer_status BETWEEN 100 AND 599),
  answer_body bytea NOT NULL CHECK (length(answer_body) <= 1048576),
  asked_at timestamptz NOT NULL,
  sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX status_answer_message ON status_answer (message_id, sequence);
COMMENT ON TABLE status_answer IS
  'What a gateway said when it was asked about a notice; insert only, one row an asking.';

CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON status_answer
  FOR EACH ROW EXECUTE FUNCTION never_changes();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON status_answer
  FOR EACH STATEMENT EXECUTE FUNCTION never_changes();
GRANT SELECT, INSERT ON status_answer TO payment_service_application;

-- Old and new key live side by side while a sender rolls over, never more than these two.
CREATE FUNCTION endpoint_key_at_most_two_live() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('endpoint_key:' || NEW.endpoint_id, 0));
  -- The number of live keys only grows where a key begins.
  IF EXISTS (
    SELECT FROM endpoint_key AS beginning
    WHERE beginning.endpoint_id = NEW.endpoint_id
      AND beginning.valid_from >= NEW.valid_from
      AND (NEW.valid_to IS NULL OR beginning.valid_from < NEW.valid_to)
      AND (
        SELECT count(*) FROM endpoint_key AS live
        WHERE live.endpoint_id = NEW.endpoint_id AND live.valid_from <= beginning.valid_from
          AND (live.valid_to IS NULL OR live.valid_to > beginning.valid_from)
      ) > 2
  ) THEN
    RAISE EXCEPTION 'an endpoint has at most two live keys'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER endpoint_key_at_most_two_live AFTER INSERT OR UPDATE ON endpoint_key
  FOR EACH ROW EXECUTE FUNCTION endpoint_key_at_most_two_live();

ALTER TABLE endpoint_key ADD CONSTRAINT endpoint_key_lives
  CHECK (valid_to IS NULL OR valid_to > valid_from);
