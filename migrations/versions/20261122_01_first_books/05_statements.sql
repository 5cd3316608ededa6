-- Statements as they came, admitted or held back, and their lines.
CREATE TABLE statement_file (
  file_id uuid PRIMARY KEY,
  file_sha256 bytea NOT NULL UNIQUE CHECK (length(file_sha256) = 32),
  name text NOT NULL,
  format text NOT NULL,
  content bytea NOT NULL,
  authenticity text NOT NULL CHECK (authenticity IN ('none', 'signed')),
  imported_by uuid REFERENCES person,
  imported_at timestamptz NOT NULL
);

CREATE TABLE statement_file_answer (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  file_id uuid NOT NULL REFERENCES statement_file,
  answer bytea NOT NULL
);
CREATE INDEX statement_file_answer_file ON statement_file_answer (file_id);
COMMENT ON TABLE statement_file_answer IS
  'The newest holds: a file that waited for an earlier one is answered anew when it is taken.';

CREATE TABLE statement (
  statement_id uuid PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY,
  file_id uuid NOT NULL REFERENCES statement_file,
  account_id uuid NOT NULL REFERENCES collection_account,
  number text NOT NULL,
  opening_minor bigint NOT NULL,
  opening_on date NOT NULL,
  closing_minor bigint NOT NULL,
  closing_on date NOT NULL,
  line_count integer NOT NULL,
  basis text NOT NULL CHECK (basis IN ('booking', 'value')),
  verdict text NOT NULL CHECK (verdict IN ('waiting', 'admitted', 'quarantined')),
  reason_code text NOT NULL DEFAULT '',
  details jsonb NOT NULL,
  confirmed_by uuid REFERENCES person,
  confirmed_at timestamptz,
  admitted_at timestamptz,
  CHECK ((verdict = 'admitted') = (admitted_at IS NOT NULL)),
  CHECK ((verdict = 'quarantined') = (reason_code <> ''))
);
COMMENT ON COLUMN statement.position IS
  'The order in which statements were judged: two of one file may share day and instant.';
CREATE UNIQUE INDEX statement_number ON statement (account_id, number, closing_on)
  WHERE verdict <> 'quarantined';
CREATE INDEX statement_account ON statement (account_id, closing_on);

CREATE FUNCTION statement_admitted_by_right() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source statement_file;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.verdict <> 'waiting' THEN
    RAISE EXCEPTION 'the verdict on a statement is final'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND
     to_jsonb(OLD) - ARRAY['verdict', 'reason_code', 'details', 'confirmed_by', 'confirmed_at',
                           'admitted_at'] IS DISTINCT FROM
     to_jsonb(NEW) - ARRAY['verdict', 'reason_code', 'details', 'confirmed_by', 'confirmed_at',
                           'admitted_at'] THEN
    RAISE EXCEPTION 'what a statement says is not edited'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.verdict = 'admitted' THEN
    SELECT * INTO source FROM statement_file WHERE file_id = NEW.file_id;
    IF source.authenticity <> 'signed' AND (
      TG_OP = 'INSERT' OR NEW.confirmed_by IS NULL OR source.imported_by IS NULL
      OR NEW.confirmed_by = source.imported_by
    ) THEN
      RAISE EXCEPTION 'an unsigned statement acts only when a second person confirmed it'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER statement_admitted_by_right BEFORE INSERT OR UPDATE ON statement
  FOR EACH ROW EXECUTE FUNCTION statement_admitted_by_right();

CREATE TABLE statement_line (
  line_id uuid PRIMARY KEY,
  statement_id uuid NOT NULL REFERENCES statement,
  account_id uuid NOT NULL REFERENCES collection_account,
  account_group_id uuid NOT NULL REFERENCES account_group,
  position integer NOT NULL,
  booking_date date NOT NULL,
  value_date date NOT NULL,
  direction text NOT NULL CHECK (direction IN ('credit', 'debit')),
  amount_minor amount_minor NOT NULL CHECK (amount_minor > 0),
  residual_minor amount_minor NOT NULL,
  is_reversal boolean NOT NULL,
  bank_reference text NOT NULL,
  end_to_end_reference text NOT NULL,
  returned_reference text NOT NULL,
  batch_reference text NOT NULL,
  counterparty_account text NOT NULL,
  counterparty_name text NOT NULL,
  code text NOT NULL,
  narrative text NOT NULL,
  content_key bytea NOT NULL CHECK (length(content_key) = 32),
  occurrence integer NOT NULL CHECK (occurrence > 0),
  version integer NOT NULL DEFAULT 1,
  UNIQUE (account_id, content_key, occurrence),
  CHECK (residual_minor <= amount_minor)
);
CREATE INDEX statement_line_open ON statement_line (account_group_id) WHERE residual_minor > 0;
CREATE INDEX statement_line_reference ON statement_line (account_id, bank_reference);
CREATE INDEX statement_line_statement ON statement_line (statement_id);
CREATE INDEX statement_line_booked ON statement_line (account_group_id, booking_date);
