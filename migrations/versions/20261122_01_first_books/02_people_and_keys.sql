-- People who act, systems that call, the addresses banks call, and who approved what.
CREATE TABLE person (
  person_id uuid PRIMARY KEY,
  username text NOT NULL UNIQUE CHECK (username ~ '^[a-z][a-z0-9._-]{1,39}$'),
  full_name text NOT NULL,
  identity_sha256 bytea NOT NULL UNIQUE CHECK (length(identity_sha256) = 32),
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('finance_officer', 'approver', 'auditor')),
  created_at timestamptz NOT NULL
);
COMMENT ON COLUMN person.identity_sha256 IS 'One identity number is one person.';

CREATE TABLE staff_session (
  token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
  person_id uuid NOT NULL REFERENCES person,
  form_token text NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE login_attempt (
  username text NOT NULL,
  source_address text NOT NULL,
  attempted_at timestamptz NOT NULL
);
CREATE INDEX login_attempt_recent ON login_attempt (source_address, attempted_at);

CREATE TABLE api_client (
  client_id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  key_sha256 bytea NOT NULL UNIQUE CHECK (length(key_sha256) = 32),
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);

CREATE TABLE approval (
  approval_id uuid PRIMARY KEY,
  act text NOT NULL CHECK (act IN ('collection_account', 'surplus_refund')),
  subject_id uuid NOT NULL,
  amount_minor amount_minor,
  reason text NOT NULL CHECK (reason <> ''),
  requested_by uuid NOT NULL REFERENCES person,
  requested_at timestamptz NOT NULL,
  decision text CHECK (decision IN ('approved', 'declined')),
  decided_by uuid REFERENCES person,
  decided_at timestamptz,
  CHECK (decided_by <> requested_by),
  CHECK ((decision IS NULL) = (decided_by IS NULL)),
  CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE UNIQUE INDEX approval_one_open ON approval (act, subject_id) WHERE decision IS NULL;

CREATE FUNCTION approval_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.decision IS NOT NULL THEN
      RAISE EXCEPTION 'an approval is asked for before it is decided'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.decision IS NOT NULL THEN
    RAISE EXCEPTION 'an approval is decided once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.act, OLD.subject_id, OLD.requested_by, OLD.amount_minor, OLD.reason)
     IS DISTINCT FROM (NEW.act, NEW.subject_id, NEW.requested_by, NEW.amount_minor, NEW.reason) THEN
    RAISE EXCEPTION 'what was asked for stays as it was asked'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_decided_once BEFORE INSERT OR UPDATE ON approval
  FOR EACH ROW EXECUTE FUNCTION approval_decided_once();

CREATE TABLE collection_account (
  account_id uuid PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES unit,
  account_group_id uuid NOT NULL REFERENCES account_group,
  bank_bin char(6) NOT NULL REFERENCES bank,
  account_number text NOT NULL CHECK (account_number ~ '^[0-9A-Z]{6,19}$'),
  holder_name text NOT NULL CHECK (holder_name ~ '^[ -~]{1,70}$'),
  currency char(3) NOT NULL DEFAULT 'VND' CHECK (currency = 'VND'),
  decision_number text NOT NULL CHECK (decision_number <> ''),
  opening_balance_minor amount_minor NOT NULL,
  opening_on date NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'live', 'refused', 'closed')),
  statement_profile text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX collection_account_number ON collection_account (bank_bin, account_number)
  WHERE state <> 'refused';
CREATE INDEX collection_account_unit ON collection_account (unit_id);

CREATE FUNCTION collection_account_needs_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' THEN
      RAISE EXCEPTION 'a collection account starts as proposed'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(OLD) - 'state' IS DISTINCT FROM to_jsonb(NEW) - 'state' THEN
    RAISE EXCEPTION 'a registered collection account is not edited'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.state, NEW.state) NOT IN (
    ('proposed', 'live'), ('proposed', 'refused'), ('live', 'closed')
  ) THEN
    RAISE EXCEPTION 'a % collection account never becomes %', OLD.state, NEW.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state = 'live' AND NOT EXISTS (
    SELECT FROM approval
    WHERE act = 'collection_account' AND subject_id = NEW.account_id AND decision = 'approved'
  ) THEN
    RAISE EXCEPTION 'a collection account goes live by a second person''s approval'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER collection_account_needs_two_people BEFORE INSERT OR UPDATE ON collection_account
  FOR EACH ROW EXECUTE FUNCTION collection_account_needs_two_people();

CREATE TABLE endpoint (
  endpoint_id uuid PRIMARY KEY,
  channel text NOT NULL,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[A-Za-z0-9_-]{8,64}$'),
  unit_id uuid NOT NULL REFERENCES unit,
  account_id uuid NOT NULL REFERENCES collection_account,
  merchant text NOT NULL,
  checkout_base_url text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  UNIQUE (channel, merchant)
);
COMMENT ON TABLE endpoint IS
  'One callback address. Its keys are chosen by the address, never by the message.';

CREATE TABLE endpoint_key (
  key_id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES endpoint,
  algorithm text NOT NULL,
  material_sealed bytea NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz
);
CREATE INDEX endpoint_key_endpoint ON endpoint_key (endpoint_id);
COMMENT ON COLUMN endpoint_key.material_sealed IS 'AES-GCM under the master key, which is a file.';
